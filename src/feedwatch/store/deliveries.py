"""The outbox: deliveries waiting, leased to a sender, sent, to be tried again, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.tables import Body, Delivery, Edition, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

STATES = ("pending", "sending", "retry", "sent", "dead")


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this process alone may send, until its lease ends, with what the mail is built from."""

    id: int
    message_id: str
    attempts: int
    """How often it was tried before."""
    created_at: datetime
    waiting_since: datetime
    address: str
    edition_id: int
    subscriber_id: int
    subscriber: str
    subscription_id: int
    subscription: str
    subject: str
    html: str
    text: str


def add_delivery(
    session: Session,
    *,
    edition_id: int | None,
    body_id: int,
    address: str,
    message_id: str,
    now: datetime,
    channel: str = "mail",
    signup_id: int | None = None,
) -> None:
    """Put an edition, or the question of a signup, into the outbox; in the transaction that makes it."""
    session.execute(
        sa.insert(Delivery).values(
            edition_id=edition_id,
            signup_id=signup_id,
            body_id=body_id,
            channel=channel,
            address=address,
            message_id=message_id,
            state="pending",
            attempts=0,
            created_at=now,
            waiting_since=now,
            next_attempt_at=now,
        )
    )


def has_due(session: Session, now: datetime) -> bool:
    """Whether anything waits to be sent. Reads one index."""
    return session.scalar(sa.select(Delivery.id).where(_is_due(now)).limit(1)) is not None


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Waiting and due, or left behind by a sender whose lease ended."""
    waiting = sa.and_(Delivery.state.in_(("pending", "retry")), Delivery.next_attempt_at <= now)
    abandoned = sa.and_(Delivery.state == "sending", Delivery.lease_until < now)
    return sa.or_(waiting, abandoned)


def claim_deliveries(
    session: Session, *, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedDelivery]:
    """Take up to `limit` deliveries for sending: those waiting, and those whose sender died with an ended lease."""
    ids = session.scalars(
        sa.select(Delivery.id)
        .where(_is_due(now))
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state="sending", lease_owner=owner, lease_until=now + lease)
        .execution_options(synchronize_session=False)
    )
    query = (
        sa.select(
            Delivery.id, Delivery.message_id, Delivery.attempts, Delivery.created_at,
            Delivery.waiting_since, Delivery.address,
            Edition.id, Subscriber.id, Subscriber.name, Subscription.id, Subscription.name,
            Body.subject, Body.html, Body.text,
        )
        .join(Body, Body.id == Delivery.body_id)
        .join(Edition, Edition.id == Delivery.edition_id)
        .join(Subscription, Subscription.id == Edition.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.id)
    )  # fmt: skip
    return [ClaimedDelivery(*cast("tuple[Any, ...]", row)) for row in session.execute(query)]


def mark_sent(session: Session, delivery_id: int, *, owner: str, receipt: str, now: datetime) -> None:
    """The server (or the folder) has it."""
    _finish(session, delivery_id, owner, {"state": "sent", "sent_at": now, "receipt": receipt, "last_error": None})


def mark_retry(session: Session, delivery_id: int, *, owner: str, error: str, again_at: datetime) -> None:
    """Not accepted for now; waiting for its next try."""
    _finish(session, delivery_id, owner, {"state": "retry", "next_attempt_at": again_at, "last_error": error})


def mark_dead(session: Session, delivery_id: int, *, owner: str, error: str) -> None:
    """Refused for good, or tried long enough."""
    _finish(session, delivery_id, owner, {"state": "dead", "last_error": error})


def _finish(session: Session, delivery_id: int, owner: str, values: dict[str, object]) -> None:
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.lease_owner == owner)
        .values(attempts=Delivery.attempts + 1, lease_owner=None, lease_until=None, **values)
    )


def delivery_owners(session: Session) -> set[str]:
    """Who holds leases on deliveries."""
    return {owner for owner in session.scalars(sa.select(Delivery.lease_owner).distinct()) if owner}


def release_deliveries(session: Session, owners: Collection[str]) -> int:
    """Give back what dead senders had claimed; returns how many."""
    result = session.execute(
        sa.update(Delivery)
        .where(Delivery.state == "sending", Delivery.lease_owner.in_(owners))
        .values(state="retry", lease_owner=None, lease_until=None)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def retry_deliveries(session: Session, ids: Collection[int] | None, now: datetime) -> int:
    """Try again now: those named, or all that wait or were given up; returns how many."""
    query = sa.update(Delivery).where(Delivery.state.in_(("retry", "dead")))
    if ids is not None:
        query = query.where(Delivery.id.in_(ids))
    # Given up is given up since the first try: the time to try again begins anew.
    result = session.execute(query.values(state="retry", next_attempt_at=now, waiting_since=now, attempts=0))
    return int(result.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as it is listed."""

    id: int
    edition_id: int | None
    address: str
    subject: str
    message_id: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    receipt: str | None
    last_error: str | None


def list_deliveries(
    session: Session, *, states: Collection[str] | None = None, limit: int = 50
) -> Sequence[DeliveryRow]:
    """The latest deliveries, newest first."""
    query = (
        sa.select(
            Delivery.id, Delivery.edition_id, Delivery.address, Body.subject, Delivery.message_id, Delivery.state,
            Delivery.attempts, Delivery.created_at, Delivery.next_attempt_at, Delivery.sent_at, Delivery.receipt,
            Delivery.last_error,
        )
        .join(Body, Body.id == Delivery.body_id)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )  # fmt: skip
    if states is not None:
        query = query.where(Delivery.state.in_(states))
    return [DeliveryRow(*cast("tuple[Any, ...]", row)) for row in session.execute(query)]
