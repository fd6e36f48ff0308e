"""Texts of ASCII are read far faster: most news can be made such, its quotes, dashes and accents put plainly."""

from __future__ import annotations

import re

from .fold import fold, is_dash
from .scripts import Kind, kind_of

_ALL_ASCII = bytes(range(128))
_MOST = 32
_DIGITS = re.compile("00*").finditer
SHAPE = "".join(
    "0" if character.isdigit() else "A" if character.isupper() else "a" if character.islower() else " "
    for character in map(chr, range(128))
)
"""To translate a text of ASCII to what its characters are: 0 a digit, A a capital, a a small letter, else a space."""


def in_ascii(text: str) -> str:
    """The text with the same index tokens in ASCII, if it has no more than signs, separators and accents beside that.

    Any other is returned as it is. Words begin and end at the same places: capitals stay.
    """
    if text.isascii():
        return text
    odd = set(text.encode(errors="replace").translate(None, _ALL_ASCII).decode())
    if len(odd) > _MOST:
        return text
    plain = {character: _plain[character] for character in odd}
    if None in plain.values():
        return text
    for character, stand_in in plain.items():
        text = text.replace(character, stand_in or "")
    return text


class _Plain(dict[str, str | None]):
    """What stands for a character that is not in ASCII; None for one that a word or a neighbour may depend on."""

    def __missing__(self, character: str) -> str | None:
        self[character] = plain = _plain_of(character)
        return plain


_plain = _Plain()


def _plain_of(character: str) -> str | None:
    folded = fold(f"a{character}").folded[1:]
    if fold(character).folded != folded or not folded:  # a mark, which joins what it stands behind, or invisible
        return None
    if folded == " ":
        return "-" if is_dash(character) else " "
    if len(folded) == 1 and folded.isascii() and folded.isalnum():
        return folded.upper() if character.isupper() else folded
    return "." if all(kind_of(one) is Kind.SIGN for one in folded) else None


def words_with_borders(text: str, shape: str) -> set[str]:
    """The words of a text of ASCII in which another begins: HighQuality, GDPGrowth, Expo2025, 4th.

    `shape` is the text by SHAPE.
    """
    places: list[int] = []
    for border in ("aA", "AAa"):
        at = shape.find(border)
        while at >= 0:
            places.append(at)
            at = shape.find(border, at + 1)
    for digits in _DIGITS(shape):
        start, end = digits.span()
        if shape[start - 1 : start] > " " or shape[end : end + 1] > " ":
            places.append(start)
    ends = [shape.find(" ", at) for at in places]
    return {
        text[shape.rfind(" ", 0, at) + 1 : end if end >= 0 else len(text)] for at, end in zip(places, ends, strict=True)
    }
