"""What is known of one item while queries are asked of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import ClassVar, Protocol

from feedwatch.model import Field, Item, Span

from .near import Hull, Words, hull_of, spread
from .score import place_of
from .squeeze import SqueezedText

FIELDS: tuple[Field, ...] = ("title", "text")
"""In the order in which spans are sorted."""

Place = tuple[int, int, int]
"""The number of a field, and characters [start, end) of it."""

Placed = tuple[tuple[Span, ...], float]
"""Spans, sorted, one made of places that overlap; and what `place_of` makes of them."""

FactTest = Callable[[Item, str, tuple[str, ...]], bool]
"""Whether an item, its source's name and its source's tags meet a filter."""


class Leaf(Protocol):
    """A part of a query that stands somewhere in a text. Two are the same if they are one object."""

    expense: ClassVar[int]
    """The higher, the longer it takes to look it up: 1 to 3."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Literals of which an item has one wherever it stands; empty where nothing is sure."""

    @property
    def others(self) -> tuple[str, ...]:
        """As `needs`: literals of which it has to have one too."""

    def places(self, found: Found) -> list[Place]:
        """Where it stands; places may overlap."""

    def stands(self, found: Found) -> bool:
        """Whether it stands anywhere."""

    def marks(self, found: Found, field: int) -> int:
        """A bit for the number of the first and of the last word of each of its places in a field, and perhaps more."""


class Found:
    """One item, and what of queries was found in it: each phrase is looked up when a query first asks for it."""

    __slots__ = (
        "_absent",
        "_facts",
        "_hulls",
        "_item",
        "_marks",
        "_placed",
        "_places",
        "_source",
        "_source_tags",
        "_spans",
        "_words",
        "present",
        "stands_by_leaf",
        "texts",
    )

    def __init__(self, title: str, text: str, item: Item | None, source: str, source_tags: tuple[str, ...]) -> None:
        self.texts = (SqueezedText(title), SqueezedText(text))
        """By the number of a field."""
        self.present: set[str] = set()
        """The literals that a search has found in either."""
        self._item = item
        self._source = source
        self._source_tags = source_tags
        self._places: dict[Leaf, list[Place]] = {}
        self.stands_by_leaf: dict[Leaf, bool] = {}
        """What has been asked of `stands`."""
        self._spans: dict[Place, Span] = {}
        self._facts: dict[FactTest, bool] = {}
        self._words: dict[int, Words] = {}
        self._hulls: dict[tuple[Leaf, int], list[Hull]] = {}
        self._marks: dict[tuple[Leaf, int, int], int] = {}
        self._placed: dict[Leaf, Placed] = {}
        self._absent: set[str] = set()

    def stands(self, leaf: Leaf) -> bool:
        """Whether a leaf stands anywhere: told sooner than where."""
        known = self.stands_by_leaf.get(leaf)
        if known is None:
            known = self.stands_by_leaf[leaf] = leaf.stands(self)
        return known

    def places(self, leaf: Leaf) -> list[Place]:
        """Where a leaf stands."""
        known = self._places.get(leaf)
        if known is None:
            known = self._places[leaf] = leaf.places(self)
        return known

    def meets(self, test: FactTest) -> bool:
        """Whether the item passes a filter."""
        known = self._facts.get(test)
        if known is None:
            known = self._facts[test] = test(self._known_item(), self._source, self._source_tags)
        return known

    @property
    def language(self) -> str:
        """The item's, BCP 47."""
        return self._item.language if self._item else _NO_ITEM.language

    def placed(self, leaves: Collection[Leaf]) -> Placed:
        """Where some leaves stand, and what that is worth."""
        if len(leaves) == 1:
            (leaf,) = leaves
            known = self._placed.get(leaf)
            if known is None:
                known = self._placed[leaf] = self._placed_at(sorted(self.places(leaf)))
            return known
        return self._placed_at(sorted([place for leaf in leaves for place in self.places(leaf)]))

    def hulls(self, leaf: Leaf, field: int) -> list[Hull]:
        """Where a leaf stands in a field, for what looks at words between places."""
        known = self._hulls.get((leaf, field))
        if known is None:
            words = self.words(field)
            known = [hull_of((start, end), words) for at, start, end in self.places(leaf) if at == field]
            self._hulls[leaf, field] = known
        return known

    def marks(self, leaf: Leaf, field: int, width: int = 1) -> int:
        """Where a leaf may stand in a field: a bit for its first word and its last, and the `width - 1` above each."""
        known = self._marks.get((leaf, field, width))
        if known is None:
            known = leaf.marks(self, field) if width == 1 else spread(self.marks(leaf, field), width)
            self._marks[leaf, field, width] = known
        return known

    def words(self, field: int) -> Words:
        """The words of a field."""
        known = self._words.get(field)
        if known is None:
            known = self._words[field] = Words(self.texts[field].folded)
        return known

    def rule_out(self, patterns: Iterable[str]) -> None:
        """Say of regular expressions that they are nowhere in the item, so that they are not searched for."""
        self._absent.update(patterns)

    def is_ruled_out(self, pattern: str) -> bool:
        """Whether a regular expression is known to be nowhere in the item."""
        return pattern in self._absent

    def _placed_at(self, places: list[Place]) -> Placed:
        merged: list[Place] = []
        last_field = last_end = -1
        for place in places:
            field, start, end = place
            if field == last_field and start < last_end:
                if end > last_end:
                    last_end = end
                    merged[-1] = (field, merged[-1][1], end)
            else:
                last_field, last_end = field, end
                merged.append(place)
        spans = tuple(map(self._span, merged))
        return spans, place_of(spans)

    def _span(self, place: Place) -> Span:
        """The same for the same place: many watchlists are met at one."""
        known = self._spans.get(place)
        if known is None:
            known = self._spans[place] = Span(FIELDS[place[0]], place[1], place[2])
        return known

    def _known_item(self) -> Item:
        return self._item or _NO_ITEM


_NO_ITEM = Item(
    guid="-",
    url="",
    title="",
    text="",
    html="",
    authors=(),
    tags=(),
    language="und",
    published_at=datetime(1970, 1, 1, tzinfo=UTC),
    published_from="fetched",
)
"""Stands for the item where texts alone are given: it has no facts."""
