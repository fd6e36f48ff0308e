"""Tells a form that was filled in anew from a text whose figures were brought up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

Figures = Mapping[object, object]
"""The figures of a text, by what stands before each; None for what stands before several."""

_FIGURE = re.compile(r"(\D{2,3}?)(\d+)")
_DIGITS = re.compile(r"\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"[A-Z][\w'’-]*")


def figures_in_words(words: list[bytes]) -> Figures:
    """The figures of a text by the two words before each."""
    return _by_place(
        ((words[at - 2], words[at - 1]), word) for at, word in enumerate(words) if word.isdigit() and at > 1
    )


def figures_in_characters(folded: str) -> Figures:
    """The figures of a text by the characters before each."""
    return _by_place(_FIGURE.findall(folded))


def compare_figures(one: Figures, other: Figures) -> tuple[int, int]:
    """How many figures that stand behind the same words are the same in both texts, and how many are not."""
    kept = changed = 0
    for place in one.keys() & other.keys():
        left, right = one[place], other[place]
        if left is not None and right is not None:
            kept += left == right
            changed += left != right
    return kept, changed


def swapped(one: str, other: str) -> int:
    """How many figures and words with a capital letter stand in one text for others in the other."""
    return sum(
        min(len(left - right), len(right - left)) for left, right in zip(_details(one), _details(other), strict=True)
    )


def _by_place(found: Iterable[tuple[object, object]]) -> Figures:
    figures: dict[object, object] = {}
    for place, figure in found:
        figures[place] = figure if figures.get(place, figure) == figure else None
    return figures


@lru_cache(maxsize=64)
def _details(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the figures of a text."""
    return frozenset(_NAME.findall(text)), frozenset(_DIGITS.findall(text))
