"""The earlier texts of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.tables import Item, ItemRevision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A text that an item has or had."""

    revision: int
    """From 1 on."""
    title: str
    text: str
    replaced_at: datetime | None
    """When the next one took its place; None of the present one."""


def item_history(session: Session, item_id: int) -> Sequence[RevisionRow]:
    """Every text of an item, oldest first, the present one last; none where there is no item of this number."""
    present = session.execute(sa.select(Item.revision, Item.title, Item.text).where(Item.id == item_id)).first()
    if present is None:
        return []
    earlier = session.execute(
        sa.select(ItemRevision.revision, ItemRevision.title, ItemRevision.text, ItemRevision.replaced_at)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemRevision.revision)
    )
    return [*(RevisionRow(*row) for row in earlier), RevisionRow(*present, replaced_at=None)]
