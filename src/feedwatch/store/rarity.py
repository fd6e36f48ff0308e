"""How many of the newest items have each index token: one row, made anew once a day."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.model import Rarity
from feedwatch.plan import INDEX_RULES
from feedwatch.store.tables import IndexState, Item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def read_rarity(session: Session) -> Rarity:
    """The last sample; that of nothing where there is none yet."""
    sample = session.scalar(sa.select(IndexState.sample))
    return Rarity(*json.loads(zlib.decompress(sample))) if sample else Rarity()


def write_rarity(session: Session, rarity: Rarity, now: datetime) -> None:
    """Keep a sample in place of the last one. The writers' lock is held."""
    sample = zlib.compress(json.dumps([rarity.documents, dict(rarity.counts)], ensure_ascii=False).encode(), level=6)
    values = {"sample": sample, "sampled_at": now}
    if session.scalar(sa.select(IndexState.number)) is None:
        session.add(IndexState(number=1, rules=INDEX_RULES, **values))
    else:
        session.execute(sa.update(IndexState).values(**values))


def sampled_at(session: Session) -> datetime | None:
    """When the last sample was taken; None where there is none."""
    return session.scalar(sa.select(IndexState.sampled_at))


def texts_below(session: Session, before: int | None, *, at_most: int) -> Sequence[tuple[int, str, str]]:
    """Number, title and text of the items with the highest numbers below `before` (of all where None), descending."""
    query = sa.select(Item.id, Item.title, Item.text).order_by(Item.id.desc()).limit(at_most)
    return [(*row,) for row in session.execute(query if before is None else query.where(Item.id < before))]
