"""One text is one story, whoever publishes it, in whatever order and at the same moment."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from feedwatch.store import tables
from tests.integration.store.examples import HOUR, NOW, count, match, matched, new_source, new_watchlists, poll, rows
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.store import Store


def story_of(store: Store) -> dict[str, int]:
    return dict(rows(store, tables.Item, "guid", "story_id"))


@pytest.mark.parametrize(
    ("first", "second", "is_one_story"),
    [
        (["text:a"], ["text:a"], True),
        (["url:a", "text:a"], ["url:a", "text:b"], True),  # one page, its text cut differently
        (["url:a", "text:a"], ["url:b", "text:a"], True),  # one text on two pages
        (["url:a", "text:a"], ["url:b", "text:b"], False),
        ([], [], False),  # without keys an item is a story of its own
    ],
)
def test_items_that_share_a_key_are_one_story(
    store: Store, first: list[str], second: list[str], is_one_story: bool
) -> None:
    poll(store, new_source(store, "one"), matched("a", keys=first))
    result = poll(store, new_source(store, "other"), matched("b", keys=second))
    stories = story_of(store)
    assert (stories["a"] == stories["b"]) is is_one_story
    assert result.new_stories == (0 if is_one_story else 1)


def test_copies_within_one_document_are_one_story(store: Store) -> None:
    items = (matched("b", keys=["text:x", "url:b"]), matched("a", keys=["text:x", "url:a"]))
    assert poll(store, new_source(store), *items).new_stories == 1
    assert len(set(story_of(store).values())) == 1


def test_the_keys_of_every_copy_lead_to_the_story(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched("a", keys=["text:1", "url:1"]))
    poll(store, source, matched("b", keys=["text:1", "url:2"]))
    poll(store, source, matched("c", keys=["text:2", "url:2"]))
    assert len(set(story_of(store).values())) == 1


def test_an_item_that_could_join_two_joins_the_older(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched("old", keys=["text:old"]))
    poll(store, source, matched("new", keys=["text:new"]))
    poll(store, source, matched("both", keys=["text:new", "text:old"]))
    assert story_of(store)["both"] == story_of(store)["old"] != story_of(store)["new"]


def test_the_older_is_the_stored_one_before_one_of_the_same_document(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched("old", keys=["text:old"]))
    poll(store, source, matched("both", keys=["text:new", "text:old"]), matched("new", keys=["text:new"]))
    assert story_of(store)["both"] == story_of(store)["old"] != story_of(store)["new"]


def test_among_those_of_one_document_the_older_is_the_lower_in_it(store: Store) -> None:
    items = [matched("both", keys=["text:2", "text:1"]), matched("2", keys=["text:2"]), matched("1", keys=["text:1"])]
    poll(store, new_source(store), *items)
    assert story_of(store)["both"] == story_of(store)["1"] < story_of(store)["2"]


def test_each_story_of_a_document_gets_its_own_keys(store: Store) -> None:
    source = new_source(store)
    poll(store, source, *(matched(f"g{number}", keys=[f"text:{number}"]) for number in range(30)))
    copies = poll(store, new_source(store, "other"), *(matched(f"c{n}", keys=[f"text:{n}"]) for n in range(30)))
    assert (copies.new_items, copies.new_stories) == (30, 0)
    stories = story_of(store)
    assert all(stories[f"g{number}"] == stories[f"c{number}"] for number in range(30))
    assert len(set(stories.values())) == 30


class TestRevisedItem:
    def test_stays_in_its_story(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("a", text="one"))
        before = story_of(store)
        assert poll(store, source, matched("a", text="two")).new_stories == 0
        assert story_of(store) == before

    def test_a_copy_of_its_new_text_joins_it(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("a", text="one", keys=["text:one"]))
        poll(store, source, matched("a", text="two", keys=["text:two"]))
        result = poll(store, new_source(store, "other"), matched("copy", keys=["text:two"]))
        assert result.new_stories == 0
        assert story_of(store)["copy"] == story_of(store)["a"]

    def test_takes_no_key_from_another_story(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("b", text="two", keys=["text:two"]))
        poll(store, source, matched("a", text="one", keys=["text:one"]))
        poll(store, source, matched("a", text="two", keys=["text:two"]))
        poll(store, new_source(store, "other"), matched("copy", keys=["text:two"]))
        assert story_of(store)["copy"] == story_of(store)["b"] != story_of(store)["a"]


def test_copies_polled_at_one_moment_are_one_story(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    sources = [new_source(store, f"s{number}") for number in range(4)]
    for turn in range(5):
        polls = (
            partial(poll, store, source, matched(f"g{turn}", match(), keys=[f"text:{turn}"]), owner=f"host:{source}")
            for source in sources
        )
        assert sorted(result.new_stories for result in race(*polls)) == [0, 0, 0, 1]
    assert (count(store, tables.Item), count(store, tables.Story), count(store, tables.Match)) == (20, 5, 20)


def test_a_story_knows_when_it_was_first_seen(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched("a", keys=["text:x"]), now=NOW)
    poll(store, source, matched("b", keys=["text:x"]), matched("c"), now=NOW + HOUR)
    assert rows(store, tables.Story, "first_seen_at") == [NOW, NOW + HOUR]
