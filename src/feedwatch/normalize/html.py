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
_SET = {"img": {"loading": "lazy"}}
_SCHEMES = {"http", "https", "mailto"}


def _sanitizer(url_relative: nh3.UrlRelative) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        set_tag_attribute_values=_SET,
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
    r"|[^/]*\.doubleclick\.net/|[^/]*\.scorecardresearch\.com/|[^/]*\.google-analytics\.com/|www\.facebook\.com/tr\b"
    r"|rss\.buysellads\.com/|[^/]*\.quantserve\.com/|[^/]*\.chartbeat\.(?:com|net)/|hm\.baidu\.com/|[^/]*\.cnzz\.com/"
    r"|[^?#]*/(?:piwik|matomo)\.php\b|counter\.theconversation\.com/|[^/]*/(?:[^?#]*/)?(?:tracking[-_]?pixel|count(?:er)?\.gif|pixel\.gif)\b)"
)
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_CHARACTER = re.compile(r"&[a-zA-Z]+;|\S|\s")
_ENTITY = re.compile("&[a-zA-Z]+;")
_LONGEST_ENTITY = len("&nbsp;")
_PRE = re.compile(r"(<pre\b[^>]*>)\n+")
_EMPTY = re.compile(
    r"<(p|div|a|span|b|strong|em|i|li|ul|ol|h[1-6]|figure|figcaption|u|center|font)\b[^>]*>(?:\s|<br>)*</\1>"
)


def sanitize(fragment: str, base: str, *, images: bool = True) -> str:
    """The fragment with nothing in it that runs, tracks or frames.

    Links are absolute (resolved against base; relative ones go where base is no http URL) and http, https or mailto,
    with rel="noopener nofollow"; images are loaded when they come into view, and go where they are of
    one pixel or of a known counter, or all where `images` is False. The output is well-formed, attributes
    in double quotes, `<` and `>` escaped in text and values: `text_of` and `trim` rely on it.
    """
    fragment = fragment[:_MAX_LENGTH]
    if not _READ_BY_PARSER.search(fragment):
        return fragment.replace(">", "&gt;").replace("\xa0", "&nbsp;").strip()
    if _is_too_deep(fragment):
        fragment = TAG.sub(" ", fragment)
    safe = _clean(fragment, base)
    if "<img" in safe:
        safe = _IMAGE.sub(_keep_image, safe) if images else _without_empties(_IMAGE.sub("", safe))
    return _without_first_newline(safe.strip())


def trim(html: str, cleaned: Cleaned) -> str:
    """The HTML without what `cleaned` took from its text.

    Where the two cannot be brought to agree the HTML stays whole.
    """
    if not cleaned.is_cut or not html:
        return html
    if not cleaned.text:
        return ""
    pieces = _PIECE.findall(html)
    for spans in cleaned.rounds:
        _cut_out(pieces, spans)
    _cut(pieces, cleaned.front, from_end=False)
    last = _cut(pieces, cleaned.back, from_end=True)
    if cleaned.ending and last is not None:
        pieces[last] = pieces[last].rstrip() + cleaned.ending
    trimmed = _without_empties("".join(pieces))
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


def _cut_out(pieces: list[str], spans: tuple[tuple[int, int], ...]) -> None:
    """Puts spaces in place of each span of characters that are not white space."""
    first = position = 0
    for index, piece in enumerate(pieces):
        if piece[0] == "<":
            continue
        after = position + _count_seen(piece)
        while first < len(spans) and spans[first][1] <= position:
            first += 1
        last = first
        while last < len(spans) and spans[last][0] < after:
            last += 1
        if last > first:
            pieces[index] = _with_gaps(piece, position, spans[first:last])
        position = after


def _with_gaps(piece: str, position: int, spans: tuple[tuple[int, int], ...]) -> str:
    """A piece of text, whose first character is at `position`, with spaces where the spans are."""
    waiting = iter(spans)
    start, end = next(waiting)
    kept: list[str] = []
    for character in _CHARACTER.findall(piece):
        while position >= end:
            start, end = next(waiting, (_MAX_LENGTH, _MAX_LENGTH + 1))
        is_seen = _is_seen(character)
        if position < start or (position == start and not is_seen):
            kept.append(character)
        elif kept[-1:] != [" "]:
            kept.append(" ")
        position += is_seen
    return "".join(kept)


def _count_seen(piece: str) -> int:
    """How many characters of a piece of text are not white space."""
    if "&" in piece:
        piece = _ENTITY.sub("x", piece.replace("&nbsp;", " "))
    return sum(map(len, piece.split()))


def _without_empties(html: str) -> str:
    """The HTML without elements that hold nothing, and without breaks at its edges."""
    html = _without_edge_breaks(html)
    while (emptied := _without_edge_breaks(_EMPTY.sub("", html))) != html:
        html = emptied
    return _without_first_newline(html)


def _without_first_newline(html: str) -> str:
    """No newlines where a <pre> begins: a parser drops the first, and so each reading would drop one more."""
    return _PRE.sub(r"\1", html) if "<pre" in html else html


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
