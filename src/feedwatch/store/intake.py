"""The items that visits bring: new, revised or known already; written with their stories and matches."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.batches import batches, new_ids, value_table
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.index import IndexedItem, add_to_index, replace_in_index
from feedwatch.store.matches import StoredItem, store_matches
from feedwatch.store.stories import ALONE, Arrival, Arrivals, Judges, find_stories
from feedwatch.store.tables import ForgottenItem, Item, ItemRevision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
class _ItemTimes:
    """What is asked for when an item's text has changed."""

    updated_at: datetime | None
    published_at: datetime
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Revised:
    known: _KnownItem
    times: _ItemTimes
    matched: model.MatchedItem


@dataclass(frozen=True, slots=True)
class _Visit:
    source_id: int
    fresh: dict[str, model.MatchedItem]
    """By the hash of their guids."""
    revised: list[_Revised]


def store_items(
    session: Session,
    visits: Sequence[tuple[int, Sequence[model.MatchedItem]]],
    now: datetime,
    judges: Judges = ALONE,
) -> list[Intake]:
    """Store the items of visits, each a source's id and the items in the order of its document.

    As if one visit were stored after the other, but in one statement a table. No source may come twice; the
    transaction holds the writers' lock.
    """
    told = _tell_apart(session, visits, now)
    item_ids = iter(new_ids(session, Item, sum(len(visit.fresh) for visit in told)))
    arrivals = [_arrivals(visit, item_ids, now - judges.window) for visit in told]
    found = find_stories(session, arrivals, now, judges)
    rows: list[dict[str, Any]] = []
    stored: list[list[StoredItem]] = []
    indexed: list[IndexedItem] = []
    for visit, arrived, stories in zip(told, arrivals, found, strict=True):
        changed = [
            StoredItem(one.known.id, one.known.story_id, True, one.times.published_at, one.matched)
            for one in visit.revised
        ]
        added = []
        for guid_hash, arrival, story_id in zip(visit.fresh, arrived.fresh, stories.story_ids, strict=True):
            matched = arrival.matched
            rows.append(_row(arrival.item_id, visit.source_id, story_id, guid_hash, matched, now))
            added.append(StoredItem(arrival.item_id, story_id, False, matched.item.published_at, matched))
        indexed += [_indexed(visit.source_id, one) for one in added]
        stored.append(added + changed)
    if rows:
        session.connection().execute(sa.insert(Item), rows)
    add_to_index(session, indexed)
    _revise(session, [one for visit in told for one in visit.revised], now)
    matches = store_matches(session, stored, now)
    return [
        Intake(len(visit.fresh), len(visit.revised), stories.started, added)
        for visit, stories, added in zip(told, found, matches, strict=True)
    ]


def _arrivals(visit: _Visit, item_ids: Iterator[int], since: datetime) -> Arrivals:
    """The near keys of an item that was first seen before `since` are left out: nothing is compared with it."""
    fresh = [Arrival(next(item_ids), visit.source_id, matched) for matched in visit.fresh.values()]
    revised = []
    for one in visit.revised:
        matched = one.matched if one.times.first_seen_at >= since else replace(one.matched, sketch=())
        revised.append((one.known.story_id, Arrival(one.known.id, visit.source_id, matched)))
    return Arrivals(fresh, revised)


def _tell_apart(
    session: Session, visits: Iterable[tuple[int, Sequence[model.MatchedItem]]], now: datetime
) -> list[_Visit]:
    # Document order is newest first as a rule: reversed, the ids grow with time. Of a guid that comes twice, the first
    # entry counts.
    by_hash = [(source_id, {_guid_hash(m.item.guid): m for m in reversed(items)}) for source_id, items in visits]
    known = _known_items(session, by_hash)
    unknown = [(source_id, h) for source_id, items in by_hash for h in items if (source_id, h) not in known]
    forgotten = _forgotten(session, unknown, now)
    changed = [
        row.id
        for source_id, items in by_hash
        for guid_hash, matched in items.items()
        if (row := known.get((source_id, guid_hash))) is not None and row.text_hash != matched.text_hash
    ]
    times = _times(session, changed)
    told = []
    for source_id, items in by_hash:
        visit = _Visit(source_id, {}, [])
        for guid_hash, matched in items.items():
            row = known.get((source_id, guid_hash))
            if row is None:
                if (source_id, guid_hash) not in forgotten:
                    visit.fresh[guid_hash] = matched
            elif row.id in times and not _is_older(matched.item.updated_at, times[row.id].updated_at):
                visit.revised.append(_Revised(row, times[row.id], matched))
        told.append(visit)
    return told


