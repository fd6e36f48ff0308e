"""From bytes to matched items: what a worker process does with one document. Pure, but for the file of watchlists."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from feedwatch import __version__
from feedwatch.cluster import address_key, drop_shared_addresses, story_keys, text_hash
from feedwatch.errors import DocumentError
from feedwatch.jobs.entries import fingerprint, identified, split
from feedwatch.match import Matcher
from feedwatch.model import Document, Entry, MatchedItem, SourceTraits
from feedwatch.normalize import canonical_url, normalize
from feedwatch.parse import parse
from feedwatch.parse.page import read_page
from feedwatch.parse.sitemap import read_sitemap

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

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
    """Story keys of the URLs of the known entries."""
    error: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Of CPU and waiting, by step: parse, normalize, cluster, match."""


def prepare(raw: RawDocument, watchlists: Path) -> Prepared:
    """Parse a document, and normalize, fingerprint and match those of its entries that are not known yet.

    `watchlists` is a file that `save_watchlists` wrote; a worker compiles it once. An entry that cannot be made an
    item is left out with a warning, and stops no other.
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
    addresses = _known_addresses(entries, fresh, raw.traits.url)
    items, faults = _make_items([entry for entry, _ in ready], document.language, raw, _matcher(watchlists), seconds)
    waiting = {one.fingerprint for one in pending}
    warnings = document.warnings + _told(faults, len(ready))
    if left and not known:  # the whole past of a site is not crawled
        warnings += (f"{len(left):,} older pages were passed over; what is new from now on is read.",)
    else:
        waiting |= {mark for _, mark in left}
    return Prepared(
        document=replace(document, entries=(), warnings=warnings),
        items=drop_shared_addresses(items, addresses),
        pending=tuple(pending),
        fingerprints=tuple(mark for _, mark in entries if mark not in waiting),
        is_partial=bool(left and known),
        new_entries=len(fresh),
        is_all_new=len(fresh) == len(entries),
        addresses=addresses,
        seconds=seconds,
    )


def finish(raw: RawDocument, pages: tuple[Page, ...], first: Prepared, watchlists: Path) -> Prepared:
    """Make items of the entries that waited for their pages; `raw` needs no body.

    Where a page could not be had or read, the entry becomes an item as it is, and one without a title (of a sitemap)
    none, for now.
    """
    # Loaded by the workers that need it alone: trafilatura takes a second and 60 MB.
    from feedwatch.parse.article import complete, read_article  # noqa: PLC0415

    begun = perf_counter()
    entries: list[Entry] = []
    done: list[bytes] = []
    faults: list[str] = []
    for page in pages:
        entry = page.pending.entry
        try:
            if page.body:
                entry = complete(
                    entry,
                    read_article(page.body, content_type=page.content_type, url=page.url, language=raw.traits.language),
                )
                done.append(page.pending.fingerprint)
        except DocumentError as error:
            faults.append(f"{entry.url}: {error}")
            done.append(page.pending.fingerprint)  # it would read no better the next time
        if entry.title:
            entries.append(entry)
    seconds = {"parse": perf_counter() - begun}
    items, unmade = _make_items(entries, first.document.language, raw, _matcher(watchlists), seconds)
    warnings = _told(unmade, len(entries))
    if faults:
        named = "; ".join(faults[:_MOST_FAULTS_NAMED])
        warnings += (f"{len(faults)} of {len(pages)} pages hold no article that can be read: {named}",)
    return replace(
        first,
        document=replace(first.document, warnings=first.document.warnings + warnings),
        items=first.items + drop_shared_addresses(items, first.addresses),
        pending=(),
        fingerprints=first.fingerprints + tuple(done),
        seconds={step: first.seconds.get(step, 0.0) + spent for step, spent in seconds.items()},
    )


def _read(raw: RawDocument) -> Document:
    if raw.traits.kind == "sitemap":
        return read_sitemap(raw.body, content_type=raw.content_type, url=raw.url)
    if raw.traits.kind == "page" and raw.traits.selectors is not None:
        return read_page(raw.body, content_type=raw.content_type, url=raw.url, selectors=raw.traits.selectors)
    return parse(raw.body, content_type=raw.content_type, url=raw.url)


def _salt(traits: SourceTraits) -> bytes:
    """What else decides what becomes of an entry. The URL does not, so that a feed may move."""
    decided_by = (__version__, traits.language, traits.timezone, traits.full_text)
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


def _known_addresses(entries: list[Marked], fresh: list[Marked], base: str) -> frozenset[str]:
    """Story keys of the URLs that known entries have, where fresh ones may share them.

    Those that fresh entries share among each other are found by `drop_shared_addresses` from their items.
    """
    if not fresh or len(fresh) == len(entries):
        return frozenset()
    marks = {mark for _, mark in fresh}
    urls = {entry.url for entry, mark in entries if mark not in marks and entry.url}
    return frozenset(key for url in urls if (key := address_key(canonical_url(url, base=base))))


def _make_items(
    entries: Collection[Entry], language: str | None, raw: RawDocument, matcher: Matcher, seconds: dict[str, float]
) -> tuple[list[MatchedItem], list[str]]:
    items: list[MatchedItem] = []
    faults: list[str] = []
    in_normalize = in_cluster = in_match = 0.0
    for entry in entries:
        start = perf_counter()
        try:
            item = normalize(entry, raw.traits, document_language=language, fetched_at=raw.fetched_at)
            normalized = perf_counter()
            keys, digest = story_keys(item), text_hash(item)
            clustered = perf_counter()
            matches = matcher.match(item)
            matched = perf_counter()
        except Exception as error:  # noqa: BLE001 - a fault of ours in one entry must not cost the others
            faults.append(f"{(entry.title or entry.url or '?')[:60]!r}: {type(error).__name__}: {error}")
            continue
        items.append(MatchedItem(item=item, story_keys=keys, text_hash=digest, matches=matches))
        in_normalize += normalized - start
        in_cluster += clustered - normalized
        in_match += matched - clustered
    seconds |= {"normalize": in_normalize, "cluster": in_cluster, "match": in_match}
    return items, faults


def _told(faults: list[str], count: int) -> tuple[str, ...]:
    if not faults:
        return ()
    named = "; ".join(faults[:_MOST_FAULTS_NAMED])
    return (f"{len(faults)} of {count} entries could not be read and were left out: {named}",)


def save_watchlists(folder: Path, watchlists: object, name: str) -> Path:
    """Write the watchlists for the workers to read; the file's name tells one state of them from the next."""
    path = folder / f"{name}.pickle"
    path.write_bytes(pickle.dumps(watchlists, protocol=pickle.HIGHEST_PROTOCOL))
    return path


@lru_cache(maxsize=2)
def _matcher(path: Path) -> Matcher:
    return Matcher(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file, in a folder of our own
