"""From bytes to matched items: what a worker process does with one document. Pure, but for the file of watchlists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from time import perf_counter
from typing import TYPE_CHECKING

from feedwatch import __version__
from feedwatch.cluster import address_key, drop_shared_addresses, sketch, story_keys, text_hash
from feedwatch.errors import DocumentError
from feedwatch.jobs.entries import fingerprint, identified, split
from feedwatch.jobs.watchlist_files import matcher_of
from feedwatch.match import index_tokens
from feedwatch.model import Document, Entry, MatchedItem, SourceTraits
from feedwatch.normalize import canonical_url, normalize
from feedwatch.parse import parse
from feedwatch.parse.page import read_page
from feedwatch.parse.sitemap import read_sitemap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from feedwatch.jobs.watchlist_files import WatchlistFiles
    from feedwatch.match import Matcher
    from feedwatch.settings import Settings

_MOST_FAULTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A fetched document and what is known of its source."""

    body: bytes
    content_type: str | None
    url: str
    traits: SourceTraits
    fetched_at: datetime
    known: bytes = b""
    """Fingerprints of the entries that were stored as they are: they are passed over."""
    most_pages: int = 0
    """How many entries may ask for their own page."""


def for_all(traits: SourceTraits, settings: Settings) -> SourceTraits:
    """The traits of a source with what the configuration says for all of them."""
    return replace(traits, languages=settings.items.languages, images=settings.items.images)


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that waits for its own page."""

    entry: Entry
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A pending entry's own page; without a body where it could not be had."""

    pending: Pending
    body: bytes = b""
    content_type: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker made of a document: items in document order, or the error that says why there are none."""

    document: Document = Document()
    """Without its entries."""
    items: tuple[MatchedItem, ...] = ()
    pending: tuple[Pending, ...] = ()
    """Entries that became no items yet."""
    fingerprints: tuple[bytes, ...] = ()
    """Of the entries that are done with: the known ones that are still there, and those made items."""
    is_partial: bool = False
    """Whether some entries, known or new, were left for a later visit."""
    new_entries: int = 0
    is_all_new: bool = False
    """Whether none of its entries was known, so that `items` tells of all."""
    addresses: frozenset[str] = frozenset()
    """Story keys of URLs that are no pending entry's alone: of known entries, and of several pending ones."""
    error: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Of CPU and waiting, by step: parse, normalize, cluster, match, index."""


def prepare(raw: RawDocument, watchlists: WatchlistFiles) -> Prepared:
    """Parse a document, and normalize, fingerprint and match those of its entries that are not known yet.

    A worker compiles the watchlists once. An entry that cannot be made an item is left out with a warning, and stops no
    other.
    """
    begun = perf_counter()
    try:
        document = _read(raw)
    except DocumentError as error:
        return Prepared(error=str(error), seconds={"parse": perf_counter() - begun})
    salt = _salt(raw.traits)
    known = split(raw.known)
    entries = [(entry, fingerprint(entry, salt)) for entry in identified(document.entries)]
    fresh = [(entry, mark) for entry, mark in entries if mark not in known]
    pending, ready, left = _with_pages(fresh, raw)
    seconds = {"parse": perf_counter() - begun}
    known_addresses = _addresses((entry for entry, mark in entries if mark in known), raw.traits.url) if fresh else []
    items, faults = _make_items([entry for entry, _ in ready], document.language, raw, matcher_of(watchlists), seconds)
    waiting = {one.fingerprint for one in pending}
    warnings = document.warnings + _told(faults, len(ready))
    if left and not known:  # the whole past of a site is not crawled
        warnings += (f"{len(left):,} older pages were passed over; what is new from now on is read.",)
    else:
        waiting |= {mark for _, mark in left}
    return Prepared(
        document=replace(document, entries=(), warnings=warnings),
        items=drop_shared_addresses(items, frozenset(known_addresses)),
        pending=tuple(pending),
        fingerprints=tuple(mark for _, mark in entries if mark not in waiting),
        is_partial=bool(left and known),
        new_entries=len(fresh),
        is_all_new=len(fresh) == len(entries),
        addresses=frozenset(known_addresses) | _doubled(_addresses((one.entry for one in pending), raw.traits.url)),
        seconds=seconds,
    )


def finish(
    raw: RawDocument, page: Page, language: str | None, addresses: frozenset[str], watchlists: WatchlistFiles
) -> Prepared:
    """Make an item of an entry that waited for its page: the page's own text, or the entry as it is without one.

    `raw` needs no body; `language` and `addresses` are those of the entry's document. An entry without a title (of a
    sitemap) is nothing without its page.
    """
    # Loaded by the workers that need it alone: trafilatura takes 21 MB (docs/decisions/0014).
    from feedwatch.parse.article import complete, read_article  # noqa: PLC0415

    begun = perf_counter()
    entry = page.pending.entry
    try:
        if page.body:
            article = read_article(
                page.body, content_type=page.content_type, url=page.url, language=raw.traits.language
            )
            entry = complete(entry, article)
    except DocumentError as error:
        return Prepared(error=str(error), seconds={"parse": perf_counter() - begun})
    seconds = {"parse": perf_counter() - begun}
    entries = [entry] if entry.title else []
    items, faults = _make_items(entries, language, raw, matcher_of(watchlists), seconds)
    return Prepared(
        document=Document(warnings=_told(faults, len(entries))),
        items=drop_shared_addresses(items, addresses),
        fingerprints=(page.pending.fingerprint,) if page.body else (),
        seconds=seconds,
    )


def _read(raw: RawDocument) -> Document:
    if raw.traits.kind == "sitemap":
        return read_sitemap(raw.body, content_type=raw.content_type, url=raw.url)
    if raw.traits.kind == "page" and raw.traits.selectors is not None:
        return read_page(raw.body, content_type=raw.content_type, url=raw.url, selectors=raw.traits.selectors)
    return parse(raw.body, content_type=raw.content_type, url=raw.url)


def _salt(traits: SourceTraits) -> bytes:
    """What else decides what becomes of an entry. The URL does not, so that a feed may move."""
    decided_by = (
        __version__, traits.language, traits.timezone, traits.full_text, traits.rules_off, traits.languages,
        traits.images,
    )  # fmt: skip
    return blake2b(repr(decided_by).encode(), digest_size=16).digest()


Marked = tuple[Entry, bytes]


def _with_pages(fresh: list[Marked], raw: RawDocument) -> tuple[list[Pending], list[Marked], list[Marked]]:
    """The fresh entries that wait for their pages, those that are items as they are, and those left for later.

    The newest stand first, as a rule. What has no title (in a sitemap) is nothing without its page.
    """
    pending: list[Pending] = []
    ready: list[Marked] = []
    left: list[Marked] = []
    for entry, mark in fresh:
        needs_page = raw.traits.kind == "sitemap" and not entry.title
        wants_page = entry.url is not None and (raw.traits.full_text or needs_page)
        if wants_page and len(pending) < raw.most_pages:
            pending.append(Pending(entry, mark))
        elif needs_page:
            left.append((entry, mark))
        else:
            ready.append((entry, mark))
    return pending, ready, left


def _addresses(entries: Iterable[Entry], base: str) -> list[str]:
    """The story keys of the entries' URLs.

    A URL that several entries of a document share is no story's. Those of the known entries and of those that wait for
    their pages are told here; others are found by `drop_shared_addresses` from the items.
    """
    return [key for entry in entries if entry.url and (key := address_key(canonical_url(entry.url, base=base)))]


def _doubled(keys: list[str]) -> frozenset[str]:
    return frozenset(key for key, count in Counter(keys).items() if count > 1)


def _make_items(
    entries: Collection[Entry], language: str | None, raw: RawDocument, matcher: Matcher, seconds: dict[str, float]
) -> tuple[list[MatchedItem], list[str]]:
    items: list[MatchedItem] = []
    faults: list[str] = []
    in_normalize = in_cluster = in_match = in_index = 0.0
    for entry in entries:
        start = perf_counter()
        try:
            item = normalize(entry, raw.traits, document_language=language, fetched_at=raw.fetched_at)
            normalized = perf_counter()
            keys, digest, near_keys = story_keys(item), text_hash(item), sketch(item)
            clustered = perf_counter()
            matches = matcher.match(item, raw.traits.name, raw.traits.tags)
            matched = perf_counter()
            tokens = " ".join(index_tokens(item.title, item.text))
            indexed = perf_counter()
        except Exception as error:  # noqa: BLE001 - a fault of ours in one entry must not cost the others
            faults.append(f"{(entry.title or entry.url or '?')[:60]!r}: {type(error).__name__}: {error}")
            continue
        items.append(MatchedItem(item, keys, digest, matches, near_keys, tokens))
        in_normalize += normalized - start
        in_cluster += clustered - normalized
        in_match += matched - clustered
        in_index += indexed - matched
    seconds |= {"normalize": in_normalize, "cluster": in_cluster, "match": in_match, "index": in_index}
    return items, faults


def _told(faults: list[str], count: int) -> tuple[str, ...]:
    if not faults:
        return ()
    named = "; ".join(faults[:_MOST_FAULTS_NAMED])
    return (f"{len(faults)} of {count} entries could not be read and were left out: {named}",)
