"""The values that travel from room to room. All times are aware and in UTC; all values are immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import IntEnum
from operator import attrgetter
from typing import Literal, TypeVar

Field = Literal["title", "text"]
"""The parts of an item that a query looks at."""

PublishedFrom = Literal["published", "updated", "text", "url", "fetched"]
"""Where an item's published time was read: the entry's own dates, its text, its URL, or, last, the time of the
fetch."""


Value = TypeVar("Value")


def _quick_to_pickle(cls: type[Value]) -> type[Value]:
    """Pickle a value as a call with its fields in order.

    Dataclasses with slots go through a function of Python's for each value, both ways; items cross from the workers by
    the thousand, and so it takes half of the time.
    """
    values = attrgetter(*(field.name for field in fields(cls)))  # type: ignore[arg-type]
    cls.__reduce__ = lambda self: (cls, values(self))  # type: ignore[method-assign]
    return cls


Kind = Literal["feed", "sitemap", "page"]
"""How a source's document is read: a feed of any format (a local file too), a sitemap, or a page by selectors."""


@_quick_to_pickle
@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry: a sound, a film, a document."""

    url: str
    """Absolute."""
    type: str | None = None
    """Its media type, as the document says."""
    length: int | None = None
    """In bytes, as the document says."""


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
    comments: str | None = None
    """The page of comments; absolute."""
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    """The picture that stands for the entry (media:thumbnail, itunes:image, JSON Feed's image), else the first one of
    its text; absolute."""
    origin: str = ""
    """Plain: the title of the feed that the entry was taken over from (RSS and Atom `source`)."""
    origin_url: str | None = None
    canonical: str | None = None
    """Where the entry's own page says that the article lives (link rel=canonical, RFC 6596); absolute; known where the
    page was fetched."""


@dataclass(frozen=True, slots=True)
class UpdateHints:
    """What a feed says of how often it is worth a visit."""

    period: timedelta | None = None
    """The longest of what `ttl` (RSS 2.0) and `sy:updatePeriod / sy:updateFrequency` (RSS 1.0 syndication) ask for."""
    said_by: str = ""
    """`ttl` or `sy:updatePeriod`: which of them asked for `period`."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in UTC, 0 to 23, sorted (RSS 0.91, 0.92, 2.0)."""
    skip_days: tuple[int, ...] = ()
    """Days of the week in UTC, Monday is 0, sorted."""


@dataclass(frozen=True, slots=True)
class Child:
    """A document that another one lists: a sitemap of an index."""

    url: str
    modified: str | None = None
    """As the document wrote it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed: its entries in document order, and what the admin should know of the reading."""

    title: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences: what was wrong with the document and how it was read all the same."""
    reader: str = ""
    """Which parser read it, and why where it was not the first choice: for the log."""
    hints: UpdateHints = UpdateHints()
    hub: str | None = None
    """The WebSub hub that it names (link rel=hub); absolute."""
    topic: str | None = None
    """What it calls itself (link rel=self): the topic to subscribe to at the hub; absolute."""
    archive: str | None = None
    """The document of earlier entries (rel=prev-archive, RFC 5005, 4; or rel=next of a paged feed, 3); absolute."""
    children: tuple[Child, ...] = ()
    """Of a sitemap index."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """How a page's list of news is read: CSS selectors, all but `item` looked for within an item."""

    item: str
    """Each news item's element."""
    link: str = "a[href]"
    """The element whose href leads to the article."""
    title: str = ""
    """The headline's element; the link's own text where empty."""
    date: str = ""
    """The date's element (its datetime attribute before its text); none where empty."""
    summary: str = ""
    """The teaser's element; none where empty."""


@dataclass(frozen=True, slots=True)
class SourceTraits:
    """What reading and normalizing need to know of a source."""

    url: str
    language: str | None = None
    """BCP 47, as configured; the prior where neither the entry nor the document tells."""
    timezone: str = "UTC"
    """IANA name: the zone of naive dates."""
    kind: Kind = "feed"
    selectors: Selectors | None = None
    """Given for a page, and for nothing else."""
    full_text: bool = False
    """Whether each new entry's own page is fetched and read in place of the teaser."""
    rules_off: tuple[str, ...] = ()
    """Names of cleaning rules that are not applied to its items."""
    languages: tuple[str, ...] = ()
    """BCP 47, as configured for all sources: likelier than others where an item's language has to be told by its
    text."""
    images: bool = True
    """Whether items keep their pictures."""
    name: str = ""
    """The source's own, which queries may ask for."""
    tags: tuple[str, ...] = ()
    """The source's, which queries may ask for."""


@_quick_to_pickle
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
    comments: str = ""
    """The page of comments; empty where none is known."""
    image: str = ""
    """The URL of the picture that stands for it; empty where none is known."""
    origin: str = ""
    """Who published it first, where it says so: the feed that it was taken over from, or the agency of its dateline."""
    enclosures: tuple[Enclosure, ...] = ()
    place: str = ""
    """Where it was filed, as its dateline says; empty where it has none."""
    canonical: str = ""
    """The canonical URL of the page that this one is a copy of, on another site; empty where it is none."""
    doubted_date: str = ""
    """The published date as the document wrote it, where it was not taken as it stands: unreadable, impossible or in
    the future."""


@_quick_to_pickle
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of a field of the item's own, unfolded text."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QueryDef:
    """A boolean query with how its words are read."""

    text: str
    exact: bool = False
    """Whether its words are found only as written: case, accents, hyphens and the way of writing Chinese count."""
    stem: str = ""
    """BCP 47 of a language whose words also match in their other forms (Snowball), in items of that language; empty
    for none."""


Query = str | QueryDef
"""A query as it is written; a string is one without options."""


def query_def(query: Query) -> QueryDef:
    """The query with its options."""
    return QueryDef(query) if isinstance(query, str) else query


@dataclass(frozen=True, slots=True)
class WatchlistDef:
    """A named set of queries, as its owner wrote it.

    An item matches when any of its terms and queries does (or all of them, by `mode`), none of `exclude` does, and it
    is of the languages, sources and tags named.
    """

    name: str
    terms: tuple[str, ...] = ()
    """Phrases, each taken as it stands."""
    queries: tuple[Query, ...] = ()
    exclude: tuple[Query, ...] = ()
    description: str = ""
    owner: str = ""
    """Who answers for it; shown, and nothing else."""
    mode: Literal["any", "all"] = "any"
    """Whether one of its terms and queries is enough, or every one has to be met."""
    languages: tuple[str, ...] = ()
    """BCP 47; en stands for en-HK too. Any where empty."""
    sources: tuple[str, ...] = ()
    """Names of sources, * for any characters. Any where empty."""
    tags: tuple[str, ...] = ()
    """Of the item or its source; one is enough. Any where empty."""
    min_score: float = 0.0
    """What is rated lower is no match."""
    priority: int = 0
    """The higher stand first in a digest."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Sets of phrases that mean the same: where a term or query has one of a set, any of it will do."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many documents of a sample of the archive have each index token: what a term's being found is worth."""

    documents: int = 0
    """Of the sample; 0 where nothing is known."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By index token; one that is not named is in none of them."""


@_quick_to_pickle
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


@_quick_to_pickle
@dataclass(frozen=True, slots=True)
class MatchedItem:
    """What leaves the workers for one entry: the item, the keys of its story, and its matches."""

    item: Item
    story_keys: tuple[str, ...]
    text_hash: str
    """Of the folded title and text: tells a revision from a repetition."""
    matches: tuple[Match, ...] = ()
    sketch: tuple[int, ...] = ()
    """Its near keys: items that share some are compared, and may be copies or tell of one event. The lowest two bits
    tell a key's kind (`SketchKind`); each fits a signed 64-bit integer and is not negative."""
    tokens: str = ""
    """Its index tokens, parted by spaces: what the archive's index finds it by."""


class SketchKind(IntEnum):
    """What a near key stands for: how much it says that two items share one."""

    TEXT = 0
    """One of the smallest shingles of the text: copies share several."""
    LEAD = 1
    """One of the smallest shingles of the text's beginning: a teaser shares it with the whole."""
    TITLE = 2
    """The folded title."""
    EVENT = 3
    """A name or figure that two languages write in a way that can be compared."""


@dataclass(frozen=True, slots=True)
class Report:
    """What of an item is compared, to tell whether it reports the same text or the same event as another."""

    title: str
    text: str
    language: str
    url: str
    source_id: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class EditionItem:
    """One republication of a story, as a digest shows it."""

    title: str
    url: str
    source: str
    """The source's title."""
    published_at: datetime


@dataclass(frozen=True, slots=True)
class EditionRelative:
    """A story that tells of the same event in another language, as a digest shows it."""

    title: str
    url: str
    source: str
    """A source's title."""
    language: str
    """BCP 47."""


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
    """The other watchlists of the subscription that the story matched."""
    is_update: bool = False
    """Whether the subscriber was told of it before, and it has been materially changed since."""
    relatives: tuple[EditionRelative, ...] = ()
    """The event in other languages; one a language."""


@dataclass(frozen=True, slots=True)
class EditionSection:
    """The stories of one watchlist in an edition; a story stands in one section alone."""

    watchlist: str
    stories: tuple[EditionStory, ...]
    more: int = 0
    """How many further stories matched and were cut by the limit."""


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A term that an edition's stories have more often than the subscriber's editions before it."""

    term: str
    """As written in the stories."""
    stories: int
    """How many of this edition's have it."""
    usual: float
    """How many of as many stories had it before, on average."""
    share: float
    """Of the highest bar, above 0 and at most 1: how long its bar is."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that a digest's templates show, but for what is personal (`feedwatch.digest.personal`): the same for
    every subscriber whom it tells the same."""

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
    rising: tuple[RisingTerm, ...] = ()
    """The strongest first."""

    @property
    def story_count(self) -> int:
        """Stories shown, each counted once."""
        return sum(len(section.stories) for section in self.sections)

    @property
    def more(self) -> int:
        """Stories that the limits cut."""
        return sum(section.more for section in self.sections)


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail or a message says, with placeholders for what is personal (`feedwatch.digest.personal`)."""

    subject: str
    html: str
    """Empty where it is plain text alone."""
    text: str


@dataclass(frozen=True, slots=True)
class RenderedEdition:
    """A digest made into words, still the same for every subscriber whom it tells the same."""

    body: Body
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
    """Empty where the mail is plain text alone."""
    text: str
    dated: datetime
    list_id: str = ""
    """Without brackets: `name.feedwatch.example` (RFC 2919); empty where the mail is of no list."""
    list_name: str = ""
    unsubscribe_mailto: str = ""
    """The address that takes unsubscriptions."""
    unsubscribe_url: str | None = None
    """An https URL that takes the one-click POST of RFC 8058, where a public URL is configured."""
    bounces_to: str = ""
    """Where the mail returns to when it cannot be delivered; to the sender where empty."""
