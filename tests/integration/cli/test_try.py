"""`sources try`: what it says of every kind of address, and that what it prints can be pasted."""

from __future__ import annotations

import json
import re
import shlex
import socket
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.httpserver import Document, FeedServer
from tests.integration.cli.conftest import Sources, commands_in
from tests.integration.cli.sites import ITEM_SELECTORS
from tests.unit.cli.conftest import Call
from tests.unit.parse.pages import GOVERNMENT


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/paper.xml", ["is a feed: The Paper", "items 3", "sources add SITE/paper.xml"]),
        ("/two", ["is a page, not a feed", "Comments for The Paper: a feed with 1 entry, the newest of 2025-07-28"]),
        ("/one", ["SITE/weekly.xml\n    The Weekly: a feed with 3 entries", "named by the page"]),
        ("/city/", ["--item 'ul.list > li' --date span.date", "江门市召开高质量发展大会"]),
        ("/maps.xml", ["a sitemap", "2 sitemaps; below, what is new in SITE/plain.xml", "Report 7"]),
        ("/plain.xml", ["the pages of 3 were read for this look, a first visit asks for 8"]),
        ("/scripts", ["Scripts are not run"]),
        ("/login", ["asks for a password"]),
        ("/moved", ["moved to SITE/weekly.xml, for good as the server says", "sources add SITE/weekly.xml"]),
        ("/elsewhere", ["redirects to SITE/weekly.xml", "sources add SITE/elsewhere"]),
        ("/weekly.xml", ["the answer holds for 40m (Cache-Control)"]),
        (
            "/hints.xml",
            ["a visit every 1h30m is enough (ttl)", "in the hours 03 of UTC", "can push", "--archive-pages"],
        ),
        ("/none.xml", ["items none yet"]),
        ("/cut.xml", ["warning", "Cut off before its end", "items 3"]),
    ],
)
def test_what_stands_there(path: str, said: list[str], sources: Sources) -> None:
    answer = sources("try", path)
    assert answer.code == 0, answer.err
    shown = re.sub(r"(?<=\S) {2,}", " ", answer.out)
    assert [words for words in said if words not in shown] == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/absent", ["SITE/absent: answered HTTP 404 Not Found", "sources try SITE/\n"]),
        ("/gone", ["answered HTTP 410 Gone", "sources try SITE/\n"]),
        ("/locked", ["answered HTTP 401", "declared in config.yaml"]),
        ("/busy", ["answered HTTP 429", "left alone for 10m"]),
        ("/broken", ["answered HTTP 500", "the site's own"]),
        ("/binary", ["SITE/binary: Binary bytes, neither feed nor sitemap nor page"]),
        ("http://10.0.0.1/feed", ["leads to the private address 10.0.0.1", "fetch.allow_private_hosts"]),
        ("http://nowhere.invalid/", ["http://nowhere.invalid/: the host name nowhere.invalid is not known (DNS)"]),
    ],
)
def test_what_cannot_be_read_is_told_with_the_next_step(path: str, said: list[str], sources: Sources) -> None:
    answer = sources("try", path)
    assert (answer.code, answer.out) == (1, "")
    assert [words for words in said if words not in answer.err] == []


def test_a_silent_host_is_given_up(sources: Sources, newsroom: Path) -> None:
    config = newsroom / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("timeout: 10s", "timeout: 1s", 1), encoding="utf-8")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        answer = sources("try", f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert (answer.code, "did not finish within 1 s" in answer.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["paper.example/feed"], "there is no file paper.example/feed; if it is a web address:\n"),
        (["nowhere.xml"], "there is no file nowhere.xml; a web address begins with https://"),
        (["samples"], "samples is a folder"),
        (["feed://paper.example/rss"], "feed://paper.example/rss is a link for a feed reader"),
        (["file:///etc/hosts"], "file:///etc/hosts cannot be polled: give the file's path instead"),
        (["http://two words/"], "'http://two words/': expected a URL"),
        (["/city/", "--kind", "rss"], "--kind 'rss': expected one of feed, sitemap, page"),
        (["/city/", "--kind", "page"], "a page is read by selectors: give at least --item"),
        (["/city/", "--kind", "sitemap", "--item", "li"], "--item and its like read a page, not a sitemap"),
        (["/city/", "--date", "span"], "--date is looked for within an item: give --item too"),
        (["/city/", "--item", "ul["], "--item 'ul[': expected a CSS selector"),
        (["/paper.xml", "--timezone", "Mars"], "--timezone 'Mars': expected an IANA time zone"),
    ],
)
def test_a_call_that_cannot_be_meant_asks_nobody(
    arguments: list[str], said: str, sources: Sources, site: FeedServer
) -> None:
    answer = sources("try", *arguments)
    assert (answer.code, answer.out, site.requests) == (2, "", [])
    assert answer.err.startswith(f"feedwatch: {said}")


