"""What changes for one subscriber: paused, unsubscribed, another schedule; and all that is known of them.

What the configuration declares can be paused and unsubscribed, and nothing else: it would be back with the next start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store.bounces import forgive_bounces
from feedwatch.store.subscribers import LOOK_BACK, link_watchlists, watchlist_names
from feedwatch.store.tables import Edition, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store.subscribers import NextDue


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A subscription as it stands."""

    id: int
    name: str
    schedule: str
    watchlists: tuple[str, ...]
    """Names; all watchlists where empty."""
    declared: bool
    next_due_at: datetime | None
    min_stories: int
    skip_if_empty: bool
    channels: tuple[str, ...]
    unsubscribed_at: datetime | None
    edition_count: int


@dataclass(frozen=True, slots=True)
class SubscriberState:
    """A subscriber as they stand, with the subscriptions that are not switched off."""

    id: int
    name: str
    email: str
    timezone: str
    locale: str
    declared: bool
    enabled: bool
    paused: bool
    quiet_hours: str
    """`22:00-07:00`; none where empty."""
    added_at: datetime
    blocked_at: datetime | None
    blocked_why: str | None
    subscriptions: tuple[SubscriptionState, ...]


def subscriber_of(session: Session, subscriber_id: int) -> SubscriberState | None:
    """The subscriber of this id, with their subscriptions; None where there is none."""
    subscriber = session.get(Subscriber, subscriber_id)
    if subscriber is None:
        return None
    here = Subscription.subscriber_id == subscriber_id
    watchlists = watchlist_names(session, here)
    counts = (
        sa.select(Edition.subscription_id, sa.func.count())
        .join(Subscription, Subscription.id == Edition.subscription_id)
        .where(here)
        .group_by(Edition.subscription_id)
    )
    edition_counts = {subscription_id: count for subscription_id, count in session.execute(counts)}  # noqa: C416
    found = session.scalars(sa.select(Subscription).where(here, Subscription.enabled).order_by(Subscription.id))
    subscriptions = tuple(
        SubscriptionState(
            id=one.id,
            name=one.name,
            schedule=one.schedule,
            watchlists=watchlists.get(one.id, ()),
            declared=one.declared,
            next_due_at=one.next_due_at,
            min_stories=one.min_stories,
            skip_if_empty=one.skip_if_empty,
            channels=tuple(one.channels),
            unsubscribed_at=one.unsubscribed_at,
            edition_count=edition_counts.get(one.id, 0),
        )
        for one in found
    )
    return SubscriberState(
        id=subscriber.id,
        name=subscriber.name,
        email=subscriber.email,
        timezone=subscriber.timezone,
        locale=subscriber.locale,
        declared=subscriber.declared,
        enabled=subscriber.enabled,
        paused=subscriber.paused,
        quiet_hours=subscriber.quiet_hours,
        added_at=subscriber.added_at,
        blocked_at=subscriber.blocked_at,
        blocked_why=subscriber.blocked_why,
        subscriptions=subscriptions,
    )


def subscriber_at(session: Session, email: str) -> SubscriberState | None:
    """The subscriber with this address, its case not minded; None where there is none."""
    found = session.scalar(sa.select(Subscriber.id).where(Subscriber.email_key == email.casefold()))
    return None if found is None else subscriber_of(session, found)


def unsubscribe(session: Session, subscription_id: int, now: datetime) -> bool:
    """End a subscription for good, declared or not; False where it has ended already.

    It outlasts what the configuration declares: `resubscribe` alone takes it back. What waits in the outbox is not
    sent.
    """
    here = sa.and_(Subscription.id == subscription_id, Subscription.unsubscribed_at.is_(None))
    result = session.execute(sa.update(Subscription).where(here).values(unsubscribed_at=now))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def resubscribe(session: Session, subscription_id: int, now: datetime, next_due: NextDue) -> bool:
    """Take an unsubscription back, with the next edition at its due time; False where there is none to take back.

    What came while it had ended is not told: the next window reaches back as far as a new subscription's first.
    """
    subscription = _subscription(session, subscription_id)
    if subscription.unsubscribed_at is None:
        return False
    subscriber = session.get_one(Subscriber, subscription.subscriber_id)
    subscription.unsubscribed_at = None
    subscription.window_start = max(subscription.window_start, now - LOOK_BACK)
    subscription.next_due_at = next_due(subscription.schedule, subscriber.timezone, now)
    session.flush()
    return True


