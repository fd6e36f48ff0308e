"""The archive's items and stories, newest first, by the filters and a phrase."""

from __future__ import annotations

from contextlib import contextmanager
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from feedwatch.cli.common import plural, stderr
from feedwatch.cluster.representative import representative
from feedwatch.export.values import (
    ExportedCopy,
    ExportedItem,
    ExportedMatch,
    ExportedRelation,
    ExportedStory,
)
from feedwatch.jobs.archive_search import search_archive
from feedwatch.match import check_term
from feedwatch.model import WatchlistDef
from feedwatch.store.items import list_items, matches_of_items, read_items, read_stories, show_story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.status import Status
    from sqlalchemy.orm import Session

    from feedwatch.model import Item
    from feedwatch.store.items import ItemFilter, ItemRow, RelatedStory, StoryDetail

    Read = tuple[ItemRow, Item]

_AT_ONCE = 500


@contextmanager
def reading(*, is_quiet: bool = False) -> Iterator[Status | None]:
    """A spinner while the archive is read through; quiet where it would mingle with what goes to the same terminal."""
    if is_quiet:
        yield None
        return
    with stderr.status("Reading the archive") as status:
        yield status


def phrase(text: str | None) -> WatchlistDef | None:
    """What finds the phrase in items. Raises QuerySyntaxError where there is nothing to find in it."""
    if text is None:
        return None
    check_term(text)
    return WatchlistDef("text", terms=(text,))


def newest_items(session: Session, filters: Sequence[ItemFilter], limit: int) -> list[ItemRow]:
    """The newest that pass one of the filters, which differ in their source alone."""
    listed = [list_items(session, wanted, limit) for wanted in filters]
    return list(islice(merge(*listed, key=_age, reverse=True), limit))


def items_of(
    session: Session, filters: Sequence[ItemFilter], found_by: WatchlistDef | None, status: Status | None = None
) -> Iterator[Read]:
    """Every item that passes one of the filters, which differ in their source alone, and holds the phrase."""
    streams = [_items_of(session, wanted, found_by) for wanted in filters]
    for found, (row, item) in enumerate(merge(*streams, key=lambda pair: _age(pair[0]), reverse=True), start=1):
        if status is not None and found % 1000 == 0:
            status.update(f"Reading the archive: {plural(found, 'item')}")
        yield row, item


def _items_of(session: Session, wanted: ItemFilter, found_by: WatchlistDef | None) -> Iterator[Read]:
    if found_by is None:
        return read_items(session, wanted)
    return ((found.row, found.item) for found in search_archive(session, found_by, wanted))


def stories_of(
    session: Session, filters: Sequence[ItemFilter], found_by: WatchlistDef | None, status: Status | None = None
) -> Iterator[StoryDetail]:
    """Every story with an item that passes one of the filters and holds the phrase, by the newest such item."""
    if len(filters) == 1 and found_by is None:
        yield from read_stories(session, filters[0], representative)
        return
    seen: set[int] = set()
    for row, _ in items_of(session, filters, found_by, status):
        if row.story_id not in seen:
            seen.add(row.story_id)
            detail = show_story(session, row.story_id, representative)
            if detail is not None:
                yield detail


def to_export(session: Session, items: Iterable[Read]) -> Iterator[ExportedItem]:
    """Items as they are written out, with their matches, which are read for several at once."""
    stream = iter(items)
    while batch := list(islice(stream, _AT_ONCE)):
        matches = matches_of_items(session, [row.id for row, _ in batch if row.watchlists])
        for row, item in batch:
            yield ExportedItem(
                id=row.id,
                story_id=row.story_id,
                source=row.source,
                item=item,
                first_seen_at=row.first_seen_at,
                revision=row.revision,
                matches=tuple(ExportedMatch(*match) for match in matches.get(row.id, ())),
            )


def story_to_export(detail: StoryDetail) -> ExportedStory:
    """A story as it is written out."""
    row = detail.row
    shown = next(member for member in detail.items if member.item_id == row.item_id)
    return ExportedStory(
        id=row.id,
        item_id=row.item_id,
        title=row.title,
        url=row.url,
        language=row.language,
        source=shown.source_name,
        published_at=row.published_at,
        items=tuple(
            ExportedCopy(
                item_id=member.item_id,
                source=member.source_name,
                title=member.title,
                url=member.url,
                language=member.language,
                published_at=member.published_at,
            )
            for member in detail.items
        ),
        watchlists=row.watchlists,
        related=tuple(map(_relation, detail.related)),
    )


def _relation(story: RelatedStory) -> ExportedRelation:
    return ExportedRelation(story.story_id, story.title, story.language, story.url, story.sources)


def _age(row: ItemRow) -> tuple[object, int]:
    return row.published_at, row.id
