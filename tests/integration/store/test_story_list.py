"""Stories of the archive: listed and shown by the item that stands for them, with all their copies and relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.model import Enclosure, SketchKind
from feedwatch.store import tables
from feedwatch.store.claims import SourceOptions
from feedwatch.store.items import (
    ItemFilter,
    RelatedStory,
    StoryMember,
    list_stories,
    matches_of_items,
    read_items,
    read_stories,
    show_item,
    show_story,
)
from feedwatch.store.relations import related_stories
from tests.integration.store.examples import (
    COMPARED,
    DAY,
    HOUR,
    NOW,
    match,
    matched,
    near,
    new_source,
    new_watchlists,
    poll,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedwatch.store import Store

EVENT = near(SketchKind.EVENT, 1, 2)


def longest(members: Sequence[StoryMember]) -> int:
    """A way to choose that is not the plain one."""
    return max(range(len(members)), key=lambda at: members[at].text_length)


@pytest.fixture
def archive(store: Store) -> Store:
    """A story of three copies, its translation of two, and one without any of both."""
    new_watchlists(store, "Bay Area")
    one = new_source(store, "one")
    other = new_source(store, "other", options=SourceOptions(preferred=True))
    poll(
        store, one,
        matched("alone", published_at=NOW - 20 * HOUR),
        matched(
            "en", match(), title="Bridge en", text="Short.", keys=["text:en"], sketch=EVENT, published_at=NOW - HOUR,
        ),
        judges=COMPARED,
    )  # fmt: skip
    poll(
        store, other,
        matched("en 3", title="Bridge en 3", text="Short too.", keys=["text:en"], published_at=NOW + HOUR),
        matched("en 2", title="Bridge en 2", text="A longer text.", keys=["text:en"], language="en-GB"),
        judges=COMPARED,
    )  # fmt: skip
    for number, source in enumerate((other, one)):
        copy = matched(
            f"zh {number}", title=f"Bridge zh {number}", text="港珠澳大橋" * (number + 1), language="zh-Hant",
            keys=["text:zh"], sketch=EVENT, published_at=NOW - number * DAY,
        )  # fmt: skip
        poll(store, source, copy, judges=COMPARED)
    return store


def ids(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {guid: story for guid, story in session.execute(sa.select(tables.Item.guid, tables.Item.story_id))}  # noqa: C416


class TestShown:
    def test_with_its_items_in_the_order_of_time(self, archive: Store) -> None:
        with archive.read() as session:
            story = show_story(session, ids(archive)["en"])
        assert story is not None
        assert [(m.title, m.text_length, m.source, m.source_name, m.language, m.is_preferred) for m in story.items] == [
            ("Bridge en", 6, "ONE", "one", "en", False),
            ("Bridge en 2", 14, "OTHER", "other", "en-GB", True),
            ("Bridge en 3", 10, "OTHER", "other", "en", True),
        ]
        assert (story.row.item_id, story.row.title, story.row.published_at) == (
            story.items[0].item_id, "Bridge en", NOW - HOUR,
        )  # fmt: skip
        assert (story.row.sources, story.row.item_count) == (("ONE", "OTHER"), 3)
        assert (story.row.languages, story.row.watchlists) == (("en", "en-GB"), ("Bay Area",))

    def test_with_its_relatives_in_other_languages(self, archive: Store) -> None:
        english, chinese = ids(archive)["en"], ids(archive)["zh 1"]
        with archive.read() as session:
            story, translation = show_story(session, english), show_story(session, chinese)
        assert story is not None and translation is not None
        assert story.related == story.row.related == (
            RelatedStory(chinese, "Bridge zh 1", "zh-Hant", "https://news.example/zh 1", ("ONE", "OTHER")),
        )  # fmt: skip
        assert [relative.story_id for relative in translation.related] == [english]

    def test_by_the_item_that_is_chosen_here_and_in_relatives(self, archive: Store) -> None:
        with archive.read() as session:
            story = show_story(session, ids(archive)["en"], choose=longest)
        assert story is not None
        assert (story.row.title, story.row.language, story.row.published_at) == ("Bridge en 2", "en-GB", NOW)
        assert [relative.title for relative in story.related] == ["Bridge zh 1"]

    def test_that_is_unknown_or_empty_is_none(self, archive: Store) -> None:
        with archive.begin() as session:
            empty = tables.Story(first_seen_at=NOW)
            session.add(empty)
            session.flush()
            assert show_story(session, empty.id) is None
            assert show_story(session, 404) is None

    def test_item_tells_of_its_story_s_relatives(self, archive: Store) -> None:
        with archive.read() as session:
            (row,) = [row for row, item in read_items(session, ItemFilter()) if item.guid == "en 3"]
            detail = show_item(session, row.id)
        assert detail is not None and [relative.title for relative in detail.related] == ["Bridge zh 1"]


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (ItemFilter(), ["Bridge en", "Bridge zh 1", "Headline of alone"]),
        (ItemFilter(until=NOW), ["Bridge en", "Headline of alone", "Bridge zh 1"]),
        (ItemFilter(since=NOW - DAY, until=NOW - HOUR), ["Headline of alone", "Bridge zh 1"]),
        (ItemFilter(until=NOW - DAY), []),
        (ItemFilter(language="en-GB"), ["Bridge en"]),
        (ItemFilter(source="other", language="zh"), ["Bridge zh 1"]),
        (ItemFilter(watchlist="bay area"), ["Bridge en"]),
        (ItemFilter(watchlist="bay area", language="zh"), []),
    ],
)
def test_streams_and_lists_hold_the_same_in_the_same_order(
    archive: Store, wanted: ItemFilter, titles: list[str]
) -> None:
    """By the newest item that the filter met."""
    with archive.read() as session:
        listed = list_stories(session, wanted, 10)
        streamed = list(read_stories(session, wanted))
        assert list_stories(session, wanted, 1) == listed[:1]
    assert [row.title for row in listed] == titles
    assert [detail.row for detail in streamed] == listed


def test_a_list_reaches_past_a_story_of_many_items(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched("old", published_at=NOW - DAY))
    poll(store, source, *(matched(f"g{number}", keys=["text:x"], text=f"{number}") for number in range(50)))
    with store.read() as session:
        assert [row.item_count for row in list_stories(session, ItemFilter(), 2)] == [50, 1]


def test_a_stream_goes_on_past_its_parts(store: Store) -> None:
    poll(store, new_source(store), *(matched(f"g{n}", published_at=NOW - n * HOUR) for n in range(1_100)))
    with store.read() as session:
        assert [detail.row.title for detail in read_stories(session, ItemFilter())] == [
            f"Headline of g{n}" for n in range(1_100)
        ]


def test_related_stories_are_asked_for_many_at_once(archive: Store) -> None:
    with archive.read() as session:
        found = related_stories(session, ids(archive).values())
        assert related_stories(session, []) == {}
    assert {story: [other.story_id for other in others] for story, others in found.items()} == {
        ids(archive)["en"]: [ids(archive)["zh 0"]], ids(archive)["zh 0"]: [ids(archive)["en"]],
    }  # fmt: skip


def test_an_item_is_read_with_every_field(store: Store) -> None:
    whole = matched(
        "g", comments="https://news.example/g#c", image="https://news.example/g.jpg", origin="Xinhua",
        enclosures=(Enclosure("https://news.example/g.mp3", "audio/mpeg", 12), Enclosure("https://news.example/h")),
        place="JIANGMEN", canonical="https://other.example/g", doubted_date="31 Feb 2026", updated_at=NOW,
        published_from="url", html="<p>Text</p>", authors=("A", "B"), tags=("x",),
    )  # fmt: skip
    poll(store, new_source(store), whole)
    with store.read() as session:
        ((_, item),) = read_items(session, ItemFilter())
        detail = show_item(session, 1)
    assert item == whole.item
    assert detail is not None
    assert (detail.place, detail.canonical, detail.doubted_date) == (
        "JIANGMEN", "https://other.example/g", "31 Feb 2026",
    )  # fmt: skip


def test_a_stream_of_items_knows_their_watchlists(archive: Store) -> None:
    with archive.read() as session:
        rows = {item.guid: row for row, item in read_items(session, ItemFilter(language="en"))}
        matches = matches_of_items(session, [row.id for row in rows.values()])
    assert {guid: row.watchlists for guid, row in rows.items()} == {
        "en 3": (), "en 2": (), "en": ("Bay Area",), "alone": (),
    }  # fmt: skip
    assert matches == {rows["en"].id: (("Bay Area", 1.5, ("bay",), match().spans),)}
