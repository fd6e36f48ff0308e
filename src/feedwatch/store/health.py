"""Whether the daemon keeps up, as far as the database can tell: what is due and lies there all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from feedwatch.errors import StoreError
from feedwatch.store.bounces import count_blocked
from feedwatch.store.store import schema_versions
from feedwatch.store.tables import Delivery, Source, Subscriber, Subscription

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.store.store import Store


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many sources, digests or deliveries wait for a daemon, and since when the first of them does."""

    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """What the database tells of the daemon; None where nothing of the kind is overdue."""

    sources: Overdue | None
    digests: Overdue | None
    deliveries: Overdue | None
    blocked: int = 0
    """Subscribers who get no mail, because it came back or they complained."""


def read_health(store: Store, before: datetime) -> Health:
    """What was due before `before` and is in nobody's hands. Reads three indexes and the
    subscribers, and changes nothing.

    Raises StoreError when the database is not there, cannot be read, or has another schema than this program.
    """
    _check_schema(store)
    try:
        with store.read() as session:
            return Health(
                _overdue(session, _sources(before)),
                _overdue(session, _digests(before)),
                _overdue(session, _deliveries(before)),
                count_blocked(session),
            )
    except DBAPIError as error:
        raise StoreError(
            f"the database {store.url.render_as_string()} cannot be read: {str(error.orig).strip()}"
        ) from error


def _check_schema(store: Store) -> None:
    where = store.url.render_as_string()
    if store.is_sqlite and store.url.database and not Path(store.url.database).exists():
        raise StoreError(f"there is no database {where} yet; 'feedwatch run' makes it")
    found, known = store.version(), schema_versions()
    if found != (wanted := known[-1]):
        is_older = found is None or found in known
        hint = "'feedwatch run' upgrades it when it starts" if is_older else "start the newer feedwatch that made it"
        raise StoreError(
            f"the database {where} has schema version {found or 'none'}, and this feedwatch has {wanted}; {hint}"
        )


def _overdue(session: Session, query: sa.Select[int, datetime | None]) -> Overdue | None:
    count, since = session.execute(query).one()
    return None if since is None else Overdue(count, since)


def _sources(before: datetime) -> sa.Select[int, datetime | None]:
    """A source under a lease is being polled; one whose lease has ended was left behind by a process that died."""
    return sa.select(sa.func.count(), sa.func.min(Source.next_poll_at)).where(
        Source.enabled, Source.next_poll_at < before, sa.or_(Source.lease_until.is_(None), Source.lease_until < before)
    )


def _digests(before: datetime) -> sa.Select[int, datetime | None]:
    return (
        sa.select(sa.func.count(), sa.func.min(Subscription.next_due_at))
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.enabled, Subscription.next_due_at < before, Subscriber.enabled, ~Subscriber.paused)
    )


def _deliveries(before: datetime) -> sa.Select[int, datetime | None]:
    waiting = sa.and_(Delivery.state.in_(("pending", "retry")), Delivery.next_attempt_at < before)
    abandoned = sa.and_(Delivery.state == "sending", Delivery.lease_until < before)
    return sa.select(sa.func.count(), sa.func.min(Delivery.next_attempt_at)).where(sa.or_(waiting, abandoned))
