"""Which story an item belongs to: the oldest that shares one of its keys, or one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.tables import Story, StoryKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.model import MatchedItem


def find_stories(session: Session, items: Sequence[MatchedItem], now: datetime) -> tuple[list[int], int]:
    """The story of each item, and how many of them are new; in a transaction that holds the writers' lock.

    Items are taken in their order: an earlier one's story is the older one.
    """
    story_by_key = _known_keys(session, items)
    known = set(story_by_key)
    # Numbered -1, -2, ... until all are known and inserted together.
    story_ids: list[int] = []
    started = 0
    for matched in items:
        shared = [story_by_key[key] for key in matched.story_keys if key in story_by_key]
        if shared:
            story_id = min(shared, key=_age)
        else:
            started += 1
            story_id = -started
        for key in matched.story_keys:
            story_by_key.setdefault(key, story_id)
        story_ids.append(story_id)
    inserted = _insert_stories(session, started, now)
    _insert_keys(
        session,
        (
            (key, inserted[-story_id - 1] if story_id < 0 else story_id)
            for key, story_id in story_by_key.items()
            if key not in known
        ),
    )
    return [inserted[-story_id - 1] if story_id < 0 else story_id for story_id in story_ids], started


def add_keys(session: Session, items: Iterable[tuple[int, MatchedItem]]) -> None:
    """Let pairs of (story id, item in its new revision) be found by the item's present keys as well.

    A key that leads to a story already goes on leading there.
    """
    items = list(items)
    story_by_key = _known_keys(session, [matched for _, matched in items])
    known = set(story_by_key)
    for story_id, matched in items:
        for key in matched.story_keys:
            story_by_key.setdefault(key, story_id)
    _insert_keys(session, ((key, story_id) for key, story_id in story_by_key.items() if key not in known))


def _age(story_id: int) -> tuple[bool, int]:
    """Sorts stored stories before those being started, and each kind oldest first."""
    return story_id < 0, abs(story_id)


def _known_keys(session: Session, items: Iterable[MatchedItem]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches({key for matched in items for key in matched.story_keys}):
        found.update(
            (key, story_id)
            for key, story_id in session.execute(
                sa.select(StoryKey.key, StoryKey.story_id).where(StoryKey.key.in_(batch))
            )
        )
    return found


def _insert_stories(session: Session, count: int, now: datetime) -> list[int]:
    if not count:
        return []
    rows = [{"first_seen_at": now} for _ in range(count)]
    return sorted(session.scalars(sa.insert(Story).returning(Story.id), rows))


def _insert_keys(session: Session, story_by_key: Iterable[tuple[str, int]]) -> None:
    rows = [{"key": key, "story_id": story_id} for key, story_id in story_by_key]
    if rows:
        session.execute(sa.insert(StoryKey), rows)
