"""`feedwatch watchlists test`, `suggest` and `backfill`: what a monitor sees of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedwatch.digest.columns import columns
from tests.unit.cli.conftest import Call

ALL = "--since", "2020-01-01"


@pytest.fixture
def bridges(feedwatch: Call, archive: Path) -> Call:
    """An archive with a watchlist of bridges, which was added when all was there."""
    added = feedwatch("watchlists", "add", "Bridges", "--term", "bridge", "--term", "大橋", "--term", "gondola",
                      "--exclude", "ferry")  # fmt: skip
    assert added.code == 0, added.err
    return feedwatch


def test_a_test_tells_how_much_when_and_by_what(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "bridges", *ALL)
    lines = answer.out.splitlines()
    assert (answer.code, answer.err, lines[0]) == (0, "", "Bridges")
    assert ": 2 stories in 2 items, of " in lines[1]
    for head in ("Stories a ", "The best", "What each term and query brings", "Kept out by exclude: "):
        assert head in answer.out
    assert "  Never matched: 'gondola'" in lines


def test_examples_show_where_they_matched(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "Bridges", *ALL)
    assert "  大桥收费7元" in answer.out.splitlines()
    assert ", chinese, 2026-03-02 " in answer.out and "by 大橋" in answer.out


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_terminal(bridges: Call, width: int) -> None:
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--term", "Jiangmen", columns=width)
    assert answer.code == 0
    assert max(map(columns, answer.out.splitlines())) <= width
    passages = [line for line in answer.out.splitlines() if "江门" in line or "Jiangmen" in line]
    assert passages and all(line.startswith("  ") for line in passages if "by " not in line)


def test_into_a_pipe_a_passage_is_one_line(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--term", "Jiangmen")
    assert max(map(len, answer.out.splitlines())) > 120


def test_a_draft_is_compared_with_what_is_saved_and_is_not_saved(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--query", "Jiangmen AND mayor", "--exclude", "gondola")
    assert "From what is saved to the draft" in answer.out
    shown = bridges("watchlists", "show", "Bridges")
    assert "Jiangmen" not in shown.out


def test_another_watchlist_to_compare_with(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--against", "high-quality development")
    assert "From 'Bridges' to high-quality development" in answer.out
    assert "gained" in answer.out and "lost" in answer.out


@pytest.mark.parametrize(
    "name, text",
    [
        ("next.yaml", "watchlists:\n  - name: bridges\n    terms: [bridge, ferry]\n"),
        ("one.yaml", "terms: [bridge, ferry]\n"),
        ("one.json", '{"terms": ["bridge", "ferry"]}'),
    ],
)
def test_a_file_to_compare_with(bridges: Call, archive: Path, name: str, text: str) -> None:
    (archive / name).write_text(text, encoding="utf-8")
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--against", name, "--json")
    assert answer.code == 0, answer.err
    change = json.loads(answer.out)["change"]
    assert [one["title"][:22] for one in change["gained_examples"]] == ["The toll of the bridge"]
    assert "大桥收费7元" in [one["title"] for one in change["lost_examples"]]


def test_the_same_in_a_file_changes_nothing(bridges: Call, archive: Path) -> None:
    (archive / "same.yaml").write_text("terms: [bridge, 大橋, gondola]\nexclude: [ferry]\n", encoding="utf-8")
    answer = bridges("watchlists", "test", "Bridges", *ALL, "--against", "same.yaml")
    assert answer.out.endswith("\nsame.yaml has the same: nothing would change.\n")


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (("test", "Brigdes"), "there is no watchlist named 'Brigdes'; did you mean 'Bridges'?"),
        (("suggest", "Brigdes"), "there is no watchlist named 'Brigdes'; did you mean 'Bridges'?"),
        (("backfill", "Brigdes"), "there is no watchlist named 'Brigdes'; did you mean 'Bridges'?"),
        (("test", "Bridges", "--against", "nowhere.yaml"), "--against 'nowhere.yaml': there is no such file"),
        (("test", "Bridges", "--against", "Tunnels"), "there is no watchlist named 'Tunnels'"),
        (("test", "Bridges", "--against", "empty.yaml"), "--against empty.yaml: expected at least one entry"),
        (("test", "Bridges", "--against", "config.yaml"), "it declares no watchlist named 'Bridges'"),
        (("test", "Bridges", "--since", "soon"), "--since 'soon': expected an age such as 12h or 30d"),
        (("test", "Bridges", "--query", "(toll"), "(toll"),
    ],
)
def test_a_wrong_call_says_what_to_do(bridges: Call, archive: Path, arguments: tuple[str, ...], complaint: str) -> None:
    (archive / "empty.yaml").write_text("description: nothing\n", encoding="utf-8")
    answer = bridges("watchlists", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert complaint in answer.err


def test_a_window_without_items(bridges: Call) -> None:
    answer = bridges("watchlists", "test", "Bridges", "--since", "1m")
    assert "0 stories in 0 items, of 0 items in the archive" in answer.out


def test_suggestions_of_a_small_archive_say_why_there_are_none(bridges: Call) -> None:
    answer = bridges("watchlists", "suggest", "Bridges", *ALL)
    assert (answer.code, answer.out.splitlines()[0]) == (0, "Bridges")
    assert "Nothing stands out. It takes three stories or more" in answer.out


def test_a_backfill_is_tried_then_done_then_nothing_is_left_to_do(bridges: Call) -> None:
    tried = bridges("watchlists", "backfill", "Bridges", *ALL, "--dry-run")
    assert tried.out == "'Bridges': 2 matches would be added, 0 changed, 0 removed; 0 as before\n"
    assert "matched nothing yet" in bridges("watchlists", "show", "Bridges").out
    done = bridges("watchlists", "backfill", "Bridges", *ALL)
    assert done.out == "'Bridges': 2 matches added, 0 changed, 0 removed; 0 as before\n"
    assert "matched 2 items in 2 stories" in bridges("watchlists", "show", "Bridges").out
    again = json.loads(bridges("watchlists", "backfill", "Bridges", *ALL, "--json").out)
    assert again["matches"] == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}


@pytest.mark.parametrize("command", ["show", "test", "suggest", "backfill"])
def test_a_watchlist_that_is_declared_and_not_taken_over_yet(feedwatch: Call, newsroom: Path, command: str) -> None:
    declared = (newsroom / "config.yaml").read_text(encoding="utf-8")
    added = declared.replace("\nwatchlists:\n", "\nwatchlists:\n  - {name: Ferries, terms: [ferry]}\n", 1)
    (newsroom / "config.yaml").write_text(added, encoding="utf-8")
    answer = feedwatch("watchlists", command, "Ferries")
    assert answer.code == 2
    assert "'Ferries' is declared, and taken over when the daemon starts or gets SIGHUP" in answer.err
