"""A feed in XML to a document: which of the readers reads it.

The first is our own, over a strict tree (parse/tree_feed.py). feedparser reads instead, where it can do more: text that
is not well-formed, a format that ours does not know, and a tree in which ours finds nothing. Where that fails too, ours
reads what libxml2 recovers. Document.reader says which, and why.
"""

from __future__ import annotations

from dataclasses import replace

from feedwatch.errors import DocumentError
from feedwatch.model import Document
from feedwatch.parse import feedparser_feed, looks
from feedwatch.parse.markup import Markup
from feedwatch.parse.mend import mend, without_stray_ends
from feedwatch.parse.tree import Fault, NotWellFormedError, recovered_tree, strict_tree
from feedwatch.parse.tree_feed import read_tree

FIRST_CHOICE = "lxml"
_FEEDPARSER_READS = 4_000_000
"""Characters; feedparser takes a second for three million of them, and more where they are made to hurt."""
_SHOWN = 120


def read(markup: Markup, url: str) -> Document:
    """Read a feed in XML, well-formed or not.

    Raises:
        DocumentError: the markup holds no feed, or one that no reader can read.
    """
    try:
        return _read_strictly(markup, url)
    except NotWellFormedError:
        mended = mend(markup)
    try:
        return _read_strictly(mended, url)
    except NotWellFormedError as error:
        return _read_broken(mended, url, error.fault)


def _read_strictly(markup: Markup, url: str) -> Document:
    text = markup.text.encode(errors="replace")
    reading = read_tree(strict_tree(text), text, url)
    if reading is None:
        return _by_feedparser(markup, url, f"root <{markup.root[:_SHOWN]}>")
    document = replace(reading.document, reader=FIRST_CHOICE, warnings=(*markup.warnings, *reading.document.warnings))
    if not reading.doubt:
        return document
    try:
        other = _by_feedparser(markup, url, reading.doubt)
    except DocumentError:
        return document
    return other if len(other.entries) > len(document.entries) else document


def _read_broken(markup: Markup, url: str, fault: Fault) -> Document:
    """feedparser's reading, or ours of the recovered tree: whichever found more, the former where they are even."""
    place = f"line {fault.line + markup.lines_before}, column {fault.column}"
    why = f"not well-formed ({place}: {fault.problem})"
    recovered = _recovered(markup, url, fault, place)
    if recovered is not None and recovered.reader == _WHOLE:
        return recovered
    try:
        document = _by_feedparser(markup, url, why)
    except DocumentError as error:
        if recovered is None:
            raise
        return replace(recovered, reader=f"{FIRST_CHOICE}, recovering; feedparser: {error}")
    return recovered if recovered is not None and _findings(recovered) > _findings(document) else document


def _findings(document: Document) -> tuple[int, int]:
    """How many entries were read, and how many of their fields and the feed's own."""
    holders = [document, *document.entries]
    fields = sum(bool(getattr(holder, name)) for holder in holders for name in _FOUND if hasattr(holder, name))
    return len(document.entries), fields


_FOUND = ("title", "language", "guid", "url", "summary", "content", "authors", "tags", "published", "updated", "origin")
_WHOLE = f"{FIRST_CHOICE}, prefixes undeclared"


def _recovered(markup: Markup, url: str, fault: Fault, place: str) -> Document | None:
    """Ours of the recovered tree: of the text as it is, or without stray end tags, whichever gives more.

    An end tag that has no beginning is a misspelt one, or a stray one: only trying tells.
    """
    candidates = [_recovered_once(markup.text, markup, url, fault, place)]
    if (trimmed := without_stray_ends(markup.text)) != markup.text:
        candidates.append(_recovered_once(trimmed, markup, url, fault, place))
    return max((found for found in candidates if found is not None), key=_findings, default=None)


def _recovered_once(text: str, markup: Markup, url: str, fault: Fault, place: str) -> Document | None:
    encoded = text.encode(errors="replace")
    recovered = recovered_tree(encoded)
    reading = read_tree(recovered.root, encoded, url) if recovered else None
    if recovered is None or reading is None:
        return None
    is_whole = recovered.is_whole and text == markup.text
    found = feedparser_feed.entries_in_words(len(reading.document.entries))
    how = "read all the same" if is_whole else "read as far as it goes"
    return replace(
        reading.document,
        reader=_WHOLE if is_whole else f"{FIRST_CHOICE}, recovering: not well-formed ({place}: {fault.problem})",
        warnings=(
            *markup.warnings,
            f"Not well-formed at {place} ({fault.problem}); {how}: {found}.",
            *reading.document.warnings,
        ),
    )


def _by_feedparser(markup: Markup, url: str, why: str) -> Document:
    if len(markup.text) > _FEEDPARSER_READS:
        raise DocumentError(looks.too_large_to_mend(markup.root, len(markup.text), why))
    return replace(feedparser_feed.read(markup, url), reader=f"feedparser: {why}")
