"""Words of a text, and what stands near what."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
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

    Asked for by characters of the text as it was written. Costs 5 ns a character to make, and 0.3 us a question: places
    are few, and words many.
    """

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._shapes = _shapes_of(folded.folded).encode().translate(_WORD_OR_NOT)
        """By folded character: w of a word, 1 for a word by itself, a dot for a sign, or a space."""
        self._titled = self._shapes.title()
        """What title() makes of small letters, capitals where a word begins, is just what is asked for."""

    def first_of(self, start: int) -> int:
        """The number of the first word that ends after `start`."""
        place = start
        if not self._folded.is_one_to_one:
            place = bisect_right(range(len(self._shapes)), start, key=lambda at: self._folded.end(at + 1))
        is_within = self._shapes[place : place + 1].isalnum()
        return self._begun.before(place + 1) - 1 if is_within else self._begun.before(place)

    def last_of(self, end: int) -> int:
        """The number of the last word that begins before `end`."""
        if self._folded.is_one_to_one:
            return self._begun.before(end) - 1
        return self._begun.before(bisect_left(range(len(self._shapes)), end, key=self._folded.start)) - 1

    def marks(self, starts: Iterable[int], length: int) -> int:
        """A bit for the number of the first and of the last word of each place of so many squeezed characters.

        Such places begin and end within words.
        """
        before = self._squeezed_begun.before
        marks = 0
        for start in starts:
            marks |= 1 << before(start + 1) - 1 | 1 << before(start + length) - 1
        return marks

    @cached_property
    def _begun(self) -> _Counted:
        return _Counted(self._titled.translate(_BEGINS))

    @cached_property
    def _squeezed_begun(self) -> _Counted:
        return _Counted(self._titled.translate(_BEGINS, b" "))


class _Counted:
    """Flags, to be asked how many are set before a place."""

    def __init__(self, flags: bytes) -> None:
        self._flags = flags
        blocks = (flags.count(1, at, at + _BLOCK) for at in range(0, len(flags), _BLOCK))
        self._before = list(accumulate(blocks, initial=0))

    def before(self, place: int) -> int:
        """How many are set before a place."""
        block = place // _BLOCK
        return self._before[block] + self._flags.count(1, block * _BLOCK, place)


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


def marks_of(hulls: Iterable[Hull]) -> int:
    """A bit for the first and the last word of each."""
    marks = 0
    for hull in hulls:
        marks |= 1 << hull.first | 1 << hull.last
    return marks


def spread(marks: int, width: int) -> int:
    """Each bit and the `width - 1` above it."""
    done = 1
    while done < width:
        step = min(done, width - done)
        marks |= marks << step
        done += step
    return marks


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
_BLOCK = 64
_UNSPACED = "U"
"""Not in a folded text, which has no capitals."""
_WORD_OR_NOT = bytes(
    ord("1" if chr(code) == _UNSPACED else "w" if chr(code).isalnum() else " " if chr(code) == " " else ".")
    for code in range(128)
) + bytes(128)
_BEGINS = bytes(chr(code) in "W1" for code in range(256))
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
    """By code of a folded character: itself in ASCII, else a of a word, U for a word by itself, or a dot."""

    def __missing__(self, code: int) -> str:
        kind = kind_of(chr(code))
        shape = "." if kind is Kind.SIGN else "a" if kind in (Kind.LETTER, Kind.DIGIT) else _UNSPACED
        if code < _ASCII_END:
            shape = chr(code)
        self[code] = shape
        return shape


_SHAPES = _Shapes()
