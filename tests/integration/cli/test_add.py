"""`sources add`: from an address to a source, and what is asked before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.httpserver import Document, FeedServer, redirect
from tests.integration.cli.conftest import Sources, commands_in
from tests.integration.cli.sites import ITEM_SELECTORS, page, rss
from tests.unit.cli.conftest import Call


def _added(sources: Sources) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(sources("list", "--json").out)
    return [row for row in rows if not row["declared"]]


@pytest.mark.parametrize(
    ("arguments", "name", "path", "kind", "said"),
    [
        (["/paper.xml"], "the-paper", "paper.xml", "feed", "added the-paper: a feed with 3 items;"),
        (["/one"], "the-weekly", "weekly.xml", "feed", "SITE/one is a page; its feed is SITE/weekly.xml (named by"),
        (["/moved"], "the-weekly", "weekly.xml", "feed", "SITE/moved has moved for good to SITE/weekly.xml: that is"),
        (["/elsewhere"], "the-weekly", "elsewhere", "feed", "added the-weekly: a feed"),
        (["/plain.xml", "--name", "map"], "map", "plain.xml", "sitemap", "8 pages to read at the first visit"),
        (["/maps.xml"], "127-0-0-1", "maps.xml", "sitemap", "a sitemap"),
        (["/city/", *ITEM_SELECTORS], "127-0-0-1", "city/", "page", "a page with 6 items"),
        (["/none.xml"], "nothing-yet", "none.xml", "feed", "a feed, empty so far"),
        (["/absent", "--no-check", "--name", "later"], "later", "absent", "feed", "added later; to poll it now:"),
    ],
)
def test_what_is_added(arguments: list[str], name: str, path: str, kind: str, said: str, sources: Sources) -> None:
    answer = sources("add", *arguments)
    assert (answer.code, said in answer.out) == (0, True), answer
    assert [(row["name"], row["url"], row["kind"]) for row in _added(sources)] == [(name, f"SITE/{path}", kind)]
    assert answer.out.endswith(f"\n  feedwatch poll {name}\n")


def test_of_a_page_with_several_feeds_the_wanted_one_is_pasted(sources: Sources) -> None:
    answer = sources("add", "/two")
    assert (answer.code, _added(sources)) == (2, [])
    assert answer.err.startswith("feedwatch: SITE/two is a page with 2 feeds; add the one that you want:\n")
    first, second = commands_in(answer.err)
    assert (first, second) == (["add", "/paper.xml"], ["add", "/comments.xml"])
    assert sources(*first).code == 0


@pytest.mark.parametrize(
    ("path", "code", "next_steps"),
    [
        ("/city/", 2, [["try", "/city/"]]),
        ("/login", 2, [["try", "/login"]]),
        ("/absent", 1, [["try", "/"]]),
        ("/binary", 1, []),
    ],
)
def test_what_cannot_be_added_as_it_is(path: str, code: int, next_steps: list[list[str]], sources: Sources) -> None:
    answer = sources("add", path)
    assert (answer.code, _added(sources)) == (code, [])
    assert commands_in(answer.err) == next_steps
    assert ("--no-check" in answer.err) == (code == 1), "only what was not reached can be added unseen"


def test_a_sitemap_is_not_taken_for_a_page_unasked(sources: Sources, site: FeedServer) -> None:
    site.documents["/news/"] = page("News")
    site.documents["/robots.txt"] = Document(f"Sitemap: {site.url('/maps.xml')}".encode(), content_type="text/plain")
    answer = sources("add", "/news/")
    assert (answer.code, commands_in(answer.err)) == (2, [["add", "/maps.xml"]])


def test_selectors_that_find_nothing_are_noticed_before_they_are_stored(sources: Sources) -> None:
    answer = sources("add", "/city/", "--item", "ul.news > li")
    assert (answer.code, commands_in(answer.err), _added(sources)) == (1, [["try", "/city/"]], [])


@pytest.mark.parametrize("again", ["/weekly.xml", "/one", "/moved"])
def test_what_is_polled_already_is_named(again: str, sources: Sources) -> None:
    sources("add", "/weekly.xml")
    answer = sources("add", again, "--name", "twice")
    assert answer.code == 2
    assert "SITE/weekly.xml is polled already, by the source the-weekly:\n" in answer.err
    assert commands_in(answer.err) == [["show", "the-weekly"]]
    assert len(_added(sources)) == 1


def test_what_the_configuration_declares_is_known_before_it_was_ever_polled(
    sources: Sources, site: FeedServer, newsroom: Path
) -> None:
    with (newsroom / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"  - {{name: declared, url: '{site.url('/paper.xml')}'}}\n")
    assert "polled already, by the source declared" in sources("add", "/paper.xml").err
    assert "a source named declared exists already" in sources("add", "/weekly.xml", "--name", "declared").err
    assert "declared stands in config.yaml and was never polled" in sources("show", "declared").err
    assert "1 more of config.yaml comes in with the first visit" in sources("list", columns=100).out
    (newsroom / "feeds.opml").write_text(
        f'<opml version="2.0"><body><outline text="x" xmlUrl="{site.url("/paper.xml")}"/></body></opml>',
        encoding="utf-8",
    )
    assert sources("import", "feeds.opml").out == "0 sources added, 1 known already\n"


def test_a_local_file_is_called_as_it_is_and_looked_at(sources: Sources, newsroom: Path) -> None:
    sample = newsroom / "samples" / "jiangmen-republished.xml"
    (newsroom / "my wire.xml").write_bytes(sample.read_bytes())
    assert sources("add", "my wire.xml").out.startswith("added my-wire: a feed with 3 items;")
    (newsroom / "notes.txt").write_text("nothing", encoding="utf-8")
    refused = sources("add", "notes.txt")
    assert (refused.code, "notes.txt: Plain text, not a feed" in refused.err) == (1, True)
    assert "is polled already, by the source sample" in sources("add", "samples/jiangmen-republished.xml").err


def test_everything_that_is_given_is_kept(sources: Sources, feedwatch: Call) -> None:
    words = ["--title", "City", "--language", "zh-Hans", "--timezone", "Asia/Shanghai", "--interval", "2h"]
    words += ["--tag", "a, b", "--full-text", "--archive-pages", "3", "--item-title", "a", *ITEM_SELECTORS]
    assert sources("add", "/city/", *words).code == 0
    (row,) = _added(sources)
    assert (row["title"], row["language"], row["timezone"], row["interval"]) == (
        "City",
        "zh-Hans",
        "Asia/Shanghai",
        7200,
    )
    assert (row["tags"], row["options"]["full_text"], row["options"]["archive_pages"]) == (["a, b"], True, 3)
    assert row["options"]["selectors"]["title"] == "a"


def test_a_second_source_of_one_title_gets_a_name_of_its_own(sources: Sources, site: FeedServer) -> None:
    site.documents["/other.xml"] = Document(rss("The Paper", site))
    sources("add", "/paper.xml")
    sources("add", "/other.xml")
    assert [row["name"] for row in _added(sources)] == ["the-paper", "the-paper-2"]


def test_a_redirect_in_a_circle_is_told(sources: Sources, site: FeedServer) -> None:
    site.documents["/circle"] = redirect("/circle")
    answer = sources("add", "/circle")
    assert (answer.code, "SITE/circle: redirects in a circle" in answer.err) == (1, True)
