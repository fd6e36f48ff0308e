"""Sources: declared by the configuration or added by hand, claimed for polling, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.model import SourceTraits
from feedwatch.store.tables import Item, Poll, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

REMOVED = "removed from the configuration"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """What somebody says of a source, as opposed to what polling it has told."""

    name: str
    title: str
    url: str
    language: str | None = None
    timezone: str = "UTC"
    interval: timedelta | None = None
    tags: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """What declaring a set of things did to the stored ones, by name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.disabled)


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """A source that this process alone may poll, until its lease ends."""

    id: int
    name: str
    traits: SourceTraits
    interval: timedelta | None
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    failures: int


def declare_sources(session: Session, specs: Iterable[SourceSpec], now: datetime) -> Changes:
    """Make the stored sources what the configuration declares; those it no longer names are disabled, not deleted."""
    stored = {source.name: source for source in session.scalars(sa.select(Source))}
    added, changed, named = [], [], set()
    for spec in specs:
        named.add(spec.name)
        source = stored.get(spec.name)
        if source is None:
            session.add(_new_source(spec, now, declared=True))
            added.append(spec.name)
        elif _update(source, spec, now):
            changed.append(spec.name)
    disabled = []
    for source in stored.values():
        if source.declared and source.name not in named and source.disabled_why != REMOVED:
            source.enabled, source.disabled_why = False, REMOVED
            disabled.append(source.name)
    return Changes(tuple(added), tuple(changed), tuple(disabled))


def add_source(session: Session, spec: SourceSpec, now: datetime) -> None:
    """Add a source by hand. Raises StoreError if the name or the URL is taken."""
    taken = session.scalars(sa.select(Source).where((Source.name == spec.name) | (Source.url == spec.url))).first()
    if taken is not None:
        what = "name" if taken.name == spec.name else "URL"
        raise StoreError(f"a source with this {what} exists already: {taken.name} ({taken.url})")
    session.add(_new_source(spec, now, declared=False))
    session.flush()


def _new_source(spec: SourceSpec, now: datetime, *, declared: bool) -> Source:
    return Source(
        name=spec.name,
        title=spec.title or spec.name,
        url=spec.url,
        language=spec.language,
        timezone=spec.timezone,
        interval_s=_seconds(spec.interval),
        tags=list(spec.tags),
        declared=declared,
        enabled=spec.enabled,
        disabled_why=None if spec.enabled else "paused",
        added_at=now,
        next_poll_at=now,
        next_poll_why="never polled",
    )


def _update(source: Source, spec: SourceSpec, now: datetime) -> bool:
    wanted = {
        "title": spec.title or source.title,  # without one, what its document was called stays
        "url": spec.url,
        "language": spec.language,
        "timezone": spec.timezone,
        "interval_s": _seconds(spec.interval),
        "tags": list(spec.tags),
        "declared": True,
        "enabled": spec.enabled,
        "disabled_why": None if spec.enabled else "paused",
    }
    differing = {key for key, value in wanted.items() if getattr(source, key) != value}
    for key in differing:
        setattr(source, key, wanted[key])
    if "url" in differing:  # the validators and the failures were another document's, and so is a poll under way
        source.etag = source.last_modified = source.body_hash = None
        source.lease_owner = source.lease_until = None
        source.failures = 0
    if differing & {"url", "enabled", "interval_s"}:
        source.next_poll_at, source.next_poll_why = now, "its settings changed"
    return bool(differing)


def _seconds(interval: timedelta | None) -> int | None:
    return None if interval is None else int(interval.total_seconds())


