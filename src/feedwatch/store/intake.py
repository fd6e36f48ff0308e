"""The items that visits bring: new, revised or known already; written with their stories and matches."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.batches import batches, new_ids, value_table
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.matches import StoredItem, store_matches
from feedwatch.store.stories import Arrivals, find_stories
from feedwatch.store.tables import Item, ItemRevision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model


@dataclass(frozen=True, slots=True)
class Intake:
    """What storing one visit's items came to."""

    new_items: int = 0
    revised_items: int = 0
    new_stories: int = 0
    matches_by_watchlist: Counter[str] = field(default_factory=Counter)
    """New ones: an item met a watchlist that it had not met before."""


@dataclass(frozen=True, slots=True)
class _KnownItem:
    id: int
    story_id: int
    text_hash: str
    revision: int


@dataclass(frozen=True, slots=True)
class _Visit:
    source_id: int
    fresh: dict[str, model.MatchedItem]
    """By the hash of their guids."""
    revised: list[tuple[_KnownItem, model.MatchedItem]]


def store_items(
    session: Session, visits: Sequence[tuple[int, Sequence[model.MatchedItem]]], now: datetime
) -> list[Intake]:
    """Store the items of visits, each a source's id and the items in the order of its document.

    As if one visit were stored after the other, but in one statement a table. No source may come twice; the
    transaction holds the writers' lock.
    """
    told = _tell_apart(session, visits)
    found = find_stories(
        session,
        [Arrivals(list(v.fresh.values()), [(row.story_id, matched) for row, matched in v.revised]) for v in told],
        now,
    )
    item_ids = iter(new_ids(session, Item, sum(len(visit.fresh) for visit in told)))
    rows: list[dict[str, Any]] = []
    stored: list[list[StoredItem]] = []
    for visit, stories in zip(told, found, strict=True):
        changed = [StoredItem(row.id, row.story_id, is_revision=True, matched=m) for row, m in visit.revised]
        added = []
        for (guid_hash, matched), story_id in zip(visit.fresh.items(), stories.story_ids, strict=True):
            item_id = next(item_ids)
            rows.append(_row(item_id, visit.source_id, story_id, guid_hash, matched, now))
            added.append(StoredItem(item_id, story_id, is_revision=False, matched=matched))
        stored.append(added + changed)
    if rows:
        session.connection().execute(sa.insert(Item), rows)
    _revise(session, [pair for visit in told for pair in visit.revised], now)
    matches = store_matches(session, stored, now)
    return [
        Intake(len(visit.fresh), len(visit.revised), stories.started, added)
        for visit, stories, added in zip(told, found, matches, strict=True)
    ]


def _tell_apart(session: Session, visits: Iterable[tuple[int, Sequence[model.MatchedItem]]]) -> list[_Visit]:
    # Document order is newest first as a rule: reversed, the ids grow with time. Of a guid that comes twice, the first
    # entry counts.
    by_hash = [(source_id, {_guid_hash(m.item.guid): m for m in reversed(items)}) for source_id, items in visits]
    known = _known_items(session, by_hash)
    told = []
    for source_id, items in by_hash:
        visit = _Visit(source_id, {}, [])
        for guid_hash, matched in items.items():
            row = known.get((source_id, guid_hash))
            if row is None:
                visit.fresh[guid_hash] = matched
            elif row.text_hash != matched.text_hash:
                visit.revised.append((row, matched))
        told.append(visit)
    return told


def _guid_hash(guid: str) -> str:
    return hashlib.blake2b(guid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _known_items(
    session: Session, by_hash: Iterable[tuple[int, dict[str, model.MatchedItem]]]
) -> dict[tuple[int, str], _KnownItem]:
    pairs = [(source_id, guid_hash) for source_id, items in by_hash for guid_hash in items]
    if not pairs:
        return {}
    source_ids, guid_hashes = zip(*pairs, strict=True)
    given = value_table(session, source_id=source_ids, guid_hash=guid_hashes)
    query = sa.select(Item.source_id, Item.guid_hash, Item.id, Item.story_id, Item.text_hash, Item.revision).join(
        given, sa.and_(Item.source_id == given.c.source_id, Item.guid_hash == given.c.guid_hash)
    )
    return {(row[0], row[1]): _KnownItem(*row[2:]) for row in session.execute(query)}


def _row(
    item_id: int, source_id: int, story_id: int, guid_hash: str, matched: model.MatchedItem, now: datetime
) -> dict[str, Any]:
    return {
        "id": item_id,
        "source_id": source_id,
        "story_id": story_id,
        "guid": matched.item.guid,
        "guid_hash": guid_hash,
        "published_at": matched.item.published_at,
        "published_from": matched.item.published_from,
        "doubted_date": matched.item.doubted_date,
        "first_seen_at": now,
        "revision": 1,
        **_text_columns(matched),
    }


def _text_columns(matched: model.MatchedItem) -> dict[str, Any]:
    """What a revision changes: all but where the item comes from and when it was published."""
    item = matched.item
    return {
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "html": item.html,
        "authors": item.authors,
        "tags": item.tags,
        "language": item.language,
        "updated_at": item.updated_at,
        "comments": item.comments,
        "image": item.image,
        "origin": item.origin,
        "enclosures": [(file.url, file.type, file.length) for file in item.enclosures],
        "place": item.place,
        "canonical": item.canonical,
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
