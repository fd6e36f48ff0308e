"""What editions are composed from: matches and revisions since a time, stories' items, and what was told before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedwatch.model import Span, WatchlistDef
from feedwatch.store import tables
from feedwatch.store.claims import SourceOptions
from feedwatch.store.subscribers import SubscriptionSpec
from feedwatch.store.told import Telling, told_stories, told_texts
from feedwatch.store.watchlists import declare_watchlists
from feedwatch.store.windows import (
    Member,
    WindowMatch,
    enabled_watchlists,
    first_story_since,
    matches_since,
    members_by_story,
    named_watchlists,
    revisions_since,
)
from feedwatch.store.wordings import ItemWords, items_of_stories, words_of_items
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    due,
    match,
    matched,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    replace_due,
    rows,
    tell,
)

if TYPE_CHECKING:
    from feedwatch.store import Store


class TestWatchlists:
    def test_have_a_name_and_a_priority_unless_disabled(self, store: Store) -> None:
        bay, chips = WatchlistDef("Bay Area", ("bay",)), WatchlistDef("Chips", ("chip",), priority=-3)
        with store.begin() as session:
            declare_watchlists(session, [(bay, True), (chips, True), (WatchlistDef("Off", ("off",)), False)], NOW)
        with store.read() as session:
            assert enabled_watchlists(session) == {1: ("Bay Area", 0), 2: ("Chips", -3)}

    def test_are_named_by_subscriptions_that_do_not_take_all(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        new_subscriber(
            store,
            "ada@example.org",
            SubscriptionSpec("Both", "daily", ("Chips", "Bay Area")),
            SubscriptionSpec("All", "daily"),
            SubscriptionSpec("One", "daily", ("Chips",)),
        )
        with store.read() as session:
            assert named_watchlists(session, [1, 2, 3]) == {1: {1, 2}, 3: {2}}
        assert [subscription.all_watchlists for subscription in due(store)] == [False, True, False]


class TestMatches:
    @pytest.mark.parametrize(("before", "is_found"), [(timedelta(), True), (-HOUR, True), (MINUTE, False)])
    def test_count_by_when_they_were_stored(self, store: Store, before: timedelta, is_found: bool) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        one = matched("a", match(score=2.5), match("Chips"), published_at=NOW - 90 * DAY)
        poll(store, new_source(store), one, now=NOW - before)
        with store.read() as session:
            assert matches_since(session, [1], NOW) == ([WindowMatch(1, 1, 1, 2.5, NOW - before)] if is_found else [])
            assert matches_since(session, [], NOW) == []

    def test_of_revisions_count_by_when_the_earlier_text_was_replaced(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        source = new_source(store)
        poll(store, source, matched("a", match(), match("Chips")), matched("b", match()), now=NOW - 9 * DAY)
        for number, at in enumerate((NOW - 3 * DAY, NOW - HOUR, NOW)):
            poll(store, source, matched("a", match(score=number + 1.0), text=f"Another {number}."), now=at)
        with store.read() as session:
            assert revisions_since(session, [1, 2], NOW - DAY) == [WindowMatch(2, 2, 1, 3.0, NOW)]
            assert revisions_since(session, [2], NOW - DAY) == []  # that match went with the earlier text
            assert revisions_since(session, [1, 2], NOW + HOUR) == []


class TestStories:
    def test_have_their_items_matched_or_not_earliest_first(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        options = SourceOptions(preferred=True, weight=2.5)
        poll(store, new_source(store, "one"), matched("late", match(), keys=["text:x"]))
        early = matched("early", keys=["text:x"], published_at=NOW - HOUR, text="Early.")
        poll(store, new_source(store, "other", options=options), early, matched("no"))
        with store.read() as session:
            assert members_by_story(session, {1, 404}) == {
                1: [
                    Member(3, 1, 2, NOW - HOUR, 6, 1, is_preferred=True, source_weight=2.5),
                    Member(1, 1, 1, NOW, 13, 1, is_preferred=False, source_weight=1.0),
                ]
            }
            assert members_by_story(session, ()) == {}
            found = items_of_stories(session, {1, 404})
        assert [(item.title, item.source, item.story_id) for item in found] == [
            ("Headline of early", "OTHER", 1), ("Headline of late", "ONE", 1),
        ]  # fmt: skip

    def test_more_than_a_statement_takes_are_found(self, store: Store) -> None:
        poll(store, new_source(store), *(matched(f"g{number}") for number in range(1_100)))
        stories = rows(store, tables.Story, "id")
        with store.read() as session:
            assert len(items_of_stories(session, stories)) == len(members_by_story(session, stories)) == 1_100

    def test_the_first_since_a_time_is_known(self, store: Store) -> None:
        source = new_source(store)
        for number in range(4):
            poll(store, source, matched(f"g{number}"), now=NOW + number * HOUR)
        with store.read() as session:
            times = (NOW - DAY, NOW, NOW + MINUTE, NOW + 3 * HOUR, NOW + DAY)
            assert [first_story_since(session, since) for since in times] == [1, 1, 2, 4, None]


def test_the_words_of_an_item_come_with_the_spans_of_all_its_matches(store: Store) -> None:
    new_watchlists(store, "Bay Area", "Chips")
    spans = (Span("text", 0, 4), Span("title", 0, 8))
    one = matched("g1", match(spans=spans), match("Chips"), language="zh-Hant", published_at=NOW - HOUR)
    poll(store, new_source(store), one, matched("g0"))
    with store.read() as session:
        assert words_of_items(session, [2, 404]) == {
            2: ItemWords(
                item_id=2, story_id=2, revision=1, title=one.item.title, text=one.item.text, url=one.item.url,
                source_id=1, source="RTHK", language="zh-Hant", published_at=NOW - HOUR,
                spans={1: spans, 2: (Span("title", 0, 8),)},
            )
        }  # fmt: skip
        assert words_of_items(session, [1])[1].spans == {}


class TestWhatWasTold:
    @pytest.mark.parametrize(
        ("first", "older", "stories"),
        [
            (1, (), {1, 2, 3}),
            (2, (), {2, 3}),
            (3, (1,), {1, 3}),
            (99, (1, 2), {1, 2}),
            (99, (), set()),
            (99, (4,), set()),
        ],
    )
    def test_is_asked_for_from_a_story_on_and_of_older_ones_by_name(
        self, store: Store, first: int, older: tuple[int, ...], stories: set[int]
    ) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(store, "ada@example.org")
        new_subscriber(store, "ben@example.org")
        ada, ben = due(store)
        poll(store, new_source(store), *(matched(guid, match()) for guid in "abcd"))
        tell(store, ada, (1, 1), (2, 1), (3, 1))
        tell(store, ben, (4, 1))
        with store.read() as session:
            told = told_stories(session, {ada.subscriber_id: first}, older)
        assert set(told.get(ada.subscriber_id, ())) == stories
        assert ben.subscriber_id not in told

    def test_is_the_last_telling(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(store)
        (ada,) = due(store)
        poll(store, new_source(store), matched("a", match()))
        for number in (0, 1, 2):
            tell(store, replace_due(ada, NOW + number * DAY), (1, 1), due_at=NOW + number * DAY, telling=number)
        with store.read() as session:
            assert told_stories(session, {ada.subscriber_id: 1}, ()) == {ada.subscriber_id: {1: Telling(2, 1, 1)}}

    def test_can_be_read_as_it_was_told(self, store: Store) -> None:
        source = new_source(store)
        for text in ("One.", "Two.", "Three."):
            poll(store, source, matched("a", title=f"Title {text}", text=text))
        with store.read() as session:
            assert told_texts(session, {(1, 1), (1, 2), (1, 3), (404, 1)}) == {
                (1, 1): ("Title One.", "One."), (1, 2): ("Title Two.", "Two."),
            }  # fmt: skip
            assert told_texts(session, ()) == {}
