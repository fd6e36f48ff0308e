"""WebSub subscriptions: which hub pushes which source, until when, and when the hub is asked again.

A lease is `wanted` until its hub is asked, `asked` until the hub verifies it, then `active`; or `denied`. One that is
`unwanted` is kept until the hub has let go of it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.hub_leases import update_lease
from feedwatch.store.tables import HubLease, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

Mode = Literal["subscribe", "unsubscribe"]

_LONGEST_URL = 2000
_MOST_GOODBYES = 3
"""How often a hub is asked to let go of a lease. After that it is forgotten: what it still pushes is answered 410."""


@dataclass(frozen=True, slots=True)
class Hub:
    """What a document says of its hub."""

    url: str | None
    """None where it names none."""
    topic: str
    """The URL to subscribe to there (rel=self)."""


class Visit(Protocol):
    """A visit, as far as hubs go."""

    @property
    def source_id(self) -> int:
        """Whom it went to."""

    @property
    def hub(self) -> Hub | None:
        """What the document said; None where none was read (a 304, an error)."""


@dataclass(frozen=True, slots=True)
class HubRequest:
    """One request to be sent to a hub by this process alone, and its place in the row of tries."""

    source_id: int
    source: str
    """The source's name."""
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    mode: Mode
    attempt: int
    """1 for the first try since the hub last answered as wished."""


@dataclass(frozen=True, slots=True)
class HubStatus:
    """What there is to show of a source's hub."""

    hub: str
    topic: str
    state: str
    lease_until: datetime | None
    next_attempt_at: datetime
    attempts: int
    last_pushed_at: datetime | None
    last_error: str | None


def want_hubs(
    session: Session,
    visits: Iterable[Visit],
    now: datetime,
    *,
    new_secret: Callable[[], str] = secrets.token_urlsafe,
) -> None:
    """Take over what documents say of their hubs; in the transaction that stores the visits, after them.

    A hub not known yet is wanted, another hub or topic than before wanted anew (its former one is left to notice by
    our 410), one that is no longer named is unwanted. Nothing else is touched: at 64 visits in a transaction one that
    read a document costs 0.01 ms, the others nothing.
    """
    named = {visit.source_id: _usable(visit.hub) for visit in visits if visit.hub is not None}
    for source_ids in batches(named):
        columns = HubLease.source_id, HubLease.hub, HubLease.topic, HubLease.state
        query = sa.select(*columns).where(HubLease.source_id.in_(source_ids))
        known = {row.source_id: row for row in session.execute(query)}
        unknown = []
        for source_id in source_ids:
            hub, lease = named[source_id], known.get(source_id)
            if lease is None:
                if hub.url is not None:
                    unknown.append({"source_id": source_id, **_fresh(hub, now, new_secret)})
            elif hub.url is None:
                _let_go(session, source_id, lease.state, now)
            elif (hub.url, hub.topic) != (lease.hub, lease.topic) or lease.state == "unwanted":
                update_lease(session, HubLease.source_id == source_id, _fresh(hub, now, new_secret))
        if unknown:
            session.connection().execute(sa.insert(HubLease), unknown)


def _usable(hub: Hub) -> Hub:
    is_usable = all(
        url.startswith(("http://", "https://")) and len(url) <= _LONGEST_URL for url in (hub.url or "", hub.topic)
    )
    return hub if is_usable else Hub(None, hub.topic)


def _fresh(hub: Hub, now: datetime, new_secret: Callable[[], str]) -> dict[str, Any]:
    return {
        "hub": hub.url,
        "topic": hub.topic,
        "token": new_secret(),
        "secret": new_secret(),
        "state": "wanted",
        "lease_until": None,
        "next_attempt_at": now,
        "attempts": 0,
        "last_pushed_at": None,
        "last_error": None,
    }


def _let_go(session: Session, source_id: int, state: str, now: datetime) -> None:
    if state == "wanted":  # nobody was asked
        session.execute(sa.delete(HubLease).where(HubLease.source_id == source_id))
    elif state != "unwanted":
        values = {"state": "unwanted", "lease_until": None, "next_attempt_at": now, "attempts": 0}
        update_lease(session, HubLease.source_id == source_id, values)


def has_due_hubs(session: Session, now: datetime) -> bool:
    """Whether any hub is to be asked. Reads one index."""
    query = sa.select(HubLease.source_id).where(HubLease.next_attempt_at <= now).limit(1)
    return session.scalar(query) is not None


def claim_hubs(session: Session, now: datetime, *, limit: int, wait: Callable[[int], timedelta]) -> list[HubRequest]:
    """Take up to `limit` requests that are due to be sent, longest due first, each counted as tried.

    `wait` says how long after which try the next one follows: until then no other process takes the request, whatever
    becomes of this one. The commit comes before the request is sent, because a hub may verify it before it answers.
    """
    query = (
        sa.select(
            HubLease.source_id, Source.name, Source.enabled, HubLease.hub, HubLease.topic, HubLease.token,
            HubLease.secret, HubLease.state, HubLease.lease_until, HubLease.attempts,
        )
        .join(Source, Source.id == HubLease.source_id)
        .where(HubLease.next_attempt_at <= now)
        .order_by(HubLease.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=HubLease)
    )  # fmt: skip
    requests = []
    for row in session.execute(query).all():
        is_wanted = row.enabled and row.state != "unwanted"
        attempt = 1 if row.state != "unwanted" and not is_wanted else row.attempts + 1  # its source was disabled
        if not is_wanted and (row.state == "wanted" or attempt > _MOST_GOODBYES):
            session.execute(sa.delete(HubLease).where(HubLease.source_id == row.source_id))
            continue
        values = {"attempts": attempt, "next_attempt_at": now + wait(attempt)}
        if not is_wanted:
            values |= {"state": "unwanted", "lease_until": None}
        elif row.state != "active" or row.lease_until is None or row.lease_until <= now:
            values |= {"state": "asked"}
        update_lease(session, HubLease.source_id == row.source_id, values)
        mode: Mode = "subscribe" if is_wanted else "unsubscribe"
        requests.append(HubRequest(row.source_id, row.name, row.hub, row.topic, row.token, row.secret, mode, attempt))
    return requests


def record_request(session: Session, request: HubRequest, *, error: str | None, again_at: datetime) -> None:
    """What the hub answered: nothing (it will verify), or why not. Asked again at `again_at` if no verification comes.

    Changes nothing where the hub's verification came before its answer.
    """
    is_open = sa.and_(HubLease.token == request.token, HubLease.attempts == request.attempt)
    update_lease(session, is_open, {"last_error": error, "next_attempt_at": again_at})


def doubt_hubs(session: Session, source_ids: Collection[int]) -> None:
    """Polls found news that the hubs of these sources had not pushed: until the next push they are not relied on."""
    for batch in batches(source_ids):
        is_trusted = sa.and_(HubLease.source_id.in_(batch), HubLease.last_pushed_at.is_not(None))
        update_lease(session, is_trusted, {"last_pushed_at": None})


def show_hub(session: Session, source_id: int) -> HubStatus | None:
    """How a source stands with its hub; None where it has none."""
    query = sa.select(
        HubLease.hub, HubLease.topic, HubLease.state, HubLease.lease_until, HubLease.next_attempt_at,
        HubLease.attempts, HubLease.last_pushed_at, HubLease.last_error,
    ).where(HubLease.source_id == source_id)  # fmt: skip
    row = session.execute(query).first()
    return None if row is None else HubStatus(*cast("tuple[Any, ...]", row))
