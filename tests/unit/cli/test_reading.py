"""The commands that look: into a pipe one line a row, for programs JSON, on a terminal a table of 80 columns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.unit.cli.conftest import Call

LISTS = ["items", "stories", "sources list", "watchlists list", "subscribers list", "digest list", "deliveries list"]
SHOWN_AS_JSON = [
    *(f"{command} --json" for command in LISTS),
    "items 3 --json",
    "match bridge --json",
    "sources show sample --json",
    "sources try samples/jiangmen-republished.xml --json",
    "watchlists show greater --json",
    "poll sample --json",
    "health --json",
]


@pytest.mark.parametrize("command", SHOWN_AS_JSON)
def test_json(command: str, feedwatch: Call, newsroom: Path) -> None:
    words = ["Greater Bay Area" if word == "greater" else word for word in command.split()]
    answer = feedwatch(*words)
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)


def test_json_holds_what_a_program_needs(feedwatch: Call, newsroom: Path) -> None:
    item = next(item for item in json.loads(feedwatch("items", "--json").out) if item["id"] == 3)
    assert item["source"] == "sample"
    assert item["watchlists"] == ["Greater Bay Area", "High-quality development"]
    assert item["published_at"].endswith("+00:00")
    source = json.loads(feedwatch("sources", "list", "--json").out)[0]
    assert (source["name"], source["item_count"], source["enabled"]) == ("sample", 3, True)
    match = json.loads(feedwatch("match", '"bridge economy"', "--json").out)[0]
    assert (match["item"]["id"], match["spans"][0]["field"]) == (3, "text")


@pytest.mark.parametrize(
    ("command", "rows", "columns"),
    [
        ("items", 3, 5),
        ("stories", 3, 8),
        ("sources list", 1, 7),
        ("watchlists list", 2, 6),
        ("subscribers list", 1, 9),
        ("digest list", 1, 5),
        ("deliveries list", 1, 7),
    ],
)
def test_into_a_pipe_a_row_is_a_line(command: str, rows: int, columns: int, feedwatch: Call, newsroom: Path) -> None:
    lines = feedwatch(*command.split()).out.splitlines()
    assert [line.count("\t") + 1 for line in lines] == [columns] * rows


@pytest.mark.parametrize("command", [*LISTS, "sources show sample"])
def test_on_a_terminal_a_table_keeps_its_words_whole(command: str, feedwatch: Call, newsroom: Path) -> None:
    """At 80 columns no line is longer, and no word of a title, name, address or time is broken in two."""
    shown = feedwatch(*command.split(), columns=80).out
    assert max(cell_len(line) for line in shown.splitlines() if not line.startswith("  File ")) <= 80
    piped = re.sub(r"\S*/\S*", "", feedwatch(*command.split()).out)
    is_relative_time = command == "sources list"
    wanted = {word for word in piped.split() if not (is_relative_time and re.match(r"\d\d\d\d-|\d\d:", word))}
    left_out = {"stories": {"en"}, "sources list": {"Sample", "scraped", "feed", "en"}}
    left_out["subscribers list"] = {"Example", "Reader", "all", "mail"}
    assert wanted - set(shown.split()) - left_out.get(command, set()) == set()


def test_where_there_is_room_nothing_is_left_out(feedwatch: Call, newsroom: Path) -> None:
    assert "Sample scraped feed" not in feedwatch("sources", "list", columns=80).out
    assert "Sample scraped feed" in feedwatch("sources", "list", columns=140).out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("items 3", ["Pengjiang District", "time from: text", "matched by 'Greater Bay Area'", "story 3, revision 1"]),
        ("match bridge", ["item 3, sample", "1 item of 3 matched"]),
        ("match zebra", ["0 items of 3 matched"]),
        ("match of --limit 1", ["the newest 1 are shown, --limit shows more"]),
        ("items --since 1d", ["No items here."]),
        ("items --language zh", ["No items here."]),
        ("stories --watchlist High-quality\u00a0development", ["Pengjiang"]),
        (
            "sources show sample",
            ["Sample scraped feed", "Asia/Shanghai, for dates that name none", "the configuration"],
        ),
        ("watchlists show Greater\u00a0Bay\u00a0Area", ["matched 1 item in 1 story", "exclude", "大湾区"]),
        ("digest show", ["To: Example Reader <reader@example.org>", "Subject: Morning digest", "Matched: "]),
        ("digest preview", ["Nothing to tell that this subscriber was not told of already."]),
        ("digest send", ["reader@example.org, Morning digest: nothing new to tell"]),
        ("deliveries list --state dead", ["No delivery is in this state."]),
        ("deliveries retry --all", ["nothing waits for another try"]),
        ("check", ["config.yaml is fine: 1 source, 2 watchlists, 1 subscriber.", "no mail.smtp is set"]),
        ("db upgrade", ["is at schema version", "already"]),
        ("poll sample", ["1 source polled, 1 unchanged", "0 new items in 0 new stories"]),
        ("health", ["Healthy: nothing is overdue by more than 10m."]),
        ("sources export", ["<opml"]),
    ],
)
def test_what_is_said(command: str, said: list[str], feedwatch: Call, newsroom: Path) -> None:
    words = [word.replace("\u00a0", " ") for word in command.split(" ")]
    answer = feedwatch(*words)
    assert answer.code == 0, answer.err
    assert [part for part in said if part not in " ".join(answer.out.split())] == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("items 99", "there is no item 99; see 'feedwatch items'"),
        ("items --source nope", "there is no source named 'nope'; see 'feedwatch sources list'"),
        ("stories --watchlist nope", "there is no watchlist named 'nope'; see 'feedwatch watchlists list'"),
        ("items --since yesterday", "--since 'yesterday': expected an age such as 12h or 30d, or a date"),
        ("match (a", "this parenthesis is not closed"),
        ("sources show nope", "there is no source named 'nope'"),
        ("poll nope", "there is no source named 'nope'"),
        ("watchlists show nope", "there is no watchlist named 'nope'"),
        ("digest show 99", "there is no edition 99; see 'feedwatch digest list'"),
        ("digest preview --to nobody@example.org", "there is no active subscriber with the address nobody@example.org"),
        ("digest send --to nobody@example.org", "there is no active subscriber with the address nobody@example.org"),
        ("deliveries list --state lost", "--state 'lost': expected one of pending, sending, retry, sent, dead"),
        ("deliveries retry", "name deliveries by their number, or give --all"),
        ("deliveries retry 99", "none of these waits for another try"),
    ],
)
def test_what_does_not_exist(command: str, said: str, feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch(*command.split())
    assert answer.code == 2
    assert answer.err.startswith("feedwatch: ")
    assert said in answer.err
    assert answer.out == ""


def test_a_digest_can_be_written_as_html(feedwatch: Call, newsroom: Path) -> None:
    assert feedwatch("digest", "show", "--html", "digest.html").code == 0
    assert "<html" in (newsroom / "digest.html").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("digest", "show", "--html", "nowhere/digest.html")
    assert (answer.code, answer.err) == (1, "feedwatch: nowhere/digest.html: No such file or directory\n")


def test_the_problems_of_a_configuration_are_counted_and_told(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "config.yaml").write_text("pol: {}\nlog: {level: loud}\n", encoding="utf-8")
    answer = feedwatch("check")
    assert answer.code == 1
    assert answer.err.startswith(
        "feedwatch: the configuration cannot be used; 2 problems:\nconfig.yaml:1: pol: unknown"
    )
