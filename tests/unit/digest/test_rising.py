"""Which terms rise: held against the subscriber's editions before, and never listed twice in two forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.rising import HISTORY, rising_terms

USUAL = (10, {"China": 5, "Hong Kong": 4, "rain": 1})
FORTNIGHT = [USUAL] * HISTORY


def listed(
    counts: Mapping[str, int], history: Sequence[tuple[int, Mapping[str, int]]] = FORTNIGHT, stories: int = 10
) -> list[tuple[str, int]]:
    return [(term.term, term.stories) for term in rising_terms(counts, stories, history)]


@pytest.mark.parametrize(
    "counts, expected",
    [
        ({"typhoon": 4}, [("typhoon", 4)]),
        ({"typhoon": 2}, [("typhoon", 2)]),
        ({"typhoon": 1}, []),  # one story is no rise
        ({"China": 5, "Hong Kong": 4}, []),  # as ever
        ({"China": 9}, []),  # less than twice as many
        ({"rain": 7}, [("rain", 7)]),
        ({"rain": 2}, []),
        ({"typhoon": 6, "tariffs": 3, "rain": 7}, [("typhoon", 6), ("rain", 7), ("tariffs", 3)]),  # by surprise
        ({"Typhoon": 2, "typhoon": 3}, [("Typhoon", 5)]),  # a name, where a quarter of its stories write it so
        ({"Typhoon": 1, "typhoon": 5}, [("typhoon", 6)]),
        ({"Rain": 7}, [("Rain", 7)]),  # "rain" counts as usual for it
        ({"大湾区": 2, "大灣區": 4}, [("大灣區", 6)]),
        ({"北部都會區": 3, "都會區": 3, "北部": 3}, [("北部都會區", 3)]),
        ({"Bay Area": 5, "Bay": 5, "Greater Bay Area": 4}, [("Greater Bay Area", 4)]),
        ({"Northern Metropolis": 2, "Metropolis": 8}, [("Metropolis", 8)]),  # most of them are of another one
        ({"rail": 6, "trail": 6}, [("trail", 6), ("rail", 6)]),  # no part of it
        ({f"term {number}": 5 for number in range(9)}, [(f"term {number}", 5) for number in range(6)]),
        ({"Typhoon": 8, "typhoon": 8}, [("Typhoon", 10)]),  # no more than there are stories
    ],
)
def test_rising_terms(counts: dict[str, int], expected: list[tuple[str, int]]) -> None:
    assert listed(counts) == expected


@pytest.mark.parametrize(
    "history, is_long_enough",
    [
        ([], False),
        ([USUAL] * 2, False),  # too few editions
        ([(6, {})] * 3, False),  # and too few stories
        ([(7, {})] * 3, True),
        ([USUAL] * 3, True),
    ],
)
def test_nothing_rises_before_there_is_a_history(
    history: list[tuple[int, dict[str, int]]], is_long_enough: bool
) -> None:
    assert bool(listed({"typhoon": 8}, history)) is is_long_enough


def test_of_a_few_stories_nothing_rises() -> None:
    assert listed({"typhoon": 4}, stories=4) == []
    assert listed({"typhoon": 4}, stories=5) == [("typhoon", 4)]


def test_what_is_long_past_is_no_history() -> None:
    assert listed({"typhoon": 4}, [*FORTNIGHT, (10, {"typhoon": 10})]) == [("typhoon", 4)]
    assert listed({"typhoon": 4}, [(10, {"typhoon": 10}), *FORTNIGHT]) == []


def test_what_was_usual_and_how_long_the_bars_are() -> None:
    rain, typhoon = sorted(rising_terms({"rain": 8, "typhoon": 4}, 10, FORTNIGHT), key=lambda term: term.term)
    assert (rain.usual, rain.share) == (1.0, 1.0)
    assert (typhoon.usual, typhoon.share) == (0.0, 0.5)


TERMS = st.sampled_from(["rain", "Rain", "rain gauge", "大湾区", "大灣區", "湾区", "typhoon", "GDP", "tariffs"])
COUNTS = st.dictionaries(TERMS, st.integers(1, 12))
EDITIONS = st.lists(st.tuples(st.integers(1, 30), COUNTS), max_size=20)


@given(COUNTS, st.integers(1, 12), EDITIONS, st.integers(1, 8))
def test_laws(counts: dict[str, int], stories: int, history: list[tuple[int, dict[str, int]]], limit: int) -> None:
    found = rising_terms(counts, stories, history, limit=limit)
    assert len(found) <= limit
    assert all(term.term in counts and 1 < term.stories <= stories for term in found)
    assert all(term.stories >= 2 * term.usual and 0 < term.share <= 1 for term in found)
    assert not found or max(term.share for term in found) == 1


@given(st.integers(0, 30), st.integers(5, 30), EDITIONS)
def test_another_edition_without_a_term_does_not_keep_it_from_rising(
    having: int, stories: int, history: list[tuple[int, dict[str, int]]]
) -> None:
    counts = {"typhoon": min(having, stories)}
    if len(history) < HISTORY and rising_terms(counts, stories, history):
        assert rising_terms(counts, stories, [*history, (30, {})])
