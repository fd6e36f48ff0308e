"""WebSub leases as a hub's callback finds them: by the token that only it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.tables import HubLease, Source

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease, as the callback finds it by its token."""

    source_id: int
    source: str
    """The source's name."""
    is_enabled: bool
    """Whether the source is polled at all."""
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    state: str


def find_lease(session: Session, token: str) -> LeaseRow | None:
    """The lease whose callback ends in `token`. Reads one index."""
    query = (
        sa.select(
            HubLease.source_id, Source.name, Source.enabled, HubLease.hub, HubLease.topic, HubLease.token,
            HubLease.secret, HubLease.state,
        )
        .join(Source, Source.id == HubLease.source_id)
        .where(HubLease.token == token)
    )  # fmt: skip
    row = session.execute(query).first()
    return None if row is None else LeaseRow(*cast("tuple[Any, ...]", row))


def confirm_lease(session: Session, token: str, *, lease_until: datetime, renew_at: datetime) -> bool:
    """The hub has verified the subscription. False where it is no longer wanted."""
    is_open = sa.and_(HubLease.token == token, HubLease.state.in_(("asked", "active")))
    values = {"state": "active", "lease_until": lease_until, "next_attempt_at": renew_at}
    return update_lease(session, is_open, values | {"attempts": 0, "last_error": None}) == 1


def deny_lease(session: Session, token: str, *, reason: str, again_at: datetime) -> None:
    """The hub will not push (WebSub, 5.2); it may say so at any time."""
    is_wanted = sa.and_(HubLease.token == token, HubLease.state != "unwanted")
    values = {"state": "denied", "lease_until": None, "next_attempt_at": again_at}
    update_lease(session, is_wanted, values | {"attempts": 0, "last_pushed_at": None, "last_error": reason})


def forget_lease(session: Session, token: str) -> None:
    """The hub has let go of it, or is told to by our answer."""
    session.execute(sa.delete(HubLease).where(HubLease.token == token))


def record_push(session: Session, token: str, *, pushed_at: datetime | None, error: str | None) -> None:
    """Something came by the callback: when news were last pushed, and what was wrong with it.

    A `pushed_at` of None says that the hub's pushes cannot be relied on: the source is polled as if it had none.
    """
    update_lease(session, HubLease.token == token, {"last_pushed_at": pushed_at, "last_error": error})


def record_disbelief(session: Session, token: str, error: str) -> None:
    """Something came by the callback that the hub did not sign; it counts for nothing but the admin's eye."""
    update_lease(session, HubLease.token == token, {"last_error": error})


def update_lease(session: Session, condition: sa.ColumnElement[bool], values: dict[str, Any]) -> int:
    """Change the leases that meet the condition; returns how many."""
    update = sa.update(HubLease).where(condition).values(values).execution_options(synchronize_session=False)
    return int(session.execute(update).rowcount)  # type: ignore[attr-defined]
