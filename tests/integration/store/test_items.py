"""The archive: items and stories listed by what they are filtered for, and read through for matching."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwatch.store.items import (
    ItemFilter,
    list_items,
    list_stories,
    read_items,
    show_item,
)
from tests.integration.store.examples import DAY, HOUR, NOW, match, matched, new_source, new_watchlists, poll

if TYPE_CHECKING:
    from feedwatch.store import Store


@pytest.fixture
def archive(store: Store) -> Store:
    """Five items of four stories in two sources."""
    new_watchlists(store, "Bay Area", "大湾区")
    poll(
        store, new_source(store, "one"),
        matched("en", match("Bay Area"), language="en", published_at=NOW - DAY),
        matched("en-GB", match("Bay Area"), match("大湾区"), language="en-GB", published_at=NOW),
        matched("zh", keys=["text:x"], language="zh", published_at=NOW - 2 * HOUR),
    )  # fmt: skip
    poll(
        store, new_source(store, "other"),
        matched("zh-Hant", match("大湾区"), keys=["text:x"], language="zh-Hant", published_at=NOW - HOUR),
        matched("enm", language="enm", published_at=NOW - 2 * DAY),  # Middle English is no English
    )  # fmt: skip
    return store


FILTERS = pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ItemFilter(), ["en-GB", "zh-Hant", "zh", "en", "enm"]),
        (ItemFilter(language="en"), ["en-GB", "en"]),
        (ItemFilter(language="en-GB"), ["en-GB"]),
        (ItemFilter(language="zh"), ["zh-Hant", "zh"]),
        (ItemFilter(language="ZH"), ["zh-Hant", "zh"]),
        (ItemFilter(language="en-gb"), ["en-GB"]),
        (ItemFilter(language="e%"), []),
        (ItemFilter(language="e_"), []),
        (ItemFilter(since=NOW - HOUR), ["en-GB", "zh-Hant"]),
        (ItemFilter(watchlist="bay AREA"), ["en-GB", "en"]),
        (ItemFilter(watchlist="大湾区"), ["en-GB", "zh-Hant"]),
        (ItemFilter(watchlist="unknown"), []),
        (ItemFilter(source="other"), ["zh-Hant", "enm"]),
        (ItemFilter(source="other", watchlist="大湾区", language="zh", since=NOW - HOUR), ["zh-Hant"]),
    ],
)


@FILTERS
def test_items_are_those_that_pass_the_filter_newest_first(
    archive: Store, wanted: ItemFilter, found: list[str]
) -> None:
    with archive.read() as session:
        assert [row.language for row in list_items(session, wanted, 10)] == found
        assert [row.language for row in list_items(session, wanted, 1)] == found[:1]


def test_items_come_with_their_source_and_watchlists(archive: Store) -> None:
    with archive.read() as session:
        first, second, third, *_ = list_items(session, ItemFilter(), 10)
    assert (first.source, first.watchlists) == ("one", ("Bay Area", "大湾区"))
    assert (second.source, second.watchlists) == ("other", ("大湾区",))
    assert (third.source, third.watchlists, third.story_id) == ("one", (), second.story_id)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (ItemFilter(), ["en-GB", "zh", "en", "enm"]),
        (ItemFilter(source="other"), ["zh", "enm"]),
        (ItemFilter(watchlist="大湾区"), ["en-GB", "zh"]),
        (ItemFilter(language="ja"), []),
    ],
)
def test_stories_stand_under_their_earliest_item(archive: Store, wanted: ItemFilter, titles: list[str]) -> None:
    with archive.read() as session:
        assert [story.title.split()[-1] for story in list_stories(session, wanted, 10)] == titles
        assert [story.title.split()[-1] for story in list_stories(session, wanted, 1)] == titles[:1]


def test_stories_know_all_their_sources_and_watchlists_though_the_filter_met_one(archive: Store) -> None:
    with archive.read() as session:
        (story,) = list_stories(session, ItemFilter(source="other", watchlist="大湾区"), 10)
    assert (story.sources, story.item_count, story.watchlists) == (("ONE", "OTHER"), 2, ("大湾区",))
    assert story.published_at == NOW - 2 * HOUR


def test_an_unknown_item_is_none(archive: Store) -> None:
    with archive.read() as session:
        assert show_item(session, 404) is None


class TestReading:
    def test_gives_every_item_as_it_was_stored_newest_first(self, store: Store) -> None:
        items = [matched(f"g{number}", published_at=NOW - number * HOUR) for number in range(1_200)]
        poll(store, new_source(store), *items)
        with store.read() as session:
            read = [item for _, item in read_items(session, ItemFilter())]
        assert read == [item.item for item in items]

    def test_begins_where_asked(self, archive: Store) -> None:
        with archive.read() as session:
            assert [item.language for _, item in read_items(session, ItemFilter(since=NOW - HOUR))] == [
                "en-GB",
                "zh-Hant",
            ]

    def test_holds_one_part_in_memory_at_a_time(self, store: Store) -> None:
        poll(store, new_source(store), *(matched(f"g{number}") for number in range(1_200)))
        with store.read() as session:
            read = read_items(session, ItemFilter())
            next(read)
            assert len(list(session.identity_map.values())) < 1_200
