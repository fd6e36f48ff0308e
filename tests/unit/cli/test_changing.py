"""The commands that change something, told from what a later command shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Call

OPML = """<opml version="2.0"><body><outline text="Hong Kong">
<outline type="rss" text="One" xmlUrl="https://one.example.org/feed"/>
<outline type="rss" text="Two" xmlUrl="https://two.example.org/feed"/>
</outline></body></opml>"""


def _rows(feedwatch: Call, group: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(feedwatch(group, "list", "--json").out)
    return rows


def test_init_writes_a_configuration_that_is_fine(feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch("init")
    assert answer.code == 0
    assert {path.name for path in nowhere.rglob("*") if path.is_file()} == {"config.yaml", "jiangmen-republished.xml"}
    assert feedwatch("check").code == 0


def test_init_into_a_folder_says_how_to_go_on(feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch("init", "news room")
    assert answer.code == 0
    assert "Look through news room/config.yaml" in answer.out
    assert "run --config 'news room/config.yaml'" in answer.out
    assert feedwatch("check", "--config", "news room/config.yaml").code == 0


@pytest.mark.parametrize("present", ["config.yaml", "samples/jiangmen-republished.xml"])
def test_init_writes_over_nothing(present: str, feedwatch: Call, nowhere: Path) -> None:
    (nowhere / present).parent.mkdir(exist_ok=True)
    (nowhere / present).write_text("mine", encoding="utf-8")
    answer = feedwatch("init")
    assert (answer.code, answer.err) == (2, f"feedwatch: {present} exists already; nothing was written over it\n")
    assert [path.read_text() for path in nowhere.rglob("*") if path.is_file()] == ["mine"]


def test_a_source_is_added_and_due_at_once(feedwatch: Call, newsroom: Path) -> None:
    words = ["https://example.org/feed.xml", "--title", "An Example", "--tag", "a", "--tag", "b", "--no-check"]
    answer = feedwatch("sources", "add", *words)
    assert answer.out == "added an-example; to poll it now:\n  feedwatch poll an-example\n"
    added = next(row for row in _rows(feedwatch, "sources") if row["name"] == "an-example")
    assert (added["url"], added["tags"], added["declared"]) == ("https://example.org/feed.xml", ["a", "b"], False)
    assert re.search(r"an-example +0 +- +never visited +now", feedwatch("sources", "list", columns=80).out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["example.org/feed"], "there is no file example.org/feed; if it is a web address:\n"),
        (["ftp://example.org/feed"], "ftp://example.org/feed cannot be polled: expected one that begins with https://"),
        (["https://example.org/", "--interval", "5"], "--interval '5': expected a duration with its unit"),
        (["https://example.org/", "--timezone", "Mars"], "--timezone 'Mars': expected an IANA time zone"),
        (["https://example.org/", "--name", "A B"], "--name 'A B': expected small letters, digits"),
        (["https://example.org/", "--name", "sample"], "a source named sample exists already:"),
    ],
)
def test_a_source_that_cannot_be_added(arguments: list[str], said: str, feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("sources", "add", *arguments)
    assert answer.code == 2
    assert answer.err.startswith(f"feedwatch: {said}")
    assert len(_rows(feedwatch, "sources")) == 1


def test_a_local_file_is_a_source(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "more.xml").write_bytes((newsroom / "samples" / "jiangmen-republished.xml").read_bytes())
    assert feedwatch("sources", "add", "more.xml", "--name", "more").code == 0
    answer = feedwatch("poll", "more")
    assert "3 new items in 0 new stories" in answer.out
    stories = json.loads(feedwatch("stories", "--json").out)
    assert [story["item_count"] for story in stories] == [2, 2, 2]


def test_opml_goes_out_as_it_came_in(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "feeds.opml").write_text(OPML, encoding="utf-8")
    assert feedwatch("sources", "import", "feeds.opml").out == "2 sources added, 0 known already\n"
    assert feedwatch("sources", "import", "feeds.opml").out == "0 sources added, 2 known already\n"
    assert feedwatch("sources", "export", "out.opml").out == "2 sources written to out.opml, 1 left out\n"
    written = (newsroom / "out.opml").read_text(encoding="utf-8")
    assert set(re.findall(r'xmlUrl="([^"]+)"', written)) == set(re.findall(r'xmlUrl="([^"]+)"', OPML))
    assert 'text="Hong Kong"' in written


def test_a_source_that_moved_is_polled_and_then_none_is_due(feedwatch: Call, newsroom: Path) -> None:
    assert "1 source polled" in feedwatch("poll").out
    assert "No source is due." in feedwatch("poll").out
    assert "1 source polled" in feedwatch("poll", "--all").out


def test_a_failed_poll_of_a_named_source_is_a_failure(feedwatch: Call, newsroom: Path) -> None:
    (newsroom / "broken.xml").write_text("<html>moved</html>", encoding="utf-8")
    feedwatch("sources", "add", "broken.xml", "--name", "broken", "--no-check")
    answer = feedwatch("poll", "broken")
    assert answer.code == 1
    assert "1 failed" in answer.out
    assert feedwatch("poll", "sample").code == 0


def test_a_watchlist_matches_what_comes_from_then_on(feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("watchlists", "add", "Bridges", "--term", "bridge economy", "--exclude", "toll")
    assert answer.out == (
        "added 'Bridges'; it matches what comes from now on\n"
        "To match the archive with it too:\n  feedwatch watchlists backfill Bridges\n"
    )
    assert "matched nothing yet" in feedwatch("watchlists", "show", "bridges").out
    (newsroom / "more.xml").write_bytes((newsroom / "samples" / "jiangmen-republished.xml").read_bytes())
    feedwatch("sources", "add", "more.xml", "--name", "more")
    assert "Bridges: 1 item" in feedwatch("poll", "more").out
    assert "matched 1 item in 1 story" in feedwatch("watchlists", "show", "Bridges").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["New"], "a watchlist needs something to find: give --term or --query"),
        ([" ", "--term", "a"], "a watchlist needs a name"),
        (["New", "--query", "(a OR"], "--query: OR has nothing after it"),
        (["greater bay area", "--term", "a"], "the configuration declares a watchlist of this name; change it there:"),
    ],
)
def test_a_watchlist_that_cannot_be_added(arguments: list[str], said: str, feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("watchlists", "add", *arguments)
    assert answer.code == 2
    assert answer.err.startswith(f"feedwatch: {said}")
    assert len(_rows(feedwatch, "watchlists")) == 2


def test_a_subscriber_gets_a_digest_and_none_while_paused(feedwatch: Call, newsroom: Path) -> None:
    add = ["subscribers", "add", "New@example.org", "--timezone", "Asia/Macau", "--watchlist", "greater bay area"]
    assert feedwatch(*add).out == "added New@example.org\n"
    assert "Subject: Digest" in feedwatch("digest", "preview", "--to", "new@example.org").out
    assert "to go on: feedwatch subscribers resume" in feedwatch("subscribers", "pause", "new@example.org").out
    paused = next(row for row in _rows(feedwatch, "subscribers") if row["email"] == "New@example.org")
    assert (paused["paused"], paused["watchlists"]) == (True, ["Greater Bay Area"])
    assert feedwatch("subscribers", "resume", "new@example.org").code == 0
    sent = feedwatch("digest", "send", "--to", "new@example.org")
    assert "New@example.org, Digest: edition 2, 1 story" in sent.out
    assert "sent to New@example.org: " in sent.out
    assert len(list((newsroom / "data" / "outbox").glob("*.eml"))) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "new"], "EMAIL 'new': expected a mail address such as me@example.org"),
        (["add", "new@example.org", "--timezone", "Mars"], "--timezone 'Mars': expected an IANA time zone"),
        (["add", "new@example.org", "--schedule", "soon"], "--schedule 'soon': expected instant, hourly, daily"),
        (["add", "new@example.org", "--watchlist", "nope"], "--watchlist: there is no watchlist named 'nope'"),
        (["add", "Reader@Example.org"], "Reader@Example.org is declared by the configuration; change it there:"),
        (["pause", "new@example.org"], "there is no subscriber with the address new@example.org"),
        (["resume", "new@example.org"], "there is no subscriber with the address new@example.org"),
    ],
)
def test_a_subscriber_that_cannot_be(arguments: list[str], said: str, feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("subscribers", *arguments)
    assert answer.code == 2
    assert answer.err.startswith(f"feedwatch: {said}")
    assert len(_rows(feedwatch, "subscribers")) == 1


def test_a_mail_that_was_not_sent_is_told_and_can_be_tried_again(feedwatch: Call, newsroom: Path) -> None:
    outbox = newsroom / "data" / "outbox"
    kept = outbox.rename(newsroom / "data" / "kept")
    outbox.write_text("in the way", encoding="utf-8")
    feedwatch("subscribers", "add", "new@example.org")
    answer = feedwatch("digest", "send", "--to", "new@example.org")
    assert answer.code == 1
    assert "not sent to new@example.org: " in answer.err
    outbox.unlink()
    kept.rename(outbox)
    assert feedwatch("deliveries", "retry", "2").out == "1 delivery to be tried again\n"
    assert [row["state"] for row in _rows(feedwatch, "deliveries")] == ["retry", "sent"]
