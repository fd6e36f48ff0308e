"""An address that is at fault gets no more mail; nobody who cannot name our mails can bring that about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.model import Body
from feedwatch.store import tables
from feedwatch.store.bodies import store_bodies
from feedwatch.store.bounces import (
    BounceRow,
    NewBounce,
    Recorded,
    count_blocked,
    forgive_bounces,
    list_bounces,
    record_bounce,
)
from tests.integration.store.bounced import ADA, UNKNOWN, blocked_why, send
from tests.integration.store.examples import DAY, HOUR, NOW, due, new_subscriber
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.store import Store


def hard(message_id: str | None, *addresses: str) -> NewBounce:
    return NewBounce("hard", addresses or (ADA,), "5.1.1", UNKNOWN, message_id)


def record(store: Store, bounce: NewBounce, now: datetime = NOW, after: int = 3) -> Recorded:
    with store.begin() as session:
        return record_bounce(session, bounce, now, after)


def come_back(store: Store, *times: datetime, after: int = 3) -> list[str]:
    """Mails made at these times, each of them bouncing an hour later; returns what became of the bounces."""
    return [record(store, hard(send(store, at)), at + HOUR, after).outcome for at in times]


def test_three_mails_in_a_row_block_the_address(store: Store) -> None:
    new_subscriber(store)
    assert come_back(store, NOW, NOW + DAY, NOW + 2 * DAY) == ["counted", "counted", "blocked"]
    assert blocked_why(store) == f"3 mails in a row came back, the last on 2026-03-04: {UNKNOWN}"
    assert due(store, NOW + 3 * DAY) == []
    with store.read() as session:
        assert count_blocked(session) == 1


@pytest.mark.parametrize(
    ("times", "after", "outcomes"),
    [
        ((NOW,), 1, ["blocked"]),
        ((NOW, NOW + DAY), 2, ["counted", "counted"]),  # a provider can fail for a day
        ((NOW, NOW + 2 * DAY), 2, ["counted", "blocked"]),
        (tuple(NOW + n * HOUR for n in range(6)), 3, ["counted"] * 6),
        ((*(NOW + n * HOUR for n in range(3)), NOW + 36 * HOUR), 3, ["counted"] * 3 + ["blocked"]),
        ((NOW, NOW + 40 * DAY, NOW + 80 * DAY), 3, ["counted", "counted", "blocked"]),
    ],
)
def test_how_many_mails_block_and_how_far_apart(
    times: tuple[datetime, ...], after: int, outcomes: list[str], store: Store
) -> None:
    new_subscriber(store)
    assert come_back(store, *times, after=after) == outcomes


def test_one_mail_counts_once_however_often_it_is_told(store: Store) -> None:
    new_subscriber(store)
    bounce = hard(send(store, NOW))
    assert record(store, bounce).outcome == "counted"
    again = [record(store, replace(bounce, reason=f"{UNKNOWN} {n}"), NOW + n * DAY).outcome for n in range(1, 5)]
    assert again == ["known"] * 4


def test_a_mail_that_arrived_ends_the_row(store: Store) -> None:
    new_subscriber(store)
    come_back(store, NOW, NOW + DAY)
    send(store, NOW + 2 * DAY)
    assert come_back(store, NOW + 4 * DAY, NOW + 5 * DAY, NOW + 7 * DAY) == ["counted", "counted", "blocked"]
    assert blocked_why(store) == f"3 mails in a row came back, the last on 2026-03-09: {UNKNOWN}"


def test_a_mail_just_accepted_has_not_arrived_yet(store: Store) -> None:
    new_subscriber(store)
    come_back(store, NOW, NOW + DAY)
    last = send(store, NOW + 2 * DAY)
    send(store, NOW + 2 * DAY + HOUR)
    assert record(store, hard(last), NOW + 2 * DAY + 2 * HOUR).outcome == "blocked"


def test_a_mail_that_came_back_for_another_reason_did_not_arrive(store: Store) -> None:
    new_subscriber(store)
    come_back(store, NOW, NOW + DAY)
    full = NewBounce("soft", (ADA,), "5.2.2", "552 5.2.2 full", send(store, NOW + 2 * DAY))
    assert record(store, full, NOW + 2 * DAY).outcome == "noted"
    assert come_back(store, NOW + 5 * DAY) == ["blocked"]


def test_soft_bounces_never_block(store: Store) -> None:
    new_subscriber(store)
    mails = [send(store, NOW + n * DAY) for n in range(10)]
    outcomes = {record(store, replace(hard(mail), kind="soft", status="4.2.2")).outcome for mail in mails}
    assert outcomes == {"noted"} and blocked_why(store) is None


def test_a_complaint_blocks_at_once_even_where_it_does_not_say_whose(store: Store) -> None:
    new_subscriber(store)
    complaint = NewBounce("complaint", (), "", "reported as abuse", send(store, NOW))
    assert record(store, complaint) == Recorded(
        "blocked", ADA, "on 2026-03-02 its owner complained of our mail: reported as abuse"
    )
    assert record(store, complaint).outcome == "known"


FORGED = {
    "no mail named": hard(None),
    "a mail that we never sent": hard("<forged@feedwatch.example>"),
    "a complaint of no mail": NewBounce("complaint", (ADA,), "", "reported as abuse", None),
}


@pytest.mark.parametrize("bounce", FORGED.values(), ids=FORGED)
def test_a_bounce_that_proves_nothing_is_not_kept(bounce: NewBounce, store: Store) -> None:
    new_subscriber(store)
    send(store, NOW)
    assert record(store, bounce, after=1) == Recorded("unproven", ADA, "it names no mail that we have sent")
    with store.read() as session:
        assert list_bounces(session) == []
    assert blocked_why(store) is None


@pytest.mark.parametrize("kind", ["hard", "complaint"])
def test_somebody_s_own_mail_does_not_silence_another(kind: str, store: Store) -> None:
    new_subscriber(store)
    new_subscriber(store, "eve@example.org")
    of_eve = send(store, NOW, email="eve@example.org")
    told = record(store, replace(hard(of_eve, ADA), kind=kind), after=1)  # type: ignore[arg-type]
    why = "the mail that it names went to eve@example.org, which passes it on to others"
    assert told == Recorded("unproven", ADA, why)
    assert blocked_why(store) is None and blocked_why(store, "eve@example.org") is None


@pytest.mark.parametrize(
    "addresses", [("ADA@Example.org",), (ADA, "a.lovelace@mailstore.example"), ("a.lovelace@mailstore.example", ADA)]
)
def test_the_address_is_ours_in_either_case_and_behind_an_alias(addresses: tuple[str, ...], store: Store) -> None:
    new_subscriber(store)
    assert record(store, hard(send(store, NOW), *addresses), after=1).outcome == "blocked"


@pytest.mark.parametrize(
    ("address", "outcome"), [(ADA, "counted"), ("ADA@EXAMPLE.ORG", "counted"), ("bob@example.org", "unproven")]
)
@pytest.mark.parametrize("message_id", [None, "<0100018c@email.service.example>"])
def test_who_has_the_token_need_not_name_a_mail_but_a_subscriber(
    message_id: str | None, address: str, outcome: str, store: Store
) -> None:
    new_subscriber(store)
    assert record(store, replace(hard(message_id, address), is_trusted=True)).outcome == outcome


def test_the_same_thing_posted_twice_counts_once_a_day(store: Store) -> None:
    new_subscriber(store)
    bounce = replace(hard(None), is_trusted=True)
    outcomes = [record(store, bounce, NOW + n * HOUR).outcome for n in (0, 1, 25, 49)]
    assert outcomes == ["counted", "known", "counted", "blocked"]


def test_resuming_forgives_what_came_before(store: Store) -> None:
    new_subscriber(store)
    come_back(store, NOW, NOW + DAY, NOW + 2 * DAY)
    with store.begin() as session:
        forgive_bounces(session, "Ada@Example.org")
        session.execute(sa.update(tables.Subscriber).values(blocked_at=None, blocked_why=None))
    assert come_back(store, NOW + 3 * DAY, NOW + 4 * DAY, NOW + 5 * DAY) == ["counted", "counted", "blocked"]


def test_bounces_are_listed_newest_first_with_what_became_of_the_address(store: Store) -> None:
    new_subscriber(store)
    new_subscriber(store, "bob@example.org")
    first, second = send(store, NOW), send(store, NOW, email="bob@example.org")
    record(store, NewBounce("soft", (ADA,), "4.2.2", "full", first), NOW)
    record(store, hard(second, "bob@example.org"), NOW + HOUR, after=1)
    with store.read() as session:
        rows = list_bounces(session)
        assert list_bounces(session, address="ADA@example.org") == rows[1:]
        assert list_bounces(session, limit=1) == rows[:1]
    of_bob = BounceRow(2, "bob@example.org", NOW + HOUR, True, "5.1.1", UNKNOWN, second, NOW + HOUR)
    assert rows == [of_bob, BounceRow(1, ADA, NOW, False, "4.2.2", "full", first, None)]


def test_two_daemons_that_read_one_bounce_record_it_once(store: Store) -> None:
    new_subscriber(store)
    bounce = hard(send(store, NOW))
    outcomes = race(lambda: record(store, bounce).outcome, lambda: record(store, bounce).outcome)
    assert sorted(outcomes) == ["counted", "known"]


def test_bounces_may_be_read_late_and_in_any_order(store: Store) -> None:
    new_subscriber(store)
    mails = [send(store, NOW + n * DAY) for n in range(3)]
    late = NOW + timedelta(days=9)
    assert [record(store, hard(mail), late).outcome for mail in reversed(mails)] == ["counted", "counted", "blocked"]


def test_the_question_of_a_signup_that_comes_back_blocks_nobody(store: Store) -> None:
    with store.begin() as session:
        (body_id,) = store_bodies(session, [Body("Really?", "", "Really?")]).values()
        person = {"email": ADA, "email_key": ADA, "name": "Ada", "timezone": "UTC", "locale": "en"}
        wish = {"schedule": "daily", "watchlists": [], "asked_at": NOW}
        session.execute(sa.insert(tables.Signup).values(id=1, **person, **wish))
        state = {"state": "sent", "attempts": 1, "created_at": NOW, "waiting_since": NOW, "next_attempt_at": NOW}
        mail = {"signup_id": 1, "body_id": body_id, "address": ADA, "message_id": "<question@f.example>"}
        session.execute(sa.insert(tables.Delivery).values(**mail, **state, sent_at=NOW))
    assert record(store, hard("<question@f.example>"), after=1).outcome == "counted"
    assert record(store, replace(hard("<question@f.example>"), kind="complaint")).outcome == "noted"
