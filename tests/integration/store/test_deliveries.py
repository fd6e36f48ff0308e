"""Promise 3: a delivery is in one sender's hands at a time, and stays until it is sent or given up."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch import model
from feedwatch.store import tables
from feedwatch.store.bodies import store_bodies
from feedwatch.store.deliveries import (
    STATES,
    DeliveryRow,
    add_delivery,
    delivery_owners,
    list_deliveries,
    release_deliveries,
    retry_deliveries,
)
from feedwatch.store.outbox import (
    ClaimedDelivery,
    EditionFacts,
    End,
    claim_deliveries,
    end_deliveries,
    give_up_waiting,
    has_due,
)
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    US,
    count,
    due,
    matched,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    tell,
)
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.store import Store

LEASE = 10 * MINUTE


def fill(store: Store, number: int = 1) -> None:
    """So many deliveries, each due a minute after the one before, the first now."""
    new_watchlists(store, "Bay Area")
    new_subscriber(store)
    (subscription,) = due(store)
    poll(store, new_source(store), *(matched(f"g{index}") for index in range(number)))
    for index in range(number):
        tell(store, subscription, (index + 1, 1), due_at=NOW + index * MINUTE)


def claim(store: Store, owner: str = US, now: datetime = NOW, limit: int = 10) -> list[ClaimedDelivery]:
    with store.begin() as session:
        return claim_deliveries(session, owner=owner, now=now, lease=LEASE, limit=limit)


def claim_ids(store: Store, owner: str = US, now: datetime = NOW, limit: int = 10) -> list[int]:
    return [delivery.id for delivery in claim(store, owner, now, limit)]


def end(store: Store, state: str, delivery_id: int = 1, owner: str = US, now: datetime = NOW, **parts: Any) -> None:
    with store.begin() as session:
        end_deliveries(session, [End(delivery_id, state, **parts)], owner=owner, now=now)


def listed(store: Store, delivery_id: int = 1) -> DeliveryRow:
    with store.read() as session:
        (found,) = [row for row in list_deliveries(session) if row.id == delivery_id]
    return found


def test_a_claim_tells_all_that_a_mail_is_built_from(store: Store) -> None:
    fill(store)
    message_id = listed(store).message_id
    assert claim(store) == [
        ClaimedDelivery(
            id=1, channel="mail", message_id=message_id, attempts=0, created_at=NOW, waiting_since=NOW,
            lease_until=NOW + LEASE, address="ada@example.org", body=model.Body("News", "<p>News</p>", "News"),
            edition=EditionFacts(1, 1, "Ada", "ada@example.org", 1, "Digest"), signup_id=None, signup_name="",
            unwanted=None,
        )
    ]  # fmt: skip
    assert listed(store).state == "sending"


class TestClaiming:
    def test_takes_what_is_due_in_its_order_and_no_more_than_asked(self, store: Store) -> None:
        fill(store, 4)
        assert claim_ids(store, now=NOW + 2 * MINUTE, limit=2) == [1, 2]
        assert claim_ids(store, now=NOW + 2 * MINUTE) == [3]
        assert claim_ids(store, now=NOW + 2 * MINUTE) == []
        assert claim_ids(store, now=NOW + 3 * MINUTE) == [4]

    def test_takes_the_longest_due_before_the_oldest(self, store: Store) -> None:
        fill(store, 2)
        claim(store)
        end(store, "retry", error="busy", again_at=NOW + HOUR)
        assert claim_ids(store, now=NOW + DAY, limit=1) == [2]

    def test_gives_none_to_two(self, store: Store) -> None:
        fill(store)
        claim(store, "host:1")
        assert claim_ids(store, "host:2", NOW + LEASE) == []

    def test_gives_it_again_when_the_lease_has_ended_with_the_same_message_id(self, store: Store) -> None:
        fill(store)
        (first,) = claim(store, "host:1")
        (again,) = claim(store, "host:2", NOW + LEASE + MINUTE)
        assert again == replace(first, lease_until=NOW + LEASE + MINUTE + LEASE)

    def test_is_what_has_due_foretells(self, store: Store) -> None:
        fill(store)

        def is_due(now: datetime) -> bool:
            with store.read() as session:
                return has_due(session, now)

        assert (is_due(NOW - MINUTE), is_due(NOW)) == (False, True)
        claim(store)
        assert (is_due(NOW), is_due(NOW + LEASE + MINUTE)) == (False, True)
        end(store, "sent", receipt="250", now=NOW)
        assert not is_due(NOW + DAY)

    def test_shares_the_outbox_between_senders_at_once(self, store: Store) -> None:
        fill(store, 24)

        def claim_all(owner: str) -> list[int]:
            taken: list[int] = []
            while ids := claim_ids(store, owner, NOW + DAY, 2):
                taken += ids
            return taken

        taken = race(*(partial(claim_all, f"host:{number}") for number in range(3)))
        assert sorted(chain.from_iterable(taken)) == list(range(1, 25))


class TestEnds:
    def test_sent_is_the_end(self, store: Store) -> None:
        fill(store)
        claim(store)
        end(store, "sent", receipt="250 queued as 7", now=NOW + MINUTE)
        found = listed(store)
        assert (found.state, found.sent_at, found.receipt, found.attempts, found.last_error) == (
            "sent", NOW + MINUTE, "250 queued as 7", 1, None,
        )  # fmt: skip
        assert claim_ids(store, now=NOW + 365 * DAY) == []

    def test_retry_waits_and_counts(self, store: Store) -> None:
        fill(store)
        for attempt in (1, 2):
            (claimed,) = claim(store, now=NOW + attempt * HOUR)
            assert claimed.attempts == attempt - 1
            end(store, "retry", error="451 \0busy", again_at=NOW + (attempt + 1) * HOUR)
            assert claim_ids(store, now=NOW + (attempt + 1) * HOUR - MINUTE) == []
        assert (listed(store).state, listed(store).attempts, listed(store).last_error) == ("retry", 2, "451 �busy")

    def test_dead_is_given_up(self, store: Store) -> None:
        fill(store)
        claim(store)
        end(store, "dead", error="550 no such user")
        assert (listed(store).state, listed(store).last_error) == ("dead", "550 no such user")
        assert claim_ids(store, now=NOW + 365 * DAY) == []

    @pytest.mark.parametrize(
        ("state", "parts"),
        [("sent", {"receipt": "250"}), ("retry", {"error": "451", "again_at": NOW}), ("dead", {"error": "550"})],
    )
    def test_who_lost_the_lease_changes_nothing(self, store: Store, state: str, parts: dict[str, Any]) -> None:
        fill(store)
        claim(store, "host:1")
        claim(store, "host:2", NOW + HOUR)
        before = listed(store)
        end(store, state, owner="host:1", **parts)
        assert listed(store) == before
        end(store, "sent", owner="host:2", receipt="250", now=NOW + HOUR)
        assert listed(store).state == "sent"


class TestRetryByHand:
    def fill_each_state(self, store: Store) -> None:
        fill(store, 5)
        claim(store, now=NOW + HOUR)
        end(store, "retry", 2, error="451", again_at=NOW + DAY)
        end(store, "dead", 3, error="550")
        end(store, "sent", 4, receipt="250", now=NOW)
        with store.begin() as session:
            session.execute(sa.update(tables.Delivery).where(tables.Delivery.id == 5).values(state="pending"))
        assert [listed(store, number).state for number in range(1, 6)] == [
            "sending", "retry", "dead", "sent", "pending",
        ]  # fmt: skip

    def retry(self, store: Store, ids: list[int] | None) -> int:
        with store.begin() as session:
            return retry_deliveries(session, ids, NOW + 2 * DAY)

    def test_of_all_takes_those_that_wait_or_were_given_up(self, store: Store) -> None:
        self.fill_each_state(store)
        assert self.retry(store, None) == 2
        assert [listed(store, number).state for number in (1, 2, 3, 4)] == ["sending", "retry", "retry", "sent"]

    def test_of_some_takes_those(self, store: Store) -> None:
        self.fill_each_state(store)
        assert self.retry(store, [3, 4, 404]) == 1
        assert listed(store, 2).next_attempt_at == NOW + DAY

    def test_begins_the_time_to_try_anew(self, store: Store) -> None:
        self.fill_each_state(store)
        self.retry(store, [3])
        found = listed(store, 3)
        assert (found.attempts, found.next_attempt_at) == (0, NOW + 2 * DAY)

    def test_leaves_the_mail_as_it_was(self, store: Store) -> None:
        self.fill_each_state(store)
        before = listed(store, 3)
        self.retry(store, [3])
        [again] = [mail for mail in claim(store, now=NOW + 2 * DAY) if mail.id == 3]
        assert (again.message_id, again.created_at) == (before.message_id, before.created_at)
        assert again.waiting_since == NOW + 2 * DAY


def test_leases_of_the_dead_are_given_back_at_once_and_no_other(store: Store) -> None:
    fill(store, 2)
    claim(store, "host:1", limit=1)
    claim(store, "host:2", NOW + MINUTE)
    with store.begin() as session:
        assert delivery_owners(session) == {"host:1", "host:2"}
        assert release_deliveries(session, {"host:1"}) == 1
    assert claim_ids(store, "host:3", NOW + MINUTE) == [1]


def test_one_message_id_is_one_delivery(store: Store) -> None:
    fill(store)
    with store.begin() as session:
        (row,) = session.scalars(sa.select(tables.Delivery))
    listed_columns = [column.key for column in tables.Delivery.__table__.columns]
    copy = {column: getattr(row, column) for column in listed_columns if column != "id"}
    with pytest.raises(sa.exc.IntegrityError), store.begin() as session:
        session.execute(sa.insert(tables.Delivery).values(**copy))
    assert count(store, tables.Delivery) == 1


def test_the_list_is_newest_first_of_the_states_asked_for(store: Store) -> None:
    fill(store, 3)
    claim(store)
    end(store, "sent", receipt="250", now=NOW)
    with store.read() as session:
        assert [row.id for row in list_deliveries(session)] == [3, 2, 1]
        assert [row.id for row in list_deliveries(session, limit=1)] == [3]
        assert [row.id for row in list_deliveries(session, states=("sent",))] == [1]
        assert len(list_deliveries(session, states=STATES)) == 3


class TestWhatShallNotBeSentAnyMore:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ("UPDATE subscriptions SET unsubscribed_at = :now", "its reader has ended the subscription"),
            ("UPDATE subscriptions SET enabled = false", "switched off"),
            ("UPDATE subscribers SET enabled = false", "switched off"),
            ("UPDATE subscribers SET paused = true", "the subscriber is paused"),
            ("UPDATE subscribers SET blocked_at = :now, blocked_why = '5.1.1 gone'", r"blocked \(5.1.1 gone\)"),
        ],
    )
    def test_is_claimed_with_its_reason(self, store: Store, change: str, reason: str) -> None:
        fill(store)
        with store.begin() as session:
            parameters = {"now": NOW.replace(tzinfo=None)} if store.is_sqlite else {"now": NOW}
            session.execute(sa.text(change), parameters if ":now" in change else {})
        (claimed,) = claim(store)
        assert claimed.unwanted is not None
        assert re.search(f"^not sent: .*{reason}", claimed.unwanted)

    def test_a_blocked_address_stops_mail_alone(self, store: Store) -> None:
        fill(store)
        with store.begin() as session:
            session.execute(sa.update(tables.Subscriber).values(blocked_at=NOW))
            session.execute(sa.update(tables.Delivery).values(channel="team"))
        assert claim(store)[0].unwanted is None


class TestWhatIsNoEditionByMail:
    def test_the_question_of_a_signup_is_claimed_with_its_name(self, store: Store) -> None:
        with store.begin() as session:
            values: dict[str, Any] = {"email": "eve@example.org", "email_key": "eve@example.org", "name": "Eve"}
            values |= {"timezone": "UTC", "locale": "en", "schedule": "daily", "watchlists": [], "asked_at": NOW}
            signup_id = session.execute(sa.insert(tables.Signup).values(**values).returning(tables.Signup.id)).scalar()
            (body_id,) = store_bodies(session, [model.Body("Is it you?", "", "Say yes")]).values()
            add_delivery(
                session, edition_id=None, signup_id=signup_id, body_id=body_id, address="eve@example.org",
                message_id="<q1@feedwatch.example>", now=NOW,
            )  # fmt: skip
        (claimed,) = claim(store)
        assert (claimed.edition, claimed.signup_id, claimed.signup_name) == (None, signup_id, "Eve")
        assert (claimed.body.text, claimed.unwanted) == ("Say yes", None)

    def test_mail_and_the_other_channels_are_claimed_apart(self, store: Store) -> None:
        fill(store, 2)
        with store.begin() as session:
            session.execute(sa.update(tables.Delivery).where(tables.Delivery.id == 2).values(channel="team"))

            def ids(*, mail: bool) -> list[int]:
                claimed = claim_deliveries(session, owner=US, now=NOW + DAY, lease=LEASE, limit=10, mail=mail)
                return [delivery.id for delivery in claimed]

            assert ids(mail=True) == [1]
            assert ids(mail=False) == [2]


class TestPuttingBack:
    def test_keeps_the_turn_and_counts_no_try(self, store: Store) -> None:
        fill(store, 2)
        claim(store, now=NOW + HOUR)
        end(store, "retry", is_try=False, error="the server is down")
        found = listed(store)
        assert (found.state, found.attempts, found.next_attempt_at) == ("retry", 0, NOW)
        assert found.last_error == "the server is down"
        end(store, "pending", 2, is_try=False)
        assert claim_ids(store, now=NOW + HOUR) == [1, 2]

    def test_may_name_a_later_time(self, store: Store) -> None:
        fill(store)
        claim(store)
        end(store, "pending", is_try=False, again_at=NOW + HOUR)
        assert (claim_ids(store, now=NOW + MINUTE), claim_ids(store, now=NOW + HOUR)) == ([], [1])


def test_what_has_waited_too_long_is_given_up_but_for_what_is_in_somebodys_hands(store: Store) -> None:
    fill(store, 4)  # each a minute after the one before
    claim(store, limit=1)
    with store.begin() as session:
        session.execute(sa.update(tables.Delivery).where(tables.Delivery.id == 2).values(channel="team"))
        assert give_up_waiting(session, waiting_since=NOW + 3 * MINUTE, error="the server is down") == 1
    assert [listed(store, number).state for number in (1, 2, 3, 4)] == ["sending", "pending", "dead", "pending"]
    assert listed(store, 3).last_error == "the server is down"
