"""Subscribers: declared, added and paused; and which subscription is due, to one process alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from feedwatch.errors import StoreError
from feedwatch.store import tables
from feedwatch.store.due import due_subscriptions, set_due, subscriptions_of, take_due
from feedwatch.store.sources import Changes
from feedwatch.store.subscriber_changes import set_paused
from feedwatch.store.subscribers import (
    LOOK_BACK,
    SubscriberRow,
    SubscriberSpec,
    SubscriptionSpec,
    add_subscriber,
    declare_subscribers,
    list_subscribers,
)
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    count,
    due,
    in_a_day,
    new_subscriber,
    new_watchlists,
    rows,
)
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.store import Store
    from feedwatch.store.due import DueSubscription


def at_eight(schedule: str, timezone: str, after: datetime) -> datetime | None:
    """Tomorrow at eight in the time zone; None for an alert."""
    if schedule == "instant":
        return None
    return (after.astimezone(ZoneInfo(timezone)) + DAY).replace(hour=8, minute=0, second=0, microsecond=0)


DAILY = SubscriptionSpec("Digest", "daily", first_at_once=False)
ADA = SubscriberSpec("Ada", "Ada@Example.org", "Asia/Hong_Kong", "zh-Hant", subscriptions=(DAILY,))
BOB = SubscriberSpec("Bob", "bob@example.org", subscriptions=(DAILY,))


def declare(store: Store, *specs: SubscriberSpec, now: datetime = NOW) -> Changes:
    with store.begin() as session:
        return declare_subscribers(session, specs, now, at_eight)


def listed(store: Store) -> list[SubscriberRow]:
    with store.read() as session:
        return list_subscribers(session)


def due_ats(store: Store) -> list[datetime | None]:
    return rows(store, tables.Subscription, "next_due_at")


class TestDeclared:
    def test_new_ones_are_added_with_their_subscriptions(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        both = (
            SubscriptionSpec("Both", "daily", ("chips", "BAY AREA")),
            SubscriptionSpec("Alert", "instant", first_at_once=False),
        )
        assert declare(store, replace(ADA, subscriptions=both)) == Changes(added=("Ada@Example.org",))
        first, second = listed(store)
        assert (first.name, first.email, first.timezone, first.locale, first.declared) == (
            "Ada", "Ada@Example.org", "Asia/Hong_Kong", "zh-Hant", True,
        )  # fmt: skip
        assert (first.subscription, first.watchlists, first.next_due_at) == ("Both", ("Bay Area", "Chips"), NOW)
        assert (second.subscription, second.watchlists, second.next_due_at) == ("Alert", (), None)
        assert rows(store, tables.Subscription, "all_watchlists", "window_start") == [
            (False, NOW - LOOK_BACK), (True, NOW - LOOK_BACK),
        ]  # fmt: skip

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        declare(store, ADA, BOB)
        before = (listed(store), due_ats(store))
        assert not declare(store, ADA, BOB, now=NOW + DAY)
        assert (listed(store), due_ats(store)) == before

    @pytest.mark.parametrize(
        "change", [{"name": "Ada L."}, {"locale": "en"}, {"email": "ada@example.org"}, {"enabled": False}]
    )
    def test_a_change_of_the_subscriber_leaves_the_due_time(self, store: Store, change: dict[str, object]) -> None:
        declare(store, ADA)
        before = due_ats(store)
        changed = replace(ADA, **change)  # type: ignore[arg-type]
        assert declare(store, changed, now=NOW + DAY) == Changes(changed=(changed.email,))
        (found,) = listed(store)
        assert {key: getattr(found, key) for key in change} == change
        assert due_ats(store) == before

    def test_another_time_zone_moves_the_due_time(self, store: Store) -> None:
        declare(store, ADA)
        assert due_ats(store) == [at_eight("daily", "Asia/Hong_Kong", NOW)]
        declare(store, replace(ADA, timezone="America/New_York"))
        assert due_ats(store) == [at_eight("daily", "America/New_York", NOW)]

    def test_another_time_zone_leaves_an_alert_that_waits(self, store: Store) -> None:
        alert = replace(ADA, subscriptions=(replace(DAILY, schedule="instant", first_at_once=True),))
        declare(store, alert)
        declare(store, replace(alert, timezone="America/New_York"), now=NOW + HOUR)
        assert due_ats(store) == [NOW]

    def test_another_schedule_moves_the_due_time(self, store: Store) -> None:
        declare(store, ADA)
        alert = replace(DAILY, schedule="instant")
        assert declare(store, replace(ADA, subscriptions=(alert,))) == Changes(changed=("Ada@Example.org",))
        assert due_ats(store) == [None]
        declare(store, ADA, now=NOW + DAY)
        assert due_ats(store) == [at_eight("daily", "Asia/Hong_Kong", NOW + DAY)]

    @pytest.mark.parametrize(
        ("before", "after"), [((), ("Bay Area",)), (("Bay Area",), ()), (("Bay Area",), ("Chips",))]
    )
    def test_other_watchlists_are_linked(self, store: Store, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        new_watchlists(store, "Bay Area", "Chips")
        declare(store, replace(ADA, subscriptions=(replace(DAILY, watchlists=before),)))
        changed = replace(ADA, subscriptions=(replace(DAILY, watchlists=after),))
        assert declare(store, changed) == Changes(changed=("Ada@Example.org",))
        assert listed(store)[0].watchlists == after
        assert rows(store, tables.Subscription, "all_watchlists") == [not after]

    def test_a_subscription_no_longer_named_sends_nothing_and_comes_back_with_its_number(self, store: Store) -> None:
        declare(store, replace(ADA, subscriptions=(DAILY, replace(DAILY, name="Second"))))
        assert declare(store, ADA) == Changes(changed=("Ada@Example.org",))
        assert [subscription.name for subscription in due(store, NOW + 3 * DAY)] == ["Digest"]
        declare(store, replace(ADA, subscriptions=(DAILY, replace(DAILY, name="Second"))), now=NOW + 3 * DAY)
        assert rows(store, tables.Subscription, "id", "enabled") == [(1, True), (2, True)]
        assert due_ats(store)[1] == at_eight("daily", "Asia/Hong_Kong", NOW + 3 * DAY)

    def test_one_no_longer_named_is_disabled_once_and_gets_nothing(self, store: Store) -> None:
        declare(store, ADA, BOB)
        assert declare(store, BOB) == Changes(disabled=("Ada@Example.org",))
        assert not declare(store, BOB)
        assert [subscription.subscriber for subscription in due(store, NOW + 3 * DAY)] == ["Bob"]
        assert count(store, tables.Subscriber) == 2

    def test_one_added_by_hand_stays_when_it_is_not_named(self, store: Store) -> None:
        new_subscriber(store)
        assert not declare(store)
        assert len(due(store)) == 1

    def test_an_unknown_watchlist_is_refused_and_nothing_is_stored(self, store: Store) -> None:
        bad = replace(BOB, subscriptions=(replace(DAILY, watchlists=("Nope",)),))
        with pytest.raises(StoreError, match="no watchlist named 'Nope'"):
            declare(store, ADA, bad)
        assert count(store, tables.Subscriber) == 0


def test_an_address_is_taken_whatever_its_case(store: Store) -> None:
    declare(store, ADA)
    with pytest.raises(StoreError, match="a subscriber with the address ADA@example"), store.begin() as session:
        add_subscriber(session, SubscriberSpec("Ada", "ADA@example.org"), NOW, in_a_day)


def test_who_is_paused_gets_nothing_until_resumed(store: Store) -> None:
    new_subscriber(store, "ada@example.org")
    for paused, found in ((True, 0), (False, 1)):
        with store.begin() as session:
            set_paused(session, 1, paused)
        assert len(due(store)) == found
        assert listed(store)[0].paused is paused


def test_what_the_list_tells(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    odd = replace(DAILY, watchlists=("Bay Area",), channels=("mail", "newsroom"))
    declare(store, replace(ADA, quiet_hours="22:00-07:00", subscriptions=(odd,)), replace(BOB, subscriptions=()))
    ada, bob = listed(store)
    assert (ada.quiet_hours, ada.watchlists, ada.channels) == ("22:00-07:00", ("Bay Area",), ("mail", "newsroom"))
    assert (ada.blocked_at, ada.blocked_why, ada.unsubscribed_at) == (None, None, None)
    assert (bob.subscription, bob.schedule, bob.watchlists, bob.channels) == (None, None, (), ())


def test_declaring_does_not_resume_who_is_paused(store: Store) -> None:
    declare(store, ADA)
    with store.begin() as session:
        set_paused(session, 1, True)
    declare(store, replace(ADA, name="Ada L."))
    assert listed(store)[0].paused


class TestDue:
    def subscribe(self, store: Store, *minutes: int) -> None:
        """One subscription a number, due that many minutes before now."""
        new_subscriber(store, "a@example.org", *(SubscriptionSpec(str(number), "daily") for number in minutes))
        with store.begin() as session:
            for subscription in due_subscriptions(session, NOW):
                set_due(session, subscription, NOW - int(subscription.name) * MINUTE)

    def test_comes_longest_due_first_and_no_more_than_asked(self, store: Store) -> None:
        self.subscribe(store, 5, 60, -1, 0)
        assert [subscription.name for subscription in due(store)] == ["60", "5", "0"]
        with store.read() as session:
            assert [subscription.name for subscription in due_subscriptions(session, NOW, 1)] == ["60"]
        assert [subscription.name for subscription in due(store, NOW + MINUTE)] == ["60", "5", "0", "-1"]

    def test_tells_all_that_an_edition_needs(self, store: Store) -> None:
        declare(store, replace(ADA, subscriptions=(replace(DAILY, first_at_once=True),)))
        (found,) = due(store)
        assert (found.due_at, found.window_start, found.address, found.timezone, found.locale, found.schedule) == (
            NOW, NOW - LOOK_BACK, "Ada@Example.org", "Asia/Hong_Kong", "zh-Hant", "daily",
        )  # fmt: skip

    def test_is_taken_by_moving_on(self, store: Store) -> None:
        self.subscribe(store, 0)
        (subscription,) = due(store)
        with store.begin() as session:
            assert take_due(session, subscription, next_due_at=NOW + DAY, window_start=NOW)
        assert due(store) == []
        (again,) = due(store, NOW + DAY)
        assert (again.due_at, again.window_start) == (NOW + DAY, NOW)

    def test_put_off_keeps_its_window(self, store: Store) -> None:
        self.subscribe(store, 0)
        (subscription,) = due(store)
        with store.begin() as session:
            assert take_due(session, subscription, next_due_at=NOW + HOUR, window_start=None)
        (again,) = due(store, NOW + HOUR)
        assert again.window_start == subscription.window_start

    def test_an_alert_is_taken_until_the_next_match(self, store: Store) -> None:
        new_subscriber(store, "a@example.org", SubscriptionSpec("Alert", "instant"))
        (subscription,) = due(store)
        with store.begin() as session:
            assert take_due(session, subscription, next_due_at=None, window_start=NOW)
        assert due(store, NOW + 365 * DAY) == []

    def test_is_taken_by_one_of_two(self, store: Store) -> None:
        self.subscribe(store, *range(20))
        everything = due(store)

        def take(subscription: DueSubscription) -> bool:
            with store.begin() as session:
                return take_due(session, subscription, next_due_at=NOW + DAY, window_start=NOW)

        for subscription in everything:
            assert sorted(race(partial(take, subscription), partial(take, subscription))) == [False, True]
        assert due(store) == []

    def test_what_dies_before_its_edition_is_due_again(self, store: Store) -> None:
        self.subscribe(store, 0)
        (subscription,) = due(store)
        with store.begin() as session:
            take_due(session, subscription, next_due_at=NOW + DAY, window_start=NOW)
            session.rollback()
        assert due(store) == [subscription]


def test_the_active_subscriptions_are_those_of_one_or_of_all(store: Store) -> None:
    declare(store, ADA, BOB, replace(BOB, email="off@example.org", enabled=False))
    with store.read() as session:
        everybody = subscriptions_of(session, None, NOW + timedelta(seconds=1))
        assert [subscription.subscriber for subscription in everybody] == ["Ada", "Bob"]
        assert [subscription.id for subscription in subscriptions_of(session, "ADA@EXAMPLE.ORG", NOW)] == [1]
        assert subscriptions_of(session, "nobody@example.org", NOW) == []
