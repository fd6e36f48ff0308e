"""The subscriptions that are due: what an edition needs of them, and the guard that each is taken once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from feedwatch.store.columns import UtcDateTime
from feedwatch.store.tables import Subscriber, Subscription

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_IS_ACTIVE = (
    Subscription.enabled, Subscription.unsubscribed_at.is_(None),
    Subscriber.enabled, ~Subscriber.paused, Subscriber.blocked_at.is_(None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueSubscription:
    """A subscription whose edition is to be made now, and what is needed for it."""

    id: int
    name: str
    schedule: str
    due_at: datetime
    window_start: datetime
    subscriber_id: int
    subscriber: str
    address: str
    timezone: str
    locale: str
    quiet_hours: str = ""
    min_stories: int = 1
    skip_if_empty: bool = True
    channels: tuple[str, ...] = ("mail",)
    all_watchlists: bool = True
    """Whether it takes every watchlist, and names none."""


def due_subscriptions(session: Session, now: datetime, limit: int = 100) -> list[DueSubscription]:
    """The subscriptions that are due, longest due first. Reads one index; those of one language and zone are together,
    as they share what stories are told in."""
    query = (
        _subscriptions()
        .where(Subscription.next_due_at <= now, *_IS_ACTIVE)
        .order_by(Subscription.next_due_at, Subscriber.locale, Subscriber.timezone, Subscription.id)
        .limit(limit)
    )
    return [_due(subscription, subscriber, now) for subscription, subscriber in session.execute(query)]


def subscriptions_of(session: Session, email: str | None, now: datetime) -> list[DueSubscription]:
    """The active subscriptions of one subscriber, or of all, as if they were due now."""
    query = _subscriptions().where(*_IS_ACTIVE).order_by(Subscription.id)
    if email is not None:
        query = query.where(Subscriber.email_key == email.casefold())
    return [_due(subscription, subscriber, now) for subscription, subscriber in session.execute(query)]


def _subscriptions() -> sa.Select[Subscription, Subscriber]:
    return sa.select(Subscription, Subscriber).join(Subscriber, Subscriber.id == Subscription.subscriber_id)


def _due(subscription: Subscription, subscriber: Subscriber, now: datetime) -> DueSubscription:
    return DueSubscription(
        id=subscription.id,
        name=subscription.name,
        schedule=subscription.schedule,
        due_at=subscription.next_due_at or now,
        window_start=subscription.window_start,
        subscriber_id=subscriber.id,
        subscriber=subscriber.name,
        address=subscriber.email,
        timezone=subscriber.timezone,
        locale=subscriber.locale,
        quiet_hours=subscriber.quiet_hours,
        min_stories=subscription.min_stories,
        skip_if_empty=subscription.skip_if_empty,
        channels=tuple(subscription.channels),
        all_watchlists=subscription.all_watchlists,
    )


def set_due(session: Session, subscription: DueSubscription, now: datetime) -> DueSubscription:
    """Make the subscription due now, whatever its schedule says; returns it as it is from now on."""
    session.execute(sa.update(Subscription).where(Subscription.id == subscription.id).values(next_due_at=now))
    return replace(subscription, due_at=now)


def take_due(
    session: Session, subscription: DueSubscription, *, next_due_at: datetime | None, window_start: datetime | None
) -> bool:
    """Move the subscription on to its next due time; False when another process has done so already.

    Comes first in the transaction that makes the edition, and locks the row until it ends: of two processes, one
    makes the edition. `window_start` is where the next window begins; None leaves it.
    """
    taken = session.connection().execute(
        _TAKE,
        {
            "taken_id": subscription.id,
            "was_due_at": subscription.due_at,
            "due_again_at": next_due_at,
            "begins_at": window_start,
        },
    )
    return bool(taken.rowcount)


_SUBSCRIPTION = cast("sa.Table", Subscription.__table__)
_TAKE = (  # made once: a batch of editions takes a hundred, and making it takes four times as long as doing it
    sa.update(_SUBSCRIPTION)
    .where(_SUBSCRIPTION.c.id == sa.bindparam("taken_id"), _SUBSCRIPTION.c.next_due_at == sa.bindparam("was_due_at"))
    .values(
        next_due_at=sa.bindparam("due_again_at"),
        window_start=sa.func.coalesce(sa.bindparam("begins_at", type_=UtcDateTime()), _SUBSCRIPTION.c.window_start),
    )
)
