"""Words of a text, and what stands near what."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import NamedTuple

from .fold import Folded
from .scripts import Kind, kind_of

MOST_PAIRS = 100_000
"""Of a Near within another, in one field: what further pairs there are is left out."""

Span = tuple[int, int]
"""Characters [start, end) of a text as it was written."""


class Words:
    """The words of a text: each run of letters and digits, and each character of a script without spaces.

    Asked for by characters of the text as it was written. Costs 2 ns a character to make, and 1 us a question: places
    are few, and words many.
    """

    def __init__(self, folded: Folded) -> None:
        shapes = _shapes_of(folded.folded)
        self._folded = folded
        self._shapes = b" " + shapes.encode().translate(_WORD_OR_NOT)
        """One more than the folded characters: w of a word, U for a word by itself, or a space."""
        self._has_unspaced = _UNSPACED in shapes
        begun = (self._begun(at, at + _BLOCK) for at in range(0, len(self._shapes), _BLOCK))
        self._begun_before = list(accumulate(begun, initial=0))
        """By block: how many words begin before it."""

    def first_of(self, start: int) -> int:
        """The number of the first word that ends after `start`."""
        place = start
        if not self._folded.is_one_to_one:
            place = bisect_right(range(len(self._shapes) - 1), start, key=lambda at: self._folded.end(at + 1))
        is_within = self._shapes[place + 1 : place + 2].isalpha()
        return self._number(place + 1) - 1 if is_within else self._number(place)

    def last_of(self, end: int) -> int:
        """The number of the last word that begins before `end`."""
        if self._folded.is_one_to_one:
            return self._number(end) - 1
        return self._number(bisect_left(range(len(self._shapes) - 1), end, key=self._folded.start)) - 1

    def _number(self, place: int) -> int:
        """How many words begin before a place of the folded text."""
        block = place // _BLOCK
        return self._begun_before[block] + self._begun(block * _BLOCK, place)

    def _begun(self, place: int, end: int) -> int:
        """How many words begin in a part of the folded text."""
        shapes = self._shapes
        count = shapes.count(b" w", place, end + 1)
        if self._has_unspaced:
            count += shapes.count(b"U", place + 1, end + 1) + shapes.count(b"Uw", place, end + 1)
        return count


class Hull(NamedTuple):
    """A place from the beginning of the first of what belongs together to the end of the last."""

    start: int
    end: int
    first: int
    """The number of its first word; `last` of its last."""
    last: int
    spans: tuple[Span, ...]
    """What was found within it."""


def hull_of(span: Span, words: Words) -> Hull:
    """The hull of one place."""
    start, end = span
    return Hull(start, end, words.first_of(start), words.last_of(end), (span,))


def spans_near(left: list[Hull], right: list[Hull], distance: int, *, ordered: bool) -> set[Span]:
    """What was found within those of the left and the right that are a pair.

    The last word of the one and the first word of the other are at most `distance` words apart, neighbours being 1
    apart; neither overlaps the other; the left comes first where it is `ordered`.
    """
    found: set[Span] = set()
    if len(left) * len(right) <= _FEW_PAIRS:
        for one in left:
            for other in right:
                if _follows(other, one, distance) or (not ordered and _follows(one, other, distance)):
                    found.update(one.spans, other.spans)
        return found
    left, right = sorted(left), sorted(right)
    for firsts, seconds in ((left, right),) if ordered else ((left, right), (right, left)):
        partners = _Partners(seconds)
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


def hulls_near(left: list[Hull], right: list[Hull], distance: int, *, ordered: bool) -> list[Hull]:
    """The hull of each pair, as `spans_near` understands it; those of one place as one."""
    spans: dict[tuple[int, int, int, int], set[Span]] = {}
    for one, other in islice(_pairs(sorted(left), sorted(right), distance, ordered=ordered), MOST_PAIRS):
        spans.setdefault((one.start, other.end, one.first, other.last), set()).update(one.spans, other.spans)
    return [Hull(*place, tuple(found)) for place, found in spans.items()]


def _pairs(left: list[Hull], right: list[Hull], distance: int, *, ordered: bool) -> Iterator[tuple[Hull, Hull]]:
    for firsts, seconds in ((left, right),) if ordered else ((left, right), (right, left)):
        partners = _Partners(seconds)
        for hull in firsts:
            for number in range(*partners.after(hull, distance)):
                yield hull, seconds[number]


def _follows(second: Hull, first: Hull, distance: int) -> bool:
    return second.start >= first.end and second.first - first.last <= distance


class _Partners:
    """Hulls in the order of their starts, to be asked which of them come soon after another."""

    def __init__(self, hulls: list[Hull]) -> None:
        self._starts = [hull.start for hull in hulls]
        self._firsts = [hull.first for hull in hulls]

    def after(self, hull: Hull, distance: int) -> tuple[int, int]:
        """From which to before which they do."""
        begin = bisect_left(self._starts, hull.end)
        return begin, bisect_right(self._firsts, hull.last + distance, begin)


_FEW_PAIRS = 64
"""Up to which looking at each is quicker than sorting."""
_BLOCK = 512
_UNSPACED = "U"
"""Not in a folded text, which has no capitals."""
_WORD_OR_NOT = bytes(
    ord("U") if chr(code) == _UNSPACED else ord("w") if chr(code).isalnum() else ord(" ") for code in range(128)
) + bytes(128)
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
