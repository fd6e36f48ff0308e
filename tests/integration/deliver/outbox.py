"""An outbox with deliveries in it, and a context to send them by, without the news that they would tell."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch import model
from feedwatch.jobs.context import JobContext, open_context
from feedwatch.settings import Settings
from feedwatch.store import tables
from feedwatch.store.bodies import store_bodies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from feedwatch.store import Store

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
BODY = model.Body("News", "<p>News</p>\n", "News\n")


def fill_outbox(
    store: Store, addresses: Iterable[str], *, bodies: Iterable[model.Body] = (BODY,), now: datetime = NOW
) -> None:
    """One edition and its delivery for each address; the bodies in turn. Message-IDs are <1@d>, <2@d> and so on."""
    with store.begin() as session:
        body_ids = list(store_bodies(session, bodies).values())
        subscribers, subscriptions, editions, deliveries = [], [], [], []
        for number, address in enumerate(addresses, start=1):
            body_id = body_ids[number % len(body_ids)]
            subscribers.append(
                {
                    "id": number, "name": f"Reader {number}", "email": address, "email_key": address.casefold(),
                    "timezone": "UTC", "locale": "en", "declared": False, "enabled": True, "paused": False,
                    "added_at": now,
                }
            )  # fmt: skip
            subscriptions.append(
                {
                    "id": number, "subscriber_id": number, "name": "Digest", "schedule": "daily",
                    "all_watchlists": True, "declared": False, "enabled": True, "next_due_at": None,
                    "window_start": now,
                }
            )  # fmt: skip
            editions.append(
                {
                    "id": number, "subscription_id": number, "due_at": now, "window_start": now, "window_end": now,
                    "story_count": 1, "body_id": body_id,
                }
            )  # fmt: skip
            deliveries.append(
                {
                    "id": number, "edition_id": number, "body_id": body_id, "address": address,
                    "message_id": f"<{number}@d>", "state": "pending", "attempts": 0, "created_at": now,
                    "waiting_since": now, "next_attempt_at": now,
                }
            )  # fmt: skip
        session.execute(sa.insert(tables.Subscriber), subscribers)
        session.execute(sa.insert(tables.Subscription), subscriptions)
        session.execute(sa.insert(tables.Edition), editions)
        session.execute(sa.insert(tables.Delivery), deliveries)


def mail_settings(folder: Path, smtp: dict[str, Any] | None = None, **mail: Any) -> Settings:
    """Settings that send through the server on this port of 127.0.0.1, or into the folder's outbox."""
    told: dict[str, Any] = {"sender": "feedwatch <watch@example.org>", "list_domain": "watch.example.org"} | mail
    if smtp is not None:
        told["smtp"] = {"host": "127.0.0.1", "security": "none", "timeout": "5s"} | smtp
    return Settings.model_validate({"data_dir": str(folder), "mail": told, "poll": {"workers": 1}})


@asynccontextmanager
async def outbox_context(settings: Settings, store: Store, now: datetime | None = NOW) -> AsyncIterator[JobContext]:
    """A context whose clock stands at `now`, or goes where it is None."""
    async with open_context(settings, store) as context:
        if now is not None:
            context.clock = lambda: now
        yield context


def states(store: Store) -> dict[str, str]:
    """The state of each delivery by its address."""
    with store.read() as session:
        rows = session.execute(sa.select(tables.Delivery.address, tables.Delivery.state))
        return {address: state for address, state in rows}  # noqa: C416 - a row is no pair to mypy
