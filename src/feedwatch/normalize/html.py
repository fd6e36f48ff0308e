"""A fragment of foreign HTML made safe and small, and its edges cut where its text's were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3

from feedwatch.normalize.text import TAG, text_of

if TYPE_CHECKING:
    from feedwatch.normalize.debris import Cleaned

# The parser's time grows with the square of the depth: 100,000 open <div> take 40 seconds, 500 take none.
_MAX_DEPTH = 500
_MAX_LENGTH = 1_000_000
_UNNESTED = frozenset({
    "area", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "source", "td", "th",
    "tr", "wbr",
})  # fmt: skip

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
_EMPTY = re.compile(r"<(p|div|a|span|b|strong|em|i|li|ul|ol|h[1-6])\b[^>]*>(?:\s|<br>)*</\1>")


def sanitize(fragment: str, base: str) -> str:
    """The fragment with nothing in it that runs, tracks or frames.

    Links are absolute (resolved against base; relative ones go where base is no http URL) and http, https or mailto,
    with rel="noopener nofollow"; images of one pixel and of known counters go. The output is well-formed, attributes
    in double quotes, `<` and `>` escaped in text and values: `text_of` and `trim` rely on it.
    """
    fragment = fragment[:_MAX_LENGTH]
    if _is_too_deep(fragment):
        fragment = TAG.sub(" ", fragment)
    if base.startswith(("http://", "https://")):
        try:
            safe = _clean(fragment, ("rewrite_with_base", base))
        except ValueError:
            safe = _clean(fragment, "deny")
    else:
        safe = _clean(fragment, "deny")
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


def _clean(fragment: str, url_relative: nh3.UrlRelative) -> str:
    return nh3.clean(
        fragment,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        link_rel="noopener nofollow",
        url_schemes=_SCHEMES,
        url_relative=url_relative,
    )


def _is_too_deep(fragment: str) -> bool:
    if fragment.count("<") < _MAX_DEPTH:
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
        characters = _CHARACTER.findall(piece)
        if from_end:
            characters.reverse()
        taken = 0
        while taken < len(characters) and (count or not _is_seen(characters[taken])):
            count -= _is_seen(characters[taken])
            taken += 1
        left = characters[taken:]
        if from_end:
            left.reverse()
        pieces[index] = "".join(left)
        if left:
            return index
    return None


def _without_edge_breaks(html: str) -> str:
    html = html.strip()
    while html.startswith("<br>"):
        html = html.removeprefix("<br>").lstrip()
    while html.endswith("<br>"):
        html = html.removesuffix("<br>").rstrip()
    return html


def _is_seen(character: str) -> bool:
    return not character.isspace() and character != "&nbsp;"
