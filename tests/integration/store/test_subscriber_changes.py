"""What becomes of one subscriber: paused, unsubscribed, changed, forgotten; and what a declared one refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store import tables
from feedwatch.store.subscriber_changes import (
    SubscriberState,
    change_locale,
    change_subscriber,
    change_subscription,
    resubscribe,
    set_paused,
    subscriber_at,
    subscriber_of,
    unsubscribe,
)
from feedwatch.store.subscriber_removal import remove_subscriber
from feedwatch.store.subscribers import LOOK_BACK, SubscriberSpec, SubscriptionSpec, declare_subscribers
from tests.integration.store.examples import (
    DAY,
    HOUR,
    NOW,
    count,
    due,
    in_a_day,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    rows,
    tell,
)
from tests.integration.store.examples import match as match_of
from tests.integration.store.examples import matched as item_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store import Store

EMAIL = "ada@example.org"
DAILY = SubscriptionSpec("Digest", "daily", first_at_once=False)
DECLARED = SubscriberSpec("Ada", EMAIL, "Asia/Hong_Kong", subscriptions=(DAILY,))


def state(store: Store, email: str = EMAIL) -> SubscriberState:
    with store.read() as session:
        found = subscriber_at(session, email)
    assert found is not None
    return found


def declare(store: Store, *specs: SubscriberSpec, now: datetime = NOW) -> None:
    with store.begin() as session:
        declare_subscribers(session, specs, now, in_a_day)


def change(store: Store, *, now: datetime = NOW, **values: Any) -> bool:
    with store.begin() as session:
        return change_subscription(session, 1, now=now, next_due=in_a_day, **values)


def test_all_that_is_known_of_a_subscriber(store: Store) -> None:
    new_watchlists(store, "Chips", "Bay Area")
    new_subscriber(store, "Ada@Example.org", SubscriptionSpec("A", "daily", ("chips", "bay area")), DAILY)
    found = state(store, "ada@EXAMPLE.org")
    assert (found.id, found.name, found.email, found.declared, found.added_at) == (
        1, "Ada", "Ada@Example.org", False, NOW,
    )  # fmt: skip
    first, second = found.subscriptions
    assert (first.name, first.watchlists, first.next_due_at) == ("A", ("Bay Area", "Chips"), NOW)
    assert (second.name, second.watchlists, second.edition_count) == ("Digest", (), 0)
    with store.read() as session:
        assert subscriber_of(session, 1) == found
        assert subscriber_of(session, 2) is None
        assert subscriber_at(session, "bob@example.org") is None


def test_who_is_unsubscribed_is_not_due_and_stays_so_whatever_is_declared(store: Store) -> None:
    declare(store, DECLARED)
    with store.begin() as session:
        assert unsubscribe(session, 1, NOW)
        assert not unsubscribe(session, 1, NOW + HOUR)
        assert not unsubscribe(session, 2, NOW)
    for spec in (DECLARED, replace(DECLARED, subscriptions=(replace(DAILY, schedule="weekly"),)), DECLARED):
        declare(store, spec)
        assert due(store, NOW + 9 * DAY) == []
        assert state(store).subscriptions[0].unsubscribed_at == NOW
    declare(store)  # declared no more, and again
    declare(store, DECLARED)
    assert state(store).subscriptions[0].unsubscribed_at == NOW


def test_a_subscription_taken_back_is_due_at_its_next_time_and_tells_of_a_day_at_most(store: Store) -> None:
    new_subscriber(store)
    with store.begin() as session:
        assert not resubscribe(session, 1, NOW, in_a_day)
        unsubscribe(session, 1, NOW)
    later = NOW + 40 * DAY
    with store.begin() as session:
        assert resubscribe(session, 1, later, in_a_day)
    assert due(store, later) == []
    (subscription,) = due(store, later + DAY)
    assert (subscription.due_at, subscription.window_start) == (later + DAY, later - LOOK_BACK)
    with pytest.raises(StoreError, match="there is no subscription 2"), store.begin() as session:
        resubscribe(session, 2, NOW, in_a_day)


def test_going_on_lifts_what_bounces_blocked(store: Store) -> None:
    declare(store, DECLARED)
    with store.begin() as session:
        session.execute(sa.update(tables.Subscriber).values(blocked_at=NOW, blocked_why="no such user"))
        set_paused(session, 1, True)
    assert (state(store).paused, state(store).blocked_why) == (True, "no such user")
    assert due(store, NOW + 9 * DAY) == []
    with store.begin() as session:
        set_paused(session, 1, False)
    found = state(store)
    assert (found.paused, found.blocked_at, found.blocked_why) == (False, None, None)
    assert len(due(store, NOW + 9 * DAY)) == 1
    with pytest.raises(StoreError, match="there is no subscriber 2"), store.begin() as session:
        set_paused(session, 2, True)


@pytest.mark.parametrize(
    "values, changed",
    [
        ({"schedule": "weekly"}, {"schedule": "weekly", "next_due_at": NOW + 2 * DAY}),
        ({"schedule": "instant"}, {"schedule": "instant", "next_due_at": None}),
        ({"schedule": "daily"}, {}),
        ({"watchlists": ["chips"]}, {"watchlists": ("Chips",)}),
        ({"watchlists": []}, {"watchlists": ()}),
        ({"watchlists": ["BAY AREA"]}, {}),
        ({"min_stories": 3, "skip_if_empty": False}, {"min_stories": 3, "skip_if_empty": False}),
        ({"channels": ["newsroom"]}, {"channels": ("newsroom",)}),
        ({"channels": ["mail"]}, {}),
        ({}, {}),
    ],
)
def test_what_is_changed_of_a_subscription(store: Store, values: dict[str, Any], changed: dict[str, Any]) -> None:
    new_watchlists(store, "Bay Area", "Chips")
    new_subscriber(store, EMAIL, replace(DAILY, watchlists=("Bay Area",)))
    (before,) = state(store).subscriptions
    assert change(store, now=NOW + DAY, **values) is bool(changed)
    (after,) = state(store).subscriptions
    assert after == replace(before, **changed)
    assert rows(store, tables.Subscription, "all_watchlists") == [not after.watchlists]


def test_a_watchlist_that_does_not_exist_changes_nothing(store: Store) -> None:
    new_subscriber(store)
    with pytest.raises(StoreError, match="no watchlist named 'Nope'"):
        change(store, schedule="weekly", watchlists=["Nope"])
    assert state(store).subscriptions[0].schedule == "daily"


@pytest.mark.parametrize(
    "values, changed",
    [
        ({"name": "Ada L.", "locale": "zh-Hans"}, {"name": "Ada L.", "locale": "zh-Hans"}),
        ({"quiet_hours": "22:00-07:00"}, {"quiet_hours": "22:00-07:00"}),
        ({"timezone": "UTC"}, {}),
        ({}, {}),
    ],
)
def test_what_is_changed_of_a_subscriber(store: Store, values: dict[str, Any], changed: dict[str, Any]) -> None:
    new_subscriber(store, EMAIL, DAILY)
    before = state(store)
    with store.begin() as session:
        assert change_subscriber(session, 1, now=NOW + DAY, next_due=in_a_day, **values) is bool(changed)
    assert state(store) == replace(before, **changed)


def test_another_time_zone_moves_digests_and_leaves_an_alert_that_waits(store: Store) -> None:
    new_subscriber(store, EMAIL, DAILY, SubscriptionSpec("Alert", "instant"))
    with store.begin() as session:
        change_subscriber(session, 1, now=NOW + DAY, next_due=in_a_day, timezone="Asia/Tokyo")
    assert [one.next_due_at for one in state(store).subscriptions] == [NOW + 2 * DAY, NOW]


def test_the_language_alone(store: Store) -> None:
    new_subscriber(store)
    with store.begin() as session:
        assert change_locale(session, 1, "zh-Hant")
        assert not change_locale(session, 1, "zh-Hant")
    assert state(store).locale == "zh-Hant"


def test_what_is_declared_is_changed_in_the_configuration_alone(store: Store) -> None:
    declare(store, DECLARED)
    before = state(store)
    with pytest.raises(StoreError, match=f"{EMAIL} is declared in the configuration"):
        change(store, schedule="weekly")
    refusals: list[Callable[[Session], object]] = [
        lambda session: change_locale(session, 1, "en"),
        lambda session: change_subscriber(session, 1, now=NOW, next_due=in_a_day, name="A"),
        lambda session: remove_subscriber(session, 1),
    ]
    for refused in refusals:
        with pytest.raises(StoreError, match="is declared in the configuration"), store.begin() as session:
            refused(session)
    assert state(store) == before


def test_who_is_removed_leaves_no_row(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    new_subscriber(store, EMAIL, replace(DAILY, watchlists=("Bay Area",), first_at_once=True))
    new_subscriber(store, "bob@example.org")
    poll(store, new_source(store), item_of("g1", match_of()))
    for subscription in due(store):
        tell(store, subscription, (1, 1))
    with store.begin() as session:
        session.add(
            tables.Bounce(
                fingerprint="f", address=EMAIL, address_key=EMAIL, at=NOW, is_hard=True, status="5.1.1", reason="gone"
            )
        )
    with store.begin() as session:
        assert remove_subscriber(session, 1) == 1
    assert rows(store, tables.Subscriber, "email") == ["bob@example.org"]
    left = (tables.Subscription, tables.Edition, tables.EditionStory, tables.Delivery)
    assert [count(store, table) for table in left] == [1, 1, 1, 1]
    assert [count(store, table) for table in (tables.SubscriptionWatchlist, tables.Bounce)] == [0, 0]
    with pytest.raises(StoreError, match="there is no subscriber 1"), store.begin() as session:
        remove_subscriber(session, 1)
