"""The outbox as its senders see it: deliveries leased to one of them, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch import model
from feedwatch.store.tables import Body, Delivery, Edition, Signup, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

MAIL = "mail"
"""The channel that is always there."""


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """Whose edition a delivery carries."""

    id: int
    subscriber_id: int
    subscriber: str
    address: str
    """The subscriber's own mail address, by whatever channel this goes."""
    subscription_id: int
    subscription: str


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this process alone may send, until its lease ends, with what it is built from."""

    id: int
    channel: str
    message_id: str
    attempts: int
    """How often it was tried before."""
    created_at: datetime
    waiting_since: datetime
    lease_until: datetime
    address: str
    body: model.Body
    """Shared by all that say the same."""
    edition: EditionFacts | None
    """None for the question of a signup."""
    signup_id: int | None
    signup_name: str
    unwanted: str | None
    """Why it shall not be sent any more: what its subscriber or the admin has done since it was made."""


@dataclass(frozen=True, slots=True)
class End:
    """What has become of a delivery that was claimed."""

    delivery_id: int
    state: str
    """`sent`, `retry` or `dead`; `pending` for one that was not tried at all."""
    is_try: bool = True
    """Whether it counts as a try. One that does not, and has no `again_at`, keeps its turn."""
    receipt: str | None = None
    error: str | None = None
    again_at: datetime | None = None


def has_due(session: Session, now: datetime) -> bool:
    """Whether anything waits to be sent. Reads one index."""
    return session.scalar(sa.select(Delivery.id).where(_is_due(now)).limit(1)) is not None


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Waiting and due, or left behind by a sender whose lease ended."""
    waiting = sa.and_(Delivery.state.in_(("pending", "retry")), Delivery.next_attempt_at <= now)
    abandoned = sa.and_(Delivery.state == "sending", Delivery.lease_until < now)
    return sa.or_(waiting, abandoned)


def claim_deliveries(
    session: Session, *, owner: str, now: datetime, lease: timedelta, limit: int, mail: bool | None = None
) -> list[ClaimedDelivery]:
    """Take up to `limit` deliveries for sending: those waiting, and those whose sender died with an ended lease.

    mail: whether by mail, or by the other channels; either way where it is None.
    """
    due = sa.select(Delivery.id).where(_is_due(now)).order_by(Delivery.next_attempt_at, Delivery.id).limit(limit)
    if mail is not None:
        due = due.where(Delivery.channel == MAIL if mail else Delivery.channel != MAIL)
    ids = session.scalars(due.with_for_update(skip_locked=True)).all()
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
            Delivery.id, Delivery.channel, Delivery.message_id, Delivery.attempts, Delivery.created_at,
            Delivery.waiting_since, Delivery.address, Delivery.body_id, Delivery.signup_id,
            Edition.id, Subscriber.id, Subscriber.name, Subscriber.email, Subscription.id, Subscription.name,
            Subscription.enabled, Subscription.unsubscribed_at,
            Subscriber.enabled, Subscriber.paused, Subscriber.blocked_at, Subscriber.blocked_why,
        )
        .outerjoin(Edition, Edition.id == Delivery.edition_id)
        .outerjoin(Subscription, Subscription.id == Edition.subscription_id)
        .outerjoin(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.next_attempt_at, Delivery.id)
    )  # fmt: skip
    rows = [cast("tuple[Any, ...]", row) for row in session.execute(query)]
    bodies = _bodies(session, {row[7] for row in rows})
    names = _signup_names(session, {row[8] for row in rows} - {None})
    return [
        ClaimedDelivery(
            id=row[0], channel=row[1], message_id=row[2], attempts=row[3], created_at=row[4], waiting_since=row[5],
            lease_until=now + lease, address=row[6], body=bodies[row[7]], signup_id=row[8],
            signup_name=names.get(row[8], ""),
            edition=None if row[9] is None else EditionFacts(*row[9:15]),
            unwanted=None if row[9] is None else _unwanted(*row[15:21], is_mail=row[1] == MAIL),
        )
        for row in rows
    ]  # fmt: skip


def _bodies(session: Session, body_ids: set[int]) -> dict[int, model.Body]:
    """By id; each read once, however many say it."""
    query = sa.select(Body.id, Body.subject, Body.html, Body.text).where(Body.id.in_(sorted(body_ids)))
    return {row[0]: model.Body(row[1], row[2], row[3]) for row in session.execute(query)}


def _signup_names(session: Session, signup_ids: set[int]) -> dict[int, str]:
    """By id; few deliveries are of signups, so that most claims ask for none."""
    if not signup_ids:
        return {}
    query = sa.select(Signup.id, Signup.name).where(Signup.id.in_(sorted(signup_ids)))
    return {row[0]: row[1] for row in session.execute(query)}


def _unwanted(
    subscription_enabled: bool,  # noqa: FBT001 - the columns of a row
    unsubscribed_at: datetime | None,
    enabled: bool,  # noqa: FBT001
    paused: bool,  # noqa: FBT001
    blocked_at: datetime | None,
    blocked_why: str | None,
    *,
    is_mail: bool,
) -> str | None:
    if unsubscribed_at is not None:
        return "not sent: its reader has ended the subscription since it was made"
    if not (subscription_enabled and enabled):
        return "not sent: the subscription was switched off since it was made"
    if paused:
        return "not sent: the subscriber is paused"
    if blocked_at is not None and is_mail:
        return f"not sent: mail to the address is blocked ({blocked_why or 'repeated bounces'})"
    return None


def end_deliveries(session: Session, ends: Iterable[End], *, owner: str, now: datetime) -> None:
    """Record what has become of deliveries; of one whose lease is another's by now, nothing."""
    values = [
        {
            "of_id": end.delivery_id,
            "of_owner": owner,
            "to_state": end.state,
            "tries": int(end.is_try),
            "again_at": end.again_at,
            "now_sent_at": now if end.state == "sent" else None,
            "with_receipt": end.receipt,
            "with_error": end.error,
        }
        for end in ends
    ]
    if values:
        session.connection().execute(_END, values)


_AGAIN_AT = sa.bindparam("again_at", type_=Delivery.next_attempt_at.type)
_END = (
    sa.update(Delivery)
    .where(Delivery.id == sa.bindparam("of_id"), Delivery.lease_owner == sa.bindparam("of_owner"))
    .values(
        state=sa.bindparam("to_state"),
        attempts=Delivery.attempts + sa.bindparam("tries"),
        next_attempt_at=sa.func.coalesce(_AGAIN_AT, Delivery.next_attempt_at),
        sent_at=sa.bindparam("now_sent_at"),
        receipt=sa.bindparam("with_receipt"),
        last_error=sa.bindparam("with_error"),
        lease_owner=None,
        lease_until=None,
    )
)  # fmt: skip


def give_up_waiting(session: Session, *, waiting_since: datetime, error: str) -> int:
    """Give up the mails that have waited since before this time and are in nobody's hands; returns how many."""
    result = session.execute(
        sa.update(Delivery)
        .where(
            Delivery.state.in_(("pending", "retry")), Delivery.channel == MAIL, Delivery.waiting_since < waiting_since
        )
        .values(state="dead", last_error=error)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
