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
        hits = found.texts[field].hits.keys()
        if self.needs and hits.isdisjoint(self.needs):
            return []
        hulls: list[Hull] = []
        for leaf, needs in self.leaves:
            if needs and hits.isdisjoint(needs):
                continue
            hulls += leaf.hulls(found, field) if isinstance(leaf, NearLeaf) else found.hulls(leaf, field)
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
        sure = sorted((side.needs for side in (self.left, self.right) if side.needs), key=len)
        return tuple(sure[0]) if sure else ()

    def stands(self, found: Found) -> bool:
        """Whether it stands anywhere."""
        return self.left.may_stand(found) and self.right.may_stand(found) and bool(found.places(self))

    def places(self, found: Found) -> list[Place]:
        """Where what takes part stands."""
        places: list[Place] = []
        for field in range(len(FIELDS)):
            left, right = self._sides(found, field)
            if right:
                spans = spans_near(left, right, self.distance, ordered=self.ordered)
                places += [(field, *span) for span in sorted(spans)]
        return places

    def hulls(self, found: Found, field: int) -> list[Hull]:
        """Where each pair stands in a field, for a Near that this one is within."""
        left, right = self._sides(found, field)
        return hulls_near(left, right, self.distance, ordered=self.ordered) if right else []

    def _sides(self, found: Found, field: int) -> tuple[list[Hull], list[Hull]]:
        hits = found.texts[field].hits.keys()
        if self.right.needs and hits.isdisjoint(self.right.needs):
            return [], []
        left = self.left.hulls(found, field)
        return left, self.right.hulls(found, field) if left else []