@pytest.mark.parametrize(
    "given", ["paper.example/feed", "feed://paper.example/feed", "feed:https://paper.example/feed"]
)
def test_what_seems_to_be_meant_can_be_pasted(given: str, sources: Sources) -> None:
    assert commands_in(sources("try", given).err) == [["try", "https://paper.example/feed"]]


def test_proposed_selectors_lead_to_a_source(sources: Sources) -> None:
    """From the page to the proposal, from it to the look, from that to the source: by pasting alone."""
    (proposed,) = commands_in(sources("try", "/city/").out)
    looked = sources(*proposed)
    assert "江门市召开高质量发展大会 部署全年重点工作任务\n  2024-02-19" in looked.out
    (adding,) = commands_in(looked.out)
    added = sources(*adding, "--name", "city")
    assert added.out.startswith("added city: a page with 6 items;")
    assert "a page: item 'ul.list > li', date 'span.date'" in sources("show", "city").out


def test_selectors_that_find_nothing_lead_back_to_the_proposals(sources: Sources) -> None:
    answer = sources("try", "/city/", "--item", "ul.news > li")
    assert answer.code == 1
    assert "SITE/city/: the selector 'ul.news > li' finds nothing in this page" in answer.err
    assert commands_in(answer.err) == [["try", "/city/"]]


def test_full_text_reads_three_articles_where_robots_txt_allows_it(sources: Sources, site: FeedServer) -> None:
    site.documents["/paper.xml"] = Document(site.documents["/paper.xml"].body.replace(b"/article/1<", b"/private/1<"))
    site.documents["/robots.txt"] = Document(b"User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    answer = sources("try", "/paper.xml", "--full-text")
    assert answer.code == 0, answer.err
    assert "the pages of 2 were read for this look, a first visit asks for 3" in answer.out
    assert "  SITE/private/1: the site's robots.txt forbids it" in answer.out
    assert re.findall(r"^Report (\d)\n.*\n  (\w+)", answer.out, re.MULTILINE) == [
        ("0", "The"),
        ("1", "A"),
        ("2", "The"),
    ]
    assert not site.requests_for("/private/1")
    assert commands_in(answer.out) == [["add", "/paper.xml", "--full-text"]]


@pytest.mark.parametrize("path", ["/paper.xml", "/one"])
def test_the_address_itself_is_asked_for_once(path: str, sources: Sources, site: FeedServer) -> None:
    sources("try", path)
    assert len(site.requests_for(path)) == 1


def test_a_declared_source_is_looked_at_as_it_is_polled(sources: Sources, site: FeedServer, newsroom: Path) -> None:
    with (newsroom / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"  - {{name: keyed, url: '{site.url('/paper.xml')}', headers: {{X-Api-Key: abc}}}}\n")
    sources("try", "/paper.xml")
    sources("try", "/weekly.xml")
    assert [site.requests_for(path)[0].header("X-Api-Key") for path in ("/paper.xml", "/weekly.xml")] == ["abc", None]


def test_json_has_the_same_keys_for_a_feed_and_a_page_and_no_more_items_than_asked_for(sources: Sources) -> None:
    feed = json.loads(sources("try", "/paper.xml", "--json", "--limit", "1").out)
    page = json.loads(sources("try", "/city/", "--json").out)
    assert feed.keys() == page.keys()
    assert (feed["title"], feed["item_count"], [item["title"] for item in feed["items"]]) == (
        "The Paper",
        3,
        ["Report 0"],
    )
    assert (page["is_readable"], page["guesses"][0]["selectors"]["item"]) == (False, "ul.list > li")


def test_without_a_configuration_a_look_is_taken_all_the_same(feedwatch: Call, nowhere: Path, newsroom: Path) -> None:
    sample = newsroom / "samples" / "jiangmen-republished.xml"
    (newsroom / "config.yaml").unlink()
    answer = feedwatch("sources", "try", str(sample), "--limit", "0")
    assert (answer.code, "a feed: Jiangmen Republished" in answer.out) == (0, True), answer.err
    named = feedwatch("sources", "try", str(sample), "--config", "other.yaml")
    assert (named.code, "other.yaml: there is no such file" in named.err) == (1, True)


def test_the_commands_name_the_configuration_that_was_named(sources: Sources, newsroom: Path) -> None:
    (newsroom / "config.yaml").rename(newsroom / "my news.yaml")
    answer = sources("try", "/paper.xml", "--config", "my news.yaml")
    assert commands_in(answer.out) == [["add", "/paper.xml", "--config", "my news.yaml"]]
    assert shlex.split(answer.out.splitlines()[-1])[0] == "feedwatch"


@pytest.mark.parametrize(("arguments"), [["/hints.xml"], ["/city/", *ITEM_SELECTORS], ["/plain.xml"]])
def test_at_80_columns_only_commands_and_addresses_run_on(arguments: list[str], sources: Sources) -> None:
    shown = sources("try", *arguments, columns=80).out
    assert [line for line in shown.splitlines() if cell_len(line) > 80 and "SITE/" not in line] == []
    assert GOVERNMENT.titles[0] in shown or "Report" in shown