def set_paused(session: Session, subscriber_id: int, paused: bool) -> None:  # noqa: FBT001 - reads as it is called
    """Send this subscriber nothing, or go on. Going on lifts what bounces have blocked as well.

    Raises StoreError for an unknown subscriber.
    """
    subscriber = _subscriber(session, subscriber_id)
    subscriber.paused = paused
    if not paused:
        subscriber.blocked_at = subscriber.blocked_why = None
        forgive_bounces(session, subscriber.email)
    session.flush()


def change_subscription(
    session: Session,
    subscription_id: int,
    *,
    now: datetime,
    next_due: NextDue,
    schedule: str | None = None,
    watchlists: Sequence[str] | None = None,
    min_stories: int | None = None,
    skip_if_empty: bool | None = None,
    channels: Sequence[str] | None = None,
) -> bool:
    """Change what is given of a subscription; tells whether anything changed.

    watchlists: names, all watchlists where empty. Another schedule moves the next due time. Raises StoreError for a
    declared subscription, and for an unknown watchlist.
    """
    subscription = _subscription(session, subscription_id)
    subscriber = session.get_one(Subscriber, subscription.subscriber_id)
    _refuse_declared(subscription.declared, subscriber)
    wanted = {
        "schedule": schedule,
        "min_stories": min_stories,
        "skip_if_empty": skip_if_empty,
        "channels": None if channels is None else list(channels),
        "all_watchlists": None if watchlists is None else not watchlists,
    }
    changes = {key: value for key, value in wanted.items() if value not in (None, getattr(subscription, key))}
    if "schedule" in changes:
        subscription.next_due_at = next_due(str(schedule), subscriber.timezone, now)
    for key, value in changes.items():
        setattr(subscription, key, value)
    session.flush()
    has_others = watchlists is not None and link_watchlists(session, subscription.id, watchlists)
    return bool(changes) or has_others


def change_locale(session: Session, subscriber_id: int, locale: str) -> bool:
    """Have the mail's own words in another language (BCP 47); see `change_subscriber`."""
    subscriber = _subscriber(session, subscriber_id)
    _refuse_declared(subscriber.declared, subscriber)
    has_changed = subscriber.locale != locale
    subscriber.locale = locale
    session.flush()
    return has_changed


def change_subscriber(
    session: Session,
    subscriber_id: int,
    *,
    now: datetime,
    next_due: NextDue,
    name: str | None = None,
    timezone: str | None = None,
    locale: str | None = None,
    quiet_hours: str | None = None,
) -> bool:
    """Change what is given of a subscriber; tells whether anything changed.

    Another time zone moves the next due times. Raises StoreError for a declared subscriber, and for an unknown one.
    """
    subscriber = _subscriber(session, subscriber_id)
    _refuse_declared(subscriber.declared, subscriber)
    wanted = {"name": name, "timezone": timezone, "locale": locale, "quiet_hours": quiet_hours}
    changes = {key: value for key, value in wanted.items() if value not in (None, getattr(subscriber, key))}
    for key, value in changes.items():
        setattr(subscriber, key, value)
    if "timezone" in changes:
        for one in session.scalars(sa.select(Subscription).where(Subscription.subscriber_id == subscriber.id)):
            # An alert that waits keeps its time.
            one.next_due_at = next_due(one.schedule, subscriber.timezone, now) or one.next_due_at
    session.flush()
    return bool(changes)


def _subscriber(session: Session, subscriber_id: int) -> Subscriber:
    subscriber = session.get(Subscriber, subscriber_id)
    if subscriber is None:
        raise StoreError(f"there is no subscriber {subscriber_id}; see 'feedwatch subscribers list'")
    return subscriber


def _subscription(session: Session, subscription_id: int) -> Subscription:
    subscription = session.get(Subscription, subscription_id)
    if subscription is None:
        raise StoreError(f"there is no subscription {subscription_id}; see 'feedwatch subscribers list'")
    return subscription


def _refuse_declared(declared: bool, subscriber: Subscriber) -> None:  # noqa: FBT001
    if declared:
        raise StoreError(
            f"{subscriber.email} is declared in the configuration, and changed there: "
            "here a declared subscriber can be paused and unsubscribed, and nothing else"
        )
