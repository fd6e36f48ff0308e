"""Subscribers and their subscriptions: declared or added, paused, listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store.sources import Changes
from feedwatch.store.tables import Edition, Subscriber, Subscription, SubscriptionWatchlist, Watchlist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    NextDue = Callable[[str, str, datetime], datetime | None]
    """(schedule, time zone, after) -> when the next edition is due; None for one that waits for a match."""

LOOK_BACK = timedelta(days=1)
"""How far before its beginning a new subscription's first window reaches."""


@dataclass(frozen=True, slots=True)
class SubscriptionSpec:
    """What somebody says of a subscription."""

    name: str
    schedule: str
    watchlists: tuple[str, ...] = ()
    """Names; all watchlists where empty."""
    first_at_once: bool = True
    min_stories: int = 1
    skip_if_empty: bool = True
    channels: tuple[str, ...] = ("mail",)


@dataclass(frozen=True, slots=True)
class SubscriberSpec:
    """What somebody says of a subscriber."""

    name: str
    email: str
    timezone: str = "UTC"
    locale: str = "en"
    enabled: bool = True
    quiet_hours: str = ""
    """`22:00-07:00`; none where empty."""
    subscriptions: tuple[SubscriptionSpec, ...] = ()


def declare_subscribers(session: Session, specs: Iterable[SubscriberSpec], now: datetime, next_due: NextDue) -> Changes:
    """Make the stored subscribers what the configuration declares; those it no longer names are disabled."""
    stored = {subscriber.email_key: subscriber for subscriber in session.scalars(sa.select(Subscriber))}
    added, changed, named = [], [], set()
    for spec in specs:
        key = spec.email.casefold()
        named.add(key)
        subscriber = stored.get(key)
        if subscriber is None:
            _add(session, spec, now, next_due, declared=True)
            added.append(spec.email)
        elif _update(session, subscriber, spec, now, next_due):
            changed.append(spec.email)
    disabled = []
    for key, subscriber in stored.items():
        if subscriber.declared and subscriber.enabled and key not in named:
            subscriber.enabled = False
            disabled.append(subscriber.email)
    session.flush()
    return Changes(tuple(added), tuple(changed), tuple(disabled))


def add_subscriber(session: Session, spec: SubscriberSpec, now: datetime, next_due: NextDue) -> None:
    """Add a subscriber by hand. Raises StoreError if the address is taken or a watchlist is unknown."""
    if session.scalar(sa.select(Subscriber.id).where(Subscriber.email_key == spec.email.casefold())) is not None:
        raise StoreError(f"a subscriber with the address {spec.email} exists already")
    _add(session, spec, now, next_due, declared=False)


def _add(session: Session, spec: SubscriberSpec, now: datetime, next_due: NextDue, *, declared: bool) -> None:
    subscriber = Subscriber(
        name=spec.name,
        email=spec.email,
        email_key=spec.email.casefold(),
        timezone=spec.timezone,
        locale=spec.locale,
        declared=declared,
        enabled=spec.enabled,
        paused=False,
        added_at=now,
        quiet_hours=spec.quiet_hours,
    )
    session.add(subscriber)
    session.flush()
    for wanted in spec.subscriptions:
        _add_subscription(session, subscriber, wanted, now, next_due)


def _add_subscription(
    session: Session, subscriber: Subscriber, spec: SubscriptionSpec, now: datetime, next_due: NextDue
) -> None:
    due = now if spec.first_at_once else next_due(spec.schedule, subscriber.timezone, now)
    subscription = Subscription(
        subscriber_id=subscriber.id,
        name=spec.name,
        schedule=spec.schedule,
        all_watchlists=not spec.watchlists,
        declared=subscriber.declared,
        enabled=True,
        next_due_at=due,
        window_start=now - LOOK_BACK,
        min_stories=spec.min_stories,
        skip_if_empty=spec.skip_if_empty,
        channels=list(spec.channels),
    )
    session.add(subscription)
    session.flush()
    link_watchlists(session, subscription.id, spec.watchlists)


def link_watchlists(session: Session, subscription_id: int, names: Sequence[str]) -> bool:
    """Make the subscription's watchlists those named; tells whether anything changed.

    Raises StoreError for a watchlist that does not exist.
    """
    keys = {name.casefold(): name for name in names}
    rows = session.execute(sa.select(Watchlist.name_key, Watchlist.id).where(Watchlist.name_key.in_(keys)))
    ids = {key: watchlist_id for key, watchlist_id in rows}  # noqa: C416 - a row is no pair to mypy
    missing = [name for key, name in keys.items() if key not in ids]
    if missing:
        raise StoreError(f"there is no watchlist named {missing[0]!r}; see 'feedwatch watchlists list'")
    here = SubscriptionWatchlist.subscription_id == subscription_id
    linked = set(session.scalars(sa.select(SubscriptionWatchlist.watchlist_id).where(here)))
    wanted = set(ids.values())
    if gone := linked - wanted:
        session.execute(sa.delete(SubscriptionWatchlist).where(here, SubscriptionWatchlist.watchlist_id.in_(gone)))
    for watchlist_id in sorted(wanted - linked):
        session.add(SubscriptionWatchlist(subscription_id=subscription_id, watchlist_id=watchlist_id))
    session.flush()
    return linked != wanted


