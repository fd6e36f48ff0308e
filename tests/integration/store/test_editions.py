"""Promise 2: an edition is made once, and no story is told to one subscriber twice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.model import Body
from feedwatch.store import tables
from feedwatch.store.bodies import store_bodies
from feedwatch.store.cuts import CutStory, unpack
from feedwatch.store.editions import (
    NewDelivery,
    NewEdition,
    ToldStory,
    add_editions,
    former_editions,
    last_story_counts,
    list_editions,
)
from feedwatch.store.store import lock_writers
from feedwatch.store.subscribers import SubscriptionSpec
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
    from collections.abc import Sequence

    from feedwatch.store import Store
    from feedwatch.store.due import DueSubscription


def subscribe(store: Store, *names: str) -> list[DueSubscription]:
    """Subscribers to a daily digest and to alerts, with three stories that could be told: two subscriptions each."""
    new_watchlists(store, "Bay Area")
    specs = SubscriptionSpec("Digest", "daily"), SubscriptionSpec("Alert", "instant")
    for name in names or ("ada",):
        new_subscriber(store, f"{name}@example.org", *specs)
    poll(store, new_source(store), *(matched(guid, match()) for guid in "abc"))
    return due(store)


def add(store: Store, *editions: NewEdition) -> Sequence[int]:
    with store.begin() as session:
        lock_writers(session)
        store_bodies(session, [Body("News", "<p>News</p>", "News")])
        return add_editions(session, editions)


def edition(subscription: DueSubscription, *stories: ToldStory, **terms: int) -> NewEdition:
    deliveries = [
        NewDelivery(channel, channel, 1, f"<{subscription.id}-{channel}@x.example>") for channel in ("mail", "chat")
    ]
    return NewEdition(subscription, NOW, 1, stories, terms, deliveries)


def story(story_id: int, *, shown: bool = True, telling: int = 0) -> ToldStory:
    return ToldStory(story_id, 1, shown, telling, item_id=story_id, revision=1)


class TestEditions:
    def test_are_stored_with_what_they_told_and_their_deliveries(self, store: Store) -> None:
        ada, ben = (one for one in subscribe(store, "ada", "ben") if one.name == "Digest")
        first, second = add(
            store, edition(ada, story(1), story(2, shown=False), bridge=2), edition(ben, story(3, telling=1))
        )
        assert rows(store, tables.Edition, "id", "subscription_id", "due_at", "window_end", "story_count", "terms") == [
            (first, ada.id, NOW, NOW, 1, {"bridge": 2}), (second, ben.id, NOW, NOW, 1, {}),
        ]  # fmt: skip
        columns = ("edition_id", "story_id", "subscriber_id", "telling", "item_id", "revision")
        assert rows(store, tables.EditionStory, *columns) == [
            (first, 1, ada.subscriber_id, 0, 1, 1), (second, 3, ben.subscriber_id, 1, 3, 1),
        ]  # fmt: skip
        ((edition_id, subscriber_id, last, packed),) = rows(
            store, tables.EditionCut, "edition_id", "subscriber_id", "last_story_id", "stories"
        )
        assert (edition_id, subscriber_id, last) == (first, ada.subscriber_id, 2)
        assert unpack(packed) == [CutStory(2, 1, telling=0, item_id=2, revision=1)]
        delivered = rows(store, tables.Delivery, "edition_id", "channel", "address", "body_id", "state", "created_at")
        assert delivered == [
            (number, channel, channel, 1, "pending", NOW) for number in (first, second) for channel in ("mail", "chat")
        ]

    def test_may_be_empty(self, store: Store) -> None:
        (made,) = add(store, edition(subscribe(store)[0]))
        assert rows(store, tables.Edition, "id", "story_count") == [(made, 0)]

    def test_none_are_stored_by_none(self, store: Store) -> None:
        assert add(store) == ()

    def test_of_one_due_time_are_made_once(self, store: Store) -> None:
        digest, _ = subscribe(store)
        tell(store, digest, (1, 1))
        with pytest.raises(sa.exc.IntegrityError):
            tell(store, digest, (2, 1))
        assert count(store, tables.Delivery) == 1

    def test_that_tell_a_story_twice_are_refused_with_all_of_their_batch(self, store: Store) -> None:
        ada, ada_alert, ben, _ = subscribe(store, "ada", "ben")
        tell(store, ada_alert, (1, 1))
        with pytest.raises(sa.exc.IntegrityError):
            add(store, edition(ben, story(1)), edition(ada, story(2), story(1)))
        assert (count(store, tables.Edition), count(store, tables.Delivery)) == (1, 1)

    def test_tell_an_update_once_more(self, store: Store) -> None:
        digest, _ = subscribe(store)
        tell(store, digest, (1, 1))
        again = replace_due(digest, NOW + DAY)
        add(store, edition(again, story(1, telling=1)))
        with pytest.raises(sa.exc.IntegrityError):
            add(store, edition(replace_due(digest, NOW + 2 * DAY), story(1, telling=1)))
        assert rows(store, tables.EditionStory, "telling") == [0, 1]

    def test_of_two_who_tell_one_story_at_once_one_is_refused(self, store: Store) -> None:
        digest, _ = subscribe(store)

        def try_to_tell(minutes: int) -> bool:
            try:
                tell(store, digest, (1, 1), due_at=NOW + minutes * MINUTE)
            except sa.exc.IntegrityError:
                return False
            return True

        assert sorted(race(partial(try_to_tell, 1), partial(try_to_tell, 2))) == [False, True]
        assert (count(store, tables.Edition), count(store, tables.Delivery)) == (1, 1)


class TestFormerEditions:
    def test_are_the_last_ones_newest_first(self, store: Store) -> None:
        digest, alert = subscribe(store)
        for number in range(5):
            add_former(store, replace_due(digest, NOW - number * DAY), bridge=number)
        add_former(store, replace_due(alert, NOW), port=9)
        with store.read() as session:
            found = former_editions(session, [digest.id, alert.id, 404], NOW - 90 * DAY, 3)
        assert found == {
            digest.id: [(0, {"bridge": 0}), (0, {"bridge": 1}), (0, {"bridge": 2})],
            alert.id: [(0, {"port": 9})],
        }

    def test_are_no_older_than_asked_for(self, store: Store) -> None:
        digest, _ = subscribe(store)
        for number in range(5):
            add_former(store, replace_due(digest, NOW - number * DAY), bridge=number)
        with store.read() as session:
            found = former_editions(session, [digest.id], NOW - DAY - HOUR, 3)
            assert former_editions(session, [], NOW - DAY, 3) == {}
        assert [terms for _, terms in found[digest.id]] == [{"bridge": 0}, {"bridge": 1}]

    def test_the_last_one_s_stories_are_counted_however_long_ago(self, store: Store) -> None:
        ada, ada_alert, ben, _ = subscribe(store, "ada", "ben")
        tell(store, ada, (1, 1), (2, 1), due_at=NOW - 700 * DAY)
        tell(store, ben, (1, 1), due_at=NOW - 9 * DAY)
        tell(store, ben, (2, 1), (3, 1), due_at=NOW)
        with store.read() as session:
            assert last_story_counts(session, [ada.id, ada_alert.id, ben.id]) == {ada.id: 2, ben.id: 2}
            assert last_story_counts(session, []) == {}


def add_former(store: Store, subscription: DueSubscription, **terms: int) -> None:
    with store.begin() as session:
        store_bodies(session, [Body("News", "<p>News</p>", "News")])
        add_editions(session, [NewEdition(subscription, NOW, 1, (), terms, ())])


def test_the_archive_lists_editions_newest_first(store: Store) -> None:
    digest, _ = subscribe(store)
    first = tell(store, digest, (1, 1), (2, 1))
    second = tell(store, replace_due(digest, NOW + DAY), (3, 1), due_at=NOW + DAY)
    with store.read() as session:
        assert [edition.id for edition in list_editions(session)] == [second, first]
        assert [edition.id for edition in list_editions(session, limit=1)] == [second]
        (found,) = list_editions(session, edition_id=first)
    assert (found.subscriber, found.address, found.subscription, found.story_count) == (
        "Ada", "ada@example.org", "Digest", 2,
    )  # fmt: skip
    assert (found.due_at, found.window_start, found.window_end) == (NOW, digest.window_start, NOW)
    assert (found.subject, found.html, found.text) == ("News", "<p>News</p>", "News")
