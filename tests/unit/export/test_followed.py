"""A story in a watchlist's feed, as Atom and as JSON Feed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.export.atom import Feed, FeedEntry, permanent_id, write_atom
from feedwatch.export.followed import Followed, entry_of_followed
from feedwatch.export.json_feed import write_json_feed
from feedwatch.model import Enclosure
from feedwatch.parse import parse
from tests.unit.export.examples import NOW

FEED = Feed(permanent_id("feed", "test"), "Bay & bridge", NOW, subtitle="What it is for", url="https://f.example/1")
STORY = Followed(
    story_id=7,
    story_seen_at=NOW,
    title="Bay <grows>",
    url="https://news.example/1?a=1&b=2",
    language="en",
    source="RTHK",
    published_at=NOW,
    updated_at=None,
    passage="The bay & the <bridge>.",
    passage_spans=((4, 7), (14, 22)),
    watchlist="Greater Bay Area",
    tags=("policy", "policy"),
    others=(("https://b.example/", "Bay <too>", "SCMP"), ("", "Bay", "Ming Pao")),
)


def test_the_entry_of_a_story() -> None:
    assert entry_of_followed(STORY).html == (
        "<p>The <strong>bay</strong> &amp; the <strong>&lt;bridge&gt;</strong>.</p><p>RTHK</p>"
        '<p>Also in:</p><ul><li><a href="https://b.example/">Bay &lt;too&gt;</a> (SCMP)</li>'
        "<li>Bay (Ming Pao)</li></ul>"
    )


def test_only_its_number_and_beginning_make_its_id() -> None:
    changed = replace(
        STORY,
        title="Another",
        url="",
        source="SCMP",
        published_at=NOW - timedelta(days=1),
        passage="",
        passage_spans=(),
    )
    assert entry_of_followed(changed).id == entry_of_followed(STORY).id
    others = (replace(STORY, story_id=8), replace(STORY, story_seen_at=NOW + timedelta(microseconds=1)))
    assert len({entry_of_followed(story).id for story in (STORY, *others)}) == 3


@pytest.mark.parametrize(
    ("updated", "told"),
    [(None, NOW), (NOW - timedelta(hours=1), NOW), (NOW + timedelta(hours=1), NOW + timedelta(hours=1))],
)
def test_nothing_is_updated_before_it_is_published(updated: Any, told: Any) -> None:
    assert entry_of_followed(replace(STORY, updated_at=updated)).updated == told


def test_a_json_feed() -> None:
    entry = replace(
        entry_of_followed(STORY),
        enclosures=(Enclosure("https://news.example/a.mp3", "audio/mpeg", 10), Enclosure("https://news.example/b")),
    )
    assert json.loads(write_json_feed(FEED, [entry])) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bay & bridge",
        "feed_url": "https://f.example/1",
        "description": "What it is for",
        "items": [
            {
                "id": entry.id,
                "url": "https://news.example/1?a=1&b=2",
                "title": "Bay <grows>",
                "content_html": entry.html,
                "date_published": "2026-03-02T09:30:15Z",
                "date_modified": "2026-03-02T09:30:15Z",
                "authors": [{"name": "RTHK"}],
                "language": "en",
                "tags": ["Greater Bay Area", "policy"],
                "attachments": [{"url": "https://news.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 10}],
            }
        ],
    }


def test_what_is_not_known_is_left_out() -> None:
    bare = entry_of_followed(replace(STORY, url="", language="und"))
    document = json.loads(write_json_feed(replace(FEED, url="", subtitle=""), [bare]))
    assert set(document) == {"version", "title", "items"}
    assert {"url", "language", "attachments"} & set(document["items"][0]) == set()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(title=TEXTS, passage=TEXTS, source=TEXTS)
def test_whatever_a_feed_says_comes_back(title: str, passage: str, source: str) -> None:
    entry = entry_of_followed(
        replace(STORY, title=title, passage=passage, passage_spans=((0, len(passage) // 2),), source=source)
    )
    (item,) = json.loads(write_json_feed(FEED, [entry]))["items"]
    assert (item.get("title", ""), item["content_html"]) == (title, entry.html)
    assert not feedparser.parse(b"".join(write_atom(FEED, [entry]))).bozo


@pytest.mark.parametrize("write", [lambda *given: b"".join(write_atom(*given)), write_json_feed], ids=["atom", "json"])
def test_our_own_parser_reads_both(write: Any) -> None:
    entries: list[FeedEntry] = [entry_of_followed(STORY), entry_of_followed(replace(STORY, story_id=8, language="zh"))]
    document = parse(write(FEED, entries), content_type=None, url="https://f.example/1")
    assert (document.title, document.warnings) == ("Bay & bridge", ())
    assert [entry.guid for entry in document.entries] == [entry.id for entry in entries]
    assert [entry.url for entry in document.entries] == ["https://news.example/1?a=1&b=2"] * 2
    assert [entry.content for entry in document.entries] == [entry.html for entry in entries]
    assert [entry.language for entry in document.entries] == ["en", "zh"]
