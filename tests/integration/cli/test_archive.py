"""The archive read through on both databases: several sources as one stream, and more asked for while it flows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from feedwatch.cli.archive import items_of, newest_items, phrase, stories_of, story_to_export, to_export
from feedwatch.errors import QuerySyntaxError
from feedwatch.export.json_lines import item_object, items_as_json_lines
from feedwatch.model import MatchedItem
from feedwatch.store import Store
from feedwatch.store.items import ItemFilter
from tests.integration.store.examples import NOW, match, matched, new_source, new_watchlists, poll

MANY = 1200
"""More than are read at once."""


@pytest.fixture
def filled(store: Store) -> Store:
    """Three sources in turn, an item a minute; each third item of `a` has a copy in `b`, and met a watchlist."""
    new_watchlists(store, "Bay Area")
    for place, name in enumerate("abc"):
        source = new_source(store, name)
        poll(store, source, *(_report(number, name) for number in range(place, MANY, 3)))
    return store


def _report(number: int, source: str) -> MatchedItem:
    key = f"text:{number - number % 3}" if number % 9 < 2 else f"text:{number}"
    hits = [match()] if number % 9 == 0 else []
    when = NOW + timedelta(minutes=number)
    return matched(f"g{number}", *hits, keys=[key], published_at=when, text=f"Report {number} of {source}.")


def _numbers(session: Session, *names: str, text: str | None = None) -> list[int]:
    filters = [ItemFilter(source=name) for name in names] or [ItemFilter()]
    return [int(item.guid[1:]) for _, item in items_of(session, filters, phrase(text))]


def test_several_sources_are_one_stream(filled: Store) -> None:
    with filled.read() as session:
        assert _numbers(session) == list(range(MANY))[::-1]
        assert _numbers(session, "a", "b") == [number for number in range(MANY) if number % 3 != 2][::-1]
        assert _numbers(session, "c", text="report") == [number for number in range(MANY) if number % 3 == 2][::-1]
        assert _numbers(session, text="report 7") == [7]
        listed = newest_items(session, [ItemFilter(source="a"), ItemFilter(source="c")], 4)
        assert [row.source for row in listed] == ["c", "a", "c", "a"]


def test_items_go_out_with_their_matches(filled: Store) -> None:
    with filled.read() as session:
        exported = list(to_export(session, items_of(session, [ItemFilter()], None)))
        assert len(exported) == MANY
        assert sum(1 for one in exported if one.matches) == -(-MANY // 9)
        oldest = item_object(exported[-1])
        assert (oldest["source"], oldest["guid"], oldest["matches"][0]["watchlist"]) == ("a", "g0", "Bay Area")
        assert json.loads(next(items_as_json_lines(exported[-1:])))["matches"][0]["spans"] == [
            {"field": "title", "start": 0, "end": 8},
        ]


@pytest.mark.parametrize(
    ("sources", "text", "count"),
    [
        ((), None, MANY - MANY // 9 - 1),
        (("a", "b"), None, 2 * MANY // 3 - MANY // 9 - 1),
        (("b",), "report", MANY // 3),
    ],
)
def test_a_story_comes_once(sources: tuple[str, ...], text: str | None, count: int, filled: Store) -> None:
    filters = [ItemFilter(source=name) for name in sources] or [ItemFilter()]
    with filled.read() as session:
        stories = [story_to_export(detail) for detail in stories_of(session, filters, phrase(text))]
    assert len({story.id for story in stories}) == len(stories) == count
    newest = [max(it.published_at for it in story.items if not sources or it.source in sources) for story in stories]
    assert newest == sorted(newest, reverse=True)
    doubles = [story for story in stories if len(story.items) > 1]
    assert {story.sources for story in doubles} == {("a", "b")}
    assert {(story.source, story.title, story.watchlists) for story in doubles[-1:]} == {
        ("a", "Headline of g0", ("Bay Area",)),
    }


def test_a_phrase_needs_something_to_find() -> None:
    with pytest.raises(QuerySyntaxError, match="no letter or digit"):
        phrase("...")
