"""Which story an item belongs to: the oldest that shares one of its keys, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import new_ids, value_table
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.tables import Story, StoryKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.model import MatchedItem

_STARTED = 1 << 62
"""Above every stored story's id: those being started are numbered from here on until all are known, in their order."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one visit brings to the stories."""

    fresh: Sequence[MatchedItem]
    """New items, in the order in which they are stored."""
    revised: Sequence[tuple[int, MatchedItem]]
    """(story id, item in its new revision)."""


@dataclass(frozen=True, slots=True)
class FoundStories:
    """Where the new items of one visit belong."""

    story_ids: Sequence[int]
    """Of each new item, in their order."""
    started: int
    """How many of the stories are new."""


def find_stories(session: Session, visits: Sequence[Arrivals], now: datetime) -> list[FoundStories]:
    """The story of each new item, in a transaction that holds the writers' lock.

    Visits are taken in their order, and the items of each as well: an earlier one's story is the older one, and is
    found by the later ones. A revised item stays in its story, which is then found by its present keys as well; a key
    that leads to a story already goes on leading there.
    """
    story_by_key = _known_keys(session, visits)
    known_count = len(story_by_key)
    started = 0
    found: list[FoundStories] = []
    for visit in visits:
        found.append(_place(visit, story_by_key, _STARTED + started))
        started += found[-1].started
    inserted = _insert_stories(session, started, now)

    def stored(story_id: int) -> int:
        return inserted[story_id - _STARTED] if story_id >= _STARTED else story_id

    # A mapping keeps the order in which its keys came: those found stored are first.
    new_keys = islice(story_by_key.items(), known_count, None)
    _insert_keys(session, {key: stored(story_id) for key, story_id in new_keys})
    return [FoundStories(list(map(stored, stories.story_ids)), stories.started) for stories in found]


def _place(visit: Arrivals, story_by_key: dict[str, int], first_id: int) -> FoundStories:
    """Where a visit's new items belong, the stories being started numbered from `first_id`; enters their keys."""
    story_ids = []
    next_id = first_id
    for matched in visit.fresh:
        shared = [story_by_key[key] for key in matched.story_keys if key in story_by_key]
        if shared:
            story_id = min(shared)
        else:
            story_id = next_id
            next_id += 1
        story_ids.append(story_id)
        for key in matched.story_keys:
            story_by_key.setdefault(key, story_id)
    for story_id, matched in visit.revised:
        for key in matched.story_keys:
            story_by_key.setdefault(key, story_id)
    return FoundStories(story_ids, next_id - first_id)


def _known_keys(session: Session, visits: Sequence[Arrivals]) -> dict[str, int]:
    keys = {key for visit in visits for matched in visit.fresh for key in matched.story_keys}
    keys.update(key for visit in visits for _, matched in visit.revised for key in matched.story_keys)
    if not keys:
        return {}
    given = value_table(session, key=list(keys))
    query = sa.select(StoryKey.key, StoryKey.story_id).join(given, given.c.key == StoryKey.key)
    return {key: story_id for key, story_id in session.execute(query)}  # noqa: C416 - a row is no pair to mypy


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
