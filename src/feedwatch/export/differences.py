"""Where two sequences differ, in bounded time.

What stands once in both, in the same order, is taken as one first (as Bram Cohen's "patience" does), runs of many
before single ones; what is left between is small, as a rule, and difflib compares it thoroughly. What is left large, or
is more than the budget allows, differs as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_THOROUGH = 10_000
"""Cells (old times new) that difflib takes before anchors are looked for."""
_LARGEST = 90_000
"""Cells that difflib takes where there are no anchors."""
_BUDGET = 1_000_000
"""Cells that difflib takes in all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """old[start:end] became new[new_start:new_end]; one of them may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


def differences(old: Sequence[str], new: Sequence[str], runs: Sequence[int] = (1, 1)) -> list[Difference]:
    """Where they differ, in order. `runs`: how many in a row make an anchor, one round of looking after the other."""
    matched = [
        (0, 0, 0),
        *_Comparison(old, new).matched(0, len(old), 0, len(new), tuple(runs)),
        (len(old), len(new), 0),
    ]
    found = (Difference(a + size, b, other + size, that) for (a, other, size), (b, that, _) in pairwise(matched))
    return [each for each in found if each.start < each.end or each.new_start < each.new_end]


Matched = tuple[int, int, int]
"""Where in the old one, where in the new one, and how many."""


class _Comparison:
    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old = old
        self._new = new
        self._budget = _BUDGET

    def matched(self, start: int, end: int, new_start: int, new_end: int, runs: tuple[int, ...]) -> Iterator[Matched]:
        """What old[start:end] and new[new_start:new_end] have in common, in order."""
        old, new = self._old, self._new
        head = self._alike(start, new_start, min(end - start, new_end - new_start))
        if head:
            yield start, new_start, head
        start, new_start = start + head, new_start + head
        tail = 0
        while start < end - tail and new_start < new_end - tail and old[end - tail - 1] == new[new_end - tail - 1]:
            tail += 1
        if start < end - tail and new_start < new_end - tail:
            yield from self._inside(start, end - tail, new_start, new_end - tail, runs)
        if tail:
            yield end - tail, new_end - tail, tail

    def _inside(self, start: int, end: int, new_start: int, new_end: int, runs: tuple[int, ...]) -> Iterator[Matched]:
        cells = (end - start) * (new_end - new_start)
        if cells <= (_THOROUGH if runs else _LARGEST):
            if cells <= self._budget:
                self._budget -= cells
                thorough = SequenceMatcher(None, self._old[start:end], self._new[new_start:new_end], autojunk=False)
                for block in thorough.get_matching_blocks()[:-1]:
                    yield start + block.a, new_start + block.b, block.size
            return
        if not runs:
            return
        at, other = start, new_start
        for anchor, new_anchor, size in self._anchors(start, end, new_start, new_end, runs[0]):
            yield from self.matched(at, anchor, other, new_anchor, runs[1:])
            yield anchor, new_anchor, size
            at, other = anchor + size, new_anchor + size
        yield from self.matched(at, end, other, new_end, runs[1:])

    def _anchors(self, start: int, end: int, new_start: int, new_end: int, run: int) -> Iterator[Matched]:
        """Runs that stand once in both, as many as stand in the same order; each as long as it goes on alike."""
        places, others = _once(self._old, start, end, run), _once(self._new, new_start, new_end, run)
        shared = [(place, others[key]) for key, place in places.items() if key in others]
        at, other = start, new_start
        for place, that in _rising(sorted(shared)):
            if place >= at and that >= other:
                size = self._alike(place, that, min(end - place, new_end - that))
                yield place, that, size
                at, other = place + size, that + size

    def _alike(self, at: int, other: int, most: int) -> int:
        old, new = self._old, self._new
        return next((size for size in range(most) if old[at + size] != new[other + size]), most)


def _once(sequence: Sequence[str], start: int, end: int, run: int) -> dict[object, int]:
    """Where each run of so many stands, of those that stand there once."""
    places: dict[object, int] = {}
    for at in range(start, end - run + 1):
        key = sequence[at] if run == 1 else tuple(sequence[at : at + run])
        places[key] = -1 if key in places else at
    return {key: at for key, at in places.items() if at >= 0}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of the pairs, sorted by their first, whose second rises too (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [other]
        ends[pile : pile + 1] = [number]
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
