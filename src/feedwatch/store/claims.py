"""Sources on their way through a poll: claimed by one process, with what earlier visits told of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.model import Kind, Selectors, SourceTraits, UpdateHints
from feedwatch.store.tables import HubLease, Source

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

GONE = "gone for good, the server says (HTTP 410)"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a kind of source needs to be read; stored as JSON without what is as by default."""

    selectors: Selectors | None = None
    full_text: bool = False
    archive_pages: int = 0
    push: bool = True
    rules_off: tuple[str, ...] = ()
    preferred: bool = False
    """Whether its copy of a story stands for all, where it is as full as the others."""
    weight: float = 1.0
    """What its stories weigh in the order of a digest."""
    keep_s: int | None = None
    """How long its unmatched items are kept, in seconds; None for what the configuration says of all."""
    keep_items: int | None = None

    def stored(self) -> dict[str, Any]:
        """As the column holds it."""
        chosen = {
            option.name: value for option in fields(self) if (value := getattr(self, option.name)) != option.default
        }
        if self.selectors is not None:
            chosen["selectors"] = asdict(self.selectors)
        if self.rules_off:
            chosen["rules_off"] = list(self.rules_off)
        return chosen

    @classmethod
    def read(cls, stored: dict[str, Any]) -> SourceOptions:
        """From what the column holds."""
        selectors, rules_off = stored.get("selectors"), stored.get("rules_off", ())
        return cls(**{
            **stored,
            "selectors": Selectors(**selectors) if selectors else None,
            "rules_off": tuple(rules_off),
        })  # fmt: skip

    def reads_as(self, other: SourceOptions) -> bool:
        """Whether the same document comes to the same items under both."""
        read = attrgetter("selectors", "full_text", "archive_pages", "rules_off")
        return bool(read(self) == read(other))


AS_BY_DEFAULT = SourceOptions()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the visits so far have told of a source, and the next one needs."""

    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    """The URL that both came with; they are sent to no other (RFC 9110, 8.8)."""
    body_hash: str | None = None
    known_entries: bytes | None = None
    """Fingerprints of the entries of the document read last, eight bytes each; None before the first."""
    moved_to: str | None = None
    """The URL that is polled in place of the source's own."""
    moving_to: str | None = None
    moving_seen: int = 0
    """How many polls running were redirected to `moving_to` for good."""
    hints: UpdateHints = UpdateHints()
    pace: timedelta | None = None
    last_new_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """A source that this process alone may poll, until its lease ends."""

    id: int
    name: str
    traits: SourceTraits
    """Its `url` is the one to poll."""
    interval: timedelta | None
    options: SourceOptions
    state: SourceState
    failures: int
    is_first: bool
    """Whether no visit was ever made."""
    is_pushed: bool
    """Whether its hub pushes what is new (WebSub)."""
    is_gone: bool
    """Whether the server said that it is gone for good (HTTP 410), and it is visited because it was named."""


_CLAIMED = (
    Source.id, Source.name, Source.url, Source.language, Source.timezone, Source.interval_s,
    Source.kind, Source.options, Source.tags,
    Source.etag, Source.last_modified, Source.validators_url, Source.body_hash, Source.known_entries,
    Source.moved_to, Source.moving_to, Source.moving_seen, Source.hints, Source.pace_s, Source.last_new_at,
    Source.failures, Source.last_poll_at, Source.gone_at,
)  # fmt: skip


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
    at once. One that is gone for good is visited when it is named, and only then. Reads one index; costs nothing when
    nothing is due.
    """
    query = (
        sa.select(*_CLAIMED)
        .where(sa.or_(Source.lease_until.is_(None), Source.lease_until < now))
        .order_by(Source.next_poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if names is None:
        query = query.where(Source.enabled, Source.next_poll_at <= now)
    else:
        query = query.where(Source.name.in_(names), sa.or_(Source.enabled, Source.gone_at.is_not(None)))
    rows = session.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    session.execute(
        sa.update(Source)
        .where(Source.id.in_(ids))
        .values(lease_owner=owner, lease_until=now + lease)
        .execution_options(synchronize_session=False)
    )
    pushed = set(
        session.scalars(
            sa.select(HubLease.source_id).where(
                HubLease.source_id.in_(ids), HubLease.lease_until > now, HubLease.last_pushed_at.is_not(None)
            )
        )
    )
    return [_claimed(row, is_pushed=row.id in pushed) for row in rows]


def read_source(session: Session, source_id: int) -> ClaimedSource | None:
    """A source as a claim would give it, without a claim; None where there is none or it is disabled."""
    row = session.execute(sa.select(*_CLAIMED).where(Source.id == source_id, Source.enabled)).first()
    return _claimed(row, is_pushed=True) if row is not None else None


def _claimed(row: Any, *, is_pushed: bool) -> ClaimedSource:
    options = SourceOptions.read(row.options) if row.options else AS_BY_DEFAULT
    return ClaimedSource(
        id=row.id,
        name=row.name,
        traits=SourceTraits(
            url=row.moved_to or row.url,
            language=row.language,
            timezone=row.timezone,
            kind=cast("Kind", row.kind),
            selectors=options.selectors,
            full_text=options.full_text,
            rules_off=options.rules_off,
            name=row.name,
            tags=tuple(row.tags),
        ),
        interval=duration(row.interval_s),
        options=options,
        state=SourceState(
            etag=row.etag,
            last_modified=row.last_modified,
            validators_url=row.validators_url,
            body_hash=row.body_hash,
            known_entries=row.known_entries,
            moved_to=row.moved_to,
            moving_to=row.moving_to,
            moving_seen=row.moving_seen,
            hints=read_hints(row.hints),
            pace=duration(row.pace_s),
            last_new_at=row.last_new_at,
        ),
        failures=row.failures,
        is_first=row.last_poll_at is None,
        is_pushed=is_pushed,
        is_gone=row.gone_at is not None,
    )


def state_columns(state: SourceState) -> dict[str, Any]:
    """What a visit leaves of its source's state, as the table has it: every column, each time."""
    return {
        "etag": state.etag,
        "last_modified": state.last_modified,
        "validators_url": state.validators_url,
        "body_hash": state.body_hash,
        "known_entries": state.known_entries,
        "moved_to": state.moved_to,
        "moving_to": state.moving_to,
        "moving_seen": state.moving_seen,
        "hints": _stored_hints(state.hints),
        "pace_s": seconds(state.pace),
        "last_new_at": state.last_new_at,
    }


def _stored_hints(hints: UpdateHints) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    if hints.period is not None:
        stored = {"period_s": hints.period.total_seconds(), "said_by": hints.said_by}
    if hints.skip_hours:
        stored["skip_hours"] = list(hints.skip_hours)
    if hints.skip_days:
        stored["skip_days"] = list(hints.skip_days)
    return stored


def read_hints(stored: dict[str, Any]) -> UpdateHints:
    """From what the column holds."""
    if not stored:
        return _NO_HINTS
    return UpdateHints(
        period=duration(stored.get("period_s")),
        said_by=stored.get("said_by", ""),
        skip_hours=tuple(stored.get("skip_hours", ())),
        skip_days=tuple(stored.get("skip_days", ())),
    )


_NO_HINTS = UpdateHints()


def duration(seconds: float | None) -> timedelta | None:
    """From what columns hold."""
    return None if seconds is None else timedelta(seconds=seconds)


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


def seconds(interval: timedelta | None) -> int | None:
    """Whole seconds, as columns hold them."""
    return None if interval is None else int(interval.total_seconds())
