"""Chinese characters: one form of each for comparing, and which of the two ways of writing a text uses.

For every room that compares texts, so that all of them mean the same by "the same".
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import opencc

Variant = Literal["Hans", "Hant"]
"""The script subtags of BCP 47: simplified and traditional."""

_UNIFIED = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFAFF))))
_SAMPLE = 500
_MIN_SHARE = 0.8


def to_simplified(text: str) -> str:
    """The text with every traditional character in its simplified form, by OpenCC's table of characters.

    Character by character, so that the text's length and every position in it stay as they are; words that are chosen
    by region (軟體, 软件) are not exchanged. Idempotent.
    """
    return text if text.isascii() else text.translate(_simplified())


def variant(text: str) -> Variant | None:
    """How a Chinese text is written; None where it holds no character that tells, or holds both kinds.

    Looks at the first 500 characters. What is written alike in both, or is right in both (后, 里, 台), does not tell.
    """
    telling = _telling()
    found = [telling[character] for character in text[:_SAMPLE] if character in telling]
    if not found:
        return None
    simplified = sum(found)
    if simplified >= _MIN_SHARE * len(found):
        return "Hans"
    return "Hant" if len(found) - simplified >= _MIN_SHARE * len(found) else None


@cache
def _simplified() -> dict[int, str]:
    """Made from the library's data at the first use: 10 ms."""
    table = {before: after for before, after in _converted("hk2s") if before != after}  # 衞, as Hong Kong writes 衛
    table |= {before: after for before, after in _converted("t2s") if before != after}
    return {ord(before): table.get(after, after) for before, after in table.items()}


@cache
def _telling() -> dict[str, bool]:
    """The characters of one way of writing alone: True for simplified.

    A character that the other way's own character set has (GB 2312, Big5) is at home in both.
    """
    simplified = {before: True for before, after in _converted("s2t") if before != after and not _is_in(before, "big5")}
    traditional = {
        before: False for before, after in _converted("t2s") if before != after and not _is_in(before, "gb2312")
    }
    return {
        character: is_simplified
        for character, is_simplified in (*simplified.items(), *traditional.items())
        if not (character in simplified and character in traditional)
    }


def _converted(configuration: str) -> zip[tuple[str, str]]:
    # One a line: side by side they would be taken for words, which have forms of their own.
    lines = opencc.OpenCC(configuration).convert("\n".join(_UNIFIED))
    return zip(_UNIFIED, lines.split("\n"), strict=True)


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
