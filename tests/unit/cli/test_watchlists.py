"""Watchlists from the command line: added, changed, put away, and carried in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Call

TRADE = [
    "watchlists", "add", "Trade", "--term", "trade war", "--query", "tariff AND ban", "--stem", "en",
    "--exclude", "toy", "--language", "en", "--source", "rthk-*",
    "--tag", "Hong Kong", "--min-score", "0.5", "--priority", "2",
    "--owner", "Ann", "--synonyms", "GBA", "--mode", "all", "--description", "Who taxes whom",
]  # fmt: skip


def definition(feedwatch: Call, name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(feedwatch("watchlists", "show", name, "--json").out)["definition"]
    return held


def test_every_key_is_an_option_and_is_shown(feedwatch: Call, newsroom: Path) -> None:
    assert feedwatch(*TRADE).out.startswith("added 'Trade'; it matches what comes from now on\n")
    shown = feedwatch("watchlists", "show", "trade").out
    for line in (
        "Who taxes whom",
        "owned by Ann, priority 2",
        "matched nothing yet",
        "finds what meets all of these:",
        "term      trade war",
        "query     tariff AND ban   [stem: en]",
        "exclude   toy",
        "only in   en",
        "only of   rthk-*",
        "only with Hong Kong",
        "only from a score of 0.5",
        "synonyms  GBA: Greater Bay Area = ",
    ):
        assert f"  {line}" in shown


def test_a_declared_one_is_shown_with_its_line_and_its_counts(feedwatch: Call, newsroom: Path) -> None:
    shown = feedwatch("watchlists", "show", "greater bay area").out
    assert "from the configuration (config.yaml:" in shown
    assert "term      Greater Bay Area   (1 item in 30 days)" in shown


def test_what_is_doubtful_is_said_at_once_and_later(feedwatch: Call, newsroom: Path) -> None:
    added = feedwatch("watchlists", "add", "Chips", "--query", "chip and ban").out
    assert "doubtful: and is looked for as a word" in added
    assert "doubtful: and is looked for as a word" in feedwatch("watchlists", "show", "Chips").out


def test_a_change_adds_drops_and_replaces(feedwatch: Call, newsroom: Path) -> None:
    feedwatch(*TRADE)
    answer = feedwatch(
        "watchlists", "change", "TRADE", "--term", "tariff", "--drop", "toy", "--language", "", "--priority", "0",
        "--rename", "Tariffs",
    )  # fmt: skip
    assert answer.out.splitlines()[:6] == [
        "changed 'Trade' to version 2; it matches what comes from now on",
        "  + term tariff",
        "  - exclude toy",
        "  name: Trade, now Tariffs",
        "  languages: en, now any",
        "  priority: 2, now 0",
    ]
    held = definition(feedwatch, "Tariffs")
    assert (held["terms"], held["exclude"], held["languages"]) == (["trade war", "tariff"], [], [])
    assert held["synonyms"][0][0] == "Greater Bay Area"  # what is not named stays
    again = feedwatch("watchlists", "change", "Tariffs", "--term", "tariff")
    assert again.out == "'Tariffs' is like that already; nothing was changed\n"


def test_disabled_enabled_and_removed(feedwatch: Call, newsroom: Path) -> None:
    feedwatch("watchlists", "add", "Chips", "--term", "chip")
    assert feedwatch("watchlists", "disable", "chips").out == "disabled 'Chips'\n"
    assert feedwatch("watchlists", "disable", "chips").out == "'Chips' is disabled already\n"
    assert feedwatch("watchlists", "enable", "Chips").out == "enabled 'Chips'\n"
    assert feedwatch("watchlists", "remove", "Chips").out == "removed 'Chips'\n"
    assert feedwatch("watchlists", "show", "Chips").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", " "], "a watchlist needs a name"),
        (["add", "New"], "a watchlist needs something to find: give --term or --query"),
        (["add", "New", "--term", "!"], "--term: the term ! has no letter or digit"),
        (["add", "New", "--query", "a AND"], "--query: AND has nothing after it"),
        (["add", "New", "--term", "a1", "--language", "x y"], "--language 'x y': expected a language tag"),
        (["add", "New", "--term", "a1", "--language", "english"], "--language 'english': expected a language tag"),
        (["add", "New", "--term", "a1", "--priority", "400"], "--priority 400: expected at most 100"),
        (["add", "New", "--term", "a1", "--mode", "some"], "--mode 'some': expected one of 'any' or 'all'"),
        (["add", "New", "--term", "a1", "--source", "RTHK"], "--source 'RTHK': expected a source's name"),
        (["add", "New", "--query", "a1", "--stem", "tlh"], "--stem 'tlh': expected a language whose word forms"),
        (["add", "New", "--query", "a1", "--stem", "en", "--exact"], "expected exact or stem, not both"),
        (["add", "New", "--term", "a1", "--stem", "en"], "--stem says how the queries of this call are read"),
        (["add", "New", "--term", "a1", "--synonyms", "GBB"], "no synonyms set named 'GBB'; did you mean 'GBA'?"),
        (["add", "greater bay area", "--term", "a1"], "the configuration declares a watchlist of this name"),
        (["change", "Greater Bay Area", "--term", "a1"], "'Greater Bay Area' is declared by the configuration"),
        (["disable", "Greater Bay Area"], ".enabled\n"),
        (["remove", "Greater Bay Area"], "is declared by the configuration; change it there:\n  config.yaml:"),
        (["change", "Greter Bay", "--term", "a1"], "did you mean 'Greater Bay Area'? See 'feedwatch watchlists list'"),
        (["import", "config.yaml", "--from", "nobody"], "--from 'nobody': expected one of feedwatch, meltwater"),
        (["import", "config.yaml", "--into", "nowhere"], "--into 'nowhere': expected database or config"),
        (["export", "a.txt"], "a.txt: expected a name that ends in .yaml or .csv"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: list[str], said: str, feedwatch: Call, newsroom: Path
) -> None:
    answer = feedwatch("watchlists", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_one_dropped_that_is_not_there(feedwatch: Call, newsroom: Path) -> None:
    feedwatch("watchlists", "add", "Chips", "--term", "chip")
    answer = feedwatch("watchlists", "change", "Chips", "--drop", "ban")
    assert answer.err == "feedwatch: --drop 'ban': 'Chips' has no such term or query; it has:\n  chip\n"


CSV = (
    "Topic;Keywords;Boolean;Exclude\n"
    "Chips;chip, semiconductor;;basketball\n"
    ';;"""export ban"" ANDNOT toy";\n'
    "Trade;;(tariff OR ban;\n"
    "Greater Bay Area;bay;;\n"
)


