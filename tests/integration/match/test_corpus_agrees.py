"""Over real items and queries as monitors write them, the engine finds what the slow oracle finds, to the character.

All items of the corpus take the oracle five minutes, so that some are taken, evenly; FEEDWATCH_CORPUS_ITEMS says how
many (0 for all).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedwatch.match import Matcher
from feedwatch.model import Item, QueryDef, WatchlistDef
from tests.bench.normalize import item_of, real_entries
from tests.corpus import corpus_dir
from tests.unit.match.oracle import Asked
from tests.unit.match.test_agreement import engine_says, oracle_says

COUNT = int(os.environ.get("FEEDWATCH_CORPUS_ITEMS", "120"))
QUERIES = [
    line
    for line in Path(__file__).with_name("realistic.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
STEMMED = [
    "policies",
    "government minister",
    "running",
    "climate changes",
    "researchers",
    "police arresting",
    "election",
]
SYNONYMS = (("GBA", "Greater Bay Area", "大湾区"), ("government", "政府", "Regierung"), ("AI", "人工智能"))

pytestmark = pytest.mark.skipif(corpus_dir() is None, reason="no corpus beside the project")


def watchlists() -> list[WatchlistDef]:
    """One for each query, and some that use what only watchlists have."""
    return [
        *(WatchlistDef(f"{number}", queries=(query,)) for number, query in enumerate(QUERIES)),
        *(WatchlistDef(f"stem {query}", queries=(QueryDef(query, stem="en"),)) for query in STEMMED),
        WatchlistDef("synonyms", ("GBA", "AI"), ("government NEAR/10 香港",), synonyms=SYNONYMS),
        WatchlistDef("all", ("the", "of"), ("said OR says",), mode="all"),
        WatchlistDef("narrow", ("the", "的"), ("香港",), ("title:the",), languages=("en", "zh")),
    ]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """Of the whole corpus, evenly taken."""
    entries = real_entries()
    step = max(len(entries) // COUNT, 1) if COUNT else 1
    return [item_of(entry) for entry in entries[::step]]


def test_the_engine_finds_what_the_oracle_finds(items: list[Item]) -> None:
    asked_for = watchlists()
    matcher = Matcher([(watchlist, 1) for watchlist in asked_for])
    assert matcher.problems == ()
    wrong = []
    met: set[str] = set()
    for item in items:
        engine = engine_says(matcher.match(item))
        met |= engine.keys()
        oracle = oracle_says(asked_for, Asked(item))
        wrong += [
            (item.title, WATCHLIST[name], engine.get(name), oracle.get(name))
            for name in engine.keys() | oracle.keys()
            if engine.get(name) != oracle.get(name)
        ]
    assert wrong == []
    # Else the items are of something else than the queries.
    assert len(met) > len(asked_for) // 3


WATCHLIST = {watchlist.name: watchlist for watchlist in watchlists()}
