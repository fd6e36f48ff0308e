"""Items of the archive as far as queries look into them: thousands are read for a few that match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.model import Item
from feedwatch.store import tables
from feedwatch.store.batches import batches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may match."""

    id: int
    source: str
    """The source's name."""
    source_tags: tuple[str, ...]
    item: Item
    """Its texts, URL and language; its authors and tags where they were asked for. The rest is left empty."""


def read_candidates(session: Session, item_ids: Sequence[int], *, with_names: bool) -> Iterator[Candidate]:
    """The items of these numbers, in this order; what is gone meanwhile is left out.

    with_names: with authors and tags. A third of what whole items cost.
    """
    sources = {row.id: (row.name, tuple(row.tags)) for row in session.execute(_SOURCES)}
    columns = _WITH_NAMES if with_names else _COLUMNS
    for batch in batches(item_ids):
        found = {row.id: row for row in session.execute(columns.where(tables.Item.id.in_(batch)))}
        for item_id in batch:
            if item_id in found:
                row = found[item_id]
                yield Candidate(item_id, *sources[row.source_id], _item(row, with_names=with_names))


_SOURCES = sa.select(tables.Source.id, tables.Source.name, tables.Source.tags)
_COLUMNS = sa.select(
    tables.Item.id,
    tables.Item.source_id,
    tables.Item.url,
    tables.Item.title,
    tables.Item.text,
    tables.Item.language,
    tables.Item.published_at,
)
_WITH_NAMES = _COLUMNS.add_columns(tables.Item.authors, tables.Item.tags)


def _item(row: sa.Row[*tuple[Any, ...]], *, with_names: bool) -> Item:
    return Item(
        guid="",
        url=row.url,
        title=row.title,
        text=row.text,
        html="",
        authors=tuple(row.authors) if with_names else (),
        tags=tuple(row.tags) if with_names else (),
        language=row.language,
        published_at=row.published_at,
        published_from="published",
    )
