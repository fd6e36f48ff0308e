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

    def hulls(self, found: Found, field: int) -> list[Hull]:
        """Where it stands in a field."""
        hits = found.texts[field].hits.keys()
        hulls: list[Hull] = []
        for leaf, needs in self.leaves:
            if needs and hits.isdisjoint(needs):
                continue
            hulls += leaf.hulls(found, field) if isinstance(leaf, NearLeaf) else found.hulls(leaf, field)
        return hulls

    def marks(self, found: Found, field: int, width: int = 1) -> int:
        """A bit for each word of a field at which a place of it may begin or end, and the `width - 1` above each."""
        hits = found.texts[field].hits
        marks = 0
        for leaf, needs in self.leaves:
            if needs and hits.keys().isdisjoint(needs):
                continue
            marks |= found.marks(leaf, field, width)
        return marks


_ANYWHERE = -1
"""All bits."""


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
        return self._sure[0]

    @property
    def others(self) -> tuple[str, ...]:
        """As `needs`, of the other side."""
        return self._sure[1]

    @property
    def _sure(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        few, many = sorted((tuple(self.left.needs), tuple(self.right.needs)), key=len)
        return (few, many) if few else (many, few)

    def stands(self, found: Found) -> bool:
        """Whether it stands anywhere."""
        return bool(found.places(self))

    def places(self, found: Found) -> list[Place]:
        """Where what takes part stands."""
        places: list[Place] = []
        for field in range(len(FIELDS)):
            left, right = self._sides(found, field)
            if right:
                spans = spans_near(left, right, self.distance, ordered=self.ordered)
                places += [(field, *span) for span in sorted(spans)]
        return places

    def marks(self, _found: Found, _field: int) -> int:
        """All that there are: only a look at the pairs tells."""
        return _ANYWHERE

    def hulls(self, found: Found, field: int) -> list[Hull]:
        """Where each pair stands in a field, for a Near that this one is within."""
        left, right = self._sides(found, field)
        return hulls_near(left, right, self.distance, ordered=self.ordered) if right else []

    def _sides(self, found: Found, field: int) -> tuple[list[Hull], list[Hull]]:
        """Where both stand in a field; nowhere, where they are surely too far apart."""
        hits = found.texts[field].hits.keys()
        if (self.left.needs and hits.isdisjoint(self.left.needs)) or (
            self.right.needs and hits.isdisjoint(self.right.needs)
        ):
            return [], []
        right = self.right.marks(found, field)
        width, offset = (self.distance + 1, 0) if self.ordered else (2 * self.distance + 1, self.distance)
        if not self.left.marks(found, field, width) & right << offset:
            return [], []
        return self.left.hulls(found, field), self.right.hulls(found, field)
