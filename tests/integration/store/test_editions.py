"""Promise 2: an edition is made once, and no story is told to one subscriber twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.model import Span, WatchlistDef
from feedwatch.store import tables
from feedwatch.store.editions import (
    CandidateItem,
    items_of_stories,
    last_story_count,
    list_editions,
    untold_matches,
)
from feedwatch.store.subscribers import SubscriptionSpec
from feedwatch.store.watchlists import declare_watchlists
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    count,
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
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.store import Store
    from feedwatch.store.subscribers import DueSubscription


def untold(store: Store, subscription: DueSubscription) -> list[CandidateItem]:
    with store.read() as session:
        return untold_matches(session, subscription)


def titles(store: Store, subscription: DueSubscription) -> list[str]:
    return [candidate.title for candidate in untold(store, subscription)]


def subscribe(store: Store, *watchlists: str) -> DueSubscription:
    """A subscription whose window began a day ago."""
    new_subscriber(store, "ada@example.org", SubscriptionSpec("Digest", "daily", watchlists))
    return due(store)[0]


class TestUntold:
    def test_is_what_a_digest_needs_of_an_item_and_its_match(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        spans = (Span("text", 0, 4), Span("title", 0, 8))
        one = matched("g1", match(spans=spans, score=2.5), language="zh-Hant", published_at=NOW - HOUR)
        poll(store, new_source(store), one)
        assert untold(store, subscription) == [
            CandidateItem(
                item_id=1, story_id=1, watchlist_id=1, watchlist="Bay Area", score=2.5, spans=spans,
                title=one.item.title, text=one.item.text, url=one.item.url, source_id=1, source="RTHK",
                language="zh-Hant", published_at=NOW - HOUR,
            )
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("matched_before_the_window", "is_found"),
        [
            (-HOUR, True),
            (timedelta(), True),
            (59 * MINUTE, True),  # a poll's transaction may end after the edition that its time belongs to
            (61 * MINUTE, False),
        ],
    )
    def test_reaches_an_hour_back_behind_its_window(
        self, store: Store, matched_before_the_window: timedelta, is_found: bool
    ) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        matched_at = subscription.window_start - matched_before_the_window
        poll(store, new_source(store), matched("g1", match()), now=matched_at)
        assert bool(untold(store, subscription)) is is_found

    def test_looks_at_when_it_matched_and_not_at_when_it_was_published(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("g1", match(), published_at=NOW - 30 * DAY))
        assert len(untold(store, subscription)) == 1

    def test_is_of_the_watchlists_named(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        subscription = subscribe(store, "Chips")
        poll(store, new_source(store), matched("b", match("Bay Area")), matched("a", match("Chips")))
        assert titles(store, subscription) == ["Headline of a"]

    def test_is_of_all_watchlists_where_none_is_named(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        subscription = subscribe(store)
        new_watchlists(store, "Later")
        poll(store, new_source(store), matched("a", match("Chips"), match("Bay Area"), match("Later")))
        assert [candidate.watchlist for candidate in untold(store, subscription)] == ["Bay Area", "Chips", "Later"]

    def test_is_nothing_of_a_disabled_watchlist(self, store: Store) -> None:
        subscription = subscribe(store)
        bay = WatchlistDef("Bay Area", ("bay",))
        with store.begin() as session:
            declare_watchlists(session, [(bay, True)], NOW)
        poll(store, new_source(store), matched("a", match()))
        with store.begin() as session:
            declare_watchlists(session, [(bay, False)], NOW)
        assert untold(store, subscription) == []
        with store.begin() as session:
            declare_watchlists(session, [(bay, True)], NOW)
        assert len(untold(store, subscription)) == 1


class TestTold:
    def test_a_story_is_never_told_again_by_whichever_copy(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("a", match(), keys=["text:x"]), matched("b", match()))
        (story_a,) = {candidate.story_id for candidate in untold(store, subscription) if candidate.title.endswith("a")}
        tell(store, subscription, (story_a, 1))
        poll(store, new_source(store, "other"), matched("copy", match(), keys=["text:x"]), now=NOW + HOUR)
        assert titles(store, subscription) == ["Headline of b"]

    def test_nor_by_another_subscription_of_the_same_subscriber(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(
            store, "ada@example.org", SubscriptionSpec("Digest", "daily"), SubscriptionSpec("Alert", "instant")
        )
        digest, alert = due(store)
        poll(store, new_source(store), matched("a", match()))
        tell(store, alert, (1, 1))
        assert untold(store, digest) == []

    def test_but_to_every_subscriber(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(store, "ada@example.org")
        new_subscriber(store, "bob@example.org")
        ada, bob = due(store)
        poll(store, new_source(store), matched("a", match()))
        tell(store, ada, (1, 1))
        assert untold(store, ada) == []
        assert len(untold(store, bob)) == 1

    def test_twice_to_one_subscriber_is_refused_with_the_whole_edition(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(
            store, "ada@example.org", SubscriptionSpec("Digest", "daily"), SubscriptionSpec("Alert", "instant")
        )
        digest, alert = due(store)
        poll(store, new_source(store), matched("a", match()), matched("b", match()))
        tell(store, alert, (1, 1))
        with pytest.raises(sa.exc.IntegrityError):
            tell(store, digest, (2, 1), (1, 1))
        assert (count(store, tables.Edition), count(store, tables.Delivery)) == (1, 1)
        assert titles(store, digest) == ["Headline of a"]  # the second story: documents begin with the newest

    def test_an_edition_of_one_due_time_is_made_once(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("a", match()), matched("b", match()))
        tell(store, subscription, (1, 1))
        with pytest.raises(sa.exc.IntegrityError):
            tell(store, subscription, (2, 1))
        assert count(store, tables.Delivery) == 1

    def test_of_two_who_tell_one_story_at_once_one_is_refused(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("a", match()))

        def try_to_tell(minutes: int) -> bool:
            try:
                tell(store, subscription, (1, 1), due_at=NOW + minutes * MINUTE)
            except sa.exc.IntegrityError:
                return False
            return True

        assert sorted(race(partial(try_to_tell, 1), partial(try_to_tell, 2))) == [False, True]
        assert (count(store, tables.Edition), count(store, tables.Delivery)) == (1, 1)


def test_the_archive_lists_editions_newest_first(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    subscription = subscribe(store)
    poll(store, new_source(store), *(matched(guid, match()) for guid in "abc"))
    with store.read() as session:
        assert last_story_count(session, subscription.id) is None
    first = tell(store, subscription, (1, 1), (2, 1))
    second = tell(store, replace_due(subscription, NOW + DAY), (3, 1), due_at=NOW + DAY)
    with store.read() as session:
        assert [edition.id for edition in list_editions(session)] == [second, first]
        assert [edition.id for edition in list_editions(session, limit=1)] == [second]
        (found,) = list_editions(session, edition_id=first)
        assert last_story_count(session, subscription.id) == 1
    assert (found.subscriber, found.address, found.subscription, found.story_count) == (
        "Ada", "ada@example.org", "Digest", 2,
    )  # fmt: skip
    assert (found.due_at, found.window_start, found.window_end) == (NOW, subscription.window_start, NOW)
    assert (found.subject, found.html, found.text) == ("News", "<p>News</p>", "News")


def test_the_items_of_stories_come_with_those_that_did_not_match(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    poll(store, new_source(store, "one"), matched("late", match(), keys=["text:x"], published_at=NOW))
    poll(store, new_source(store, "other"), matched("early", keys=["text:x"], published_at=NOW - HOUR), matched("no"))
    with store.read() as session:
        found = items_of_stories(session, {1, 404})
        assert items_of_stories(session, set()) == []
    assert [(item.title, item.source, item.story_id) for item in found] == [
        ("Headline of early", "OTHER", 1), ("Headline of late", "ONE", 1),
    ]  # fmt: skip


def test_the_items_of_more_stories_than_a_statement_takes_are_found(store: Store) -> None:
    poll(store, new_source(store), *(matched(f"g{number}") for number in range(1_100)))
    stories = rows(store, tables.Story, "id")
    with store.read() as session:
        assert len(items_of_stories(session, stories)) == 1_100
