"""The values that travel from room to room. All times are aware and in UTC; all values are immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Field = Literal["title", "text"]
"""The parts of an item that a query looks at."""

PublishedFrom = Literal["published", "updated", "text", "fetched"]
"""Where an item's published time was read: the entry's own dates, its text, or, last, the time of the fetch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a parser read from a document for one news item, before cleaning.

    title, summary and content are HTML fragments (escaped where the document said plain text). `published` and
    `updated` stand as the document wrote them, so that a naive time stays recognisable as naive.
    """

    guid: str | None = None
    url: str | None = None
    """Absolute: resolved against the document's base."""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    published: str | None = None
    updated: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed: its entries in document order, and what the admin should know of the reading."""

    title: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences: what was wrong with the document and how it was read all the same."""


@dataclass(frozen=True, slots=True)
class SourceTraits:
    """What normalizing needs to know of an entry's source."""

    url: str
    language: str | None = None
    """BCP 47, as configured; the prior where neither the entry nor the document tells."""
    timezone: str = "UTC"
    """IANA name: the zone of naive dates."""


@dataclass(frozen=True, slots=True)
class Item:
    """One clean news item. `title` and `text` are what queries match and spans point into."""

    guid: str
    """Never empty: the entry's guid, else its canonical URL, else a hash of its text."""
    url: str
    """Canonical; empty where the entry named none."""
    title: str
    text: str
    """Plain text, paragraphs parted by a newline."""
    html: str
    """Sanitized: absolute links; no script, style, form or event handler."""
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    """BCP 47; "und" where unknown (RFC 5646, 4.1)."""
    published_at: datetime
    published_from: PublishedFrom
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of a field of the item's own, unfolded text."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WatchlistDef:
    """A named set of queries, as its owner wrote it.

    terms are phrases; queries are boolean; an item matches when any of both does and no `exclude` query does.
    """

    name: str
    terms: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An item met a watchlist: by which queries, where, how strongly."""

    watchlist: str
    version: int
    """The version of the watchlist that matched."""
    queries: tuple[str, ...]
    """The terms and queries that matched, as written."""
    spans: tuple[Span, ...]
    """Sorted; none overlaps another."""
    score: float
    """Above 0; comparable between items, not between watchlists."""


@dataclass(frozen=True, slots=True)
class MatchedItem:
    """What leaves the workers for one entry: the item, the keys of its story, and its matches."""

    item: Item
    story_keys: tuple[str, ...]
    text_hash: str
    """Of the folded title and text: tells a revision from a repetition."""
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionItem:
    """One republication of a story, as a digest shows it."""

    title: str
    url: str
    source: str
    """The source's title."""
    published_at: datetime


@dataclass(frozen=True, slots=True)
class EditionStory:
    """One story as a digest shows it: its representative item, where else it ran, and why it is here."""

    story_id: int
    title: str
    title_spans: tuple[tuple[int, int], ...]
    """Of the matched terms in `title`."""
    url: str
    source: str
    source_language: str
    published_at: datetime
    snippet: str
    """A passage of the text around the best match; plain."""
    snippet_spans: tuple[tuple[int, int], ...]
    """Of the matched terms in `snippet`."""
    terms: tuple[str, ...]
    """The matched terms, as found in the text, most frequent first."""
    also_in: tuple[EditionItem, ...] = ()
    """The story's items from other sources, earliest first."""
    also_matched: tuple[str, ...] = ()
    """The other watchlists that the story matched."""


@dataclass(frozen=True, slots=True)
class EditionSection:
    """The stories of one watchlist in an edition; a story stands in one section alone."""

    watchlist: str
    stories: tuple[EditionStory, ...]
    more: int = 0
    """How many further stories matched and were cut by the limit."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that a digest's templates show."""

    subscriber: str
    """The subscriber's name."""
    address: str
    subscription: str
    timezone: str
    locale: str
    window_start: datetime
    window_end: datetime
    sections: tuple[EditionSection, ...]
    source_count: int
    """How many sources the edition's stories ran in."""
    previous_story_count: int | None = None
    """Of the last edition; None where this is the first."""

    @property
    def story_count(self) -> int:
        """Stories shown, each counted once."""
        return sum(len(section.stories) for section in self.sections)


@dataclass(frozen=True, slots=True)
class RenderedEdition:
    """A digest ready to be put into a mail."""

    subject: str
    html: str
    text: str
    story_ids: tuple[int, ...]
    """The stories shown: fewer than the edition's where a mail's size limit cut some to "n more"."""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """What a mail is built from. The same delivery always gives the same message, at every retry."""

    message_id: str
    """With its angle brackets (RFC 5322, 3.6.4)."""
    sent_by: str
    """The From mailbox: an address, or `Name <address>`."""
    to_name: str
    to_address: str
    subject: str
    html: str
    text: str
    dated: datetime
    list_id: str
    """Without brackets: `name.feedwatch.example` (RFC 2919)."""
    list_name: str
    unsubscribe_mailto: str
    """The address that takes unsubscriptions."""
    unsubscribe_url: str | None = None
    """An https URL that takes the one-click POST of RFC 8058, where a public URL is configured."""
