"""A query made ready to be asked of an item.

Each condition knows literals of which an item has to have one to meet it (`needs`, empty where nothing is sure): most
questions are answered by looking at these alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .found import FactTest, Found, Leaf
from .tree import And, Fact, Near, Node, Not, Or, Phrase, Regex

NOTHING_SURE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Has:
    """The leaf is there."""

    leaf: Leaf
    needs: frozenset[str]

    def holds(self, found: Found) -> bool:
        """Whether an item meets it; so with each kind of condition."""
        if self.needs and self.needs.isdisjoint(found.present):
            return False
        return found.stands(self.leaf)

    def add_taking_part(self, _found: Found, leaves: set[Leaf]) -> None:
        """Add the leaves through which it holds, if it does: those of every alternative that holds."""
        leaves.add(self.leaf)

    def leaves(self) -> Iterator[Leaf]:
        """All the leaves that it can hold through."""
        yield self.leaf


@dataclass(frozen=True, slots=True)
class Meets:
    """The item passes a filter."""

    test: FactTest
    needs: frozenset[str] = NOTHING_SURE

    def holds(self, found: Found) -> bool:
        """See `Has`."""
        return found.meets(self.test)

    def add_taking_part(self, _found: Found, _leaves: set[Leaf]) -> None:
        """See `Has`."""

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Lacks:
    """The part does not hold."""

    part: Has | Meets
    needs: frozenset[str] = NOTHING_SURE

    def holds(self, found: Found) -> bool:
        """See `Has`."""
        return not self.part.holds(found)

    def add_taking_part(self, _found: Found, _leaves: set[Leaf]) -> None:
        """See `Has`."""

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        return iter(())


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]
    needs_of_parts: tuple[frozenset[str], ...]
    needs: frozenset[str]

    def holds(self, found: Found) -> bool:
        """See `Has`."""
        present = found.present
        for needs in self.needs_of_parts:
            if needs.isdisjoint(present):
                return False
        for part in self.parts:  # noqa: SIM110 - twice as fast as all() of a generator
            if not part.holds(found):
                return False
        return True

    def add_taking_part(self, found: Found, leaves: set[Leaf]) -> None:
        """See `Has`."""
        for part in self.parts:
            part.add_taking_part(found, leaves)

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds."""

    parts: tuple[Condition, ...]
    needs: frozenset[str]
    parts_by_need: Mapping[str, tuple[Condition, ...]]
    """Where each part needs something: those that each literal may make hold."""

    def holds(self, found: Found) -> bool:
        """See `Has`."""
        for part in self._candidates(found):  # noqa: SIM110
            if part.holds(found):
                return True
        return False

    def add_taking_part(self, found: Found, leaves: set[Leaf]) -> None:
        """See `Has`."""
        for part in self._candidates(found):
            if part.holds(found):
                part.add_taking_part(found, leaves)

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        for part in self.parts:
            yield from part.leaves()

    def _candidates(self, found: Found) -> Sequence[Condition]:
        if not self.needs:
            return self.parts
        present = self.needs & found.present
        return [part for need in present for part in self.parts_by_need[need]] if present else ()


Condition = Has | Meets | Lacks | All | Any


def condition_of(
    node: Node, leaf_of: Callable[[Phrase | Regex | Near], Leaf], test_of: Callable[[Fact], FactTest]
) -> Condition:
    """The condition of a tree, with its NOTs moved to the leaves."""
    return _condition(node, leaf_of, test_of, negated=False)


def _condition(
    node: Node, leaf_of: Callable[[Phrase | Regex | Near], Leaf], test_of: Callable[[Fact], FactTest], *, negated: bool
) -> Condition:
    match node:
        case Phrase() | Regex() | Near():
            leaf = leaf_of(node)
            has = Has(leaf, frozenset(leaf.needs))
            return Lacks(has) if negated else has
        case Fact():
            return Lacks(Meets(test_of(node))) if negated else Meets(test_of(node))
        case Not(part=part):
            return _condition(part, leaf_of, test_of, negated=not negated)
        case And(parts=parts) | Or(parts=parts):
            inner = [_condition(part, leaf_of, test_of, negated=negated) for part in parts]
            inner.sort(key=_expense)
            return _all(inner) if isinstance(node, And) is not negated else _any(inner)


def _all(parts: list[Condition]) -> All:
    needs = tuple(part.needs for part in parts if part.needs)
    return All(tuple(parts), needs, min(needs, key=len, default=NOTHING_SURE))


def _any(parts: list[Condition]) -> Any:
    if not all(part.needs for part in parts):
        return Any(tuple(parts), NOTHING_SURE, {})
    parts_by_need: dict[str, tuple[Condition, ...]] = {}
    for part in parts:
        for need in part.needs:
            parts_by_need[need] = (*parts_by_need.get(need, ()), part)
    return Any(tuple(parts), frozenset(parts_by_need), parts_by_need)


def _expense(condition: Condition) -> int:
    """What is asked first: filters, which one look answers for all queries, and last what looks at places."""
    match condition:
        case Meets():
            return 0
        case Has(leaf=leaf):
            return leaf.expense
        case Lacks(part=part):
            return _expense(part)
        case All(parts=parts) | Any(parts=parts):
            return max(map(_expense, parts))
