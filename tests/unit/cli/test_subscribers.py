"""Who is told, from the command line: added, changed, paused, unsubscribed, forgotten; and what stands in the way."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedwatch.store import Store
from feedwatch.store.tables import Subscriber
from tests.unit.cli.conftest import Call

EMAIL = "new@example.org"
CHANNELS = """
channels:
  newsroom: {apprise: "${CHAT_URL}"}
"""


def listed(feedwatch: Call) -> dict[str, Any]:
    """The new subscriber's first row."""
    rows: list[dict[str, Any]] = json.loads(feedwatch("subscribers", "list", "--json").out)
    return next(row for row in rows if row["email"] == EMAIL)


def shown(feedwatch: Call) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(feedwatch("subscribers", "show", EMAIL, "--json").out)
    return state


@pytest.fixture
def added(feedwatch: Call, newsroom: Path) -> Path:
    assert feedwatch("subscribers", "add", EMAIL).out == f"added {EMAIL}\n"
    return newsroom


def test_every_option_of_a_new_subscriber(feedwatch: Call, newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_URL", "json://127.0.0.1:9/newsroom")
    with (newsroom / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(CHANNELS)
    answer = feedwatch(
        "subscribers", "add", EMAIL, "--name", "Ann", "--timezone", "Asia/Macau", "--locale", "zh-Hant",
        "--quiet-hours", "22:00-7:00", "--schedule", "30 6 * * mon-fri", "--watchlist", "greater bay area",
        "--min-stories", "3", "--send-empty", "--channel", "mail", "--channel", "newsroom",
    )  # fmt: skip
    assert answer.out == f"added {EMAIL}\n", answer.err
    state = shown(feedwatch)
    (one,) = state["subscriptions"]
    assert (state["name"], state["timezone"], state["locale"], state["quiet_hours"], state["declared"]) == (
        "Ann", "Asia/Macau", "zh-Hant", "22:00-07:00", False,
    )  # fmt: skip
    assert (one["schedule"], one["watchlists"], one["min_stories"], one["skip_if_empty"], one["channels"]) == (
        "30 6 * * mon-fri", ["Greater Bay Area"], 3, False, ["mail", "newsroom"],
    )  # fmt: skip
    page = feedwatch("subscribers", "show", EMAIL).out
    for said in ("Ann <new@example.org>", "22:00-07:00", "at least 3", "mail, newsroom", "a mail comes all the same"):
        assert said in page


def test_the_next_digest_is_told_on_the_subscribers_clock(feedwatch: Call, added: Path) -> None:
    answer = feedwatch("subscribers", "change", EMAIL, "--timezone", "Asia/Kathmandu", "--schedule", "15 6 * * *")
    assert answer.out.startswith(f"changed {EMAIL}\n  'Digest': next digest 20"), answer.err
    assert answer.out.endswith(" 06:15 (Asia/Kathmandu)\n")
    due = datetime.fromisoformat(listed(feedwatch)["next_due_at"])
    assert (due.hour, due.minute) == (0, 30)  # UTC; Nepal is 5:45 ahead
    row = next(line for line in feedwatch("subscribers", "list").out.splitlines() if line.startswith(EMAIL))
    assert row.split("\t")[6].endswith(" 06:15")


def test_what_is_not_given_stays(feedwatch: Call, added: Path) -> None:
    feedwatch("subscribers", "change", EMAIL, "--watchlist", "greater bay area", "--quiet-hours", "22:00-07:00")
    feedwatch("subscribers", "change", EMAIL, "--min-stories", "2")
    assert shown(feedwatch)["subscriptions"][0]["watchlists"] == ["Greater Bay Area"]
    answer = feedwatch("subscribers", "change", EMAIL, "--watchlist", "", "--quiet-hours", "", "--name", "Ann")
    assert answer.code == 0, answer.err
    state = shown(feedwatch)
    assert (state["name"], state["quiet_hours"], state["subscriptions"][0]["watchlists"]) == ("Ann", "", [])
    again = feedwatch("subscribers", "change", EMAIL, "--name", "Ann")
    assert again.out == f"{EMAIL} is like that already; nothing was changed\n"


@pytest.mark.parametrize(
    "call, said",
    [
        (["add", EMAIL, "--timezone", "Asia/Hongkong"], "did you mean Asia/Hong_Kong?"),
        (["add", EMAIL, "--watchlist", "greater bay aria"], "did you mean 'Greater Bay Area'?"),
        (["add", EMAIL, "--channel", "mial"], "--channel 'mial': there is no such channel; did you mean 'mail'?"),
        (["add", EMAIL, "--channel", "pager"], "--channel 'pager': there is no such channel; there are: mail"),
        (["add", EMAIL, "--quiet-hours", "10pm-7am"], "--quiet-hours '10pm-7am': expected two times of day"),
        (["add", EMAIL, "--quiet-hours", "07:00-07:00"], "expected two times that differ"),
        (["add", EMAIL, "--min-stories", "0"], "--min-stories 0: expected a number from 1 to 1000"),
        (["add", EMAIL, "--locale", "in english"], "--locale 'in english': expected a language tag"),
        (["add", EMAIL, "--schedule", "0 25 * * *"], "--schedule '0 25 * * *': the hour 25 is not in 0-23"),
        (["change", EMAIL, "--schedule", "weekly"], f"{EMAIL}; see 'feedwatch subscribers list'"),
        (["change", "raeder@example.org", "--name", "A"], "did you mean reader@example.org?"),
        (["change", EMAIL], "nothing to change: give an option"),
        (["change", "Reader@example.org", "--schedule", "weekly"], "declared by the configuration; change it there:"),
        (["remove", "reader@example.org", "--yes"], "declared by the configuration; remove it there:"),
        (["resume", "reader@example.org", "--subscription", "Evening"], "there are: 'Morning digest'"),
        (["show", EMAIL], f"there is no subscriber with the address {EMAIL}"),
    ],
)
def test_what_cannot_be_done_is_said(call: list[str], said: str, feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("subscribers", *call)
    assert answer.code == 2
    assert said in answer.err
    assert len(json.loads(feedwatch("subscribers", "list", "--json").out)) == 1


def test_several_things_that_are_wrong_are_said_at_once(feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("subscribers", "add", "new", "--timezone", "Mars", "--schedule", "soon", "--channel", "x")
    assert [line.partition(" ")[0] for line in answer.err.removeprefix("feedwatch: ").splitlines()] == [
        "EMAIL", "--timezone", "--schedule", "--channel",
    ]  # fmt: skip


def test_an_address_that_is_taken_is_to_be_changed(feedwatch: Call, added: Path) -> None:
    answer = feedwatch("subscribers", "add", "New@Example.org")
    assert answer.code == 2
    assert "exists already; to change it:" in answer.err
    assert "feedwatch subscribers change New@Example.org ..." in answer.err


def test_who_is_paused_and_resumed(feedwatch: Call, added: Path) -> None:
    assert "; to go on: " in feedwatch("subscribers", "pause", EMAIL).out
    assert feedwatch("subscribers", "pause", EMAIL).out == f"{EMAIL} is paused already\n"
    assert "\tpaused\t" in feedwatch("subscribers", "list").out
    assert feedwatch("subscribers", "resume", EMAIL).out == f"resumed {EMAIL}\n"
    assert feedwatch("subscribers", "resume", EMAIL).out == f"{EMAIL} is neither paused nor blocked\n"


def test_who_is_blocked_is_shown_with_the_reason_until_resumed(feedwatch: Call, added: Path) -> None:
    store = Store(f"sqlite:///{added / 'data' / 'feedwatch.db'}")
    with store.begin() as session:
        one = session.query(Subscriber).filter_by(email=EMAIL).one()
        one.blocked_at, one.blocked_why = one.added_at, "2 mails in a row came back: no such user"
    store.close()
    for shows in (("list",), ("show", EMAIL)):
        page = feedwatch("subscribers", *shows).out
        assert "blocked" in page
        assert "no such user" in page
    assert feedwatch("subscribers", "resume", EMAIL).out == f"resumed {EMAIL}\n"
    assert (listed(feedwatch)["blocked_at"], listed(feedwatch)["blocked_why"]) == (None, None)


def test_an_unsubscription_stays_until_it_is_taken_back_by_name(feedwatch: Call, newsroom: Path) -> None:
    assert feedwatch("subscribers", "unsubscribe", "reader@example.org").out == (
        "unsubscribed reader@example.org from 'Morning digest'\n"
    )
    assert feedwatch("subscribers", "unsubscribe", "reader@example.org").out == "unsubscribed already\n"
    assert "\tunsubscribed\t" in feedwatch("subscribers", "list").out
    feedwatch("run", "--once")  # declares the subscription anew
    assert "'Morning digest' stays unsubscribed" in feedwatch("subscribers", "resume", "reader@example.org").out
    assert "\tunsubscribed\t" in feedwatch("subscribers", "list").out
    again = feedwatch("subscribers", "resume", "reader@example.org", "--subscription", "morning DIGEST")
    assert again.out == "reader@example.org gets 'Morning digest' again\n"
    assert "unsubscribed" not in feedwatch("subscribers", "list").out


def test_who_is_removed_is_forgotten(feedwatch: Call, added: Path) -> None:
    assert feedwatch("subscribers", "remove", EMAIL, "--yes").out == f"removed {EMAIL}\n"
    assert EMAIL not in feedwatch("subscribers", "list").out
    assert feedwatch("subscribers", "show", EMAIL).code == 2
