"""Items of the archive: listed, filtered, shown whole and read through; its stories are in `store.story_list`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch import model
from feedwatch.model import Enclosure, Span
from feedwatch.store.batches import batches
from feedwatch.store.filters import ItemFilter, newest_first, newest_ids
from feedwatch.store.members import Choose, StoryMember, earliest
from feedwatch.store.relations import RelatedStory, related_stories
from feedwatch.store.story_list import StoryDetail, StoryRow, list_stories, read_stories, show_story
from feedwatch.store.tables import Item, Match, Source, Watchlist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

__all__ = [
    "Choose",
    "ItemDetail",
    "ItemFilter",
    "ItemMatch",
    "ItemRow",
    "RelatedStory",
    "StoryDetail",
    "StoryMember",
    "StoryRow",
    "list_items",
    "list_stories",
    "matches_of_items",
    "read_items",
    "read_stories",
    "show_item",
    "show_story",
]

ItemMatch = tuple[str, float, tuple[str, ...], tuple[Span, ...]]
"""(watchlist, score, queries, spans)."""

_AT_ONCE = 500
"""Items of a stream that are read together."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is listed."""

    id: int
    story_id: int
    source: str
    """The source's name."""
    title: str
    url: str
    language: str
    published_at: datetime
    published_from: str
    first_seen_at: datetime
    revision: int
    watchlists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """Everything of one item."""

    row: ItemRow
    text: str
    html: str
    guid: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    updated_at: datetime | None
    origin: str
    """Who published it first, where it says so."""
    comments: str
    image: str
    enclosures: tuple[Enclosure, ...]
    place: str
    canonical: str
    """The page on another site that this one is a copy of."""
    doubted_date: str
    """The published date as the document wrote it, where it was not taken as it stands."""
    matches: tuple[ItemMatch, ...]
    related: tuple[RelatedStory, ...]
    """What tells of its story's event in other languages."""


def list_items(session: Session, wanted: ItemFilter, limit: int) -> Sequence[ItemRow]:
    """The newest items that pass the filter."""
    item_ids = newest_ids(session, wanted, limit)
    names = watchlists_by_item(session, item_ids)
    rows: dict[int, ItemRow] = {}
    for batch in batches(item_ids):
        query = sa.select(Item, Source.name).join(Source, Source.id == Item.source_id).where(Item.id.in_(batch))
        rows.update((item.id, _row(item, source, names.get(item.id, ()))) for item, source in session.execute(query))
    return [rows[item_id] for item_id in item_ids]


def show_item(session: Session, item_id: int, choose: Choose = earliest) -> ItemDetail | None:
    """One item with its matches; None where there is none of this number. `choose` is for the related stories."""
    found = session.execute(
        sa.select(Item, Source.name).join(Source, Source.id == Item.source_id).where(Item.id == item_id)
    ).first()
    if found is None:
        return None
    item, source = found
    matches = matches_of_items(session, [item_id]).get(item_id, ())
    return ItemDetail(
        row=_row(item, source, tuple(match[0] for match in matches)),
        text=item.text,
        html=item.html,
        guid=item.guid,
        authors=tuple(item.authors),
        tags=tuple(item.tags),
        updated_at=item.updated_at,
        origin=item.origin,
        comments=item.comments,
        image=item.image,
        enclosures=tuple(Enclosure(*stored) for stored in item.enclosures),
        place=item.place,
        canonical=item.canonical,
        doubted_date=item.doubted_date,
        matches=matches,
        related=related_stories(session, [item.story_id], choose).get(item.story_id, ()),
    )


def matches_of_items(session: Session, item_ids: Sequence[int]) -> dict[int, tuple[ItemMatch, ...]]:
    """The matches of each item, by the watchlists' names; an item without any has no entry."""
    found: dict[int, list[ItemMatch]] = {}
    for batch in batches(item_ids):
        query = (
            sa.select(Match.item_id, Watchlist.name, Match.score, Match.queries, Match.spans)
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Match.item_id.in_(batch))
            .order_by(Watchlist.name_key)
        )
        for item_id, name, score, queries, spans in session.execute(query):
            found.setdefault(item_id, []).append((name, score, tuple(queries), tuple(Span(*span) for span in spans)))
    return {item_id: tuple(matches) for item_id, matches in found.items()}


def read_items(session: Session, wanted: ItemFilter) -> Iterator[tuple[ItemRow, model.Item]]:
    """Every item that passes the filter, newest first, as it is listed and as it was stored; streamed."""
    query = (
        newest_first(wanted, Item, Source.name)
        .join(Source, Source.id == Item.source_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for part in session.execute(query).partitions():
        names = watchlists_by_item(session, [item.id for item, _ in part])
        for item, source in part:
            yield _row(item, source, names.get(item.id, ())), as_published(item)


def watchlists_by_item(session: Session, item_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the watchlists that each item met; one that met none has no entry."""
    names: dict[int, list[str]] = {}
    for batch in batches(item_ids):
        query = (
            sa.select(Match.item_id, Watchlist.name)
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Match.item_id.in_(batch))
            .order_by(Watchlist.name_key)
        )
        for item_id, name in session.execute(query):
            names.setdefault(item_id, []).append(name)
    return {item_id: tuple(found) for item_id, found in names.items()}


def _row(item: Item, source: str, watchlists: tuple[str, ...]) -> ItemRow:
    return ItemRow(
        id=item.id,
        story_id=item.story_id,
        source=source,
        title=item.title,
        url=item.url,
        language=item.language,
        published_at=item.published_at,
        published_from=item.published_from,
        first_seen_at=item.first_seen_at,
        revision=item.revision,
        watchlists=watchlists,
    )


def as_published(item: Item | sa.Row[*tuple[Any, ...]]) -> model.Item:
    """The item as it was stored, from its row or from columns under the same names."""
    return model.Item(
        guid=item.guid,
        url=item.url,
        title=item.title,
        text=item.text,
        html=item.html,
        authors=tuple(item.authors),
        tags=tuple(item.tags),
        language=item.language,
        published_at=item.published_at,
        published_from=item.published_from,  # type: ignore[arg-type]
        updated_at=item.updated_at,
        comments=item.comments,
        image=item.image,
        origin=item.origin,
        enclosures=tuple(Enclosure(*stored) for stored in item.enclosures),
        place=item.place,
        canonical=item.canonical,
        doubted_date=item.doubted_date,
    )
