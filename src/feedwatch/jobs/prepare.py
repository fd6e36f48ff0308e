"""From bytes to matched items: what a worker process does with one document. Pure, but for the file of watchlists."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from feedwatch.cluster import drop_shared_addresses, story_keys, text_hash
from feedwatch.errors import DocumentError
from feedwatch.match import Matcher
from feedwatch.model import Document, MatchedItem, SourceTraits
from feedwatch.normalize import normalize
from feedwatch.parse import parse

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker made of a document: items in document order, or the error that says why there are none."""

    title: str = ""
    items: tuple[MatchedItem, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Of CPU and waiting, by step: parse, normalize, cluster, match."""


def prepare(raw: RawDocument, watchlists: Path) -> Prepared:
    """Parse, normalize, fingerprint and match one document.

    `watchlists` is a file that `save_watchlists` wrote; a worker compiles it once. An entry that cannot be made an
    item is left out with a warning, and stops no other.
    """
    seconds: dict[str, float] = {}
    begun = perf_counter()
    try:
        document = parse(raw.body, content_type=raw.content_type, url=raw.url)
    except DocumentError as error:
        return Prepared(error=str(error), seconds={"parse": perf_counter() - begun})
    seconds["parse"] = perf_counter() - begun
    matcher = _matcher(watchlists)
    items, faults = _make_items(document, raw, matcher, seconds)
    warnings = list(document.warnings)
    if faults:
        named = "; ".join(faults[:_MOST_FAULTS_NAMED])
        warnings.append(
            f"{len(faults)} of {len(document.entries)} entries could not be read and were left out: {named}"
        )
    return Prepared(document.title, drop_shared_addresses(items), tuple(warnings), seconds=seconds)


def _make_items(
    document: Document, raw: RawDocument, matcher: Matcher, seconds: dict[str, float]
) -> tuple[list[MatchedItem], list[str]]:
    items: list[MatchedItem] = []
    faults: list[str] = []
    in_normalize = in_cluster = in_match = 0.0
    for entry in document.entries:
        start = perf_counter()
        try:
            item = normalize(entry, raw.traits, document_language=document.language, fetched_at=raw.fetched_at)
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


def save_watchlists(folder: Path, watchlists: object, name: str) -> Path:
    """Write the watchlists for the workers to read; the file's name tells one state of them from the next."""
    path = folder / f"{name}.pickle"
    path.write_bytes(pickle.dumps(watchlists, protocol=pickle.HIGHEST_PROTOCOL))
    return path


@lru_cache(maxsize=2)
def _matcher(path: Path) -> Matcher:
    return Matcher(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file, in a folder of our own
