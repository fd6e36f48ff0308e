"""What a webhook gets: valid JSON whatever feeds and names hold, as docs/channels.md describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.as_json import fill_json, json_body
from feedwatch.digest.personal import CLOSE, OPEN, Personal
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionStory, RisingTerm

ADA = Personal(
    name='Ada "the first" \\ Lovelace',
    address="ada@example.org",
    view_url="https://watch.example.org/e/1.x",
    archive_url="https://watch.example.org/e/1.x/all",
    settings_url="https://watch.example.org/s/1.x",
    unsubscribe_url="https://watch.example.org/u/1.x",
)
PAGE = (Path(__file__).parents[3] / "docs" / "channels.md").read_text(encoding="utf-8")
MakeStory = Callable[..., EditionStory]
MakeEdition = Callable[..., Edition]


def filled(edition: Edition, personal: Personal = ADA) -> dict[str, Any]:
    document = json.loads(fill_json(json_body(edition).text, personal))
    assert isinstance(document, dict)
    return document


def keys_of(value: object) -> set[str]:
    """Every key that stands anywhere in it."""
    if isinstance(value, dict):
        return {*value, *(key for inner in value.values() for key in keys_of(inner))}
    return {key for inner in value for key in keys_of(inner)} if isinstance(value, list) else set()


def full(story: MakeStory, edition_of: MakeEdition) -> Edition:
    told = story(
        story_id=7,
        title="Bay grows",
        title_spans=((0, 3),),
        snippet="The bay grows.",
        snippet_spans=((4, 7),),
        terms=("Bay",),
        is_update=True,
        also_matched=("Bridges",),
        also_in=(EditionItem("Bay", "https://b.example/1", "Bee", datetime(2026, 11, 25, 7, 30, tzinfo=UTC)),),
        relatives=(EditionRelative("湾区", "https://c.example/1", "Cee", "zh-Hans"),),
    )
    rising = (RisingTerm("bay", 3, 0.5, 1.0),)
    return edition_of(told, source_count=2, previous_story_count=4, rising=rising)


def test_everything_that_a_mail_tells_is_there(story: MakeStory, edition_of: MakeEdition) -> None:
    assert filled(full(story, edition_of)) == {
        "type": "edition.made",
        "version": 1,
        "timestamp": "2026-11-25T08:00:00Z",
        "subscription": "Brief",
        "subscriber": {"name": 'Ada "the first" \\ Lovelace', "address": "ada@example.org"},
        "locale": "en",
        "timezone": "UTC",
        "window": {"start": "2026-11-24T08:00:00Z", "end": "2026-11-25T08:00:00Z"},
        "figures": {"stories": 1, "sources": 2, "more": 0, "previous_stories": 4},
        "sections": [
            {
                "watchlist": "Watched",
                "more": 0,
                "stories": [
                    {
                        "id": 7,
                        "title": "Bay grows",
                        "title_spans": [[0, 3]],
                        "url": "https://news.example.com/1",
                        "source": "Harbour Post",
                        "language": "en",
                        "published_at": "2026-11-25T07:12:00Z",
                        "snippet": "The bay grows.",
                        "snippet_spans": [[4, 7]],
                        "terms": ["Bay"],
                        "is_update": True,
                        "also_matched": ["Bridges"],
                        "also_in": [
                            {
                                "source": "Bee",
                                "title": "Bay",
                                "url": "https://b.example/1",
                                "published_at": "2026-11-25T07:30:00Z",
                            }
                        ],
                        "relatives": [
                            {"language": "zh-Hans", "source": "Cee", "title": "湾区", "url": "https://c.example/1"}
                        ],
                    }
                ],
            }
        ],
        "rising": [{"term": "bay", "stories": 3, "usual": 0.5, "share": 1.0}],
        "links": {
            "view": "https://watch.example.org/e/1.x",
            "archive": "https://watch.example.org/e/1.x/all",
        },
    }


def test_the_page_tells_of_every_key(story: MakeStory, edition_of: MakeEdition) -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE.partition("## The document")[2].partition("\n## ")[0]))
    assert keys_of(filled(full(story, edition_of))) - told == set()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://news.example/1", "https://news.example/1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,hello", ""),
        ("", ""),
    ],
)
def test_only_web_links_are_links(url: str, kept: str, story: MakeStory, edition_of: MakeEdition) -> None:
    (section,) = filled(edition_of(story(url=url)))["sections"]
    assert section["stories"][0]["url"] == kept


def test_a_feed_cannot_ask_for_what_is_personal(story: MakeStory, edition_of: MakeEdition) -> None:
    hostile = f"{OPEN}address{CLOSE}"
    edition = edition_of(
        story(title=hostile, snippet=hostile, source=hostile, terms=(hostile,)), rising=(RisingTerm(hostile, 1, 0, 1),)
    )
    document = filled(edition)
    assert document.pop("subscriber")["address"] == "ada@example.org"
    assert "ada@example.org" not in json.dumps(document)


def test_two_subscribers_share_a_body(story: MakeStory, edition_of: MakeEdition) -> None:
    edition = full(story, edition_of)
    assert json_body(edition) == json_body(replace(edition))
    assert filled(edition)["subscriber"] != filled(edition, Personal("Bo", "bo@example.org"))["subscriber"]


def test_links_that_there_are_not_are_empty(story: MakeStory, edition_of: MakeEdition) -> None:
    links = filled(edition_of(story()), Personal("Bo", "bo@example.org"))["links"]
    assert links == {"view": "", "archive": ""}


@given(name=st.text(), address=st.text(), url=st.text())
def test_whatever_is_personal_comes_out_as_it_went_in(name: str, address: str, url: str) -> None:
    text = '{"a":"\uf0f0name\uf0f1","b":"<\uf0f0address\uf0f1>","c":"\uf0f0view_url\uf0f1"}'
    document = fill_json(text, Personal(name, address, view_url=url))
    assert json.loads(document) == {"a": name, "b": f"<{address}>", "c": url}
    assert document.encode().count(b"\n") == 0
