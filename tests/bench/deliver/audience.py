"""Ten thousand subscribers, each with one subscription: a personal choice of watchlists, or the same for all."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import sqlalchemy as sa

from feedwatch.store import Store, tables

Choice = Literal["personal", "shared"]
"""Three to fifty watchlists drawn for each subscriber, or all watchlists for everybody in one zone and language."""
LEAST = 3
LOCALES = ("en", "zh-Hans", "zh-Hant")
ZONES = ("Asia/Hong_Kong", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
_PART = 2_000
_LATER = timedelta(days=365)


def address(number: int) -> str:
    """The address of a subscriber."""
    return f"reader-{number}@readers.example"


def store_audience(store: Store, count: int, choice: Choice, now: datetime, seed: int = 1) -> None:
    """Store them in bulk; nothing is due before `make_due`."""
    dice = random.Random(seed)
    with store.read() as session:
        watchlists = list(session.scalars(sa.select(tables.Watchlist.id).order_by(tables.Watchlist.id)))
    least = min(LEAST, len(watchlists))
    for first in range(1, count + 1, _PART):
        numbers = range(first, min(first + _PART, count + 1))
        links = [
            {"subscription_id": number, "watchlist_id": watchlist}
            for number in numbers
            if choice == "personal"
            for watchlist in dice.sample(watchlists, dice.randint(least, len(watchlists)))
        ]
        with store.begin() as session:
            session.execute(sa.insert(_table(tables.Subscriber)), [_subscriber(n, choice, now) for n in numbers])
            session.execute(sa.insert(_table(tables.Subscription)), [_subscription(n, choice, now) for n in numbers])
            if links:
                session.execute(sa.insert(_table(tables.SubscriptionWatchlist)), links)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def make_due(store: Store, now: datetime) -> None:
    """From now on every subscription is due, with the day before as its window."""
    with store.begin() as session:
        session.execute(sa.update(tables.Subscription).values(next_due_at=now, window_start=now - timedelta(days=1)))


def _table(mapped: type[tables.Base]) -> sa.Table:
    return cast("sa.Table", mapped.__table__)


def _subscriber(number: int, choice: Choice, now: datetime) -> dict[str, Any]:
    at = number if choice == "personal" else 0
    return {
        "id": number, "name": f"Reader {number}", "email": address(number), "email_key": address(number),
        "timezone": ZONES[at % len(ZONES)], "locale": LOCALES[at % len(LOCALES)], "declared": False, "enabled": True,
        "paused": False, "added_at": now,
    }  # fmt: skip


def _subscription(number: int, choice: Choice, now: datetime) -> dict[str, Any]:
    return {
        "id": number, "subscriber_id": number, "name": "Morning", "schedule": "daily",
        "all_watchlists": choice == "shared", "declared": False, "enabled": True, "next_due_at": now + _LATER,
        "window_start": now,
    }  # fmt: skip
