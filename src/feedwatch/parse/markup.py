"""The markup of a feed cut out of its document, before an XML parser sees it.

The prolog never reaches one: it holds nothing of the feed, and what hostile documents put there grows without end
(entities) or costs quadratic time (feedparser's search for them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from feedwatch.errors import DocumentError
from feedwatch.parse import looks

_SPACE = re.compile(r"\s*")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_SUBSET_END = re.compile(r"\]\s*>")
_FEED_START = re.compile(r"<(?:rss|feed|(?:rdf:)?RDF)[\s>]")
_FEED_START_WITHIN = 20_000

_ENTITY = re.compile(r"""<!ENTITY\s+(\w{1,32})\s+(["'])((?:&\#\w{1,8};|[^"'&%<>]){0,32})\2""")
_PROLOG_READ_CHARS = 100_000


@dataclass(frozen=True, slots=True)
class Markup:
    """A document from the first to the last tag of its root element; with no prolog, and so without any DTD."""

    text: str
    root: str
    """Its name, with the prefix as written."""
    lines_before: int
    """How many lines of the document stood before `text`."""
    is_closed: bool
    """Whether the root element ends, or the document was cut off before."""
    warnings: tuple[str, ...] = ()
    entities: Mapping[str, str] = field(default_factory=dict)
    """Those of the document type that stand for a few plain characters, by `name;`. All others stay unresolved."""


def isolate(text: str) -> Markup:
    """Cut the root element out.

    The prolog goes, and with it any DTD, so that no entity can grow. What stands before or after the feed (a server's
    notice, a script) is skipped.

    Raises:
        DocumentError: no markup, an HTML page, or XML of a root that is known to be no feed.
    """
    warnings: list[str] = []
    start = _prolog_end(text)
    found = _ROOT.match(text, start)
    if found is None or _is_other(text[:start], found[1]):
        start, found = _feed_within(text, start, found)
        if text[:start].strip():
            warnings.append("Text before the feed was skipped.")
    root = found[1]
    end, is_closed = _root_end(text, start, root)
    if text[end:].strip() and not _is_only_comments(text, end):
        warnings.append("Text after the end of the feed was skipped.")

    prolog = text[: min(start, _PROLOG_READ_CHARS)]
    own = {f"{name};": plain for name, _, plain in _ENTITY.findall(prolog)} if "<!ENTITY" in prolog else {}
    return Markup(text[start:end], root, text.count("\n", 0, start), is_closed, tuple(warnings), own)


def _is_other(prolog: str, root: str) -> bool:
    """Whether the document cannot be a feed from its root on: HTML, or XML known to be something else."""
    return looks.is_html(prolog, root) or looks.known_root(root) is not None


def _prolog_end(text: str) -> int:
    """Past white space, processing instructions, comments and the document type; len(text) where one never ends."""
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text.startswith("<?", at):
            end = text.find("?>", at) + 2
        elif text.startswith("<!--", at):
            end = text.find("-->", at) + 3
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = _doctype_end(text, at)
        else:
            return at
        if end <= at:
            return len(text)
        at = end


def _doctype_end(text: str, at: int) -> int:
    """Past the document type that starts at `at`; 0 where it never ends."""
    end = text.find(">", at) + 1
    if "[" not in text[at : end or None]:
        return end
    subset_end = _SUBSET_END.search(text, at)
    return subset_end.end() if subset_end else 0


def _feed_within(text: str, start: int, root: re.Match[str] | None) -> tuple[int, re.Match[str]]:
    """A feed that begins after something else, such as a PHP notice; never inside a whole HTML page."""
    is_page = root is not None and (root[1].lower() == "html" or looks.is_html(text[:start], ""))
    if not is_page:
        found = _FEED_START.search(text, 0, _FEED_START_WITHIN)
        feed_root = _ROOT.match(text, found.start()) if found else None
        if feed_root is not None:
            return feed_root.start(), feed_root
    if root is None:
        raise DocumentError(
            "XML without any element" if text[0] == "<" and start == len(text) else looks.not_markup(text)
        )
    raise DocumentError(looks.known_root(root[1]) or looks.html_page(text))


def _root_end(text: str, start: int, root: str) -> tuple[int, bool]:
    name = re.escape(root)
    if empty := re.compile(rf"<{name}(?:\s[^<>]*)?/>").match(text, start):
        return empty.end(), True
    closing_tag = re.compile(rf"</{name}\s*>")
    at = len(text)
    while (at := text.rfind(f"</{root}", 0, at)) >= 0:
        if found := closing_tag.match(text, at):
            return found.end(), True
    return len(text), False


def _is_only_comments(text: str, at: int) -> bool:
    return at + _prolog_end(text[at:]) == len(text)
