"""What a character is to a phrase: part of a word, a character of a script without spaces, or a sign."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from enum import IntEnum
from functools import lru_cache


class Kind(IntEnum):
    """How a folded character takes part in words."""

    SIGN = 0
    """Punctuation and symbols: matched literally, never part of a word."""
    LETTER = 1
    """Of a script whose words are parted by spaces."""
    DIGIT = 2
    UNSPACED = 3
    """Matched as a substring: Hangul (particles grow onto words), Thai, Lao, Khmer, Burmese."""
    HAN = 4
    """Han, kana, bopomofo: a substring, and a line break between two of them means nothing."""


# First and last code point, in order (Unicode 15, Blocks.txt); U+30A0 and U+30FB are signs.
_RANGES: tuple[tuple[int, int, Kind], ...] = (
    (0x0E00, 0x0EFF, Kind.UNSPACED),
    (0x1000, 0x109F, Kind.UNSPACED),
    (0x1100, 0x11FF, Kind.UNSPACED),
    (0x1780, 0x17FF, Kind.UNSPACED),
    (0x2E80, 0x2FDF, Kind.HAN),
    (0x3005, 0x3007, Kind.HAN),
    (0x3021, 0x3029, Kind.HAN),
    (0x3031, 0x3035, Kind.HAN),
    (0x3041, 0x309F, Kind.HAN),
    (0x30A1, 0x30FA, Kind.HAN),
    (0x30FC, 0x312F, Kind.HAN),
    (0x3131, 0x318E, Kind.UNSPACED),
    (0x31A0, 0x31BF, Kind.HAN),
    (0x31F0, 0x31FF, Kind.HAN),
    (0x3400, 0x4DBF, Kind.HAN),
    (0x4E00, 0x9FFF, Kind.HAN),
    (0xA960, 0xA97F, Kind.UNSPACED),
    (0xAA60, 0xAA7F, Kind.UNSPACED),
    (0xAC00, 0xD7FF, Kind.UNSPACED),
    (0xF900, 0xFAFF, Kind.HAN),
    (0x20000, 0x3FFFF, Kind.HAN),
)
_FIRSTS = [first for first, _, _ in _RANGES]


@lru_cache(maxsize=1 << 16)
def kind_of(character: str) -> Kind:
    """The kind of one folded character. A combining mark counts with the letters that it is written on."""
    if character.isascii():
        return _alphanumeric_kind(character)
    code = ord(character)
    at = bisect_right(_FIRSTS, code) - 1
    if at >= 0 and code <= _RANGES[at][1] and unicodedata.category(character)[0] in "LMN":
        return _RANGES[at][2]
    return _alphanumeric_kind(character)


def is_word_character(character: str) -> bool:
    """Whether a whole word would go on with this character."""
    kind = kind_of(character)
    return kind is Kind.LETTER or kind is Kind.DIGIT


def _alphanumeric_kind(character: str) -> Kind:
    if character.isdigit():
        return Kind.DIGIT
    if character.isalnum() or unicodedata.category(character)[0] == "M":
        return Kind.LETTER
    return Kind.SIGN
