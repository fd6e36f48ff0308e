"""An entry's body: its HTML made safe, and its text, whatever mixture of the two the feed put there."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from feedwatch.normalize.chars import is_plain, scrub
from feedwatch.normalize.html import sanitize
from feedwatch.normalize.mojibake import mend, sound
from feedwatch.normalize.text import BLOCK, text_of

_ESCAPED_MARKUP = re.compile(
    r"</(?:p|div|a|span|b|i|strong|em|ul|ol|li|h[1-6]|table|blockquote|figure)>|<br ?/?>|<p>|<img [^>]*src=",
    re.IGNORECASE,
)
# Seen in summaries that say they are plain text; a text without any tag hardly speaks of entities.
_ESCAPED_ENTITY = re.compile(r"&amp;(?=(?:nbsp|amp|quot|apos|#\d{1,7}|[lr]dquo|[lr]squo|hellip|[mn]dash);|nbsp$)")
_MAX_ESCAPED = 4
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WRAPPED_WIDTH = (50, 100)
_WRAPPED_LINES = 2
_SENTENCE_END = (".", "!", "?", ":", "…", "。", "！", "？", "”", '"', "；")


class Body(NamedTuple):
    """html is sanitized; text is its plain text, one line a paragraph."""

    html: str
    text: str


def read_body(fragment: str, base: str, *, images: bool = True) -> Body:
    """The body of a fragment, its mojibake mended; without pictures where `images` is False.

    A fragment without a tag but with escaped tags or entities was escaped once more than it should be, or several times
    (up to four are undone), and is read as the HTML it was. A fragment without block tags but with newlines was plain
    text: its newlines part paragraphs, except where they wrap lines of some 50 to 100 columns, where blank lines do.
    """
    surely_plain = "&" not in fragment and is_plain(fragment)
    fragment = (mend(fragment) if surely_plain else sound(fragment)).strip()
    if not fragment:
        return Body("", "")
    has_entities = "&" in fragment
    html = sanitize(_unescaped(fragment) if has_entities else fragment, base, images=images)
    if has_entities:
        # Entities may have stood for what has to be mended.
        if not html.isascii() and (mended := sound(html)) != html:
            html = sanitize(mended, base, images=images)
        html = _settled(html, base, images=images)
    if "\n" in html and not BLOCK.search(html):
        html = _with_breaks(html)
    return Body(html, text_of(html, surely_plain=surely_plain))


def as_meant(html: str) -> str:
    """The HTML of a body, sanitized and trimmed, written so that `read_body` reads it as what it is.

    Where trimming left no block tag, newlines are the spaces that they were; what has no tag and speaks of tags stands
    in a paragraph, so that no one takes it for markup that was escaped once too often.
    """
    if "\n" in html and not BLOCK.search(html):
        html = "".join(piece if piece[0] == "<" else piece.replace("\n", " ") for piece in _PIECE.findall(html))
    return f"<p>{html}</p>" if "&" in html and "<" not in html and _unescaped(html) != html else html


def _settled(html: str, base: str, *, images: bool) -> str:
    """Sanitized HTML, read as what it was where foreign tags hid that it was escaped."""
    for _ in range(_MAX_ESCAPED):
        if "<" in html or "&" not in html or (unescaped := _unescaped(html)) == html:
            return html
        html = sanitize(unescaped, base, images=images)
    return html


def _unescaped(fragment: str) -> str:
    """A fragment without tags as the HTML that was escaped in it; as it is where that may be meant as text."""
    if "<" in fragment:
        return fragment
    level = fragment
    for _ in range(_MAX_ESCAPED):
        deeper = unescape(level)
        if deeper == level:
            break
        level = deeper
        if _ESCAPED_MARKUP.search(level):
            return scrub(level)
        if "<" in level:
            break
    level = fragment
    for _ in range(_MAX_ESCAPED):
        read = _ESCAPED_ENTITY.sub("&", level)
        if read == level:
            break
        level = read
    return level


def _with_breaks(html: str) -> str:
    pieces = _PIECE.findall(html)
    is_wrapped = _is_wrapped("".join(piece for piece in pieces if not piece.startswith("<")))
    for index, piece in enumerate(pieces):
        if "\n" in piece and not piece.startswith("<"):
            parted = _BLANK_LINES.sub("<br><br>", piece)
            pieces[index] = parted.replace("\n", " " if is_wrapped else "<br>")
    return "".join(pieces)


def _is_wrapped(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n")]
    inner = [line for line, following in pairwise(lines) if line and following]
    low, high = _WRAPPED_WIDTH
    if len(inner) < _WRAPPED_LINES or any(len(line) > high for line in inner):
        return False
    broken = sum(len(line) >= low and not line.endswith(_SENTENCE_END) for line in inner)
    return broken * 2 > len(inner)
