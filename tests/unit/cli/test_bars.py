"""Histograms in text."""

from __future__ import annotations

import pytest

from feedwatch.cli.bars import bars
from feedwatch.digest.columns import columns


def test_bars_are_as_long_as_their_counts() -> None:
    assert list(bars([("Mon", 8), ("Tue", 4), ("Wed", 1), ("Thu", 0)], 16)) == [
        "Mon  8  ████████",
        "Tue  4  ████",
        "Wed  1  █",
        "Thu  0",
    ]


def test_a_bar_is_drawn_to_an_eighth_and_is_never_nothing() -> None:
    lines = list(bars([("a", 1000), ("b", 1), ("c", 500)], 15))
    assert lines == ["a  1,000  █████", "b      1  ▏", "c    500  ██▌"]


@pytest.mark.parametrize("width", [20, 80, 120])
def test_no_line_is_wider_than_asked_for_and_bars_begin_in_one_column(width: int) -> None:
    lines = list(bars([("星期一", 12_345), ("Tuesday", 999), ("三", 3)], width))
    assert max(map(columns, lines)) <= width
    starts = {columns(line[: line.index(next(c for c in line if c in "█▏▎▍▌▋▊▉"))]) for line in lines}
    assert len(starts) == 1


def test_nothing_to_draw() -> None:
    assert list(bars([], 80)) == []
    assert list(bars([("Mon", 0)], 80)) == ["Mon  0"]
