"""`sources show`, `pause`, `resume` and `remove`: how a source stands, and the way on from there."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.store import Store
from feedwatch.store.tables import HubLease, Source
from tests.httpserver import Document, FeedServer
from tests.integration.cli.conftest import Sources, commands_in
from tests.unit.cli.conftest import Call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

SOON = datetime.now(UTC) + timedelta(hours=2)


@contextmanager
def _database(newsroom: Path) -> Iterator[Session]:
    with closing(Store(f"sqlite:///{newsroom / 'data' / 'feedwatch.db'}")) as store, store.begin() as session:
        yield session


@pytest.mark.parametrize(
    ("path", "options", "reason"),
    [
        ("/paper.xml", [], "it has been quiet for"),
        ("/none.xml", [], "its rhythm is not known yet"),
        ("/paper.xml", ["--interval", "2h"], "its interval is 2h"),
        ("/weekly.xml", [], "it has been quiet for"),  # for longer than the 40 minutes that Cache-Control asks for
        ("/absent", [], "it failed once"),
        ("/busy", [], "the server asked to wait (Retry-After)"),
        ("/hints.xml", [], "the feed asks for a visit every 90m at the most (ttl)"),
    ],
)
def test_the_next_visit_and_why(path: str, options: list[str], reason: str, sources: Sources, feedwatch: Call) -> None:
    sources("add", path, "--name", "tried", "--no-check", *options)
    assert "due since" in sources("show", "tried").out
    feedwatch("poll", "tried")
    (line,) = [line for line in sources("show", "tried").out.splitlines() if "Next visit" in line]
    assert re.search(rf", in \d+[mh]: {re.escape(reason)}", line), line


def test_a_page_is_shown_with_its_selectors_and_options(sources: Sources) -> None:
    sources("add", "/city/", "--name", "city", "--item", "ul.list > li", "--full-text", "--archive-pages", "2")
    shown = sources("show", "city").out
    assert "a page: item 'ul.list > li'\n" in shown
    assert "of each new article's own page" in shown
    assert "up to 2 documents of earlier entries, at the first visit" in shown


def test_what_is_cleaned_and_kept_of_a_source_is_shown(sources: Sources, newsroom: Path) -> None:
    options = {"rules_off": ["hashtags", "share"], "preferred": True, "keep_s": 30 * 86_400, "keep_items": 1500}
    sources("add", "/paper.xml", "--name", "tried")
    with _database(newsroom) as session:
        session.execute(sa.update(Source).where(Source.name == "tried").values(options=options))
    shown = " ".join(sources("show", "tried").out.split())
    assert "without hashtags, share" in shown
    assert "its copy of a story stands for all" in shown
    assert "items that match nothing for 30d, the newest 1,500" in shown


def test_a_source_that_is_gone_is_looked_at_again_by_name(sources: Sources, feedwatch: Call, site: FeedServer) -> None:
    sources("add", "/gone", "--name", "gone", "--no-check")
    feedwatch("poll", "gone")
    shown = sources("show", "gone").out
    assert "none: gone for good, the server says (HTTP 410), since 2" in shown
    assert "to look whether it is back: feedwatch poll gone" in shown
    answer = feedwatch("poll", "gone")
    assert (answer.code, "online" in answer.out) == (1, False), "a site that answers was reached"
    site.documents["/gone"] = Document(site.documents["/paper.xml"].body)
    assert feedwatch("poll", "gone").code == 0
    assert "Next visit" in sources("show", "gone").out
    assert "gone for good" not in sources("show", "gone").out


def test_a_source_that_has_moved_says_where_to(sources: Sources, feedwatch: Call) -> None:
    sources("add", "/moved", "--name", "old", "--no-check")
    for _ in range(3):
        feedwatch("poll", "old")
    assert "SITE/weekly.xml, for good as the server says; polled there" in sources("show", "old").out
    assert "SITE/weekly.xml is polled already, by the source old" in sources("add", "/weekly.xml").err


@pytest.mark.parametrize(
    ("state", "values", "said"),
    [
        ("wanted", {}, "could push, once web.listen and web.public_url are set"),
        ("asked", {}, "asked to push; it has not confirmed yet; asked again 2"),
        ("active", {"lease_until": SOON}, "pushes until 2"),
        ("active", {"lease_until": SOON, "last_pushed_at": SOON}, "; last push 2"),
        ("active", {"lease_until": SOON - timedelta(days=2)}, "its promise to push has ended"),
        ("denied", {"last_error": "not for you"}, "refuses to push; asked again 2"),
        ("unwanted", {}, "to be told to stop"),
    ],
)
def test_how_it_stands_with_its_hub(
    state: str, values: dict[str, object], said: str, sources: Sources, feedwatch: Call, newsroom: Path
) -> None:
    sources("add", "/hints.xml", "--name", "pushed")
    feedwatch("poll", "pushed")
    with _database(newsroom) as session:
        session.execute(sa.update(HubLease).values(state=state, next_attempt_at=SOON, **values))
    shown = sources("show", "pushed").out
    assert f"SITE/hub: {said}" in shown or ("SITE/hub: pushes until" in shown and said in shown)
    assert ("(not for you)" in shown) == (state == "denied")


def test_paused_is_not_polled_until_resumed(sources: Sources, feedwatch: Call, site: FeedServer) -> None:
    sources("add", "/paper.xml", "--name", "paper")
    site.forget()
    paused = sources("pause", "paper")
    assert (paused.code, paused.out) == (0, "paused paper; to go on: feedwatch sources resume paper\n")
    assert "none: paused" in sources("show", "paper").out
    assert "paused" in sources("list").out
    feedwatch("poll", "--all")
    refused = feedwatch("poll", "paper")
    assert (refused.code, refused.err) == (
        2,
        "feedwatch: paper is not polled: paused; see 'feedwatch sources show paper'\n",
    )
    assert site.requests == []
    assert sources("resume", "paper").code == 0
    assert ": it was resumed" in sources("show", "paper").out
    feedwatch("poll")
    assert len(site.requests_for("/paper.xml")) == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["resume", "paper"], "paper is not paused"),
        (["remove", "paper"], "paper has brought items, which stay in the archive; it can be paused, not removed"),
        (["pause", "sample"], "sample is declared in config.yaml: to pause it, set its enabled to false there"),
        (["resume", "sample"], "sample is declared in config.yaml"),
        (["remove", "sample"], "sample is declared in config.yaml"),
        (["pause", "nope"], "there is no source named 'nope'"),
        (["show", "nope"], "there is no source named 'nope'"),
    ],
)
def test_what_cannot_be_changed(call: list[str], said: str, sources: Sources, feedwatch: Call) -> None:
    sources("add", "/paper.xml", "--name", "paper")
    feedwatch("poll", "paper")
    before = sources("list").out
    answer = sources(*call)
    assert (answer.code, answer.err.startswith(f"feedwatch: {said}")) == (2, True), answer.err
    assert sources("list").out == before


def test_a_source_without_items_is_removed_with_its_visits_and_its_hub(
    sources: Sources, feedwatch: Call, newsroom: Path
) -> None:
    sources("add", "/absent", "--name", "slip", "--no-check")
    feedwatch("poll", "slip")
    assert sources("remove", "slip").out == "removed slip\n"
    assert sources("show", "slip").code == 2
    assert sources("add", "/absent", "--name", "slip", "--no-check").code == 0


def test_a_source_that_is_just_being_polled_is_not_removed(sources: Sources, newsroom: Path) -> None:
    sources("add", "/absent", "--name", "slip", "--no-check")
    with _database(newsroom) as session:
        session.execute(sa.update(Source).where(Source.name == "slip").values(lease_owner="a:1", lease_until=SOON))
    assert "slip is being polled just now" in sources("remove", "slip").err


def test_what_was_taken_out_of_the_configuration_is_put_back_there(
    sources: Sources, feedwatch: Call, newsroom: Path
) -> None:
    config = newsroom / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").partition("sources:\n")[0], encoding="utf-8")
    feedwatch("poll")
    assert "to go on, declare it there again under its name" in sources("show", "sample").out
    assert "removed from the configuration; declare it there again" in sources("resume", "sample").err
    assert commands_in(sources("show", "sample").out) == []


def test_at_80_columns_long_values_go_on_below(sources: Sources, feedwatch: Call) -> None:
    sources("add", "/hints.xml", "--name", "hints")
    feedwatch("poll", "hints")
    shown = sources("show", "hints", columns=80).out
    assert [line for line in shown.splitlines() if len(line) > 80] == []
