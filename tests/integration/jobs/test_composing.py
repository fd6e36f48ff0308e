"""What is told to whom: the window, the watchlists, what was told before, and updates of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.jobs import story_pool
from feedwatch.jobs.composing import compose_batch
from feedwatch.jobs.story_pool import StoryPool
from feedwatch.model import WatchlistDef
from feedwatch.settings import DigestSettings
from feedwatch.store import tables
from feedwatch.store.subscribers import SubscriptionSpec
from feedwatch.store.watchlists import declare_watchlists
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
    tell,
)

if TYPE_CHECKING:
    from feedwatch.jobs.composing import Composed
    from feedwatch.store import Store
    from feedwatch.store.due import DueSubscription


def composed(store: Store, *subscriptions: DueSubscription, pool: StoryPool | None = None) -> list[Composed]:
    with store.read() as session:
        return compose_batch(session, pool or StoryPool(), DigestSettings(), subscriptions, NOW)


def titles(store: Store, subscription: DueSubscription) -> list[str]:
    """The headlines, each with the name of its section."""
    ((sections),) = [one.edition.sections for one in composed(store, subscription)]
    return [f"{section.watchlist}: {story.title}" for section in sections for story in section.stories]


def subscribe(store: Store, *watchlists: str, email: str = "ada@example.org") -> DueSubscription:
    """A subscription whose window began a day ago."""
    new_subscriber(store, email, SubscriptionSpec("Digest", "daily", watchlists))
    return next(one for one in due(store) if one.address == email)


class TestUntold:
    @pytest.mark.parametrize(
        ("matched_before_the_window", "is_told"),
        [
            (-HOUR, True),
            (timedelta(), True),
            (59 * MINUTE, True),  # a poll's transaction may end after the edition that its time belongs to
            (61 * MINUTE, False),
        ],
    )
    def test_reaches_an_hour_back_behind_its_window(
        self, store: Store, matched_before_the_window: timedelta, is_told: bool
    ) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        matched_at = subscription.window_start - matched_before_the_window
        poll(store, new_source(store), matched("g1", match()), now=matched_at)
        assert bool(titles(store, subscription)) is is_told

    def test_looks_at_when_it_matched_and_not_at_when_it_was_published(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("g1", match(), published_at=NOW - 30 * DAY))
        assert titles(store, subscription) == ["Bay Area: Headline of g1"]

    def test_is_of_the_watchlists_named(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        subscription = subscribe(store, "Chips")
        poll(store, new_source(store), matched("b", match("Bay Area")), matched("a", match("Chips")))
        assert titles(store, subscription) == ["Chips: Headline of a"]

    def test_is_of_all_watchlists_where_none_is_named(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        subscription = subscribe(store)
        new_watchlists(store, "Later")
        poll(store, new_source(store), *(matched(name, match(name)) for name in ("Chips", "Bay Area", "Later")))
        assert [title.split(":")[0] for title in titles(store, subscription)] == ["Bay Area", "Chips", "Later"]

    def test_is_nothing_of_a_disabled_watchlist(self, store: Store) -> None:
        subscription = subscribe(store)
        bay = WatchlistDef("Bay Area", ("bay",))
        found = []
        with store.begin() as session:
            declare_watchlists(session, [(bay, True)], NOW)
        poll(store, new_source(store), matched("a", match()))
        for is_enabled in (True, False, True):
            with store.begin() as session:
                declare_watchlists(session, [(bay, is_enabled)], NOW)
            found.append(len(titles(store, subscription)))
        assert found == [1, 0, 1]

    def test_is_each_one_s_own_in_a_batch(self, store: Store) -> None:
        """Other watchlists, another window, and told other things: of one reading of the database."""
        new_watchlists(store, "Bay Area", "Chips")
        source = new_source(store)
        ada = subscribe(store, "Bay Area")
        ben = subscribe(store, email="ben@example.org")
        cay = subscribe(store, "Chips", email="cay@example.org")
        poll(store, source, matched("old", match("Bay Area"), match("Chips")), now=NOW - 2 * DAY)
        poll(store, source, matched("b", match("Bay Area")), matched("a", match("Chips")))
        tell(store, ben, (2, 2))
        made = composed(store, ada, ben, replace(cay, window_start=NOW - 3 * DAY))
        assert [[story.story_id for story in one.stories] for one in made] == [[3], [3], [1, 2]]


class TestTold:
    def test_a_story_is_never_told_again_by_whichever_copy(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        poll(store, new_source(store), matched("b", match()), matched("a", match(), keys=["text:x"]))
        tell(store, subscription, (1, 1))
        poll(store, new_source(store, "other"), matched("copy", match(), keys=["text:x"]), now=NOW + HOUR)
        assert titles(store, subscription) == ["Bay Area: Headline of b"]

    def test_nor_by_another_subscription_of_the_same_subscriber(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(
            store, "ada@example.org", SubscriptionSpec("Digest", "daily"), SubscriptionSpec("Alert", "instant")
        )
        digest, alert = due(store)
        poll(store, new_source(store), matched("a", match()))
        tell(store, alert, (1, 1))
        assert titles(store, digest) == []

    def test_but_to_every_subscriber(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        ada, ben = subscribe(store), subscribe(store, email="ben@example.org")
        poll(store, new_source(store), matched("a", match()))
        tell(store, ada, (1, 1))
        assert [len(titles(store, one)) for one in (ada, ben)] == [0, 1]

    def test_nor_when_an_old_story_gets_a_new_copy(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        ada, ben = subscribe(store), subscribe(store, email="ben@example.org")
        source = new_source(store)
        poll(store, source, matched("a", match(), keys=["text:x"]), now=NOW - 90 * DAY)
        tell(store, replace_due(ada, NOW - 90 * DAY), (1, 1), due_at=NOW - 90 * DAY)
        poll(store, source, *(matched(f"g{number}", match()) for number in range(3)))
        poll(store, new_source(store, "other"), matched("copy", match(), keys=["text:x"]))
        assert [len(titles(store, one)) for one in (ada, ben)] == [3, 4]


FIRST = "The court ordered the ferry company to pay 3 million dollars to the families of the crew on Monday."
SECOND = "The ferry company went bankrupt, and its owner was arrested at the airport with 40 kilograms of gold."


class TestAnUpdate:
    """Of item 1, story 1, told a day ago in its first revision, and revised in the window."""

    def tell_and_revise(self, store: Store, *texts: str, told_revision: int = 1) -> DueSubscription:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        self.source = new_source(store)
        poll(store, self.source, matched("a", match(), title="Ferry", text=FIRST), now=NOW - 2 * DAY)
        tell(store, subscription, (1, 1), due_at=NOW - DAY)
        for number, text in enumerate(texts):
            poll(store, self.source, matched("a", match(), title="Ferry", text=text), now=NOW - (9 - number) * HOUR)
        return subscription

    def test_is_told_again_and_marked(self, store: Store) -> None:
        (made,) = composed(store, self.tell_and_revise(store, SECOND))
        ((section,),) = [made.edition.sections]
        (story,) = section.stories
        assert (story.story_id, story.is_update, story.snippet) == (1, True, SECOND)
        (told,) = made.stories
        assert (told.telling, told.item_id, told.revision, told.shown) == (1, 1, 2, True)

    def test_is_told_once(self, store: Store) -> None:
        subscription = self.tell_and_revise(store, SECOND)
        tell(store, subscription, (1, 1), telling=1, revision=2)
        assert titles(store, subscription) == []

    def test_and_once_more_when_it_changed_again(self, store: Store) -> None:
        subscription = self.tell_and_revise(store, SECOND)
        tell(store, subscription, (1, 1), telling=1, revision=2)
        poll(store, self.source, matched("a", match(), title="Ferry", text="All 212 passengers were found alive."))
        (made,) = composed(store, subscription)
        assert [(told.telling, told.revision) for told in made.stories] == [(2, 3)]

    def test_is_measured_against_what_was_told_and_not_against_the_last_revision(self, store: Store) -> None:
        assert titles(store, self.tell_and_revise(store, SECOND, f"{SECOND} More follows.")) == ["Bay Area: Ferry"]

    def test_in_a_word_is_none(self, store: Store) -> None:
        assert titles(store, self.tell_and_revise(store, FIRST.replace("ferry company", "ferry firm"))) == []

    def test_that_was_taken_back_is_none(self, store: Store) -> None:
        assert titles(store, self.tell_and_revise(store, SECOND, FIRST)) == []

    def test_before_the_window_is_none(self, store: Store) -> None:
        subscription = self.tell_and_revise(store)
        poll(store, self.source, matched("a", match(), title="Ferry", text=SECOND), now=NOW - DAY - 2 * HOUR)
        assert titles(store, subscription) == []

    def test_of_what_matches_no_more_is_none(self, store: Store) -> None:
        subscription = self.tell_and_revise(store)
        poll(store, self.source, matched("a", title="Ferry", text=SECOND))
        assert titles(store, subscription) == []

    def test_of_another_item_of_the_story_is_none(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        source, other = new_source(store), new_source(store, "other")
        poll(store, source, matched("a", match(), keys=["text:x"], text=FIRST), now=NOW - 2 * DAY)
        poll(store, other, matched("copy", match(), keys=["text:x"], text=FIRST), now=NOW - 2 * DAY)
        tell(store, subscription, (1, 1), due_at=NOW - DAY)
        poll(store, other, matched("copy", match(), keys=["text:x"], text=SECOND))
        assert titles(store, subscription) == []

    def test_of_what_was_never_told_is_no_news_either(self, store: Store) -> None:
        """It matched before the window: whoever subscribed later is not told of what was found before."""
        self.tell_and_revise(store, SECOND)
        assert titles(store, subscribe(store, email="ben@example.org")) == []

    def test_of_what_was_told_by_an_item_unknown_is_none(self, store: Store) -> None:
        """As of editions that were made before the item was written down."""
        new_watchlists(store, "Bay Area")
        subscription = subscribe(store)
        source = new_source(store)
        poll(store, source, matched("a", match(), title="Ferry", text=FIRST), now=NOW - 2 * DAY)
        tell(store, subscription, (1, 1), due_at=NOW - DAY)
        with store.begin() as session:
            session.execute(sa.update(tables.EditionStory).values(item_id=None))
        poll(store, source, matched("a", match(), title="Ferry", text=SECOND))
        assert titles(store, subscription) == []


class TestAPool:
    def test_has_a_story_in_words_once_for_all_whom_it_is_told_so(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        ada, ben = subscribe(store, "Bay Area"), subscribe(store, "Bay Area", email="ben@example.org")
        cay = subscribe(store, email="cay@example.org")
        poll(store, new_source(store), matched("a", match(), match("Chips")))
        pool = StoryPool()
        told = [one.edition.sections[0].stories[0] for one in composed(store, ada, cay, pool=pool)]
        (again,) = composed(store, ben, pool=pool)
        assert again.edition.sections[0].stories[0] is told[0]
        assert [story.also_matched for story in told] == [(), ("Chips",)]

    def test_learns_of_an_item_that_came_later(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        ada, ben = subscribe(store), subscribe(store, email="ben@example.org")
        poll(store, new_source(store), matched("a", match(), keys=["text:x"]))
        pool = StoryPool()
        composed(store, ada, pool=pool)
        poll(store, new_source(store, "other"), matched("copy", match(), keys=["text:x"]), matched("b", match()))
        (made,) = composed(store, ben, pool=pool)
        assert (made.edition.story_count, made.edition.source_count) == (2, 2)

    def test_is_emptied_when_it_has_grown_too_large(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(story_pool, "_MOST_WORDINGS", 2)
        new_watchlists(store, "Bay Area")
        ada, ben = subscribe(store), subscribe(store, email="ben@example.org")
        poll(store, new_source(store), *(matched(guid, match()) for guid in "abc"))
        pool = StoryPool()
        (first,) = composed(store, ada, pool=pool)
        pool.make_room()
        assert pool == StoryPool()
        (second,) = composed(store, ben, pool=pool)
        assert second.edition == first.edition
