"""An entry's body: its HTML made safe, and its text, whatever mixture of the two the feed put there."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from feedwatch.normalize.chars import is_plain, scrub
from feedwatch.normalize.html import sanitize
from feedwatch.normalize.text import BLOCK, text_of

_ESCAPED_MARKUP = re.compile(
    r"</(?:p|div|a|span|b|i|strong|em|ul|ol|li|h[1-6]|table|blockquote|figure)>|<br ?/?>|<p>|<img [^>]*src=",
    re.IGNORECASE,
)
# Seen in summaries that say they are plain text; a text without any tag hardly speaks of entities.
_ESCAPED_ENTITY = re.compile(r"&amp;(?:nbsp|amp|quot|apos|#\d{1,7}|[lr]dquo|[lr]squo|hellip|[mn]dash);")
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WRAPPED_WIDTH = (50, 100)
_WRAPPED_LINES = 2
_SENTENCE_END = (".", "!", "?", ":", "…", "。", "！", "？", "”", '"', "；")


class Body(NamedTuple):
    """html is sanitized; text is its plain text, one line a paragraph."""

    html: str
    text: str


def read_body(fragment: str, base: str) -> Body:
    """The body of a fragment.

    A fragment without a tag but with escaped tags or entities was escaped twice, and is read as the HTML it was. A
    fragment without block tags but with newlines was plain text: its newlines part paragraphs, except where they wrap
    lines of some 50 to 100 columns, where blank lines do.
    """
    surely_plain = "&" not in fragment and is_plain(fragment)
    fragment = (fragment if surely_plain else scrub(fragment)).strip()
    if not fragment:
        return Body("", "")
    if "<" not in fragment and "&" in fragment:
        unescaped = unescape(fragment)
        if _ESCAPED_MARKUP.search(unescaped) or _ESCAPED_ENTITY.search(fragment):
            fragment = scrub(unescaped)
    html = sanitize(fragment, base)
    if "\n" in html and not BLOCK.search(html):
        html = _with_breaks(html)
    return Body(html, text_of(html, surely_plain=surely_plain))


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
