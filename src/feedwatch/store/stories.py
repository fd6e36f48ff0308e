"""Which story an item belongs to: the oldest that shares one of its keys, else the oldest with a copy of its text, or
one of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from feedwatch.model import Report
from feedwatch.store.batches import new_ids, value_table
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.near import KnownItem, Neighbours, Newcomer, read_neighbours
from feedwatch.store.relations import insert_relations
from feedwatch.store.sketches import insert_postings
from feedwatch.store.tables import Item, Story, StoryKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.model import MatchedItem

log = structlog.get_logger("feedwatch.stories")

_STARTED = 1 << 62
"""Above every stored story's id: those being started are numbered from here on until all are known, in their order."""

Judge = Callable[[Report, Report], bool]


@dataclass(frozen=True, slots=True)
class Judges:
    """Who decides on items that share near keys, and how long an item can be found by them.

    A judge that raises says no to that pair.
    """

    is_copy: Judge
    """Whether the new item reports the same text as the known one: it joins its story."""
    is_same_event: Judge
    """Whether the new item tells in another language of the same event: their stories are related."""
    window: timedelta


def _never(_new: Report, _known: Report) -> bool:
    return False


ALONE = Judges(_never, _never, timedelta(0))
"""Compares nothing, and keeps no near keys: items join by exact keys alone."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that a visit brings."""

    item_id: int
    source_id: int
    matched: MatchedItem


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one visit brings to the stories."""

    fresh: Sequence[Arrival]
    """New items, in the order in which they are stored."""
    revised: Sequence[tuple[int, Arrival]]
    """(story id, item in its new revision)."""


@dataclass(frozen=True, slots=True)
class FoundStories:
    """Where the new items of one visit belong."""

    story_ids: Sequence[int]
    """Of each new item, in their order."""
    started: int
    """How many of the stories are new."""


@dataclass(slots=True)
class _Batch:
    """What is known while items are placed one after the other, and what is to be written of it."""

    judges: Judges
    story_by_key: dict[str, int]
    worn: set[str]
    """Keys of stories that are older than the window: what has their text is not among the neighbours any more."""
    neighbours: Neighbours
    started: int = 0
    postings: list[tuple[int, int]] = field(default_factory=list)
    relations: set[tuple[int, int]] = field(default_factory=set)


def find_stories(session: Session, visits: Sequence[Arrivals], now: datetime, judges: Judges) -> list[FoundStories]:
    """The story of each new item, in a transaction that holds the writers' lock.

    Visits are taken in their order, and the items of each as well: an earlier one's story is the older one, and is
    found by the later ones. A revised item stays in its story, which is then found by its present keys as well; a key
    that leads to a story already goes on leading there.
    """
    since = now - judges.window
    story_by_key, worn = _known_keys(session, visits, since)
    known_count = len(story_by_key)
    batch = _Batch(judges, story_by_key, worn, _neighbours(session, visits, story_by_key, since, judges))
    found = [_place(visit, batch) for visit in visits]
    inserted = _insert_stories(session, batch.started, now)

    def stored(story_id: int) -> int:
        return inserted[story_id - _STARTED] if story_id >= _STARTED else story_id

    # A mapping keeps the order in which its keys came: those found stored are first.
    new_keys = islice(story_by_key.items(), known_count, None)
    _insert_keys(session, {key: stored(story_id) for key, story_id in new_keys})
    if batch.postings:
        insert_postings(session, batch.postings, newest=_newest_item(session, visits))
    insert_relations(session, [(stored(older), stored(newer)) for older, newer in batch.relations])
    return [FoundStories(list(map(stored, stories.story_ids)), stories.started) for stories in found]


def _place(visit: Arrivals, batch: _Batch) -> FoundStories:
    """Where a visit's new items belong; enters their keys and what they are compared by."""
    story_ids = []
    started = batch.started
    for arrival in visit.fresh:
        story_id = _story_of(arrival, batch)
        story_ids.append(story_id)
    for story_id, arrival in visit.revised:
        _enter(arrival, story_id, batch)
    return FoundStories(story_ids, batch.started - started)


def _story_of(arrival: Arrival, batch: _Batch) -> int:
    keys = arrival.matched.story_keys
    shared = [key for key in keys if key in batch.story_by_key]
    if shared:
        story_id = min(batch.story_by_key[key] for key in shared)
    else:
        copied = _copied_stories(arrival, batch)
        story_id = min(copied, default=_STARTED + batch.started)
        batch.started += not copied
        # A copy may be the first to tell enough: what came before it was a teaser.
        batch.relations |= {
            (min(other, story_id), max(other, story_id)) for other in _same_events(arrival, batch) if other != story_id
        }
    is_there = any(key.startswith("text:") and key not in batch.worn for key in shared)
    _enter(arrival, story_id, batch, is_there=is_there)
    return story_id