def _update(session: Session, subscriber: Subscriber, spec: SubscriberSpec, now: datetime, next_due: NextDue) -> bool:
    is_moved = subscriber.timezone != spec.timezone
    wanted = {
        "name": spec.name,
        "email": spec.email,
        "timezone": spec.timezone,
        "locale": spec.locale,
        "declared": True,
        "enabled": spec.enabled,
        "quiet_hours": spec.quiet_hours,
    }
    differing = {key for key, value in wanted.items() if getattr(subscriber, key) != value}
    for key in differing:
        setattr(subscriber, key, wanted[key])
    rows = session.scalars(sa.select(Subscription).where(Subscription.subscriber_id == subscriber.id))
    stored = {subscription.name: subscription for subscription in rows}
    has_changed = bool(differing)
    for wanted_one in spec.subscriptions:
        subscription = stored.pop(wanted_one.name, None)
        if subscription is None:
            _add_subscription(session, subscriber, wanted_one, now, next_due)
            has_changed = True
            continue
        is_other = subscription.schedule != wanted_one.schedule or not subscription.enabled
        if is_other or is_moved:
            due = next_due(wanted_one.schedule, spec.timezone, now)
            # An alert that waits for the end of quiet hours is moved by nothing but another schedule.
            subscription.next_due_at = due if is_other or due is not None else subscription.next_due_at
            has_changed = True
        terms = {
            "min_stories": wanted_one.min_stories,
            "skip_if_empty": wanted_one.skip_if_empty,
            "channels": list(wanted_one.channels),
        }
        for key, value in terms.items():
            has_changed |= getattr(subscription, key) != value
            setattr(subscription, key, value)
        subscription.schedule, subscription.enabled, subscription.declared = wanted_one.schedule, True, True
        subscription.all_watchlists = not wanted_one.watchlists
        has_changed |= link_watchlists(session, subscription.id, wanted_one.watchlists)
    for subscription in stored.values():
        if subscription.declared:  # what somebody signed up for on the page is theirs
            has_changed |= subscription.enabled
            subscription.enabled = False
    return has_changed


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """A subscription with its subscriber, as listed; a subscriber without any has empty fields."""

    name: str
    email: str
    timezone: str
    locale: str
    declared: bool
    enabled: bool
    paused: bool
    quiet_hours: str
    blocked_at: datetime | None
    blocked_why: str | None
    subscription: str | None
    schedule: str | None
    watchlists: tuple[str, ...]
    channels: tuple[str, ...]
    unsubscribed_at: datetime | None
    next_due_at: datetime | None
    edition_count: int


def list_subscribers(session: Session) -> list[SubscriberRow]:
    """Every subscriber with each subscription, by address."""
    names = watchlist_names(session)
    counts = dict(
        session.execute(sa.select(Edition.subscription_id, sa.func.count()).group_by(Edition.subscription_id)).all()
    )
    query = (
        sa.select(Subscriber, Subscription)
        .outerjoin(Subscription, sa.and_(Subscription.subscriber_id == Subscriber.id, Subscription.enabled))
        .order_by(Subscriber.email_key, Subscription.id)
    )
    return [
        SubscriberRow(
            name=subscriber.name,
            email=subscriber.email,
            timezone=subscriber.timezone,
            locale=subscriber.locale,
            declared=subscriber.declared,
            enabled=subscriber.enabled,
            paused=subscriber.paused,
            quiet_hours=subscriber.quiet_hours,
            blocked_at=subscriber.blocked_at,
            blocked_why=subscriber.blocked_why,
            subscription=subscription.name if subscription else None,
            schedule=subscription.schedule if subscription else None,
            watchlists=names.get(subscription.id, ()) if subscription else (),
            channels=tuple(subscription.channels) if subscription else (),
            unsubscribed_at=subscription.unsubscribed_at if subscription else None,
            next_due_at=subscription.next_due_at if subscription else None,
            edition_count=counts.get(subscription.id, 0) if subscription else 0,
        )
        for subscriber, subscription in session.execute(query)
    ]


def watchlist_names(session: Session, *where: sa.ColumnElement[bool]) -> dict[int, tuple[str, ...]]:
    """By subscription: the names of its watchlists, sorted; those alone that meet conditions on the subscription."""
    links = (
        sa.select(SubscriptionWatchlist.subscription_id, Watchlist.name)
        .join(Watchlist, Watchlist.id == SubscriptionWatchlist.watchlist_id)
        .join(Subscription, Subscription.id == SubscriptionWatchlist.subscription_id)
        .where(*where)
    )
    names: dict[int, list[str]] = {}
    for subscription_id, name in session.execute(links.order_by(Watchlist.name_key)):
        names.setdefault(subscription_id, []).append(name)
    return {subscription_id: tuple(named) for subscription_id, named in names.items()}