def test_an_import_takes_what_it_can_and_tells_the_rest(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "theirs.csv").write_bytes(CSV.encode("utf-16"))
    dry = feedwatch("watchlists", "import", "theirs.csv", "--dry-run")
    assert dry.out == "1 watchlist would be taken over: 1 new\n  new      Chips: 2 terms, 1 query, 1 exclude\n"
    assert feedwatch("watchlists", "show", "Chips").code == 2
    answer = feedwatch("watchlists", "import", "theirs.csv")
    assert answer.code == 1
    assert answer.out.startswith("1 watchlist taken over: 1 new\n")
    lines = answer.err.splitlines()
    assert lines[0] == "theirs.csv:3: Chips: ANDNOT is AND NOT"
    assert lines[1].startswith("theirs.csv:4: left out: Trade: this parenthesis is not closed")
    assert lines[2:4] == ["  (tariff OR ban", "  ^"]
    assert "theirs.csv:5: left out: Greater Bay Area: the configuration declares it" in lines[4]
    held = definition(feedwatch, "Chips")
    assert (held["terms"], held["queries"]) == (["chip", "semiconductor"], ['"export ban" AND NOT toy'])


def test_a_second_import_changes_what_differs(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "a.yaml").write_text("Chips: [chip]\nTrade: [tariff]\n", encoding="utf-8")
    feedwatch("watchlists", "import", "a.yaml")
    (newsroom / "a.yaml").write_text("Chips: [chip, wafer]\nTrade: [tariff]\n", encoding="utf-8")
    assert feedwatch("watchlists", "import", "a.yaml").out.splitlines() == [
        "2 watchlists taken over: 1 changed, 1 same",
        "  changed  Chips: 2 terms",
        "             + term wafer",
        "  same     Trade: 1 term",
    ]


@pytest.mark.parametrize("name", ["out.csv", "out.yaml"])
def test_what_is_exported_is_imported_as_the_same(name: str, feedwatch: Call, newsroom: Path) -> None:
    feedwatch(*TRADE)
    feedwatch("watchlists", "add", "Chips", "--term", "chip")
    feedwatch("watchlists", "disable", "Chips")
    before = definition(feedwatch, "Trade")
    assert feedwatch("watchlists", "export", name).out == f"4 watchlists written to {name}\n"
    for gone in ("Trade", "Chips"):
        feedwatch("watchlists", "remove", gone)
    answer = feedwatch("watchlists", "import", name)
    assert answer.out.startswith("2 watchlists taken over: 2 new\n")
    assert definition(feedwatch, "Trade") == before
    assert json.loads(feedwatch("watchlists", "show", "Chips", "--json").out)["enabled"] is False


def test_for_the_configuration_it_is_printed_to_be_pasted(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "a.yaml").write_text("Chips: [chip, wafer NEAR5 ban]\n", encoding="utf-8")
    answer = feedwatch("watchlists", "import", "a.yaml", "--into", "config")
    assert (
        answer.out == "watchlists:\n  - name: Chips\n    terms:\n      - chip\n    queries:\n      - wafer NEAR/5 ban\n"
    )
    assert answer.err == "a.yaml:1: Chips: NEAR5 is NEAR/5\n"
    assert feedwatch("watchlists", "show", "Chips").code == 2


def test_check_tells_what_may_not_be_meant(feedwatch: Call, nowhere: Path) -> None:
    (nowhere / "config.yaml").write_text(
        "synonyms: {GBA: [GBA, 大湾区]}\nwatchlists:\n  - name: a\n    terms: [chip]\n"
        "    queries: [chip and ban]\n    sources: [scmp*]\n",
        encoding="utf-8",
    )
    answer = feedwatch("check")
    assert answer.code == 0
    said = answer.out.partition("3 things in it may not be meant so:\n")[2].splitlines()
    assert said[0].startswith("config.yaml:5: watchlists[0].queries[0]: and is looked for as a word")
    assert said[3].startswith("config.yaml:6: watchlists[0].sources[0]: no source of this file is called scmp*")
    assert said[4] == "config.yaml:1: synonyms.GBA: no watchlist names this set"


def test_the_example_has_nothing_doubtful(feedwatch: Call, nowhere: Path) -> None:
    feedwatch("init")
    assert "may not be meant" not in feedwatch("check").out
