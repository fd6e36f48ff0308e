"""How strongly an item met a watchlist: what counts more, and the bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.match import Matcher
from feedwatch.match.score import NEUTRAL, score
from feedwatch.model import Rarity, Span, WatchlistDef
from tests.unit.match.finding import matched

BAY = WatchlistDef("w", ("bay",))
COUNTS = Rarity(1_000, {"bay": 200, "jiangmen": 3})
spans = st.lists(st.builds(Span, st.sampled_from(("title", "text")), st.integers(0, 9_000), st.just(9_999)), max_size=9)
shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (("bay", ""), ("", "bay")),
        (("bay", ""), ("", "bay " * 300)),
        (("bay", "bay"), ("bay", "")),
        (("", "bay bay"), ("", "bay")),
        (("", "bay" + " x" * 900), ("", "x " * 900 + "bay")),
    ],
)
def test_where_and_how_often(stronger: tuple[str, str], weaker: tuple[str, str]) -> None:
    high, low = matched(BAY, *stronger), matched(BAY, *weaker)
    assert high is not None
    assert low is not None
    assert high.score > low.score > 0


def test_many_repetitions_say_little_more() -> None:
    ten, hundred = (matched(BAY, text="bay " * count) for count in (10, 100))
    assert ten is not None
    assert hundred is not None
    assert ten.score < hundred.score < ten.score * 1.25


@pytest.mark.parametrize(
    ("watchlist", "stronger", "weaker"),
    [
        # more of the phrases of one query, though they are found as often
        (WatchlistDef("w", queries=("bay OR area OR port",)), "bay area", "bay bay"),
        # of the query that is covered best
        (WatchlistDef("w", ("bay",), ("bay OR area OR port",)), "bay", "area"),
        (WatchlistDef("w", queries=("bay NOT (area OR port)", "bay OR area OR port OR city")), "bay", "area"),
    ],
)
def test_coverage(watchlist: WatchlistDef, stronger: str, weaker: str) -> None:
    high, low = matched(watchlist, text=stronger), matched(watchlist, text=weaker)
    assert high is not None
    assert low is not None
    assert high.score > low.score


def test_rare_terms_say_more_than_common_ones() -> None:
    watchlist = WatchlistDef("w", ("bay", "jiangmen"))
    common, rare, both = (
        Matcher([(watchlist, 1)], COUNTS).find("", text)[0] for text in ("bay", "Jiangmen", "Jiangmen x bay")
    )
    assert common.score < rare.score < both.score


def test_what_the_archive_does_not_know_is_neither_rare_nor_common() -> None:
    watchlist = WatchlistDef("w", queries=("bay*", "/b.y/"))
    assert Matcher([(watchlist, 1)], COUNTS).find("", "bay") == Matcher([(watchlist, 1)]).find("", "bay")


def test_a_match_without_a_place_is_rated_above_0() -> None:
    match = matched(WatchlistDef("w", queries=("NOT x",)), text="bay")
    assert match is not None
    assert match.spans == ()
    assert match.score == 0.1


@given(spans, shares, shares)
def test_bounds(some: list[Span], coverage: float, rarity: float) -> None:
    assert 0 < score(some, coverage, rarity) < 6.9


@given(spans, shares, shares, shares, st.sampled_from(("title", "text")))
def test_it_never_falls_with_more(some: list[Span], coverage: float, rarity: float, other: float, field: str) -> None:
    rated = score(some, coverage, rarity)
    assert score([*some, Span("title" if field == "title" else "text", 9_000, 9_999)], coverage, rarity) >= rated
    assert score(some, max(coverage, other), rarity) >= rated
    assert score(some, coverage, max(rarity, other)) >= rated


def test_a_neutral_rarity_changes_nothing() -> None:
    assert score([Span("title", 0, 3)], 1.0, NEUTRAL) == 1.6
