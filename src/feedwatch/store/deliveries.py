"""The outbox: what is put into it, what stands in it, and trying again by hand. Sending from it: `store.outbox`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.tables import Body, Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

STATES = ("pending", "sending", "retry", "sent", "dead")


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
