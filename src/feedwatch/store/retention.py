"""What of the archive is old enough to go, and its deletion: in parts, each a transaction that leaves all consistent.

An item is spared while its story has a match or stands in an edition; then the longer limit holds. An edition keeps the
page that it was stored with, and the story that it told of keeps its keys, so that it is never told again. Of a deleted
item a tombstone stays: its source may list it for a long time yet.

SQLite's file does not shrink by it; what is free in it is used again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedwatch.store.batches import batches
from feedwatch.store.claims import SourceOptions
from feedwatch.store.index import drop_from_index
from feedwatch.store.sketches import first_item_since
from feedwatch.store.store import lock_writers
from feedwatch.store.tables import (
    EditionStory,
    ForgottenItem,
    Item,
    ItemRevision,
    Match,
    Source,
    Story,
    StoryKey,
    StoryRelation,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store.index import TokensOf

MOST_AT_ONCE = 50_000
"""Ids that are read before they are deleted; what is left is found the next time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, and how many, items are kept."""

    unmatched: timedelta
    """From when they were first seen; sources may say otherwise."""
    matched: timedelta
    per_source: int
    """Unmatched ones, the newest; 0 for as many as there are. Sources may say otherwise."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion came to."""

    items: int = 0
    stories: int = 0


_IS_SPARED = sa.or_(
    sa.exists().where(Match.story_id == Item.story_id), sa.exists().where(EditionStory.story_id == Item.story_id)
)


def unmatched_to_delete(session: Session, limits: Limits, now: datetime) -> list[int]:
    """The ids of items that are older than their source allows or more than it allows, and that nothing spares."""
    ages: defaultdict[timedelta, list[int]] = defaultdict(list)
    counts: dict[int, int] = {}
    for source_id, stored in session.execute(sa.select(Source.id, Source.options)):
        options = SourceOptions.read(stored)
        if options.keep_s is not None:
            ages[timedelta(seconds=options.keep_s)].append(source_id)
        count = limits.per_source if options.keep_items is None else options.keep_items
        if count:
            counts[source_id] = count
    own = [source_id for source_ids in ages.values() for source_id in source_ids]
    found = dict.fromkeys(_older(session, now - limits.unmatched, Item.source_id.not_in(own)))
    for age, source_ids in ages.items():
        for source_id in source_ids:
            found |= dict.fromkeys(_older(session, now - age, Item.source_id == source_id))
    for source_id, count in counts.items():
        found |= dict.fromkeys(_beyond(session, source_id, count))
    return list(found)


def matched_to_delete(session: Session, limits: Limits, now: datetime) -> list[int]:
    """The ids of items that are spared by a match or an edition, and too old even so."""
    before = first_item_since(session, now - limits.matched)
    return list(session.scalars(sa.select(Item.id).where(Item.id < before, _IS_SPARED).limit(MOST_AT_ONCE)))


def _older(session: Session, since: datetime, of_source: sa.ColumnElement[bool]) -> Iterable[int]:
    before = first_item_since(session, since)
    return session.scalars(sa.select(Item.id).where(of_source, Item.id < before, ~_IS_SPARED).limit(MOST_AT_ONCE))


def _beyond(session: Session, source_id: int, count: int) -> Iterable[int]:
    return session.scalars(
        sa.select(Item.id)
        .where(Item.source_id == source_id, ~_IS_SPARED)
        .order_by(Item.published_at.desc(), Item.id.desc())
        .offset(count)
        .limit(MOST_AT_ONCE)
    )


def delete_items(
    session: Session, item_ids: Sequence[int], now: datetime, *, spared: bool, tokens_of: TokensOf | None = None
) -> Deleted:
    """Delete items with all that belongs to them, and stories that are left without any; in one transaction of its own.

    Unless `spared` ones are meant, those that a match or an edition has come to spare meanwhile stay. Without
    `tokens_of`, SQLite's index keeps the room that their tokens took.
    """
    lock_writers(session)
    doomed = _doomed(session, item_ids, spared=spared)
    if not doomed:
        return Deleted()
    ids = [item_id for item_id, *_ in doomed]
    _bury(session, [(source_id, guid_hash) for _, source_id, guid_hash, _ in doomed], now)
    for batch in batches(ids):
        drop_from_index(session, batch, tokens_of)
        for statement in (
            sa.delete(Match).where(Match.item_id.in_(batch)),
            sa.delete(ItemRevision).where(ItemRevision.item_id.in_(batch)),
            sa.delete(Item).where(Item.id.in_(batch)),
        ):
            session.execute(statement.execution_options(synchronize_session=False))
    return Deleted(len(ids), _delete_empty(session, sorted({story_id for *_, story_id in doomed})))


def _doomed(session: Session, item_ids: Sequence[int], *, spared: bool) -> list[tuple[int, int, str, int]]:
    found: list[tuple[int, int, str, int]] = []
    for batch in batches(item_ids):
        query = sa.select(Item.id, Item.source_id, Item.guid_hash, Item.story_id).where(Item.id.in_(batch))
        rows = session.execute(query if spared else query.where(~_IS_SPARED))
        found += [(row[0], row[1], row[2], row[3]) for row in rows]
    return found


def _bury(session: Session, guids: Sequence[tuple[int, str]], now: datetime) -> None:
    rows = [{"source_id": source_id, "guid_hash": guid_hash, "forgotten_at": now} for source_id, guid_hash in guids]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(insert(ForgottenItem).on_conflict_do_nothing(), rows)


def _delete_empty(session: Session, story_ids: Sequence[int]) -> int:
    """Delete the stories without items; one that an edition told of stays with its keys, related to none."""
    deleted = 0
    for batch in batches(story_ids):
        has_items = sa.exists().where(Item.story_id == Story.id)
        empty = session.scalars(sa.select(Story.id).where(Story.id.in_(batch), ~has_items)).all()
        told = set(session.scalars(sa.select(EditionStory.story_id).where(EditionStory.story_id.in_(empty))))
        gone = [story_id for story_id in empty if story_id not in told]
        for statement in (
            sa.delete(StoryRelation).where(StoryRelation.story_id.in_(empty)),
            sa.delete(StoryRelation).where(StoryRelation.other_id.in_(empty)),
            sa.delete(StoryKey).where(StoryKey.story_id.in_(gone)),
            sa.delete(Story).where(Story.id.in_(gone)),
        ):
            session.execute(statement.execution_options(synchronize_session=False))
        deleted += len(gone)
    return deleted


def forget_tombstones(session: Session, before: datetime, *, at_most: int) -> int:
    """Forget deleted items that no source has listed since `before`; returns how many."""
    old = session.execute(
        sa.select(ForgottenItem.source_id, ForgottenItem.guid_hash)
        .where(ForgottenItem.forgotten_at < before)
        .order_by(ForgottenItem.forgotten_at)
        .limit(at_most)
    ).all()
    if old:
        rows = [{"this_source": source_id, "this_hash": guid_hash} for source_id, guid_hash in old]
        session.connection().execute(_UNEARTH, rows)
    return len(old)


_UNEARTH = sa.delete(ForgottenItem).where(
    ForgottenItem.source_id == sa.bindparam("this_source"), ForgottenItem.guid_hash == sa.bindparam("this_hash")
)
