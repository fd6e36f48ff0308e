"""Stories that tell of one event in different languages: related, and never merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches, value_table
from feedwatch.store.members import earliest, members_of_stories
from feedwatch.store.tables import StoryRelation

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from feedwatch.store.members import Choose


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A story of the same event in another language, by the item that stands for it."""

    story_id: int
    title: str
    language: str
    url: str
    sources: tuple[str, ...]
    """Titles, the one with the earliest item first."""


def related_stories(
    session: Session, story_ids: Collection[int], choose: Choose = earliest
) -> dict[int, tuple[RelatedStory, ...]]:
    """The relatives of each story, oldest first; a story without any has no entry."""
    related_ids = _related_ids(session, story_ids)
    members = members_of_stories(session, {other for others in related_ids.values() for other in others})
    stories = {}
    for story_id, items in members.items():
        shown = items[choose(items)]
        sources = tuple(dict.fromkeys(item.source for item in items))
        stories[story_id] = RelatedStory(story_id, shown.title, shown.language, shown.url, sources)
    found = {
        story_id: tuple(stories[other] for other in sorted(others) if other in stories)
        for story_id, others in related_ids.items()
    }
    return {story_id: relatives for story_id, relatives in found.items() if relatives}


def _related_ids(session: Session, story_ids: Collection[int]) -> dict[int, set[int]]:
    related: dict[int, set[int]] = {}
    for batch in batches(sorted(story_ids)):
        for own, other in (
            (StoryRelation.story_id, StoryRelation.other_id),
            (StoryRelation.other_id, StoryRelation.story_id),
        ):
            for story_id, other_id in session.execute(sa.select(own, other).where(own.in_(batch))):
                related.setdefault(story_id, set()).add(other_id)
    return related


def insert_relations(session: Session, pairs: Collection[tuple[int, int]]) -> None:
    """Relate stories: pairs of the older one's id and the newer one's, none of them stored before."""
    if pairs:
        older, newer = zip(*sorted(pairs), strict=True)
        given = value_table(session, story_id=older, other_id=newer)
        rows = sa.select(given.c.story_id, given.c.other_id)
        session.execute(sa.insert(StoryRelation).from_select(["story_id", "other_id"], rows))
