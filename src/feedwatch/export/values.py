"""What is written out: an item or a story with everything that a reader elsewhere may want of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from feedwatch.model import Item, Span


@dataclass(frozen=True, slots=True)
class ExportedMatch:
    """A watchlist that the item met: how strongly, by which terms and queries, and where."""

    watchlist: str
    score: float
    queries: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """An item as it is written out."""

    id: int
    story_id: int
    source: str
    """The source's name."""
    item: Item
    first_seen_at: datetime
    revision: int
    matches: tuple[ExportedMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportedCopy:
    """One of a story's items."""

    item_id: int
    source: str
    title: str
    url: str
    language: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ExportedRelation:
    """A story that tells of the same event in another language."""

    story_id: int
    title: str
    language: str
    url: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportedStory:
    """A story as it is written out: the item that stands for it, and where else it ran."""

    id: int
    item_id: int
    """The number of the item that stands for it; title, url, language, source and published_at are that item's."""
    title: str
    url: str
    language: str
    source: str
    published_at: datetime
    items: tuple[ExportedCopy, ...]
    """All of them, earliest first."""
    watchlists: tuple[str, ...] = ()
    related: tuple[ExportedRelation, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that brought it, the earliest first."""
        return tuple(dict.fromkeys(copy.source for copy in self.items))

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that its items are in, the earliest item's first."""
        return tuple(dict.fromkeys(copy.language for copy in self.items))


def rfc3339(moment: datetime) -> str:
    """An aware time in UTC (RFC 3339, 5.6): `2026-11-24T08:00:00Z`, with a fraction where it has one."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
