"""A fragment of foreign HTML made safe and small, and its edges cut where its text's were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3

from feedwatch.normalize.text import TAG, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.normalize.debris import Cleaned

# The parser's time grows with the square of the depth: 100,000 open <div> take 40 seconds, 500 take none.
_MAX_DEPTH = 500
_MAX_LENGTH = 1_000_000
_UNNESTED = frozenset({
    "area", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "source", "td", "th",
    "tr", "wbr",
})  # fmt: skip
_NO_DEEPER = ("</", "<p>", "<br", "<li>", "<img ", "<p ", "<li ")

_DROPPED_WITH_CONTENT = {
    "button", "embed", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style",
    "svg", "template", "textarea", "title", "xmp",
}  # fmt: skip
_TAGS = frozenset(nh3.ALLOWED_TAGS) - {"map", "area"}
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto"}


def _sanitizer(url_relative: nh3.UrlRelative) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        link_rel="noopener nofollow",
        url_schemes=_SCHEMES,
        url_relative=url_relative,
    )


# To make one costs as much as to clean 800 characters, and most fragments have no relative link to resolve.
_AS_WRITTEN = _sanitizer("pass_through")
_WITHOUT_RELATIVE = _sanitizer("deny")
# A fragment without any of these is text as it stands; the last two are dropped or changed by the parser.
_READ_BY_PARSER = re.compile("[<&\r\0]")
# In sanitized HTML, every link that may be relative (of the attributes above, two hold links); in any other, most.
_RELATIVE = re.compile(r'=(?<=[fc]=)(?:(?<= href=)|(?<= src=))"(?!https?://|mailto:)')

_OPENED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_IMAGE = re.compile(r"<img\b[^>]*>")
_SOURCE = re.compile(r' src="([^"]+)"')
_DOT_SIZE = re.compile(r' (?:width|height)="[01](?:px)?"')
_COUNTERS = re.compile(
    r"https?://(?:pixel\.wp\.com/|stats\.wordpress\.com/b\.gif|feeds\.feedburner\.com/~r/|feedads\.g\.doubleclick\.net/"
    r"|[^/]*\.doubleclick\.net/|[^/]*\.scorecardresearch\.com/|[^/]*\.google-analytics\.com/)"
)
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_CHARACTER = re.compile(r"&[a-zA-Z]+;|\S|\s")
_LONGEST_ENTITY = len("&nbsp;")
_EMPTY = re.compile(r"<(p|div|a|span|b|strong|em|i|li|ul|ol|h[1-6])\b[^>]*>(?:\s|<br>)*</\1>")


def sanitize(fragment: str, base: str) -> str:
    """The fragment with nothing in it that runs, tracks or frames.

    Links are absolute (resolved against base; relative ones go where base is no http URL) and http, https or mailto,
    with rel="noopener nofollow"; images of one pixel and of known counters go. The output is well-formed, attributes
    in double quotes, `<` and `>` escaped in text and values: `text_of` and `trim` rely on it.
    """
    fragment = fragment[:_MAX_LENGTH]
    if not _READ_BY_PARSER.search(fragment):
        return fragment.replace(">", "&gt;").replace("\xa0", "&nbsp;").strip()
    if _is_too_deep(fragment):
        fragment = TAG.sub(" ", fragment)
    safe = _clean(fragment, base)
    if "<img" in safe:
        safe = _IMAGE.sub(_keep_image, safe)
    return safe.strip()


def trim(html: str, cleaned: Cleaned) -> str:
    """The HTML without the edges that `cleaned` took from its text.

    Where the two cannot be brought to agree the HTML stays whole.
    """
    if not (cleaned.front or cleaned.back) or not html:
        return html
    if not cleaned.text:
        return ""
    pieces = _PIECE.findall(html)
    _cut(pieces, cleaned.front, from_end=False)
    last = _cut(pieces, cleaned.back, from_end=True)
    if cleaned.ending and last is not None:
        pieces[last] = pieces[last].rstrip() + cleaned.ending
    trimmed = _without_edge_breaks("".join(pieces))
    while (emptied := _without_edge_breaks(_EMPTY.sub("", trimmed))) != trimmed:
        trimmed = emptied
    return trimmed if text_of(trimmed) == cleaned.text else html


def _clean(fragment: str, base: str) -> str:
    if not base.startswith(("http://", "https://")):
        return _WITHOUT_RELATIVE.clean(fragment)
    if not _RELATIVE.search(fragment):
        safe = _AS_WRITTEN.clean(fragment)
        if not _RELATIVE.search(safe):
            return safe
    try:
        return _sanitizer(("rewrite_with_base", base)).clean(fragment)
    except ValueError:
        return _WITHOUT_RELATIVE.clean(fragment)


def _is_too_deep(fragment: str) -> bool:
    # No deeper than it has opening tags of what nests; counting is far quicker than reading them.
    if len(fragment) < _MAX_DEPTH * len("<b>"):
        return False
    opened = fragment.count("<")
    for written in _NO_DEEPER:
        if opened >= _MAX_DEPTH:
            opened -= fragment.count(written)
    if opened < _MAX_DEPTH:
        return False
    depth = 0
    open_by_name: dict[str, int] = {}
    for closing, written in _OPENED.findall(fragment):
        name = written.lower()
        if name in _UNNESTED:
            continue
        count = open_by_name.get(name, 0)
        if not closing:
            depth += 1
            open_by_name[name] = count + 1
        elif count:
            depth -= 1
            open_by_name[name] = count - 1
        if depth > _MAX_DEPTH:
            return True
    return False


def _keep_image(match: re.Match[str]) -> str:
    image = match[0]
    source = _SOURCE.search(image)
    if source is None or _DOT_SIZE.search(image) or _COUNTERS.match(source[1]):
        return ""
    return image


def _cut(pieces: list[str], count: int, *, from_end: bool) -> int | None:
    """Takes `count` characters that are not white space from one end; the index of the piece cut last."""
    order = range(len(pieces) - 1, -1, -1) if from_end else range(len(pieces))
    for index in order:
        piece = pieces[index]
        if piece.startswith("<"):
            continue
        if "&" not in piece and (seen := sum(map(len, piece.split()))) <= count:
            count -= seen
            pieces[index] = ""
            continue
        kept = len(piece)
        for start, end in _from_end(piece) if from_end else _from_start(piece):
            is_seen = _is_seen(piece[start:end])
            if is_seen and not count:
                break
            count -= is_seen
            kept -= end - start
        pieces[index] = piece[:kept] if from_end else piece[len(piece) - kept :]
        if kept:
            return index
    return None


def _from_start(piece: str) -> Iterator[tuple[int, int]]:
    """Where the characters of a piece of text begin and end; an entity is one."""
    return (match.span() for match in _CHARACTER.finditer(piece))


def _from_end(piece: str) -> Iterator[tuple[int, int]]:
    end = len(piece)
    while end:
        start = end - 1
        if piece[start] == ";":
            entity = piece.rfind("&", max(0, end - _LONGEST_ENTITY), end)
            if entity >= 0 and _CHARACTER.fullmatch(piece, entity, end):
                start = entity
        yield start, end
        end = start


def _without_edge_breaks(html: str) -> str:
    html = html.strip()
    while html.startswith("<br>"):
        html = html.removeprefix("<br>").lstrip()
    while html.endswith("<br>"):
        html = html.removesuffix("<br>").rstrip()
    return html


def _is_seen(character: str) -> bool:
    return not character.isspace() and character != "&nbsp;"
