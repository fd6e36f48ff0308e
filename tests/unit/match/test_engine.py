"""Watchlists against items: what makes a match, and what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from feedwatch.match import Matcher, filter_literals
from feedwatch.model import Item, Span, WatchlistDef
from tests.unit.match.finding import matched, spans_of_query

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "jiangmen-republished.xml"
DEVELOPMENT = WatchlistDef("High-quality development", ("high-quality development", "高质量发展", "高質量發展"))
BAY = WatchlistDef("Greater Bay Area", ("Greater Bay Area", "GBA", "大湾区", "大灣區", "粤港澳大湾区"))


@pytest.mark.parametrize(
    ("query", "text", "spans"),
    [
        ("a b", "b a", [(0, 1), (2, 3)]),
        ("a b", "a c", []),
        ("a OR b c", "a", [(0, 1)]),
        ("a OR b c", "b", []),
        ("(a OR b) c", "a", []),
        ("(a OR b) c", "b c", [(0, 1), (2, 3)]),
        ("a AND NOT b", "a c", [(0, 1)]),
        ("a AND NOT b", "a b", []),
        ("a NOT (b c)", "a b", [(0, 1)]),
        ("a NOT (b c)", "c a b", []),
        ("a NOT b OR c", "b c", [(2, 3)]),
        ("a (b OR NOT c)", "a", [(0, 1)]),
        ("a (b OR NOT c)", "a c", []),
        ("a (b OR NOT c)", "a b c", [(0, 1), (2, 3)]),
        ("a NOT (b OR NOT c)", "a c", [(0, 1), (2, 3)]),
        ("NOT NOT a", "a", [(0, 1)]),
        ("a OR b c", "a b", [(0, 1)]),
        # marks
        ("semi*", "Semiconductors, semis and a demi-semi", [(0, 14), (16, 21), (33, 37)]),
        ('"high qual*"', "high-quality, higher quality", [(0, 12)]),
        ("大湾*", "大湾区", [(0, 2)]),
        ('"exact:GBA"', "GBA, gba and the GBAs", [(0, 3)]),
        ('"exact:大灣區"', "大湾区大灣區", [(3, 6)]),
        ('"exact:#GBA"', "#GBA GBA", [(0, 4)]),
        ("Jiangmen~1", "Jiangmun and Jiangmen, not Jangmun", [(0, 8), (13, 21)]),
        ("/GDP .{0,9}billion/", "the gdp of 3 billion\nGDP", [(4, 20)]),
        # either way of writing Chinese, and both in one word
        ("粤港澳大湾区", "粵港澳大灣區 粤港澳大灣区", [(0, 6), (7, 13)]),
        ("裏面", "里面", [(0, 2)]),
    ],
)
def test_query(query: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert spans_of_query(query, text) == spans


@pytest.mark.parametrize("watchlist", [DEVELOPMENT, BAY], ids=lambda watchlist: watchlist.name)
def test_the_sample_article_meets(watchlist: WatchlistDef) -> None:
    entry = ET.parse(SAMPLE).getroot().find("channel/item")
    assert entry is not None
    text = entry.findtext("description") or ""
    match = matched(watchlist, entry.findtext("title") or "", text)
    assert match is not None
    assert match.queries == watchlist.terms[:1]
    found = {text[span.start : span.end].casefold() for span in match.spans if span.field == "text"}
    assert watchlist.terms[0].casefold() in found


def test_an_item_gives_one_match_for_each_watchlist_that_it_meets() -> None:
    item = Item(
        guid="1",
        url="",
        title="大湾区高质量发展",
        text="粤港澳大湾区\n高质量 发展",
        html="",
        authors=(),
        tags=(),
        language="zh",
        published_at=datetime(2025, 1, 1, tzinfo=UTC),
        published_from="published",
    )
    bay, development = Matcher([(BAY, 3), (WatchlistDef("none", ("x",)), 1), (DEVELOPMENT, 4)]).match(item)
    assert (bay.watchlist, bay.version) == ("Greater Bay Area", 3)
    assert bay.queries == ("大湾区", "大灣區", "粤港澳大湾区")
    assert bay.spans == (Span("title", 0, 3), Span("text", 0, 6))
    assert (development.watchlist, development.version) == ("High-quality development", 4)
    assert development.spans == (Span("title", 3, 8), Span("text", 7, 13))


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("title:bay", ["title"]),
        ("text:bay", ["text"]),
        ("bay", ["text", "title"]),
        ('title:"exact:Bay"', ["title"]),
        ("title:/b.y/", ["title"]),
        ("title:(bay OR area)", ["title"]),
    ],
)
def test_a_field_is_looked_at_alone_where_it_is_named(query: str, fields: list[str]) -> None:
    match = matched(WatchlistDef("w", queries=(query,)), title="Bay", text="a bay")
    assert match is not None
    assert sorted({span.field for span in match.spans}) == fields


@pytest.mark.parametrize("query", ["NOT x", "bay OR NOT x", "lang:und", "NOT title:x", "/[bB]../", "NOT (x NEAR/3 y)"])
def test_a_query_without_words_that_must_be_there_is_asked_of_every_item(query: str) -> None:
    assert filter_literals(query) == ()
    assert matched(WatchlistDef("w", queries=(query,)), text="the bay") is not None


@pytest.mark.parametrize(
    ("query", "literals"),
    [
        ("chip AND semiconductor", ("semiconductor",)),
        ("used AND GM", ("gm",)),
        ('"Greater Bay Area" OR 大灣區', ("greaterbayarea", "大湾区")),
        ("(chip OR semiconductor*) NEAR/8 exports AND NOT ban", ("exports",)),
        ("title:bay lang:en", ("bay",)),
    ],
)
def test_a_query_is_asked_where_the_rarest_of_its_words_is(query: str, literals: tuple[str, ...]) -> None:
    assert filter_literals(query) == literals


def test_title_and_text_are_one_item_but_no_phrase_runs_across() -> None:
    assert matched(WatchlistDef("w", queries=("bay AND area",)), "bay", "area") is not None
    assert matched(WatchlistDef("w", terms=("bay area",)), "bay", "area") is None


def test_an_exclude_query_takes_the_item_from_its_own_watchlist_alone() -> None:
    strict = WatchlistDef("strict", ("bay",), exclude=("basketball", "golf AND NOT course"))
    free = WatchlistDef("free", ("bay",))
    matcher = Matcher([(strict, 1), (free, 1)])
    assert [match.watchlist for match in matcher.find("", "bay")] == ["free", "strict"]
    assert [match.watchlist for match in matcher.find("Basketball", "bay")] == ["free"]
    assert [match.watchlist for match in matcher.find("", "bay golf")] == ["free"]
    assert [match.watchlist for match in matcher.find("", "bay golf course")] == ["free", "strict"]


def test_a_match_names_its_terms_and_queries_as_written_and_once() -> None:
    match = matched(WatchlistDef("w", ("Bay", "Bay", "AREA", "x"), ("bay NOT x", "y OR area")), text="bay area")
    assert match is not None
    assert match.queries == ("Bay", "AREA", "bay NOT x", "y OR area")


def test_overlapping_spans_are_one_and_neighbours_stay_two() -> None:
    match = matched(WatchlistDef("w", ("粤港澳大", "大湾区", "建设")), text="粤港澳大湾区建设")
    assert match is not None
    assert match.spans == (Span("text", 0, 6), Span("text", 6, 8))


def test_a_query_that_cannot_be_read_is_left_out_and_reported() -> None:
    matcher = Matcher([(WatchlistDef("w", ("bay", "--"), ("(area", "bridge"), ("x AND",)), 1)])
    term, query, exclude = matcher.problems
    less = "watchlist 'w' matches less than it should, as a"
    assert term.startswith(f"{less} term of it cannot be read: the term -- has no letter")
    assert query.startswith(f"{less} query of it cannot be read: this parenthesis is not closed")
    assert query.endswith("\n  (area\n  ^")
    more = "watchlist 'w' matches more than it should, as a"
    assert exclude.startswith(f"{more} exclude of it cannot be read: AND has nothing after it")
    assert [match.queries for match in matcher.find("", "bay bridge")] == [("bay", "bridge")]


def test_what_all_of_should_be_met_matches_nothing_while_one_cannot_be_read() -> None:
    matcher = Matcher([(WatchlistDef("w", ("bay", "bay"), ("(area", "bridge", "bridge"), mode="all"), 1)])
    assert matcher.find("", "bay bridge") == ()
    (problem,) = matcher.problems
    assert problem.startswith("watchlist 'w' matches nothing, as a query of it cannot be read: this parenthesis is")
    mended = matcher.changed([(WatchlistDef("w", ("bay", "bay"), ("bridge", "bridge"), mode="all"), 2)])
    assert [match.version for match in mended.find("", "bay bridge")] == [2]


@pytest.mark.parametrize("watchlists", [[], [(WatchlistDef("empty"), 1)]])
def test_nothing_to_look_for_finds_nothing(watchlists: list[tuple[WatchlistDef, int]]) -> None:
    assert Matcher(watchlists).find("title", "text") == ()


def test_empty_texts_are_fine() -> None:
    assert Matcher([(BAY, 1)]).find("", "") == ()
