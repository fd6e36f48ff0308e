"""Signups: somebody gave an address, and a subscription begins when its owner says yes (double opt-in)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store.subscribers import (
    LOOK_BACK,
    SubscriberSpec,
    SubscriptionSpec,
    add_subscriber,
    link_watchlists,
    watchlist_names,
)
from feedwatch.store.tables import Delivery, Signup, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from feedwatch.store.subscribers import NextDue

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SignupSpec:
    """What somebody asked for."""

    email: str
    name: str
    timezone: str
    locale: str
    schedule: str
    watchlists: tuple[str, ...]
    """Names; all that are offered where empty."""


@dataclass(frozen=True, slots=True)
class SignupRow:
    """A signup as it stands."""

    id: int
    wanted: SignupSpec
    asked_at: datetime
    confirmed_at: datetime | None


def add_signup(session: Session, wanted: SignupSpec, now: datetime) -> int:
    """Keep what was asked for; returns its id."""
    return session.execute(
        sa.insert(Signup)
        .values(
            email=wanted.email,
            email_key=wanted.email.casefold(),
            name=wanted.name,
            timezone=wanted.timezone,
            locale=wanted.locale,
            schedule=wanted.schedule,
            watchlists=list(wanted.watchlists),
            asked_at=now,
        )
        .returning(Signup.id)
    ).scalar_one()


def count_signups(session: Session, since: datetime, email: str | None = None) -> int:
    """How many came since then, in all or for one address. Reads one index."""
    query = sa.select(sa.func.count()).select_from(Signup).where(Signup.asked_at > since)
    if email is not None:
        query = query.where(Signup.email_key == email.casefold())
    return session.scalar(query) or 0


def find_signup(session: Session, signup_id: int) -> SignupRow | None:
    """The signup of this id."""
    row = session.get(Signup, signup_id)
    if row is None:
        return None
    wanted = SignupSpec(row.email, row.name, row.timezone, row.locale, row.schedule, tuple(row.watchlists))
    return SignupRow(row.id, wanted, row.asked_at, row.confirmed_at)


def confirm_signup(
    session: Session, signup: SignupRow, watchlists: Sequence[str], name: str, now: datetime, next_due: NextDue
) -> int:
    """Begin the subscription to `watchlists` (all where empty) that was asked for; returns its id.

    name: what it is called, numbered where the subscriber has one of that name. A subscriber that is known keeps what
    they have, and one who has this subscription already gets no second one. Its first edition comes on schedule. The
    caller asks first whether the signup has been confirmed already.
    """
    marked = session.execute(
        sa.update(Signup).where(Signup.id == signup.id, Signup.confirmed_at.is_(None)).values(confirmed_at=now)
    )
    if not marked.rowcount:  # type: ignore[attr-defined]
        raise StoreError(f"the signup {signup.id} has been confirmed already")
    wanted = signup.wanted
    subscriber = session.scalar(sa.select(Subscriber).where(Subscriber.email_key == wanted.email.casefold()))
    if subscriber is None:
        spec = SubscriptionSpec(name, wanted.schedule, tuple(watchlists), first_at_once=False)
        called = wanted.name or wanted.email.partition("@")[0]
        subscribed = SubscriberSpec(called, wanted.email, wanted.timezone, wanted.locale, subscriptions=(spec,))
        add_subscriber(session, subscribed, now, next_due)
        return session.scalars(
            sa.select(Subscription.id)
            .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
            .where(Subscriber.email_key == wanted.email.casefold())
        ).one()
    if not subscriber.enabled:
        # No longer declared, say: who asks to be told is told, and what the configuration says of them holds again
        # from its next reading.
        subscriber.enabled, subscriber.declared = True, False
    subscriber.blocked_at = subscriber.blocked_why = None  # the question has reached them
    return _add_to(session, subscriber, wanted.schedule, watchlists, name, now, next_due)


def _add_to(
    session: Session,
    subscriber: Subscriber,
    schedule: str,
    watchlists: Sequence[str],
    name: str,
    now: datetime,
    next_due: NextDue,
) -> int:
    here = Subscription.subscriber_id == subscriber.id
    stored = session.scalars(sa.select(Subscription).where(here).order_by(Subscription.id)).all()
    linked = watchlist_names(session, here)
    same = {each.casefold() for each in watchlists}
    due = next_due(schedule, subscriber.timezone, now)
    for one in stored:
        if one.enabled and one.schedule == schedule and {n.casefold() for n in linked.get(one.id, ())} == same:
            if one.unsubscribed_at is not None:
                one.unsubscribed_at, one.next_due_at = None, due
                one.window_start = max(one.window_start, now - LOOK_BACK)
            session.flush()
            return one.id
    taken = {one.name for one in stored}
    free = next(each for number in range(1, len(taken) + 2) if (each := _numbered(name, number)) not in taken)
    added = Subscription(
        subscriber_id=subscriber.id,
        name=free,
        schedule=schedule,
        all_watchlists=not watchlists,
        declared=False,
        enabled=True,
        next_due_at=due,
        window_start=now - LOOK_BACK,
        min_stories=1,
        skip_if_empty=True,
        channels=["mail"],
    )
    session.add(added)
    session.flush()
    link_watchlists(session, added.id, watchlists)
    return added.id


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def forget_signups(session: Session, before: datetime) -> int:
    """Forget what was asked before this time and never confirmed, the questions too; returns how many.

    Confirmed ones stay: they are the proof that somebody asked.
    """
    ids = session.scalars(
        sa.select(Signup.id).where(Signup.asked_at < before, Signup.confirmed_at.is_(None)).limit(_AT_ONCE)
    ).all()
    if ids:
        is_theirs = Delivery.signup_id.in_(ids)
        session.execute(sa.delete(Delivery).where(is_theirs).execution_options(synchronize_session=False))
        session.execute(sa.delete(Signup).where(Signup.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)
