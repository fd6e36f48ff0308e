"""What subscribers were told of stories before: so that none is told twice, and an update is known for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches, value_table
from feedwatch.store.cuts import story_ids, unpack
from feedwatch.store.tables import EditionCut, EditionStory, ItemRevision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Telling:
    """The last time that a subscriber was told of a story."""

    number: int
    """0 for the first, n for the n-th update."""
    item_id: int | None
    """The item that stood for it; None where that was not written down."""
    revision: int
    """Of the item, as it was told."""


def told_stories(
    session: Session, first_story: Mapping[int, int], older: Collection[int]
) -> dict[int, dict[int, Telling]]:
    """What each subscriber was last told of the stories asked about, by subscriber and story.

    first_story: by subscriber; asked about are this story and all that have higher ids. `older`: further stories, of
    every subscriber. Of the stories of a window nearly all are young, and were told to nobody: reading the few rows of
    a subscriber above an id takes one search, asking for each story as many as there are stories.
    """
    columns = (
        EditionStory.subscriber_id, EditionStory.story_id, EditionStory.telling, EditionStory.item_id,
        EditionStory.revision,
    )  # fmt: skip
    told: dict[int, dict[int, Telling]] = {}

    def take(query: sa.Select[int, int, int, int | None, int]) -> None:
        for subscriber_id, story_id, number, item_id, revision in session.execute(query):
            of_subscriber = told.setdefault(subscriber_id, {})
            if story_id not in of_subscriber or of_subscriber[story_id].number < number:
                of_subscriber[story_id] = Telling(number, item_id, revision)

    if first_story:
        given = value_table(session, subscriber_id=list(first_story), first=list(first_story.values()))
        is_asked = sa.and_(EditionStory.subscriber_id == given.c.subscriber_id, EditionStory.story_id >= given.c.first)
        take(sa.select(*columns).join(given, is_asked))
    for batch in batches(sorted(older)):
        take(
            sa.select(*columns).where(
                EditionStory.subscriber_id.in_(sorted(first_story)), EditionStory.story_id.in_(batch)
            )
        )
    _take_cuts(session, told, first_story, set(older))
    return told


def _take_cuts(
    session: Session, told: dict[int, dict[int, Telling]], first_story: Mapping[int, int], older: Collection[int]
) -> None:
    """What limits cut is as good as told; of an edition all is read at once, where it can be what is asked for."""
    if not first_story:
        return
    oldest = min(older, default=None)
    lowest = [first if oldest is None else min(first, oldest) for first in first_story.values()]
    given = value_table(session, subscriber_id=list(first_story), lowest=lowest)
    can_be = sa.and_(EditionCut.subscriber_id == given.c.subscriber_id, EditionCut.last_story_id >= given.c.lowest)
    for subscriber_id, packed in session.execute(
        sa.select(EditionCut.subscriber_id, EditionCut.stories).join(given, can_be)
    ):
        first = first_story[subscriber_id]
        if not any(story_id >= first or story_id in older for story_id in story_ids(packed)):
            continue
        of_subscriber = told.setdefault(subscriber_id, {})
        for story_id, _, number, item_id, revision in unpack(packed):
            is_asked = story_id >= first or story_id in older
            if is_asked and (story_id not in of_subscriber or of_subscriber[story_id].number < number):
                of_subscriber[story_id] = Telling(number, item_id or None, revision)


def told_texts(session: Session, asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """The title and text of (item id, revision) pairs, revisions that are not the present ones; those that are kept."""
    if not asked:
        return {}
    item_ids, revisions = zip(*sorted(asked), strict=True)
    given = value_table(session, item_id=item_ids, revision=revisions)
    query = sa.select(ItemRevision.item_id, ItemRevision.revision, ItemRevision.title, ItemRevision.text).join(
        given, sa.and_(ItemRevision.item_id == given.c.item_id, ItemRevision.revision == given.c.revision)
    )
    return {(item_id, revision): (title, text) for item_id, revision, title, text in session.execute(query)}
