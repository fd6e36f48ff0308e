"""The markup of a feed cut out of its document, and mended where that is certain, before an XML parser sees it.

What is mended here keeps the strict parser going. feedparser's other one, for whatever is not well-formed, is slower,
loses more, and takes quadratic time on a hostile prolog; so the prolog never reaches it.
"""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass

from feedwatch.errors import DocumentError
from feedwatch.parse import looks

_SPACE = re.compile(r"\s*")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_SUBSET_END = re.compile(r"\]\s*>")
_FEED_START = re.compile(r"<(?:rss|feed|(?:rdf:)?RDF)[\s>]")
_FEED_START_WITHIN = 20_000

_ENTITY = re.compile(r"""<!ENTITY\s+(\w{1,32})\s+(["'])((?:&\#\w{1,8};|[^"'&%<>]){0,32})\2""")
_PROLOG_READ_CHARS = 100_000
_REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z]\w{0,31};)")
_NAMED = {
    name: text
    for name, text in html.entities.html5.items()
    if name.endswith(";") and not any(character in "<>&\"'" for character in text)
}
_CHARACTER_REFERENCE = re.compile(r"&#(?:([xX])([0-9a-fA-F]+)|([0-9]+));?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE_POINT_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Markup:
    """A document from the first to the last tag of its root element, free of what XML forbids (XML 1.0, 2.2)."""

    text: str
    root: str
    """Its name, with the prefix as written."""
    lines_before: int
    """How many lines of the document stood before `text`."""
    is_closed: bool
    """Whether the root element ends, or the document was cut off before."""
    warnings: tuple[str, ...] = ()


def isolate(text: str) -> Markup:
    """Cut the root element out, resolve HTML's named entities, and drop characters that XML forbids.

    The prolog goes, and with it any DTD: entities that stand for a few plain characters are resolved, all others stay
    unresolved, so that none can grow. What stands before or after the feed (a server's notice, a script) is skipped.

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

    mended, dropped = _without_forbidden(_with_entities(text[start:end], text[: min(start, _PROLOG_READ_CHARS)]))
    if dropped:
        characters = "1 character" if dropped == 1 else f"{dropped:,} characters"
        warnings.append(f"Dropped {characters} that XML forbids.")
    return Markup(mended, root, text.count("\n", 0, start), is_closed, tuple(warnings))


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


def _with_entities(text: str, prolog: str) -> str:
    """References to HTML's entities, and to plain ones of the document's own, replaced by what they stand for."""
    own = {f"{name};": plain for name, _, plain in _ENTITY.findall(prolog)}
    expansions = _NAMED | own if own else _NAMED
    return _REFERENCE.sub(lambda found: expansions.get(found[1], found[0]), text)


def _without_forbidden(text: str) -> tuple[str, int]:
    """The text without characters that XML forbids, written out or as a reference; and how many there were."""
    text, dropped = _FORBIDDEN.subn("", text)
    if "&#" not in text:
        return text, dropped
    references_dropped = 0

    def allowed(found: re.Match[str]) -> str:
        nonlocal references_dropped
        digits = (found[2] or found[3]).lstrip("0")
        code_point = int(digits or "0", 16 if found[1] else 10) if len(digits) <= _CODE_POINT_DIGITS else -1
        if _is_xml_character(code_point):
            return found[0] if found[1] != "X" else f"&#x{digits};"
        references_dropped += 1
        return ""

    text = _CHARACTER_REFERENCE.sub(allowed, text)
    return text, dropped + references_dropped


def _is_xml_character(code_point: int) -> bool:
    """XML 1.0, 2.2."""
    if code_point < 0x20:  # noqa: PLR2004
        return code_point in (0x9, 0xA, 0xD)
    return code_point <= 0xD7FF or 0xE000 <= code_point <= 0xFFFD or 0x10000 <= code_point <= 0x10FFFF  # noqa: PLR2004
