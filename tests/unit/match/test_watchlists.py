"""What of a watchlist decides beside its queries: mode, languages, sources, tags, synonyms, a minimum score."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedwatch.match import Matcher
from feedwatch.model import Item, QueryDef, WatchlistDef
from tests.unit.match.finding import matched

ITEM = Item(
    guid="1",
    url="https://news.rthk.hk/1",
    title="GBA grows",
    text="The port of Jiangmen is growing",
    html="",
    authors=("Chan Tai-man",),
    tags=("Policy",),
    language="en-HK",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    published_from="published",
)
BAY = ("GBA", "Greater Bay Area", "大湾区", "粤港澳大湾区")


@pytest.mark.parametrize(
    ("terms", "queries", "text", "met"),
    [
        (("bay",), ("area",), "the bay area", ("bay", "area")),
        (("bay",), ("area",), "the bay", None),
        (("bay",), ("NOT x",), "the bay", ("bay", "NOT x")),
        (("bay",), ("NOT x",), "the bay x", None),
        ((), ("NOT x", "NOT y"), "the bay", ("NOT x", "NOT y")),
        ((), (), "the bay", None),
    ],
)
def test_all_of_them_have_to_be_met_where_the_mode_says_so(
    terms: tuple[str, ...], queries: tuple[str, ...], text: str, met: tuple[str, ...] | None
) -> None:
    match = matched(WatchlistDef("w", terms, queries, mode="all"), text=text)
    assert (match.queries if match else None) == met


@pytest.mark.parametrize(
    ("watchlist", "is_met"),
    [
        (WatchlistDef("w", ("GBA",), languages=("en",)), True),
        (WatchlistDef("w", ("GBA",), languages=("zh", "EN-hk")), True),
        (WatchlistDef("w", ("GBA",), languages=("en-GB",)), False),
        (WatchlistDef("w", ("GBA",), sources=("rthk-*",)), True),
        (WatchlistDef("w", ("GBA",), sources=("scmp",)), False),
        (WatchlistDef("w", ("GBA",), tags=("policy",)), True),
        (WatchlistDef("w", ("GBA",), tags=("official",)), True),
        (WatchlistDef("w", ("GBA",), tags=("sport",)), False),
        (WatchlistDef("w", ("GBA",), languages=("en",), sources=("scmp",)), False),
        (WatchlistDef("w", queries=("GBA lang:en source:rthk-* tag:policy site:rthk.hk author:chan",)), True),
        (WatchlistDef("w", queries=("GBA AND NOT lang:en",)), False),
        (WatchlistDef("w", queries=("lang:en NOT source:scmp",)), True),
        (WatchlistDef("w", queries=(QueryDef("grow title:GBA", stem="en"),)), True),
        (WatchlistDef("w", queries=(QueryDef("grow title:GBA"),)), False),
        (WatchlistDef("w", queries=(QueryDef("gba", exact=True),)), False),
        (WatchlistDef("w", queries=(QueryDef("GBA", exact=True),)), True),
    ],
)
def test_what_is_known_of_an_item(watchlist: WatchlistDef, *, is_met: bool) -> None:
    assert bool(Matcher([(watchlist, 1)]).match(ITEM, "rthk-local", ("Official",))) is is_met


@pytest.mark.parametrize(
    ("query", "text", "spans"),
    [
        ('"Greater Bay Area"', "大灣區 and the gba", [(0, 3), (12, 15)]),
        ('"exact:GBA"', "GBA 大湾区", [(0, 3)]),
        ("大湾区 NEAR/2 grows", "the GBA grows", [(4, 7), (8, 13)]),
        ("grows NOT GBA", "the Greater Bay Area grows", []),
        ("bay", "the GBA", []),
    ],
)
def test_any_of_a_set_of_synonyms_will_do(query: str, text: str, spans: list[tuple[int, int]]) -> None:
    match = matched(WatchlistDef("w", queries=(query,), synonyms=(("bay bridge", "bb"), BAY)), text=text)
    assert [(span.start, span.end) for span in (match.spans if match else ())] == spans


def test_a_synonym_is_for_its_own_watchlist_alone() -> None:
    with_set, without = WatchlistDef("with", ("GBA",), synonyms=(BAY,)), WatchlistDef("without", ("GBA",))
    assert [match.watchlist for match in Matcher([(with_set, 1), (without, 1)]).find("", "大湾区")] == ["with"]


def test_what_is_rated_lower_than_the_minimum_is_no_match() -> None:
    watchlist = WatchlistDef("w", ("bay",), min_score=1.5)
    assert matched(watchlist, text="bay") is None
    assert matched(watchlist, title="bay") is not None


def test_matches_stand_in_the_order_of_names_whatever_their_case() -> None:
    names = ["b", "A", "C", "a"]
    matches = Matcher([(WatchlistDef(name, ("bay",)), 1) for name in names]).find("", "bay")
    assert [match.watchlist for match in matches] == ["A", "a", "b", "C"]


def test_one_bad_query_stops_no_other() -> None:
    matcher = Matcher([(WatchlistDef("bad", queries=("(", "bay")), 1), (WatchlistDef("good", ("bay",)), 1)])
    assert len(matcher.problems) == 1
    assert [match.watchlist for match in matcher.find("", "bay")] == ["bad", "good"]


def test_texts_without_an_item_have_no_facts() -> None:
    matcher = Matcher([(WatchlistDef("w", ("GBA",), languages=("en",)), 1)])
    assert matcher.find("GBA", "") == ()
    assert matcher.match(replace(ITEM, language="en")) != ()
