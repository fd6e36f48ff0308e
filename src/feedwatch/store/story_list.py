"""Stories as the archive shows them: by the item that stands for all, with where else they ran."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.filters import ItemFilter, newest_first, newest_ids
from feedwatch.store.members import StoryMember, earliest, members_of_stories
from feedwatch.store.relations import RelatedStory, related_stories
from feedwatch.store.tables import Item, Match, Watchlist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store.members import Choose

_AT_ONCE = 200
"""Stories of a stream that are read together."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story as it is listed."""

    id: int
    item_id: int
    """Of the item that stands for it; title, URL, language and time are that item's."""
    title: str
    url: str
    language: str
    published_at: datetime
    sources: tuple[str, ...]
    """Titles, the one with the earliest item first."""
    item_count: int
    watchlists: tuple[str, ...]
    languages: tuple[str, ...]
    """Of its items, the earliest one's first."""
    related: tuple[RelatedStory, ...]
    """What tells of the same event in other languages."""


@dataclass(frozen=True, slots=True)
class StoryDetail:
    """Everything of one story."""

    row: StoryRow
    items: tuple[StoryMember, ...]
    """Earliest first."""
    related: tuple[RelatedStory, ...]


def list_stories(session: Session, wanted: ItemFilter, limit: int, choose: Choose = earliest) -> Sequence[StoryRow]:
    """The stories with the newest items that pass the filter; each is shown whole, whatever the filter met in it."""
    read = limit
    while True:  # a story's copies come near each other, so that the first time is nearly always enough
        read *= 4
        item_ids = newest_ids(session, wanted, read)
        story_ids = dict.fromkeys(_stories_of(session, item_ids))
        if len(story_ids) >= limit or len(item_ids) < read:
            break
    return [detail.row for detail in _details(session, list(islice(story_ids, limit)), choose)]


def show_story(session: Session, story_id: int, choose: Choose = earliest) -> StoryDetail | None:
    """One story; None where there is none of this number, or all its items were deleted."""
    return next(iter(_details(session, [story_id], choose)), None)


def read_stories(session: Session, wanted: ItemFilter, choose: Choose = earliest) -> Iterator[StoryDetail]:
    """Every story with an item that passes the filter, the one with the newest such item first; streamed.

    Holds the number of each story that it gave, and else a few hundred stories at a time.
    """
    story_ids = _story_ids(session, wanted)
    while part := list(islice(story_ids, _AT_ONCE)):
        yield from _details(session, part, choose)


def _stories_of(session: Session, item_ids: Sequence[int]) -> list[int]:
    story_by_item: dict[int, int] = {}
    for batch in batches(item_ids):
        query = sa.select(Item.id, Item.story_id).where(Item.id.in_(batch))
        story_by_item.update((item_id, story_id) for item_id, story_id in session.execute(query))
    return [story_by_item[item_id] for item_id in item_ids]


def _story_ids(session: Session, wanted: ItemFilter) -> Iterator[int]:
    seen: set[int] = set()
    query = newest_first(wanted, Item.story_id).execution_options(yield_per=500)
    with session.execute(query) as result:
        for story_id in result.scalars():
            if story_id not in seen:
                seen.add(story_id)
                yield story_id


def _details(session: Session, story_ids: Sequence[int], choose: Choose) -> list[StoryDetail]:
    members = members_of_stories(session, story_ids)
    watchlists = _watchlists_by_story(session, story_ids)
    related = related_stories(session, story_ids, choose)
    return [
        _detail(story_id, members[story_id], watchlists.get(story_id, ()), related.get(story_id, ()), choose)
        for story_id in story_ids
        if story_id in members
    ]


def _detail(
    story_id: int,
    items: Sequence[StoryMember],
    watchlists: tuple[str, ...],
    related: tuple[RelatedStory, ...],
    choose: Choose,
) -> StoryDetail:
    shown = items[choose(items)]
    row = StoryRow(
        id=story_id,
        item_id=shown.item_id,
        title=shown.title,
        url=shown.url,
        language=shown.language,
        published_at=shown.published_at,
        sources=tuple(dict.fromkeys(item.source for item in items)),
        item_count=len(items),
        watchlists=watchlists,
        languages=tuple(dict.fromkeys(item.language for item in items)),
        related=related,
    )
    return StoryDetail(row, tuple(items), related)


def _watchlists_by_story(session: Session, story_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    names: dict[int, list[str]] = {}
    for batch in batches(story_ids):
        query = (
            sa.select(Match.story_id, Watchlist.name)
            .distinct()
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Match.story_id.in_(batch))
        )
        for story_id, name in session.execute(query):
            names.setdefault(story_id, []).append(name)
    return {story_id: tuple(sorted(found)) for story_id, found in names.items()}
