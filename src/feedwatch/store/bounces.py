"""Bounces: each is recorded once, and an address that bounces again and again gets no more mail.

The rule. A bounce counts where it says that the address is at fault for good, and proves that it is about a mail of
ours to that very address. An address is blocked when so many different mails in a row have bounced as
`mail.bounces.disable_after` says, the first and the last of them made at least SPREAD apart. A mail that was accepted
PROVEN_AFTER ago, and has not come back since, did arrive: it ends the row. So does resuming the subscriber.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedwatch.store.tables import Bounce, Delivery, Edition, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

SPREAD = timedelta(hours=36)
"""A large provider that fails can refuse good addresses for a day: Gmail did on 14 and 15 December 2020, with 5.1.1,
in two spells of nearly 26 hours from first to last."""
PROVEN_AFTER = timedelta(days=1)
"""Servers refuse an address within minutes or hours of taking the mail."""
_MOST_COUNTED = 500


@dataclass(frozen=True, slots=True)
class NewBounce:
    """What a report says of one recipient."""

    kind: Literal["hard", "soft", "complaint"]
    addresses: tuple[str, ...]
    """As we had it first, then as it failed; may be empty where the mail is named."""
    status: str
    reason: str
    message_id: str | None
    is_trusted: bool = False
    """Whether it comes from somebody with the hook's token, who need not prove it by naming a mail."""


