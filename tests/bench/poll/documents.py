"""What is served: real documents, one for each source, so that no two sources tell the same news.

A document that serves a second source is a variation: its addresses and guids are its own, and its words stand in
another order. So no program finds an item that it has already, and feedwatch's clustering finds the few stories that
are alike by chance and not twenty copies of each. Sizes, markup, and the words themselves stay as they were.
"""

from __future__ import annotations

import os
import random
import re
import time
from pathlib import Path

_ADDRESS = re.compile(
    rb"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')|<!DOCTYPE[^>]*>|(?P<scheme>https?://)""", re.IGNORECASE
)
_GUID_END = re.compile(rb"(</guid>|</id>)")
_WORD = re.compile(rb"(?<=[ >])[a-z]{4,}(?=[ .,])")
"""A word of running text; within a tag hardly anything looks so."""
_FIRST_ITEM = re.compile(rb"<(item|entry)(?=[\s>])")
_WORDS_OF_A_NEW_ITEM = 80
_TITLE = b"High-quality development of the Greater Bay Area: %s"
_NEW_RSS = (
    b'<item%s><title>%s</title><guid isPermaLink="false">bench-new-%d</guid><link>http://news.example/%d</link>'
    b"<pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate><description>%s</description></item>"
)
_NEW_ATOM = (
    b'<entry%s><title>%s</title><id>bench-new-%d</id><link href="http://news.example/%d"/>'
    b'<updated>2026-11-02T08:00:00Z</updated><summary type="html">%s</summary></entry>'
)


def real_documents(folder: Path) -> list[bytes]:
    """The documents of a corpus folder that a new item can be put into."""
    bodies = (path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return [body for body in bodies if _FIRST_ITEM.search(body)]


def variation(body: bytes, number: int, *, reorder: bool) -> bytes:
    """The document as source `number` has it: with hosts and guids of its own; with its words in another order."""
    mark = b"n%d" % number
    body = _ADDRESS.sub(lambda found: found[0] + mark + b"-" if found["scheme"] else found[0], body)
    body = _GUID_END.sub(b"-" + mark + rb"\1", body)
    words = _WORD.findall(body) if reorder else []
    if not words:
        return body
    random.Random(number).shuffle(words)
    others = iter(words)
    return _WORD.sub(lambda _: next(others), body)


def with_new_item(body: bytes, number: int) -> bytes:
    """The document with one more item at its head, of its own words, in which two watchlists find something."""
    first = _FIRST_ITEM.search(body)
    if first is None:
        raise ValueError("the document has no item before which another could stand")
    words = _WORD.findall(body) or [b"regional", b"news"]
    text = b" ".join(random.Random(number).choices(words, k=_WORDS_OF_A_NEW_ITEM))
    # RSS 1.0 knows its items by this attribute.
    about = b' rdf:about="http://news.example/%d"' % number if body[first.end() :].startswith(b" rdf:about") else b""
    template = _NEW_RSS if first[1] == b"item" else _NEW_ATOM
    title = _TITLE % b" ".join(text.split()[:6])
    item = template % (about, title, number, number, text)
    return body[: first.start()] + item + body[first.start() :]


def write_documents(documents: list[bytes], folder: Path, sources: int) -> None:
    """Lay out `original/feed/N.xml`, two days old, and `changed/feed/N.xml` (with one new item) for every source."""
    for kind in ("original", "changed"):
        (folder / kind / "feed").mkdir(parents=True)
    at = time.time() - 172_800
    for number in range(sources):
        body = variation(documents[number % len(documents)], number, reorder=number >= len(documents))
        original = folder / "original" / "feed" / f"{number}.xml"
        original.write_bytes(body)
        os.utime(original, (at, at))
        (folder / "changed" / "feed" / original.name).write_bytes(with_new_item(body, number))


def make_young(folder: Path) -> None:
    """Date the documents in a folder later than any visit until now: curl looks at Last-Modified itself."""
    time.sleep(1.1)  # it counts whole seconds
    for path in (folder / "feed").iterdir():
        os.utime(path)
