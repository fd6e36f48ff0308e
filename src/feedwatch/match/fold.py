"""Folding: one form for all spellings of a character, with the way back to the text as it was written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

from feedwatch.han import to_simplified

_STROKES = str.maketrans("đøłħŧı", "dolhti")
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″", '"'))
# Marks of no one script (Blocks.txt), and the Cyrillic ones; those of Hebrew, Arabic, the Indic scripts and kana stay.
_GENERIC_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
# Letters of combining class 0 that join the letter before them all the same (NFC_QC=Maybe, UAX #15), and the
# half-width voiced sound marks, which join once NFKC has widened them.
_JOINING = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35\uff9e\uff9f"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
) | frozenset(map(chr, range(0x1160, 0x1200)))


class Folded:
    """A text, folded. `folded` has one space wherever the text has a separator character.

    Separators are whitespace, every dash, the underscore and control characters. `start` and `end` lead from the
    folded form to `original`; where one is the other character for character, nothing is kept for it.
    """

    __slots__ = ("_firsts", "_pieces", "folded", "original")

    def __init__(self, original: str, folded: str, pieces: list[tuple[int, int, int]] | None = None) -> None:
        self.original = original
        self.folded = folded
        self._pieces = pieces
        self._firsts = [first for first, _, _ in pieces] if pieces else []

    @property
    def is_one_to_one(self) -> bool:
        """Whether every place in it is the same place in the original."""
        return not self._pieces

    def start(self, at: int) -> int:
        """Where in the original the folded character at `at` begins."""
        if not self._pieces:
            return at
        first, origin, cluster_end = self._pieces[bisect_right(self._firsts, at) - 1]
        return origin if cluster_end else origin + at - first

    def end(self, at: int) -> int:
        """Where in the original the folded character before `at` ends; `at` is above 0."""
        if not self._pieces:
            return at
        first, origin, cluster_end = self._pieces[bisect_right(self._firsts, at - 1) - 1]
        return cluster_end or origin + at - first


def fold(text: str) -> Folded:
    """Fold a text: NFKC, case, diacritics of Latin, Greek and Cyrillic, curly quotes; traditional Chinese characters
    become simplified ones, and invisible characters vanish.

    Costs 4 us for 2,700 characters of ASCII, about 70 for as many of Chinese.
    """
    if text.isascii():
        return Folded(text, text.translate(_ASCII))
    marked = text.lower()
    changing = _changing_characters(marked)
    if changing is None or len(marked) != len(text):  # U+0130 alone grows in lower case
        return _unmark(text, text.translate(_FOLDED))
    for character in sorted(changing):  # U+0000 first, before it is a mark
        marked = marked.replace(character, _FOLDED[ord(character)])
    return _unmark(text, marked)


def squeeze(text: str) -> bytes:
    """`fold(text).folded` without its spaces, in UTF-8: what is searched.

    A surrogate becomes a question mark, as it has no UTF-8.
    """
    return fold_bytes(text)[0].translate(None, b" ")


def fold_bytes(text: str) -> tuple[bytes, Folded | None]:
    """`fold(text).folded` in UTF-8; and what it was made of, where that is at hand.

    Costs 3 us for 2,700 characters of ASCII.
    """
    raw = text.encode(errors="replace")
    if not text.isascii():
        changing = _changing_characters(raw.translate(None, _ALL_ASCII).decode())
        if changing is None or any(_joins_the_one_before(odd) or not _fold_cluster(odd) for odd in changing):
            folded = fold(text)
            return folded.folded.encode(errors="replace"), folded
        for character in changing:
            text = text.replace(character, _fold_cluster(character))
        raw = text.encode(errors="replace")
    return raw.translate(_ASCII_FOLDED), None


# What stands for itself, so that replacing the few others, one kind at a time, is faster than a table for all. In
# order: ASCII without separators and backtick, Cyrillic without й, Han punctuation, kana, Hangul; then Han.
_STEADY = r" !-,.-^a-~а-ик-я\u3001-\u3015\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
_HAN = range(0x3400, 0xA000)
_MANY = 32
_SAMPLE = 200


def _changing_characters(text: str) -> set[str] | None:
    """What of a text does not stand for itself; None where it is so much that a table for all is faster.

    Traditional Chinese is told by its beginning.
    """
    find = _changing().findall
    if len(find(text, 0, _SAMPLE)) > _MANY:
        return None
    changing = set(find(text))
    return changing if len(changing) <= _MANY else None


@cache
def _changing() -> re.Pattern[str]:
    """Made at the first text that is not ASCII: 20 ms."""
    han = "".join(map(chr, _HAN))
    steady = "".join(before if before == after else " " for before, after in zip(han, to_simplified(han), strict=True))
    ranges = (f"{run[0]}-{run[-1]}" for run in steady.split())
    return re.compile(f"[^{_STEADY}{''.join(ranges)}]")


_ODD = "\0"
"""Stands, while folding, for a character that does not become exactly one."""


class _FoldedByCode(dict[int, str]):
    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _fold_cluster(character)
        self[code] = result = _ODD if len(folded) != 1 or _joins_the_one_before(character) else folded
        return result


_FOLDED = _FoldedByCode()


def _unmark(text: str, marked: str) -> Folded:
    at = marked.find(_ODD)
    if at < 0:
        return Folded(text, marked)
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []  # first folded character, its origin, end of the origin if a cluster
    length = done = 0
    while at >= 0:
        if at > done and _joins_the_one_before(text[at]):
            at -= 1
        end = at + 1
        while end < len(text) and _joins_the_one_before(text[end]):
            end += 1
        if at > done:
            pieces.append((length, done, 0))
            parts.append(marked[done:at])
            length += at - done
        pieces.append((length, at, end))
        parts.append(_fold_cluster(text[at:end]))
        length += len(parts[-1])
        done = end
        at = marked.find(_ODD, done)
    pieces.append((length, done, 0))
    parts.append(marked[done:])
    return Folded(text, "".join(parts), pieces)


@lru_cache(maxsize=1 << 16)
def _joins_the_one_before(character: str) -> bool:
    return unicodedata.combining(character) != 0 or character in _JOINING


@lru_cache(maxsize=1 << 14)
def _fold_cluster(cluster: str) -> str:
    apart = unicodedata.normalize("NFKD", cluster)
    bare = "".join(character for character in apart if not _is_generic_mark(character))
    cased = unicodedata.normalize("NFKD", bare.casefold())
    bare = "".join(character for character in cased if not _is_generic_mark(character))
    joined = to_simplified(unicodedata.normalize("NFKC", bare)).translate(_STROKES).translate(_QUOTES)
    return "".join(map(_separator_or_self, joined))


def _is_generic_mark(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _GENERIC_MARKS)


def is_dash(character: str) -> bool:
    """Whether Unicode calls it a dash (category Pd), or it is the minus sign."""
    return unicodedata.category(character) == "Pd" or character == "\u2212"


def separators_in(text: str) -> str:
    """The separators of a piece of text that has no more than these and what folding leaves out."""
    return "".join(character for character in text if _fold_cluster(character) == " ")


def _separator_or_self(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width and direction marks, soft hyphen
        return ""
    if character == "_" or character.isspace() or category == "Cc" or is_dash(character):
        return " "
    return character


_ASCII = "".join(map(_fold_cluster, map(chr, range(128))))
_ALL_ASCII = bytes(range(128))
_ASCII_FOLDED = _ASCII.encode() + bytes(range(128, 256))
