"""Text reduced to what survives republication: its letters and digits."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, normalize

_ASCII = bytes(range(128))
_NO_WORD = bytes(code for code in _ASCII if not chr(code).isalnum())
_LOWER = bytes(range(256)).lower()
_LOWER_SPACED = bytes(ord(" ") if code in _NO_WORD else low for code, low in enumerate(_LOWER))
_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]"
)
# All but what stands for itself: of it a text in Latin script has a handful of kinds, and one in Chinese its signs.
_CHANGING = re.compile("[^\\x00-\\x7fà-öø-ÿа-я\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_MANY = 40
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
# Soft hyphen, joiners, marks of direction, the byte order mark: of no width, and none that parts words.
_INVISIBLE_CHARACTERS = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
)
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_CHARACTERS))
_HANGUL_VOWELS_AND_CODAS = frozenset(map(chr, range(0x1160, 0x1200)))


def fold(text: str) -> bytes:
    """The letters and digits of a text, NFKC and case-folded, with nothing between them, in UTF-8."""
    return _fold_others(text).translate(_LOWER, _NO_WORD)


def fold_spaced(text: str) -> bytes:
    """As `fold`, with a space, or several, for what stands between words; soft hyphens and the like part none."""
    return _fold_others(text).translate(_LOWER_SPACED)


def fold_by_the_book(text: str) -> bytes:
    """As `fold`, in passes over the whole text that most texts need not."""
    return "".join(_words_by_the_book(text)).encode()


def fold_spaced_by_the_book(text: str) -> bytes:
    """The words of `fold_spaced`, one space between them, in passes over the whole text that most texts need not."""
    return " ".join(_words_by_the_book(text)).encode()


def weight(folded: str) -> int:
    """How much a folded text says, in Latin letters: an ideograph, kana or hangul syllable counts two."""
    return len(folded) if folded.isascii() else len(folded) + len(_WIDE.findall(folded))


def _fold_others(text: str) -> bytes:
    """The text in UTF-8 with all but its ASCII characters folded, and a space for what is no letter or digit."""
    if text.isascii():
        return text.encode()
    raw = text.encode(errors="replace")  # surrogates are no letters
    changing = set(_CHANGING.findall(raw.translate(None, _ASCII).decode()))
    if len(changing) > _MANY or any(map(_joins_the_one_before, changing)):
        return " ".join(_words_by_the_book(text)).encode()
    for character in changing:
        # One character for another is replaced far faster than one for none.
        text = text.replace(character, _fold_alone(character))
    return text.encode(errors="replace")


def _words_by_the_book(text: str) -> list[str]:
    return _WORD.findall(normalize("NFKC", text.translate(_INVISIBLE)).casefold())


@lru_cache(maxsize=1 << 14)
def _fold_alone(character: str) -> str:
    if character in _INVISIBLE_CHARACTERS:
        return ""
    return " ".join(_words_by_the_book(character)) or " "


@lru_cache(maxsize=1 << 14)
def _joins_the_one_before(character: str) -> bool:
    """Whether NFKC may join it to the one before: marks (but not the selectors behind emoji), vowels of Hangul."""
    first = normalize("NFKD", character)[0]
    if first in _VARIATION_SELECTORS:
        return False
    return category(first)[0] == "M" or first in _HANGUL_VOWELS_AND_CODAS
