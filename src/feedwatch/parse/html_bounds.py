"""Which pages would cost a parser of HTML far more than their length: the standard's own rules can take its square.

Measured with lexbor (selectolax 1.0.2): 20,000 nested <div> take 0.8 s, 200,000 almost two minutes; 2,000 elements of
formatting left open take 2.5 s, twice as many ten times that (lexbor issue 340), and each block after them has a copy
of each.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from feedwatch.errors import DocumentError

_MOST_NESTED: Final = 1000
_MOST_COPIES: Final = 1_500_000
"""Formatting left open, times the tags that may each copy it: 0.3 s and 350 MB."""
_USUALLY_OPEN: Final = 5
_MOST_OPTIONS: Final = 10_000
_SMALL: Final = 1000

# Before each start tag of a block, a parser goes up through all that are open to look for a <p>.
_BLOCKS: Final = (
    "address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figcaption|figure|footer|form|header|hgroup"
    "|main|menu|nav|ol|search|section|summary|ul"
)
# What is open of these is opened again in each next block (HTML, 13.2.4.3); <a> is not among them, as one ends another.
_FORMATTING: Final = "b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_BLOCK_TAG: Final = re.compile(rf"<(/?)(?:{_BLOCKS})\b")
_FORMATTING_TAG: Final = re.compile(rf"<(/?)({_FORMATTING})\b([^<>]{{0,200}})")
_ALIKE: Final = 3
"""Of elements of formatting that are alike, so many are kept (the "Noah's Ark clause" of HTML, 13.2.4.3)."""


def check_bounds(text: str) -> None:
    """Refuse a page whose tree would take seconds or gigabytes; takes 3 ms for a page of 100 KB that is mostly tags.

    Raises:
        DocumentError: nested too deeply, with too much formatting left open, or with endless choices.
    """
    tags = text.count("<")
    if tags <= _SMALL:
        return
    text = text.lower()  # a third of the time of patterns that mind no case
    if (nested := _nested(_BLOCK_TAG.findall(text))) > _MOST_NESTED:
        raise DocumentError(f"An HTML page of {nested:,} nested blocks, which no page needs; not read")
    formatting = _FORMATTING_TAG.findall(text)
    if _ALIKE * len(set(formatting)) * tags > _MOST_COPIES:
        left_open = _left_open(formatting)
        if left_open > _USUALLY_OPEN and left_open * tags > _MOST_COPIES:
            raise DocumentError(f"An HTML page that leaves {left_open:,} elements of formatting open; not read")
    if (options := text.count("<option")) > _MOST_OPTIONS:
        raise DocumentError(f"An HTML page with {options:,} options to choose from; not read")


def _nested(slashes: list[str]) -> int:
    """The most blocks within another; a slash closes one."""
    depth = nested = 0
    for slash in slashes:
        if not slash:
            depth += 1
            nested = max(depth, nested)
        elif depth:
            depth -= 1
    return nested


def _left_open(tags: list[tuple[str, str, str]]) -> int:
    """The most elements of formatting that are open at once; a tag is its slash, name and attributes."""
    open_by_name: dict[str, list[str]] = {}
    alike: Counter[str] = Counter()
    count = most = 0
    for slash, name, attributes in tags:
        waiting = open_by_name.setdefault(name, [])
        kind = f"{name} {attributes}"
        if not slash and alike[kind] < _ALIKE:
            alike[kind] += 1
            waiting.append(kind)
            count += 1
            most = max(most, count)
        elif slash and waiting:
            alike[waiting.pop()] -= 1
            count -= 1
    return most
