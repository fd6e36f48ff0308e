"""A page is found by indexes alone, however many editions were made, and however often people signed up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.store import tables
from feedwatch.store.cuts import CutStory, pack
from feedwatch.store.pages import find_edition, find_subscription, stories_of_edition
from feedwatch.store.signups import SignupSpec, add_signup, confirm_signup, count_signups, find_signup, forget_signups
from feedwatch.store.subscriber_changes import resubscribe, subscriber_of, unsubscribe
from tests.integration.store.examples import DAY, HOUR, NOW
from tests.integration.store.test_plans import plans, read_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store import Store

COUNT = 1500


def fill(store: Store) -> None:
    """Many of everything: subscribers with an edition of one story each, items, signups, half of them unconfirmed."""
    numbers = range(1, COUNT + 1)
    rows: dict[type[tables.Base], list[dict[str, object]]] = {
        tables.Source: [
            {"id": 1, "name": "aa", "title": "AA", "url": "https://aa.example/", "timezone": "UTC", "tags": [],
             "declared": True, "enabled": True, "added_at": NOW, "next_poll_at": NOW, "next_poll_why": ""}
        ],
        tables.Watchlist: [
            {"id": 1, "name": "w", "name_key": "w", "definition": {}, "version": 1, "declared": True, "enabled": True,
             "changed_at": NOW}
        ],
        tables.Story: [{"id": n, "first_seen_at": NOW} for n in numbers],
        tables.Item: [
            {"id": n, "source_id": 1, "story_id": n, "guid": f"{n}", "guid_hash": f"{n}", "url": "", "title": "t",
             "text": "", "html": "", "authors": [], "tags": [], "language": "en", "published_at": NOW,
             "published_from": "entry", "first_seen_at": NOW, "text_hash": "", "revision": 1} for n in numbers
        ],
        tables.Subscriber: [
            {"id": n, "name": "Ada", "email": f"a{n}@example.org", "email_key": f"a{n}@example.org", "timezone": "UTC",
             "locale": "en", "declared": False, "enabled": True, "paused": False, "added_at": NOW} for n in numbers
        ],
        tables.Subscription: [
            {"id": n, "subscriber_id": n, "name": "Digest", "schedule": "daily", "all_watchlists": True,
             "declared": False, "enabled": True, "next_due_at": NOW, "window_start": NOW} for n in numbers
        ],
        tables.Body: [{"id": n, "digest": f"{n}", "subject": "", "html": "", "text": ""} for n in numbers],
        tables.Edition: [
            {"id": n, "subscription_id": n, "due_at": NOW, "window_start": NOW, "window_end": NOW, "story_count": 1,
             "body_id": n} for n in numbers
        ],
        tables.EditionStory: [
            {"edition_id": n, "story_id": n, "subscriber_id": n, "watchlist_id": 1, "item_id": n}
            for n in numbers
        ],
        tables.EditionCut: [
            {"edition_id": n, "subscriber_id": n, "last_story_id": n, "stories": pack([CutStory(n, 1, 0, n, 1)])}
            for n in numbers
        ],
        tables.Signup: [
            {"id": n, "email": f"a{n}@example.org", "email_key": f"a{n}@example.org", "name": "", "timezone": "UTC",
             "locale": "en", "schedule": "hourly", "watchlists": [], "asked_at": NOW + n * HOUR,
             "confirmed_at": NOW if n % 2 else None} for n in numbers
        ],
        tables.Delivery: [
            *(delivery(n, edition_id=n, signup_id=None) for n in numbers),
            *(delivery(COUNT + n, edition_id=None, signup_id=n) for n in numbers[:100]),
        ],
    }  # fmt: skip
    with store.begin() as session:
        for table, values in rows.items():
            session.execute(sa.insert(table), values)
        if not store.is_sqlite:
            session.execute(sa.text("SELECT setval('subscriptions_id_seq', (SELECT max(id) FROM subscriptions))"))
            session.execute(sa.text("ANALYZE"))


def delivery(number: int, *, edition_id: int | None, signup_id: int | None) -> dict[str, object]:
    return {
        "id": number,
        "edition_id": edition_id,
        "signup_id": signup_id,
        "body_id": 1,
        "address": "",
        "message_id": f"<{number}@f.example>",
        "state": "sent",
        "attempts": 1,
        "created_at": NOW,
        "waiting_since": NOW,
        "next_attempt_at": NOW,
    }


def next_hour(_schedule: str, _timezone: str, after: datetime) -> datetime:
    return after + HOUR


def confirm(session: Session) -> None:
    signup = find_signup(session, 8)
    assert signup is not None
    confirm_signup(session, signup, (), "Digest", NOW, next_hour)


WORK: dict[str, Callable[[Session], object]] = {
    "edition": partial(find_edition, edition_id=7),
    "archive": partial(stories_of_edition, edition_id=7, limit=100),
    "subscription": partial(find_subscription, subscription_id=7),
    "settings": partial(subscriber_of, subscriber_id=7),
    "unsubscribe": lambda session: unsubscribe(session, 7, NOW),
    "undo": lambda session: (unsubscribe(session, 7, NOW), resubscribe(session, 7, NOW, next_hour)),
    "asked of one": partial(count_signups, since=NOW + 9 * DAY, email="a7@example.org"),
    "asked of all": partial(count_signups, since=NOW + (COUNT - 5) * HOUR),
    "signup": partial(find_signup, signup_id=8),
    "confirm": confirm,
    "forget": partial(forget_signups, before=NOW + 20 * HOUR),
}


@pytest.mark.parametrize("store_of", ["sqlite_store", "postgres_store"])
def test_no_page_reads_a_large_table_whole(store_of: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(store_of)
    fill(store)
    small = {"watchlists", "subscription_watchlists", "sources"}
    found = {name: (read_whole(plan) - small, plan) for name, work in WORK.items() for plan in [plans(store, work)]}
    assert {name: tables for name, (tables, _) in found.items() if tables} == {}, found


def test_a_signup_takes_its_question_along(store: Store) -> None:
    fill(store)
    with store.begin() as session:
        assert forget_signups(session, NOW + 20 * HOUR) == 9
        left = session.scalars(sa.select(tables.Delivery.signup_id).where(tables.Delivery.signup_id < 20)).all()
        assert sorted(left) == [*range(1, 19, 2), 19]  # type: ignore[type-var]
        assert count_signups(session, NOW) == COUNT - 9


def test_a_signup_is_read_as_it_was_asked_for(store: Store) -> None:
    wanted = SignupSpec("Ada@example.org", "Ada", "UTC", "zh-Hant", "daily", ("A", "B"))
    with store.begin() as session:
        signup_id = add_signup(session, wanted, NOW)
    with store.read() as session:
        found = find_signup(session, signup_id)
        assert found is not None
        assert (found.wanted, found.asked_at, found.confirmed_at) == (wanted, NOW, None)
        assert count_signups(session, NOW - HOUR, "ADA@example.org") == 1
        assert count_signups(session, NOW, "ada@example.org") == 0
