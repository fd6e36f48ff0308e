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
    others: frozenset[str] = NOTHING_SURE
    """Further literals of which an item has to have one; empty where it need not."""

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """The leaves through which an item meets it, those of every alternative that does; None where it does not.

        So with each kind of condition. One that is met may be met without a leaf.
        """
        if self.needs and self.needs.isdisjoint(found.present):
            return None
        if self.others and self.others.isdisjoint(found.present):
            return None
        return (self.leaf,) if found.stands(self.leaf) else None

    def leaves(self) -> Iterator[Leaf]:
        """All the leaves that it can be met through."""
        yield self.leaf


@dataclass(frozen=True, slots=True)
class Meets:
    """The item passes a filter."""

    test: FactTest
    needs: frozenset[str] = NOTHING_SURE

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """See `Has`."""
        return () if found.meets(self.test) else None

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Lacks:
    """The part is not met."""

    part: Has | Meets
    needs: frozenset[str] = NOTHING_SURE

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """See `Has`."""
        return () if self.part.met_by(found) is None else None

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        return iter(())


@dataclass(frozen=True, slots=True)
class All:
    """Every part is met."""

    filters: tuple[Meets | Lacks, ...]
    """Those parts that one look answers for all queries."""
    parts: tuple[Condition, ...]
    """The others."""
    needs_of_parts: tuple[frozenset[str], ...]
    needs: frozenset[str]

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """See `Has`."""
        for asked in self.filters:
            if asked.met_by(found) is None:
                return None
        present = found.present
        for needs in self.needs_of_parts:
            if needs.isdisjoint(present):
                return None
        taking: list[Leaf] = []
        for part in self.parts:
            leaves = part.met_by(found)
            if leaves is None:
                return None
            taking += leaves
        return taking

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Any:
    """Some part is met."""

    parts: tuple[Condition, ...]
    needs: frozenset[str]
    leaves_by_need: Mapping[str, tuple[Leaf, ...]]
    """Where each part needs something: by each literal, the leaves that may make it met."""
    others: tuple[Condition, ...]
    """The parts that are not a leaf with a need."""

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """See `Has`."""
        taking: list[Leaf] | None = None
        by_need = self.leaves_by_need
        if by_need:
            stands = found.stands_by_leaf
            for need in by_need.keys() & found.present:
                for leaf in by_need[need]:
                    is_there = stands.get(leaf)
                    if is_there or (is_there is None and found.stands(leaf)):
                        taking = taking or []
                        taking.append(leaf)
        for part in self.others:
            leaves = part.met_by(found)
            if leaves is not None:
                taking = [*(taking or ()), *leaves]
        return taking

    def leaves(self) -> Iterator[Leaf]:
        """See `Has`."""
        for part in self.parts:
            yield from part.leaves()


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
            has = Has(leaf, frozenset(leaf.needs), frozenset(leaf.others))
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
    filters = tuple(part for part in parts if isinstance(part, Meets | Lacks) and not _expense(part))
    others = tuple(part for part in parts if part not in filters)
    needs = tuple(part.needs for part in others if part.needs)
    return All(filters, others, needs, min(needs, key=len, default=NOTHING_SURE))


def _any(parts: list[Condition]) -> Any:
    leaves_by_need: dict[str, tuple[Leaf, ...]] = {}
    others: list[Condition] = []
    for part in parts:
        if isinstance(part, Has) and part.needs:
            for need in part.needs:
                leaves_by_need[need] = (*leaves_by_need.get(need, ()), part.leaf)
        else:
            others.append(part)
    needs = NOTHING_SURE.union(*(part.needs for part in parts)) if all(part.needs for part in parts) else NOTHING_SURE
    return Any(tuple(parts), needs, leaves_by_need, tuple(others))


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
            return max(map(_expense, parts), default=0)