def _enter(arrival: Arrival, story_id: int, batch: _Batch, *, is_there: bool = False) -> None:
    """Let what comes later find the story by this item; by its near keys unless its text `is_there` already."""
    for key in arrival.matched.story_keys:
        batch.story_by_key.setdefault(key, story_id)
    if batch.judges.window and arrival.matched.sketch and not is_there:
        batch.neighbours.add(arrival.item_id, KnownItem(story_id, _report(arrival)), arrival.matched.sketch)
        batch.postings += [(key, arrival.item_id) for key in arrival.matched.sketch]


def _copied_stories(arrival: Arrival, batch: _Batch) -> set[int]:
    candidates = batch.neighbours.of_one_text(_newcomer(arrival))
    return _judged(arrival, candidates, batch.judges.is_copy) if candidates else set()


def _same_events(arrival: Arrival, batch: _Batch) -> set[int]:
    candidates = batch.neighbours.of_one_event(_newcomer(arrival))
    return _judged(arrival, candidates, batch.judges.is_same_event) if candidates else set()


def _judged(arrival: Arrival, candidates: Iterable[KnownItem], judge: Judge) -> set[int]:
    report = _report(arrival)
    return {known.story_id for known in candidates if _says_yes(judge, report, known.report)}


def _says_yes(judge: Judge, new: Report, known: Report) -> bool:
    try:
        return judge(new, known)
    except Exception:
        log.exception("two items could not be compared, and stay apart", new=new.url, known=known.url)
        return False


def _report(arrival: Arrival) -> Report:
    item = arrival.matched.item
    return Report(item.title, item.text, item.language, item.url, arrival.source_id, item.published_at)


def _newcomer(arrival: Arrival) -> Newcomer:
    item = arrival.matched.item
    return Newcomer(item.language, item.published_at, arrival.source_id, len(item.text), arrival.matched.sketch)


def _neighbours(
    session: Session, visits: Sequence[Arrivals], known_keys: Mapping[str, int], since: datetime, judges: Judges
) -> Neighbours:
    """Of what may be compared: items that a stored key places are not."""
    fresh = [arrival for visit in visits for arrival in visit.fresh]
    if not judges.window or not fresh:
        return Neighbours()
    unplaced = [
        _newcomer(arrival)
        for arrival in fresh
        if known_keys.keys().isdisjoint(arrival.matched.story_keys) and arrival.matched.sketch
    ]
    return read_neighbours(session, unplaced, since, before=fresh[0].item_id)


def _newest_item(session: Session, visits: Iterable[Arrivals]) -> int:
    arrived = [arrival.item_id for visit in visits for arrival in visit.fresh[-1:]]
    return max(arrived) if arrived else session.scalar(sa.select(sa.func.max(Item.id))) or 0


def _known_keys(session: Session, visits: Iterable[Arrivals], since: datetime) -> tuple[dict[str, int], set[str]]:
    keys: set[str] = set()
    for visit in visits:
        keys.update(key for arrival in visit.fresh for key in arrival.matched.story_keys)
        keys.update(key for _, arrival in visit.revised for key in arrival.matched.story_keys)
    if not keys:
        return {}, set()
    given = value_table(session, key=list(keys))
    query = (
        sa.select(StoryKey.key, StoryKey.story_id, Story.first_seen_at < since)
        .join(given, given.c.key == StoryKey.key)
        .join(Story, Story.id == StoryKey.story_id)
    )
    rows = session.execute(query).all()
    return {key: story_id for key, story_id, _ in rows}, {key for key, _, is_worn in rows if is_worn}


def _insert_stories(session: Session, count: int, now: datetime) -> Sequence[int]:
    ids = new_ids(session, Story, count)
    if ids:
        given = value_table(session, id=ids)
        rows = sa.select(given.c.id, sa.literal(now, UtcDateTime()))
        session.execute(sa.insert(Story).from_select(["id", "first_seen_at"], rows))
    return ids


def _insert_keys(session: Session, story_by_key: Mapping[str, int]) -> None:
    if story_by_key:
        given = value_table(session, key=list(story_by_key), story_id=list(story_by_key.values()))
        rows = sa.select(given.c.key, given.c.story_id)
        session.execute(sa.insert(StoryKey).from_select(["key", "story_id"], rows))
