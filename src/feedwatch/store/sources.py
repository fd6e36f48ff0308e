"""Sources: declared by the configuration or added by hand, and listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.model import Kind, UpdateHints
from feedwatch.store.claims import (
    AS_BY_DEFAULT,
    GONE,
    SourceOptions,
    SourceState,
    duration,
    read_hints,
    seconds,
    state_columns,
)
from feedwatch.store.hubs import HubStatus, show_hub
from feedwatch.store.tables import HubLease, Item, Poll, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

REMOVED = "removed from the configuration"
PAUSED = "paused"


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
    kind: Kind = "feed"
    options: SourceOptions = AS_BY_DEFAULT


@dataclass(frozen=True, slots=True)
class Changes:
    """What declaring a set of things did to the stored ones, by name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.disabled)


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


def pause_source(session: Session, name: str) -> None:
    """Poll a source no more until it is resumed. Raises StoreError if the configuration declares it, or it is gone."""
    source = _added_source(session, name)
    if source.gone_at is not None:
        raise StoreError(f"{name} is polled no more already: {source.disabled_why}")
    source.enabled, source.disabled_why = False, PAUSED


def resume_source(session: Session, name: str, now: datetime) -> None:
    """Poll a source again, at once; one that was gone for good too.

    Raises StoreError if the configuration declares it, or it is polled as it is.
    """
    source = _added_source(session, name)
    if source.enabled:
        raise StoreError(f"{name} is not paused")
    source.enabled, source.disabled_why, source.gone_at = True, None, None
    source.failures, source.next_poll_at, source.next_poll_why = 0, now, "it was resumed"


def remove_source(session: Session, name: str, now: datetime) -> None:
    """Forget a source and the record of its visits.

    Raises StoreError if the configuration declares it, it has brought items (digests and stories hold them), or it is
    just being polled.
    """
    source = _added_source(session, name)
    if session.scalar(sa.select(Item.id).where(Item.source_id == source.id).limit(1)) is not None:
        raise StoreError(f"{name} has brought items, which stay in the archive; it can be paused, not removed")
    if source.lease_until is not None and source.lease_until > now:
        raise StoreError(f"{name} is being polled just now; try again in a minute")
    for table in (Poll, HubLease):
        session.execute(sa.delete(table).where(table.source_id == source.id))
    session.delete(source)
    session.flush()


def _added_source(session: Session, name: str) -> Source:
    source = session.scalars(sa.select(Source).where(Source.name == name).with_for_update()).first()
    if source is None:
        raise StoreError(f"there is no source named {name!r}")
    if source.disabled_why == REMOVED:
        raise StoreError(f"{name} is polled no more already: {REMOVED}; declare it there again to go on")
    if source.declared:
        raise StoreError(f"{name} is declared by the configuration: change it there")
    return source


def _new_source(spec: SourceSpec, now: datetime, *, declared: bool) -> Source:
    return Source(
        name=spec.name,
        title=spec.title or spec.name,
        url=spec.url,
        language=spec.language,
        timezone=spec.timezone,
        interval_s=seconds(spec.interval),
        tags=list(spec.tags),
        kind=spec.kind,
        options=spec.options.stored(),
        hints={},
        declared=declared,
        enabled=spec.enabled,
        disabled_why=None if spec.enabled else PAUSED,
        added_at=now,
        next_poll_at=now,
        next_poll_why="never polled",
    )


def _update(source: Source, spec: SourceSpec, now: datetime) -> bool:
    is_gone = source.gone_at is not None and source.url == spec.url  # another URL is another document
    wanted = {
        "title": spec.title or source.title,  # without one, what its document was called stays
        "url": spec.url,
        "language": spec.language,
        "timezone": spec.timezone,
        "interval_s": seconds(spec.interval),
        "tags": list(spec.tags),
        "kind": spec.kind,
        "options": spec.options.stored(),
        "declared": True,
        "enabled": spec.enabled and not is_gone,
        "disabled_why": PAUSED if not spec.enabled else GONE if is_gone else None,
    }
    differing = {key for key, value in wanted.items() if getattr(source, key) != value}
    is_read_otherwise = bool(differing & {"kind", "timezone", "language"}) or not spec.options.reads_as(
        SourceOptions.read(source.options)
    )
    for key in differing:
        setattr(source, key, wanted[key])
    if "url" in differing:  # what was known was another document's, and so is a poll under way
        for column, value in state_columns(SourceState()).items():
            setattr(source, column, value)
        source.lease_owner = source.lease_until = source.gone_at = None
        source.failures = 0
    elif is_read_otherwise:  # the same document
        source.etag = source.last_modified = source.body_hash = source.known_entries = None
    if is_read_otherwise or differing & {"url", "enabled", "interval_s"}:
        source.next_poll_at, source.next_poll_why = now, "its settings changed"
    return bool(differing)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it is listed."""

    id: int
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
    kind: Kind
    options: SourceOptions
    moved_to: str | None
    gone_at: datetime | None
    pace: timedelta | None
    hints: UpdateHints
    hub: HubStatus | None = None
    """Read for one source alone."""


def show_source(session: Session, name: str) -> SourceRow | None:
    """One source, with how it stands with its hub; None where there is none of that name."""
    rows = list_sources(session, [name])
    return replace(rows[0], hub=show_hub(session, rows[0].id)) if rows else None


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
            id=source.id,
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
            kind=cast("Kind", source.kind),
            options=SourceOptions.read(source.options),
            moved_to=source.moved_to,
            gone_at=source.gone_at,
            pace=duration(source.pace_s),
            hints=read_hints(source.hints),
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
