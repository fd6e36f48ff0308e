"""What a poll leaves behind: its items, their stories and matches, and the source's state, in one transaction."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.store import lock_writers
from feedwatch.store.tables import (
    Item,
    ItemRevision,
    Match,
    Poll,
    Source,
    Story,
    StoryKey,
    Subscription,
    SubscriptionWatchlist,
    Watchlist,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model


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
    by_hash = {_guid_hash(matched.item.guid): matched for matched in reversed(record.items)}
    known = {
        row.guid_hash: row
        for row in session.execute(
            sa.select(
                Item.id, Item.guid_hash, Item.text_hash, Item.revision, Item.story_id, Item.title, Item.text
            ).where(Item.source_id == record.source_id, Item.guid_hash.in_(by_hash))
        )
    }
    # Document order is newest first as a rule: reversed, the ids grow with time.
    fresh = {key: matched for key, matched in by_hash.items() if key not in known}
    revised = {key: by_hash[key] for key, row in known.items() if row.text_hash != by_hash[key].text_hash}
    story_ids, new_stories = _find_stories(session, list(fresh.values()), now)
    item_ids = _insert_items(session, record.source_id, fresh, story_ids, now)
    found: list[tuple[int, int, model.MatchedItem]] = [
        (item_ids[key], story_id, matched) for (key, matched), story_id in zip(fresh.items(), story_ids, strict=True)
    ]
    for key, matched in revised.items():
        row = known[key]
        _revise(session, row, matched, now)
        found.append((row.id, row.story_id, matched))
    matches = _store_matches(session, found, {known[key].id for key in revised}, now)
    return PollResult("", len(fresh), len(revised), new_stories, matches)


def _guid_hash(guid: str) -> str:
    return hashlib.blake2b(guid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _find_stories(session: Session, items: Sequence[model.MatchedItem], now: datetime) -> tuple[list[int], int]:
    """The story of each item, and how many of them are new."""
    keys = {key for matched in items for key in matched.story_keys}
    story_by_key = dict(
        session.execute(sa.select(StoryKey.key, StoryKey.story_id).where(StoryKey.key.in_(keys))).tuples().all()
    )
    story_ids, new_keys, started = [], [], 0
    for matched in items:
        shared = [story_by_key[key] for key in matched.story_keys if key in story_by_key]
        if shared:
            story_id = min(shared)
        else:
            story_id = session.execute(sa.insert(Story).values(first_seen_at=now).returning(Story.id)).scalar_one()
            started += 1
        for key in matched.story_keys:
            if key not in story_by_key:
                story_by_key[key] = story_id
                new_keys.append({"key": key, "story_id": story_id})
        story_ids.append(story_id)
    if new_keys:
        session.execute(sa.insert(StoryKey), new_keys)
    return story_ids, started


def _insert_items(
    session: Session,
    source_id: int,
    fresh: dict[str, model.MatchedItem],
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
            "first_seen_at": now,
            "revision": 1,
            **_columns(matched),
        }
        for (key, matched), story_id in zip(fresh.items(), story_ids, strict=True)
    ]
    inserted = session.execute(sa.insert(Item).returning(Item.guid_hash, Item.id), rows)
    return dict(inserted.tuples().all())


def _columns(matched: model.MatchedItem) -> dict[str, Any]:
    item = matched.item
    return {
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "html": item.html,
        "authors": list(item.authors),
        "tags": list(item.tags),
        "language": item.language,
        "published_at": item.published_at,
        "published_from": item.published_from,
        "updated_at": item.updated_at,
        "text_hash": matched.text_hash,
    }


def _revise(session: Session, row: Any, matched: model.MatchedItem, now: datetime) -> None:
    """Keep the earlier text and take the new one; when it was published stays as first read."""
    session.execute(
        sa.insert(ItemRevision).values(
            item_id=row.id, revision=row.revision, title=row.title, text=row.text, replaced_at=now
        )
    )
    columns = _columns(matched)
    del columns["published_at"], columns["published_from"]
    session.execute(sa.update(Item).where(Item.id == row.id).values(revision=row.revision + 1, **columns))


def _store_matches(
    session: Session, found: Iterable[tuple[int, int, model.MatchedItem]], revised_ids: set[int], now: datetime
) -> Counter[str]:
    """Store the matches of new and revised items; returns how many are new, by watchlist."""
    found = list(found)
    earlier: dict[tuple[int, int], int] = {}
    if revised_ids:
        rows = session.execute(
            sa.select(Match.item_id, Match.watchlist_id, Match.id).where(Match.item_id.in_(revised_ids))
        )
        earlier = {(item_id, watchlist_id): match_id for item_id, watchlist_id, match_id in rows}
    names = {match.watchlist for _, _, matched in found for match in matched.matches}
    watchlist_ids: dict[str, int] = {}
    if names:
        watchlist_ids = dict(
            session.execute(sa.select(Watchlist.name, Watchlist.id).where(Watchlist.name.in_(names))).tuples().all()
        )
    rows_to_add: list[dict[str, Any]] = []
    added: Counter[str] = Counter()
    for item_id, story_id, matched in found:
        for match in matched.matches:
            watchlist_id = watchlist_ids.get(match.watchlist)
            if watchlist_id is None:  # renamed between the worker's reading and now; the next version finds it
                continue
            columns = {
                "version": match.version,
                "score": match.score,
                "queries": list(match.queries),
                "spans": [[span.field, span.start, span.end] for span in match.spans],
            }
            match_id = earlier.pop((item_id, watchlist_id), None)
            if match_id is not None:
                session.execute(sa.update(Match).where(Match.id == match_id).values(**columns))
            else:
                rows_to_add.append(
                    {
                        "item_id": item_id,
                        "story_id": story_id,
                        "watchlist_id": watchlist_id,
                        "matched_at": now,
                        **columns,
                    }
                )
                added[match.watchlist] += 1
    if earlier:  # their spans point into a text that is gone
        session.execute(sa.delete(Match).where(Match.id.in_(earlier.values())))
    if rows_to_add:
        session.execute(sa.insert(Match), rows_to_add)
        _wake_instant_subscriptions(session, {row["watchlist_id"] for row in rows_to_add}, now)
    return added


def _wake_instant_subscriptions(session: Session, watchlist_ids: set[int], now: datetime) -> None:
    """An alert is due from the very transaction that stores its match, so that no crash can lose it.

    Unconditional, so that it waits for an edition that is being made at this moment and did not see the match.
    """
    named = sa.select(SubscriptionWatchlist.subscription_id).where(
        SubscriptionWatchlist.watchlist_id.in_(watchlist_ids)
    )
    session.execute(
        sa.update(Subscription)
        .where(
            Subscription.schedule == "instant",
            sa.or_(Subscription.all_watchlists, Subscription.id.in_(named)),
        )
        .values(next_due_at=now)
        .execution_options(synchronize_session=False)
    )


def prune_polls(session: Session, before: datetime) -> int:
    """Forget the visits made before `before`; returns how many."""
    return int(session.execute(sa.delete(Poll).where(Poll.at < before)).rowcount)  # type: ignore[attr-defined]
