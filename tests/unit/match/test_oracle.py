"""The slow oracle says what the language's examples say: what the engine is held against is right itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedwatch.match.parse import parse_query
from feedwatch.model import QueryDef, WatchlistDef
from tests.unit.match.oracle import Asked, holds, match, merged, spans
from tests.unit.match.test_facts import ITEM

BLANK = replace(ITEM, language="en", authors=(), tags=(), url="")


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ('"Greater Bay Area"', "The greater-bay area and Greater Bay Areas", ["greater-bay area"]),
        ("大灣區", "粤港澳大湾区 大灣區", ["大湾区", "大灣區"]),
        ("semiconductor*", "Semiconductors, a semi-conductor, xsemiconductor", ["Semiconductors", "semi-conductor"]),
        ('"high qual*"', "high-quality high-qualities higher quality", ["high-quality", "high-qualities"]),
        ("大湾*", "大湾区", ["大湾"]),
        ('"exact:GBA"', "GBA gba GBAs (GBA)", ["GBA", "GBA"]),
        ('"exact:大灣區"', "大湾区 大灣區", ["大灣區"]),
        ('"exact:high-quality"', "high quality high-quality", ["high-quality"]),
        ("Jiangmen~1", "Jiangmun, Jinagmen and Jiamgnen", ["Jiangmun", "Jinagmen"]),
        ("/第[一二三]季度/", "2025年第三季度", ["第三季度"]),
        ("/(?-i)GDP/", "gdp GDP", ["GDP"]),
        ("chip NEAR/2 ban", "chip export ban", ["chip", "ban"]),
        ("chip NEAR/1 ban", "chip export ban", []),
        ("chip NEAR/1 ban", "ban-chip", ["ban", "chip"]),
        ("chip ONEAR/9 ban", "ban chip", []),
        ("chip NEAR/3 ban", "chip a b c ban chip", ["ban", "chip"]),
        ("高 NEAR/3 发展", "高质量发展", ["高", "发展"]),
        ("高 NEAR/2 发展", "高质量发展", []),
        ("a NEAR/1 b NEAR/1 c", "a b c", ["a", "b", "c"]),
        ("a NEAR/1 b NEAR/1 c", "a c b", []),
        ("a NEAR/1 (b NEAR/2 c)", "a c x b", ["a", "c", "b"]),
        ("(a OR b) NEAR/1 c", "a c b", ["a", "c", "b"]),
        ("a NEAR/1 a", "a", []),
        ("a NEAR/1 a", "a a", ["a", "a"]),
        ("#HongKong NEAR/1 News", "#HongKongNews", ["HongKong", "News"]),
        ("NOT b", "a", []),
        ("a AND NOT (b NEAR/1 c)", "a b x c", ["a"]),
        ("a AND NOT (b NEAR/1 c)", "a b c", None),
        ("a OR NOT b", "b", None),
    ],
)
def test_query(query: str, text: str, found: list[str] | None) -> None:
    asked = Asked(replace(BLANK, text=text))
    tree = parse_query(query)
    places = merged(spans(tree, asked)) if holds(tree, asked) else []
    assert [text[start:end] for _, start, end in places] == (found or [])
    assert holds(tree, asked) == (bool(found) or query == "NOT b")


@pytest.mark.parametrize(
    ("query", "title", "text", "places"),
    [
        ("title:a", "a", "a", [(0, 0, 1)]),
        ("text:a", "a", "a", [(1, 0, 1)]),
        ("title:(a b)", "a", "b", None),
        ("a NEAR/1 b", "a", "b", None),
        ("a b", "a", "b", [(0, 0, 1), (1, 0, 1)]),
        ("title:a NEAR/1 b", "a b", "a b", [(0, 0, 1), (0, 2, 3)]),
        ("title:/a/", "a", "a", [(0, 0, 1)]),
        ("lang:en a", "", "a", [(1, 0, 1)]),
        ("lang:fr a", "", "a", None),
        ("source:s-* tag:t a", "", "a", [(1, 0, 1)]),
        ("site:example.com", "", "a", None),
        ("lang:en", "", "a", []),
    ],
)
def test_fields_and_facts(query: str, title: str, text: str, places: list[tuple[int, int, int]] | None) -> None:
    asked = Asked(replace(BLANK, title=title, text=text), "s-1", ("T",))
    found = match(WatchlistDef("w", queries=(query,)), asked)
    assert (found and found[1]) == places


@pytest.mark.parametrize(
    ("watchlist", "text", "queries"),
    [
        (WatchlistDef("w", ("a", "b")), "a", ("a",)),
        (WatchlistDef("w", ("a", "b"), mode="all"), "a", None),
        (WatchlistDef("w", ("a",), ("b OR c",), mode="all"), "a c", ("a", "b OR c")),
        (WatchlistDef("w", ("a",), exclude=("b",)), "a b", None),
        (WatchlistDef("w", ("a",), languages=("fr", "en")), "a", ("a",)),
        (WatchlistDef("w", ("a",), languages=("fr",)), "a", None),
        (WatchlistDef("w", ("a",), sources=("x-*",)), "a", None),
        (WatchlistDef("w", ("a",), tags=("t",)), "a", ("a",)),
        (WatchlistDef("w", ("gba",), synonyms=(("GBA", "大湾区", "Greater Bay Area"),)), "大灣區", ("gba",)),
        (WatchlistDef("w", (), ('"exact:GBA"',), synonyms=(("GBA", "大湾区"),)), "大灣區", None),
        (WatchlistDef("w", (), ("a NEAR/1 gba",), synonyms=(("GBA", "bay area"),)), "bay area a", ("a NEAR/1 gba",)),
        (WatchlistDef("w", ("a",), exclude=("gba",), synonyms=(("GBA", "b"),)), "a b", None),
        (WatchlistDef("w", (), (QueryDef("policies", stem="en"),)), "policy", ("policies",)),
        (WatchlistDef("w", (), (QueryDef("policies", stem="de"),)), "policy", None),
        (WatchlistDef("w", (), (QueryDef("gba", exact=True),)), "GBA", None),
    ],
)
def test_watchlist(watchlist: WatchlistDef, text: str, queries: tuple[str, ...] | None) -> None:
    found = match(watchlist, Asked(replace(BLANK, text=text), "s-1", ("T",)))
    assert (found and found[0]) == queries