def _is_older(updated_at: datetime | None, stored: datetime | None) -> bool:
    """Whether a hub or a cache brings an earlier text once more."""
    return updated_at is not None and stored is not None and updated_at < stored


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
    query = sa.select(
        Item.source_id, Item.guid_hash, Item.id, Item.story_id, Item.text_hash, Item.revision
    ).join(given, sa.and_(Item.source_id == given.c.source_id, Item.guid_hash == given.c.guid_hash))  # fmt: skip
    return {(row[0], row[1]): _KnownItem(*row[2:]) for row in session.execute(query)}


def _times(session: Session, item_ids: Sequence[int]) -> dict[int, _ItemTimes]:
    found: dict[int, _ItemTimes] = {}
    for batch in batches(item_ids):
        query = sa.select(Item.id, Item.updated_at, Item.published_at, Item.first_seen_at).where(Item.id.in_(batch))
        found.update((row[0], _ItemTimes(*row[1:])) for row in session.execute(query))
    return found


def _forgotten(session: Session, unknown: Sequence[tuple[int, str]], now: datetime) -> set[tuple[int, str]]:
    """Which of the unknown were stored once and deleted; their tombstones stay as long as their sources list them."""
    if not unknown:
        return set()
    source_ids, guid_hashes = zip(*unknown, strict=True)
    given = value_table(session, source_id=source_ids, guid_hash=guid_hashes)
    is_given = sa.and_(ForgottenItem.source_id == given.c.source_id, ForgottenItem.guid_hash == given.c.guid_hash)
    query = sa.select(ForgottenItem.source_id, ForgottenItem.guid_hash).join(given, is_given)
    found = {(row[0], row[1]) for row in session.execute(query)}
    if found:
        rows = [{"this_source": source_id, "this_hash": guid_hash, "seen": now} for source_id, guid_hash in found]
        session.connection().execute(_SEEN_AGAIN, rows)
    return found


_FORGOTTEN = cast("sa.Table", ForgottenItem.__table__)
_SEEN_AGAIN = (
    sa.update(_FORGOTTEN)
    .where(_FORGOTTEN.c.source_id == sa.bindparam("this_source"), _FORGOTTEN.c.guid_hash == sa.bindparam("this_hash"))
    .values(forgotten_at=sa.bindparam("seen"))
)


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


def _indexed(source_id: int, stored: StoredItem) -> IndexedItem:
    item = stored.matched.item
    return IndexedItem(stored.id, source_id, item.published_at, item.language, stored.matched.tokens or None)


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


def _revise(session: Session, revised: Sequence[_Revised], now: datetime) -> None:
    """Keep the earlier texts and take the new ones; the items stay in their stories, which are found by both."""
    for batch in batches(one.known.id for one in revised):
        earlier = sa.select(Item.id, Item.revision, Item.title, Item.text, sa.literal(now, UtcDateTime())).where(
            Item.id.in_(batch)
        )
        columns = ["item_id", "revision", "title", "text", "replaced_at"]
        session.execute(sa.insert(ItemRevision).from_select(columns, earlier))
    if revised:
        rows = [
            {"id": one.known.id, "revision": one.known.revision + 1, **_text_columns(one.matched)} for one in revised
        ]
        session.execute(sa.update(Item), rows)
        replace_in_index(
            session, [(one.known.id, one.matched.item.language, one.matched.tokens or None) for one in revised]
        )
