"""What a poll leaves behind: its items, their stories and matches, and the source's state, in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.matches import StoredItem, store_matches
from feedwatch.store.store import lock_writers
from feedwatch.store.stories import add_keys, find_stories
from feedwatch.store.tables import Item, ItemRevision, Poll, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model


_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Validators:
    """What the next conditional GET sends back, byte for byte (RFC 9110, 8.8), and the body's hash."""

    etag: str | None
    last_modified: str | None
    body_hash: str


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One finished visit, ready to be stored."""

    source_id: int
    owner: str
    at: datetime
    """When the fetch began."""
    error: str | None
    status: int | None
    elapsed_ms: int
    body_bytes: int
    validators: Validators | None
    """None where the visit told nothing new: a 304, or an error."""
    items: tuple[model.MatchedItem, ...]
    warnings: tuple[str, ...]
    failures: int
    next_poll_at: datetime
    next_poll_why: str
    title: str = ""
    """What the document calls itself: the source's title, where nobody gave it another than its name."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What storing a visit came to."""

    outcome: str
    """`new`, `unchanged` or `error`."""
    new_items: int = 0
    revised_items: int = 0
    new_stories: int = 0
    matches_by_watchlist: Mapping[str, int] = field(default_factory=dict)
    """New ones: an item met a watchlist that it had not met before."""

    @property
    def matches(self) -> int:
        """New matches in all."""
        return sum(self.matches_by_watchlist.values())


def record_poll(session: Session, record: PollRecord, now: datetime) -> PollResult:
    """Store a visit. Idempotent: the same items again change nothing but the poll's own row.

    Items are told apart by (source, guid): an unknown guid is a new item, a known one with another text a new
    revision of it. A new item joins the oldest story that shares one of its keys, or starts one.
    """
    lock_writers(session)
    counts = _store_items(session, record, now) if record.items else PollResult("unchanged")
    outcome = "error" if record.error else "new" if counts.new_items or counts.revised_items else "unchanged"
    state: dict[str, Any] = {
        "last_poll_at": record.at,
        "last_outcome": outcome,
        "last_error": record.error,
        "failures": record.failures,
        "next_poll_at": record.next_poll_at,
        "next_poll_why": record.next_poll_why,
        "lease_owner": None,
        "lease_until": None,
    }
    if record.validators is not None:
        state |= {
            "etag": record.validators.etag,
            "last_modified": record.validators.last_modified,
            "body_hash": record.validators.body_hash,
        }
    # Only while the lease is ours: a process that slept through it must not undo what its successor wrote.
    session.execute(
        sa.update(Source).where(Source.id == record.source_id, Source.lease_owner == record.owner).values(**state)
    )
    if record.title:
        session.execute(
            sa.update(Source)
            .where(Source.id == record.source_id, Source.title == Source.name)
            .values(title=record.title[:_LONGEST_TITLE])
        )
    session.execute(
        sa.insert(Poll).values(
            source_id=record.source_id,
            at=record.at,
            outcome=outcome,
            status=record.status,
            error=record.error,
            warnings=list(record.warnings),
            elapsed_ms=record.elapsed_ms,
            body_bytes=record.body_bytes,
            new_items=counts.new_items,
            matches=counts.matches,
        )
    )
    return PollResult(outcome, counts.new_items, counts.revised_items, counts.new_stories, counts.matches_by_watchlist)


def _store_items(session: Session, record: PollRecord, now: datetime) -> PollResult:
    # Document order is newest first as a rule: reversed, the ids grow with time. Of a guid that comes twice, the first
    # entry counts.
    by_hash = {_guid_hash(matched.item.guid): matched for matched in reversed(record.items)}
    known = _known_items(session, record.source_id, by_hash)
    fresh = {key: matched for key, matched in by_hash.items() if key not in known}
    revised = [(row, by_hash[key]) for key, row in known.items() if row.text_hash != by_hash[key].text_hash]
    story_ids, new_stories = find_stories(session, list(fresh.values()), now)
    item_ids = _insert_items(session, record.source_id, fresh, story_ids, now)
    _revise(session, revised, now)
    stored = [
        StoredItem(item_ids[key], story_id, is_revision=False, matched=matched)
        for (key, matched), story_id in zip(fresh.items(), story_ids, strict=True)
    ]
    stored += [StoredItem(row.id, row.story_id, is_revision=True, matched=matched) for row, matched in revised]
    return PollResult("", len(fresh), len(revised), new_stories, store_matches(session, stored, now))


def _guid_hash(guid: str) -> str:
    return hashlib.blake2b(guid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _known_items(session: Session, source_id: int, guid_hashes: Iterable[str]) -> dict[str, _KnownItem]:
    known: dict[str, _KnownItem] = {}
    for batch in batches(guid_hashes):
        query = sa.select(Item.id, Item.guid_hash, Item.story_id, Item.text_hash, Item.revision).where(
            Item.source_id == source_id, Item.guid_hash.in_(batch)
        )
        known.update((row.guid_hash, _KnownItem(*row)) for row in session.execute(query))
    return known


@dataclass(frozen=True, slots=True)
class _KnownItem:
    id: int
    guid_hash: str
    story_id: int
    text_hash: str
    revision: int


def _insert_items(
    session: Session,
    source_id: int,
    fresh: Mapping[str, model.MatchedItem],
    story_ids: Sequence[int],
    now: datetime,
) -> dict[str, int]:
    if not fresh:
        return {}
    rows = [
        {
            "source_id": source_id,
            "story_id": story_id,
            "guid": matched.item.guid,
            "guid_hash": key,
            "published_at": matched.item.published_at,
            "published_from": matched.item.published_from,
            "first_seen_at": now,
            "revision": 1,
            **_text_columns(matched),
        }
        for (key, matched), story_id in zip(fresh.items(), story_ids, strict=True)
    ]
    inserted = session.execute(sa.insert(Item).returning(Item.guid_hash, Item.id), rows)
    return {key: item_id for key, item_id in inserted}  # noqa: C416 - a row is no pair to mypy


def _text_columns(matched: model.MatchedItem) -> dict[str, Any]:
    """What a revision changes: all but where the item comes from and when it was published."""
    item = matched.item
    return {
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "html": item.html,
        "authors": list(item.authors),
        "tags": list(item.tags),
        "language": item.language,
        "updated_at": item.updated_at,
        "text_hash": matched.text_hash,
    }


def _revise(session: Session, revised: Sequence[tuple[_KnownItem, model.MatchedItem]], now: datetime) -> None:
    """Keep the earlier texts and take the new ones; the items stay in their stories, which are found by both."""
    for batch in batches(row.id for row, _ in revised):
        earlier = sa.select(Item.id, Item.revision, Item.title, Item.text, sa.literal(now, UtcDateTime())).where(
            Item.id.in_(batch)
        )
        columns = ["item_id", "revision", "title", "text", "replaced_at"]
        session.execute(sa.insert(ItemRevision).from_select(columns, earlier))
    if revised:
        rows = [{"id": row.id, "revision": row.revision + 1, **_text_columns(matched)} for row, matched in revised]
        session.execute(sa.update(Item), rows)
        add_keys(session, [(row.story_id, matched) for row, matched in revised])


def prune_polls(session: Session, before: datetime) -> int:
    """Forget the visits made before `before`; returns how many."""
    return int(session.execute(sa.delete(Poll).where(Poll.at < before)).rowcount)  # type: ignore[attr-defined]