def claim_sources(
    session: Session,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    names: Collection[str] | None = None,
) -> list[ClaimedSource]:
    """Take up to `limit` sources for polling: the due ones, longest due first, or those in `names`, due or not.

    A source that another process holds is passed over until its lease ends, so that no source is ever polled twice
    at once. Reads one index; costs nothing when nothing is due.
    """
    query = (
        sa.select(Source)
        .where(Source.enabled, sa.or_(Source.lease_until.is_(None), Source.lease_until < now))
        .order_by(Source.next_poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    query = query.where(Source.next_poll_at <= now) if names is None else query.where(Source.name.in_(names))
    claimed = session.scalars(query).all()
    if claimed:
        session.execute(
            sa.update(Source)
            .where(Source.id.in_([source.id for source in claimed]))
            .values(lease_owner=owner, lease_until=now + lease)
            .execution_options(synchronize_session=False)
        )
    return [
        ClaimedSource(
            id=source.id,
            name=source.name,
            traits=SourceTraits(url=source.url, language=source.language, timezone=source.timezone),
            interval=None if source.interval_s is None else timedelta(seconds=source.interval_s),
            etag=source.etag,
            last_modified=source.last_modified,
            body_hash=source.body_hash,
            failures=source.failures,
        )
        for source in claimed
    ]


def has_due_sources(session: Session, now: datetime) -> bool:
    """Whether any source is due and free. Reads one index."""
    return session.scalar(sa.select(Source.id).where(*_is_due(now)).limit(1)) is not None


def count_due_sources(session: Session, now: datetime) -> int:
    """How many sources are due and free."""
    return session.scalar(sa.select(sa.func.count(Source.id)).where(*_is_due(now))) or 0


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    is_free = sa.or_(Source.lease_until.is_(None), Source.lease_until < now)
    return Source.enabled.expression, Source.next_poll_at <= now, is_free


def lease_owners(session: Session) -> set[str]:
    """Who holds leases on sources."""
    return {owner for owner in session.scalars(sa.select(Source.lease_owner).distinct()) if owner}


def release_sources(session: Session, owners: Collection[str]) -> int:
    """Give back what dead processes had claimed; their sources are due as before. Returns how many."""
    result = session.execute(
        sa.update(Source).where(Source.lease_owner.in_(owners)).values(lease_owner=None, lease_until=None)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it is listed."""

    name: str
    title: str
    url: str
    language: str | None
    timezone: str
    interval: timedelta | None
    tags: tuple[str, ...]
    declared: bool
    enabled: bool
    disabled_why: str | None
    added_at: datetime
    last_poll_at: datetime | None
    last_outcome: str | None
    last_error: str | None
    failures: int
    next_poll_at: datetime
    next_poll_why: str
    item_count: int


def list_sources(session: Session, names: Collection[str] | None = None) -> list[SourceRow]:
    """Every source (or those named), by name."""
    counts = sa.select(Item.source_id, sa.func.count().label("item_count")).group_by(Item.source_id).subquery()
    query = (
        sa.select(Source, sa.func.coalesce(counts.c.item_count, 0))
        .outerjoin(counts, counts.c.source_id == Source.id)
        .order_by(Source.name)
    )
    if names is not None:
        query = query.where(Source.name.in_(names))
    return [
        SourceRow(
            name=source.name,
            title=source.title,
            url=source.url,
            language=source.language,
            timezone=source.timezone,
            interval=None if source.interval_s is None else timedelta(seconds=source.interval_s),
            tags=tuple(source.tags),
            declared=source.declared,
            enabled=source.enabled,
            disabled_why=source.disabled_why,
            added_at=source.added_at,
            last_poll_at=source.last_poll_at,
            last_outcome=source.last_outcome,
            last_error=source.last_error,
            failures=source.failures,
            next_poll_at=source.next_poll_at,
            next_poll_why=source.next_poll_why,
            item_count=count,
        )
        for source, count in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class PollRow:
    """A visit as it is listed."""

    at: datetime
    outcome: str
    status: int | None
    error: str | None
    warnings: tuple[str, ...]
    elapsed_ms: int
    body_bytes: int
    new_items: int
    matches: int


def list_polls(session: Session, source_name: str, limit: int) -> Sequence[PollRow]:
    """The source's latest visits, newest first."""
    query = (
        sa.select(Poll)
        .where(Poll.source_id == sa.select(Source.id).where(Source.name == source_name).scalar_subquery())
        .order_by(Poll.id.desc())
        .limit(limit)
    )
    return [
        PollRow(
            poll.at, poll.outcome, poll.status, poll.error, tuple(poll.warnings),
            poll.elapsed_ms, poll.body_bytes, poll.new_items, poll.matches,
        )
        for poll in session.scalars(query)
    ]  # fmt: skip
