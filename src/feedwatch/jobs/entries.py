"""Which of a document's entries are new to us: told by fingerprints, before any of them is cleaned and matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from feedwatch.model import Entry

FINGERPRINT_BYTES = 8
_UNIT = "\x1f"


def fingerprint(entry: Entry, salt: bytes) -> bytes:
    """Eight bytes that change with anything that the entry says.

    `salt` (at most 64 bytes) stands for what else decides what becomes of it: the source's settings and our own
    version. Another salt makes every entry new, so that it is read anew.
    """
    said = [entry.guid, entry.url, entry.title, entry.summary, entry.content, entry.language, entry.published]
    said += [
        entry.updated,
        entry.comments,
        entry.image,
        entry.origin,
        entry.origin_url,
        entry.canonical,
        *entry.authors,
        "tags",
        *entry.tags,
    ]
    said += [f"{enclosure.url} {enclosure.type} {enclosure.length}" for enclosure in entry.enclosures]
    return blake2b(
        _UNIT.join([part or "" for part in said]).encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES, key=salt
    ).digest()


def split(fingerprints: bytes) -> frozenset[bytes]:
    """The fingerprints that were stored side by side."""
    size = FINGERPRINT_BYTES
    return frozenset(fingerprints[at : at + size] for at in range(0, len(fingerprints), size))


def join(fingerprints: Iterable[bytes]) -> bytes:
    """The fingerprints side by side, each once, in their order."""
    return b"".join(dict.fromkeys(fingerprints))


def identified(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, each with a guid of its own or none.

    Some publishers give every entry one guid (the site's address, an empty template): what several entries of
    different links or titles share is no identity, and is taken away, so that none of them hides the others. Of
    entries that are doubled in earnest, the first stays.
    """
    shared = _shared_guids(entries)
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        kept = replace(entry, guid=None) if entry.guid in shared else entry
        if kept.guid:
            identity = ("guid", kept.guid)
            if identity in seen:
                continue
            seen.add(identity)
        yield kept


def _shared_guids(entries: Sequence[Entry]) -> Collection[str]:
    counts = Counter(entry.guid for entry in entries if entry.guid)
    doubled = {guid for guid, count in counts.items() if count > 1}
    if not doubled:
        return ()
    places: dict[str, set[str]] = {guid: set() for guid in doubled}
    for entry in entries:
        if entry.guid in doubled:
            places[entry.guid].add(entry.url or entry.title)
    return {guid for guid, where in places.items() if len(where) > 1}