Outcome = Literal["counted", "noted", "known", "unproven", "blocked"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a bounce."""

    outcome: Outcome
    """`counted` toward blocking; `noted` as one that does not count; `known` already; `unproven`, and so not kept;
    `blocked`: it was one too many."""
    address: str
    why: str
    """The end of a sentence about the outcome."""


def record_bounce(session: Session, bounce: NewBounce, now: datetime, disable_after: int) -> Recorded:
    """Keep a bounce that is proven, and block its address where it is one too many."""
    named = bounce.addresses[0] if bounce.addresses else "an address that is not told"
    proof = prove(session, bounce)
    if proof.address is None:
        return Recorded("unproven", named, proof.why)
    address, key = proof.address, proof.address.casefold()
    values = {
        "fingerprint": _fingerprint(bounce, key, now),
        "address": address,
        "address_key": key,
        "at": now,
        "is_hard": bounce.kind == "hard",
        "status": "complaint" if bounce.kind == "complaint" else bounce.status,
        "reason": bounce.reason,
        "message_id": bounce.message_id,
    }
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    added = session.execute(insert(Bounce).values(values).on_conflict_do_nothing().returning(Bounce.id)).first()
    if added is None:
        return Recorded("known", address, "it was recorded before")
    why = _why_to_block(session, bounce, key, now, disable_after)
    if why is not None and _block(session, key, now, why):
        return Recorded("blocked", address, why)
    if bounce.kind == "hard":
        return Recorded("counted", address, "the address is at fault")
    return Recorded("noted", address, "it may pass" if bounce.kind == "soft" else "the address gets no mail anyhow")


def forgive_bounces(session: Session, email: str) -> None:
    """Count none of the address's bounces any more; to be called where its subscriber is resumed. They stay listed."""
    session.execute(
        sa.update(Bounce)
        .where(Bounce.address_key == email.casefold(), Bounce.is_hard)
        .values(is_hard=False)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose bounce it is."""

    address: str | None
    """None where nothing proves that it is one of a mail of ours."""
    why: str
    """Why it is, or is not; the end of a sentence."""


def prove(session: Session, bounce: NewBounce) -> Proof:
    """Whether a bounce is about a mail that we sent to the very address that it names.

    Anybody can send a mail that looks like a bounce, and know an address. A Message-ID, which is random, is known to
    those alone who have the mail, or had it on its way.
    """
    named = {address.casefold() for address in bounce.addresses}
    if bounce.message_id is not None:
        sent_to = session.scalar(
            sa.select(Delivery.address).where(Delivery.message_id == bounce.message_id, Delivery.channel == "mail")
        )
        if sent_to is not None and (sent_to.casefold() in named or not named):
            return Proof(sent_to, "it names a mail of ours to this address")
        if sent_to is not None:
            return Proof(None, f"the mail that it names went to {sent_to}, which passes it on to others")
    if bounce.is_trusted and named:
        found = session.scalar(sa.select(Subscriber.email).where(Subscriber.email_key.in_(named)))
        return Proof(found, "the hook says so" if found is not None else "nobody subscribes with this address")
    return Proof(None, "it names no mail that we have sent")


def _fingerprint(bounce: NewBounce, key: str, now: datetime) -> str:
    """One for a mail, an address and a kind: a server tells of a late mail again and again.

    Where no mail is named, for a day: a service posts again what was not answered in time.
    """
    mail = bounce.message_id or f"{now:%Y-%m-%d} {bounce.status} {bounce.reason}"
    return sha256("\n".join((bounce.kind, key, mail)).encode()).hexdigest()


def _block(session: Session, key: str, now: datetime, why: str) -> bool:
    result = session.execute(
        sa.update(Subscriber)
        .where(Subscriber.email_key == key, Subscriber.blocked_at.is_(None))
        .values(blocked_at=now, blocked_why=why)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _why_to_block(session: Session, bounce: NewBounce, key: str, now: datetime, disable_after: int) -> str | None:
    if bounce.kind == "complaint":
        return f"on {now:%Y-%m-%d} its owner complained of our mail: {bounce.reason}"
    if bounce.kind == "soft":
        return None
    made = _in_a_row(session, key, now)
    if len(made) < disable_after or (disable_after > 1 and max(made) - min(made) < SPREAD):
        return None
    mails = "1 mail" if len(made) == 1 else f"{len(made)} mails in a row"
    return f"{mails} came back, the last on {now:%Y-%m-%d}: {bounce.reason or bounce.status}"


def _in_a_row(session: Session, key: str, now: datetime) -> list[datetime]:
    """When the mails were made that have come back for good since the last one that arrived."""
    columns = (Bounce.is_hard, Bounce.message_id, Bounce.at, Delivery.created_at)
    query = (
        sa.select(*columns)
        .outerjoin(Delivery, Delivery.message_id == Bounce.message_id)
        .where(Bounce.address_key == key)
        .order_by(Bounce.at.desc())
        .limit(_MOST_COUNTED)
    )
    bounces = [cast("tuple[bool, str | None, datetime, datetime | None]", tuple(row)) for row in session.execute(query)]
    arrived = _last_arrived(session, key, now, {message_id for _, message_id, _, _ in bounces if message_id})
    made = [created or at for is_hard, _, at, created in bounces if is_hard]
    return [moment for moment in made if arrived is None or moment > arrived]


def _last_arrived(session: Session, key: str, now: datetime, bounced: Collection[str]) -> datetime | None:
    """When the newest mail was made that was accepted long enough ago, and has not come back."""
    editions = (
        sa.select(Edition.id)
        .join(Subscription, Subscription.id == Edition.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscriber.email_key == key)
        .order_by(Edition.due_at.desc())
        .limit(_MOST_COUNTED)
    )
    # The state is not asked for: of a condition on it SQLite would make a walk through everything that was ever sent.
    columns = (Delivery.message_id, Delivery.created_at, Delivery.sent_at)
    ids = session.scalars(editions).all()
    mails = session.execute(sa.select(*columns).where(Delivery.edition_id.in_(ids), Delivery.channel == "mail"))
    arrived = (
        made_at
        for message_id, made_at, sent_at in mails
        if sent_at is not None and sent_at < now - PROVEN_AFTER and message_id not in bounced
    )
    return max(arrived, default=None)


@dataclass(frozen=True, slots=True)
class BounceRow:
    """A bounce as it is listed."""

    id: int
    address: str
    at: datetime
    is_hard: bool
    """Whether it counts toward blocking."""
    status: str
    reason: str
    message_id: str | None
    blocked_at: datetime | None
    """Of the subscriber with this address, as it stands now."""


def list_bounces(session: Session, *, address: str | None = None, limit: int = 50) -> list[BounceRow]:
    """The latest bounces, newest first."""
    columns = (
        Bounce.id, Bounce.address, Bounce.at, Bounce.is_hard, Bounce.status, Bounce.reason, Bounce.message_id,
        Subscriber.blocked_at,
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .outerjoin(Subscriber, Subscriber.email_key == Bounce.address_key)
        .order_by(Bounce.at.desc(), Bounce.id.desc())
        .limit(limit)
    )
    if address is not None:
        query = query.where(Bounce.address_key == address.casefold())
    return [BounceRow(*cast("tuple[Any, ...]", row)) for row in session.execute(query)]


def count_blocked(session: Session) -> int:
    """How many subscribers get no mail because of bounces or a complaint."""
    return session.scalar(sa.select(sa.func.count()).where(Subscriber.blocked_at.is_not(None))) or 0
