"""Items of the archive by their numbers, as the matcher asks for them: whole, with their source's name and tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.items import ItemRow, as_published, watchlists_by_item
from feedwatch.store.tables import Item, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model


@dataclass(frozen=True, slots=True)
class ArchivedItem:
    """An item as it was stored, and what the archive knows of it."""

    id: int
    story_id: int
    source: str
    """The source's name."""
    source_tags: tuple[str, ...]
    first_seen_at: datetime
    revision: int
    item: model.Item


def read_archived(session: Session, item_ids: Sequence[int]) -> list[ArchivedItem]:
    """The items of these numbers, in this order; what is gone meanwhile is left out. Columns, not mapped objects: a
    search reads thousands."""
    sources = {row.id: row for row in session.execute(_SOURCES)}
    found: dict[int, ArchivedItem] = {}
    for batch in batches(item_ids):
        for row in session.execute(_COLUMNS.where(Item.id.in_(batch))):
            found[row.id] = _archived(row, sources)
    return [found[item_id] for item_id in item_ids if item_id in found]


def rows_of(session: Session, archived: Iterable[ArchivedItem]) -> list[ItemRow]:
    """The items as they are listed."""
    items = list(archived)
    names = watchlists_by_item(session, [one.id for one in items])
    return [
        ItemRow(
            id=one.id,
            story_id=one.story_id,
            source=one.source,
            title=one.item.title,
            url=one.item.url,
            language=one.item.language,
            published_at=one.item.published_at,
            published_from=one.item.published_from,
            first_seen_at=one.first_seen_at,
            revision=one.revision,
            watchlists=names.get(one.id, ()),
        )
        for one in items
    ]


_SOURCES = sa.select(Source.id, Source.name, Source.tags)
_COLUMNS = sa.select(
    Item.id, Item.story_id, Item.source_id, Item.guid, Item.url, Item.title, Item.text, Item.html, Item.authors,
    Item.tags, Item.language, Item.published_at, Item.published_from, Item.updated_at, Item.comments, Item.image,
    Item.origin, Item.enclosures, Item.place, Item.canonical, Item.doubted_date, Item.first_seen_at, Item.revision,
)  # fmt: skip


def _archived(row: sa.Row[*tuple[Any, ...]], sources: Mapping[int, sa.Row[*tuple[Any, ...]]]) -> ArchivedItem:
    source = sources[row.source_id]
    return ArchivedItem(
        id=row.id,
        story_id=row.story_id,
        source=source.name,
        source_tags=tuple(source.tags),
        first_seen_at=row.first_seen_at,
        revision=row.revision,
        item=as_published(row),
    )
