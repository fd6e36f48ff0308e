"""Titles: one plain line, or the first words of the text where the feed gave none."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

import nh3

from feedwatch.normalize.chars import compose
from feedwatch.normalize.mojibake import sound

_MAX_TITLE = 500
_MAX_HEADLINE = 120
_MAX_RAW = 20_000
_MAX_ESCAPED = 4
# One pass of the sanitizer leaves these four; what it leaves behind of any other was escaped twice. `<` and `>` are
# left alone: a title on HTML may mean them.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([a-zA-Z][a-zA-Z0-9]{1,31}));")
_MEANT = frozenset({"lt", "gt", "LT", "GT"})
_WITHOUT_TAGS = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})
_SENTENCE = re.compile(r".+?(?:[.!?…][\"'”’»)\]]*(?=\s)|[。！？][”’」』）]*)")


def plain_line(fragment: str) -> str:
    """The text of an HTML fragment in one line: no tags, entities read however often they were escaped (up to
    five times), mojibake mended, no newline, no control character."""
    line = fragment[:_MAX_RAW]
    if line.isascii() and line.isprintable() and not ("<" in line or "&" in line):
        return " ".join(line.split()) if "  " in line else line.strip()
    line = sound(line)
    if "<" in line or "&" in line:
        line = _WITHOUT_TAGS.clean(line)
        line = line.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for _ in range(_MAX_ESCAPED):
            if "&" not in line or (read := _ENTITY.sub(_read, line)) == line:
                break
            line = read
        line = sound(line)
    return " ".join(compose(line).split())


def clean_title(fragment: str) -> str:
    """The title as one plain line of at most 500 characters; "" where nothing is left of it."""
    return shorten(plain_line(fragment), _MAX_TITLE)


def headline(text: str) -> str:
    """A title for a text that has none: its first sentence or line, of at most 120 characters."""
    line = text.partition("\n")[0]
    sentence = _SENTENCE.match(line)
    return shorten(sentence[0] if sentence else line, _MAX_HEADLINE)


def shorten(line: str, limit: int) -> str:
    """The line in at most `limit` characters, cut between words where it has some, with an ellipsis where cut."""
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ", limit // 2)
    return (cut[:space] if space > 0 else cut).rstrip(" ,;:") + "…"


def _read(match: re.Match[str]) -> str:
    name = match[1]
    if name is not None and (name in _MEANT or f"{name};" not in html5):
        return match[0]
    return unescape(match[0])
