"""Filters on an item's language, source, tags, authors and site, and the scope of a watchlist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feedwatch.match.facts import fact_test, scope_test
from feedwatch.match.tree import Fact, FactName
from feedwatch.model import Item, WatchlistDef

ITEM = Item(
    guid="1",
    url="https://news.rthk.hk/item/1",
    title="",
    text="",
    html="",
    authors=("Jean-Luc O’Brien", "陳大文"),
    tags=("Public Policy", "大灣區", "ＧＤＰ"),
    language="zh-Hant-HK",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    published_from="published",
)


@pytest.mark.parametrize(
    ("name", "pattern", "is_met"),
    [
        ("lang", "zh", True),
        ("lang", "zh-Hant", True),
        ("lang", "ZH-hant-hk", True),
        ("lang", "zh_hant", True),
        ("lang", "zh-*", True),
        ("lang", "*", True),
        ("lang", "z", False),
        ("lang", "zh-Han", False),
        ("lang", "zh-Hans", False),
        ("lang", "zh-HK", False),
        ("lang", "zh-Hant-HK-x", False),
        ("lang", "en", False),
        ("source", "rthk-local", True),
        ("source", "rthk-*", True),
        ("source", "*local", True),
        ("source", "r*-*l", True),
        ("source", "*", True),
        ("source", "rthk", False),
        ("source", "RTHK-*", False),
        ("source", "rthk-local*l", False),
        ("source", "rthk-lo*ocal", False),
        ("source", "rthk-?ocal", False),
        ("source", "rthk-[a-z]*", False),
        ("tag", "public policy", True),
        ("tag", "Public-Policy", True),
        ("tag", "public*", True),
        ("tag", "policy", False),
        ("tag", "大湾区", True),
        ("tag", "大*", True),
        ("tag", "gdp", True),
        ("tag", "hong kong", True),  # of the source
        ("tag", "hongkong", False),
        ("author", "jean-luc o'brien", True),
        ("author", "Jean Luc", True),
        ("author", "O'Brien", True),
        ("author", "luc", True),
        ("author", "lu", False),
        ("author", "lu*", True),
        ("author", "*rien", True),
        ("author", "j*brien", True),
        ("author", "luc*jean", False),
        ("author", "je*luc*rien", True),
        ("author", "je*luc*ri", False),
        ("author", "*", True),
        ("author", "陈大", True),
        ("author", "大文", True),
        ("author", "大陈", False),
        ("site", "rthk.hk", True),
        ("site", "news.rthk.hk", True),
        ("site", "NEWS.rthk.hk", True),
        ("site", "www.rthk.hk", True),
        ("site", "hk", True),
        ("site", "thk.hk", False),
        ("site", "a.news.rthk.hk", False),
        ("site", "rthk.hk.com", False),
    ],
)
def test_fact(name: FactName, pattern: str, is_met: bool) -> None:
    assert fact_test(Fact(name, pattern))(ITEM, "rthk-local", ("Hong Kong",)) == is_met


@pytest.mark.parametrize(
    ("fact", "item", "is_met"),
    [
        (Fact("author", "ab*ab"), replace(ITEM, authors=("ab",)), False),
        (Fact("author", "ab*ab"), replace(ITEM, authors=("xab ab yab",)), True),
        (Fact("author", "luc"), replace(ITEM, authors=("lucas luc",)), True),
        (Fact("author", "*"), replace(ITEM, authors=()), False),
        (Fact("lang", "und"), replace(ITEM, language="und"), True),
        (Fact("lang", "en"), replace(ITEM, language="und"), False),
        (Fact("site", "rthk.hk"), replace(ITEM, url=""), False),
        (Fact("site", "rthk.hk"), replace(ITEM, url="https://[bad"), False),
        (Fact("site", "香港.hk"), replace(ITEM, url="https://a.xn--j6w193g.hk/"), True),
        (Fact("site", "a_b.example"), replace(ITEM, url="https://a_b.example/"), True),
    ],
)
def test_edges(fact: Fact, item: Item, is_met: bool) -> None:
    assert fact_test(fact)(item, "", ()) == is_met


@pytest.mark.parametrize(
    ("scope", "is_met"),
    [
        ({"languages": ("en", "zh")}, True),
        ({"languages": ("en",)}, False),
        ({"sources": ("rthk-*",)}, True),
        ({"sources": ("scmp-*",)}, False),
        ({"tags": ("sport", "hong*")}, True),
        ({"tags": ("sport",)}, False),
        ({"languages": ("zh",), "sources": ("*",), "tags": ("gdp",)}, True),
        ({"languages": ("zh",), "sources": ("*",), "tags": ("sport",)}, False),
    ],
)
def test_a_watchlist_is_of_some_language_source_and_tag_that_it_names(scope: dict[str, Any], is_met: bool) -> None:
    test = scope_test(WatchlistDef("w", **scope))
    assert test is not None
    assert test(ITEM, "rthk-local", ("Hong Kong",)) == is_met


def test_a_watchlist_that_names_none_is_of_all() -> None:
    assert scope_test(WatchlistDef("w", terms=("a",))) is None
