"""NEAR as a leaf of a query: two sides that are close to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from .found import FIELDS, Found, Leaf, Place
from .near import Hull, hulls_near, spans_near


@dataclass(frozen=True, slots=True)
class Side:
    """Leaves of which any will do."""

    leaves: tuple[tuple[Leaf, frozenset[str]], ...]
    """Each with its needs."""
    needs: frozenset[str]
    """Literals of which an item has one where it has anything of this side; empty where nothing is sure."""

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> Side:
        """The side of these leaves."""
        pairs = tuple((leaf, frozenset(leaf.needs)) for leaf in leaves)
        needs = [needs for _, needs in pairs]
        return cls(pairs, frozenset().union(*needs) if all(needs) else frozenset())

    def may_stand(self, found: Found) -> bool:
        """Whether an item has what this side needs."""
        return not self.needs or not self.needs.isdisjoint(found.present)

    def hulls(self, found: Found, field: int) -> list[Hull]:
        """Where it stands in a field."""
        hulls: list[Hull] = []
        for leaf, needs in self.leaves:
            if needs and needs.isdisjoint(found.present):
                continue
            if isinstance(leaf, NearLeaf):
                hulls += leaf.hulls(found, field)
            else:
                hulls += [Hull(start, end, ((start, end),)) for at, start, end in found.places(leaf) if at == field]
        return hulls


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class NearLeaf:
    """Two sides close to each other. Its places are those of what takes part."""

    expense: ClassVar[int] = 3
    left: Side
    right: Side
    distance: int
    ordered: bool

    @property
    def needs(self) -> tuple[str, ...]:
        """Literals of which an item has one wherever it stands; empty where nothing is sure."""
        sure = [side.needs for side in (self.left, self.right) if side.needs]
        return tuple(sorted(sure, key=len)[0]) if sure else ()

    def stands(self, found: Found) -> bool:
        """Whether it stands anywhere."""
        return self.left.may_stand(found) and self.right.may_stand(found) and bool(found.places(self))

    def places(self, found: Found) -> list[Place]:
        """Where what takes part stands."""
        places: list[Place] = []
        for field in range(len(FIELDS)):
            left = self.left.hulls(found, field)
            right = self.right.hulls(found, field) if left else []
            if right:
                spans = spans_near(left, right, found.words(field), self.distance, ordered=self.ordered)
                places += [(field, *span) for span in sorted(spans)]
        return places

    def hulls(self, found: Found, field: int) -> list[Hull]:
        """Where each pair stands in a field, for a Near that this one is within."""
        left = self.left.hulls(found, field)
        right = self.right.hulls(found, field) if left else []
        if not right:
            return []
        return hulls_near(left, right, found.words(field), self.distance, ordered=self.ordered)
