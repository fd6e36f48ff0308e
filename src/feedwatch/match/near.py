"""Words of a text, and what stands near what."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice
from operator import add

from .fold import Folded
from .scripts import Kind, kind_of

MOST_PAIRS = 100_000
"""Of a Near within another, in one field: what further pairs there are is left out."""

Span = tuple[int, int]
"""Characters [start, end) of a text as it was written."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: each run of letters and digits, and each character of a script without spaces.

    Asked for by characters of the text as it was written.
    """

    folded: Folded
    starts: list[int]
    """In characters of the folded text; likewise `ends`."""
    ends: list[int]

    def first_of(self, start: int) -> int:
        """The number of the first word that ends after `start`."""
        return bisect_right(self.ends, start, key=None if self.folded.is_one_to_one else self.folded.end)

    def last_of(self, end: int) -> int:
        """The number of the last word that begins before `end`."""
        return bisect_left(self.starts, end, key=None if self.folded.is_one_to_one else self.folded.start) - 1


@dataclass(frozen=True, slots=True)
class Hull:
    """A place from the beginning of the first of what belongs together to the end of the last."""

    start: int
    end: int
    spans: tuple[Span, ...]
    """What was found within it."""


def words_of(folded: Folded) -> Words:
    """The words of a text. Costs 0.1 us a word."""
    shapes = _shapes_of(folded.folded)
    if _UNSPACED in shapes:
        spans = [word.span() for word in _SHAPED_WORD.finditer(shapes)]
        return Words(folded, [start for start, _ in spans], [end for _, end in spans])
    lengths = list(map(len, shapes.translate(_ASCII_SIGNS).split(" ")))
    placed = [
        (end, length) for end, length in zip(map(add, accumulate(lengths), count()), lengths, strict=False) if length
    ]
    return Words(folded, [end - length for end, length in placed], [end for end, _ in placed])


def spans_near(left: Sequence[Hull], right: Sequence[Hull], words: Words, distance: int, *, ordered: bool) -> set[Span]:
    """What was found within those of the left and the right that are a pair.

    The last word of the one and the first word of the other are at most `distance` words apart, neighbours being 1
    apart; neither overlaps the other; the left comes first where it is `ordered`.
    """
    lefts, rights = _sorted(left), _sorted(right)
    forth = _Partners(rights, words)
    back = None if ordered else _Partners(lefts, words)
    found: set[Span] = set()
    for firsts, seconds, partners in ((lefts, rights, forth), (rights, lefts, back)):
        if partners is None:
            continue
        met = [0] * (len(seconds) + 1)
        for hull in firsts:
            begin, end = partners.after(hull, distance)
            if begin < end:
                found.update(hull.spans)
                met[begin] += 1
                met[end] -= 1
        for hull, overlaying in zip(seconds, accumulate(met), strict=False):
            if overlaying:
                found.update(hull.spans)
    return found


def hulls_near(
    left: Sequence[Hull], right: Sequence[Hull], words: Words, distance: int, *, ordered: bool
) -> list[Hull]:
    """The hull of each pair, as `spans_near` understands it; those of one place as one."""
    spans: dict[Span, set[Span]] = {}
    for first, second in islice(_pairs(_sorted(left), _sorted(right), words, distance, ordered=ordered), MOST_PAIRS):
        spans.setdefault((first.start, second.end), set()).update(first.spans, second.spans)
    return [Hull(start, end, tuple(found)) for (start, end), found in spans.items()]


def _pairs(
    lefts: list[Hull], rights: list[Hull], words: Words, distance: int, *, ordered: bool
) -> Iterator[tuple[Hull, Hull]]:
    for firsts, seconds in ((lefts, rights),) if ordered else ((lefts, rights), (rights, lefts)):
        partners = _Partners(seconds, words)
        for hull in firsts:
            for number in range(*partners.after(hull, distance)):
                yield hull, seconds[number]


class _Partners:
    """Hulls in the order of their starts, to be asked which of them come soon after another."""

    def __init__(self, hulls: list[Hull], words: Words) -> None:
        self._words = words
        self._starts = [hull.start for hull in hulls]
        self._firsts = [words.first_of(hull.start) for hull in hulls]

    def after(self, hull: Hull, distance: int) -> tuple[int, int]:
        """From which to before which they do."""
        begin = bisect_left(self._starts, hull.end)
        end = bisect_right(self._firsts, self._words.last_of(hull.end) + distance, begin)
        return begin, end


def _sorted(hulls: Sequence[Hull]) -> list[Hull]:
    return sorted(hulls, key=lambda hull: hull.start)


_ASCII_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
_UNSPACED = "U"
"""Not in a folded text, which has no capitals."""
_SHAPED_WORD = re.compile("[a-z0-9]+|U")
_OTHERS = re.compile(r"[^\x00-\x7f]")
_MANY = 32
_ASCII_END = 128


def _shapes_of(folded: str) -> str:
    """The text in ASCII: what is not becomes a letter, a space or U."""
    if folded.isascii():
        return folded
    others = set(_OTHERS.findall(folded))
    if len(others) > _MANY:
        return folded.translate(_SHAPES)
    for other in others:
        folded = folded.replace(other, _SHAPES[ord(other)])
    return folded


class _Shapes(dict[int, str]):
    """By code of a folded character: itself in ASCII, else a of a word, U for a word by itself, or a space."""

    def __missing__(self, code: int) -> str:
        kind = kind_of(chr(code))
        shape = " " if kind is Kind.SIGN else "a" if kind in (Kind.LETTER, Kind.DIGIT) else _UNSPACED
        if code < _ASCII_END:
            shape = chr(code)
        self[code] = shape
        return shape


_SHAPES = _Shapes()
