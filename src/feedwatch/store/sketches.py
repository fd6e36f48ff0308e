"""Near keys in the database: which stored items share some, and what of them is too old to be asked for.

A key is a hash: put straight into one large table, each would change a page of its own, 18 an item. So the keys of the
newest items go into a bucket that stays small, and one that is full is merged into the settled ones by `settle`, in the
order of the keys. A key is looked for among the settled and in the buckets that are not: two or three searches, however
many items there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedwatch.store.batches import value_table
from feedwatch.store.tables import Item, SketchKey

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

BUCKET = 1 << 17
"""How many items' keys go into a bucket before the next one begins."""

SETTLED = 0
"""The bucket that all others are merged into; theirs are counted from 1."""

NEWEST = 64
"""How many items of a key are read, the newest: what stands under every article of a site tells nothing, and must not
cost anything."""


def first_item_since(session: Session, since: datetime) -> int:
    """The id below which all items were first seen before `since`; ids grow with time."""
    query = sa.select(Item.id).where(Item.first_seen_at >= since).order_by(Item.first_seen_at, Item.id).limit(1)
    first = session.scalar(query)
    return first if first is not None else (session.scalar(sa.select(sa.func.max(Item.id))) or 0) + 1


def _bucket(item_id: int) -> int:
    return item_id // BUCKET + 1


def find_postings(session: Session, keys: Collection[int], *, first: int, before: int) -> dict[int, list[int]]:
    """The items with ids in [first, before) that have the keys: ascending, of each key the newest 64.

    Two statements, however many keys; keys that nothing has are left out.
    """
    if not keys or first >= before:
        return {}
    lowest = sa.select(sa.func.min(SketchKey.bucket))
    settled, oldest = session.execute(
        sa.select(lowest.scalar_subquery(), lowest.where(SketchKey.bucket > SETTLED).scalar_subquery())
    ).one()
    buckets = [SETTLED] if settled == SETTLED else []
    if oldest is not None:
        buckets += range(oldest, _bucket(before) + 1)
    if not buckets:
        return {}
    # In order, so that neighbours are looked for on one page.
    found: dict[int, set[int]] = {}
    for key, item_ids in session.execute(_postings_query(session, sorted(keys), buckets, first)):
        found.setdefault(key, set()).update(map(int, item_ids.split(",")))
    return {key: sorted(item_ids)[-NEWEST:] for key, item_ids in found.items()}


def _postings_query(session: Session, keys: list[int], buckets: list[int], first: int) -> sa.Select[int, str]:
    """For each key and bucket the newest items, joined by commas: one search, where a join and a limit take two."""
    given, bucket = value_table(session, key=keys), value_table(session, bucket=buckets).alias("listed_bucket")
    newest = (
        sa.select(SketchKey.item_id)
        .where(SketchKey.bucket == bucket.c.bucket, SketchKey.key == given.c.key, SketchKey.item_id >= first)
        .order_by(SketchKey.item_id.desc())
        .limit(NEWEST)
        .correlate(given, bucket)
        .subquery("newest")
    )
    joined = sa.func.aggregate_strings(newest.c.item_id.cast(sa.Text), ",")
    each = sa.select(
        given.c.key, sa.select(joined).select_from(newest).correlate(given, bucket).scalar_subquery().label("item_ids")
    ).select_from(bucket.join(given, sa.true()))
    each_table = each.subquery("each")
    return sa.select(each_table.c.key, each_table.c.item_ids).where(each_table.c.item_ids.is_not(None))


def insert_postings(session: Session, postings: Collection[tuple[int, int]], *, newest: int) -> None:
    """Enter (key, item id) pairs; what is there already stays. `newest` is the highest id of all items."""
    if not postings:
        return
    bucket = _bucket(newest)
    if session.get_bind().dialect.name == "sqlite":  # takes two thirds of the time of a table
        rows = [(bucket, key, item_id) for key, item_id in sorted(postings)]
        session.connection().exec_driver_sql(_ENTER, rows)
        return
    key, item_id = zip(*sorted(postings), strict=True)
    given = value_table(session, key=key, item_id=item_id)
    _insert(session, sa.select(sa.literal(bucket, sa.Integer()), given.c.key, given.c.item_id))


_ENTER = "INSERT OR IGNORE INTO sketch_keys (bucket, key, item_id) VALUES (?, ?, ?)"


def settle(session: Session, first: int, after: int, *, rows: int) -> int | None:
    """Merge a part of the oldest full bucket into the settled keys, and forget keys of items with ids below `first`.

    `after` is -1 at the beginning, and then what the last call returned: the key that it came to; None when no full
    bucket is left. Changes some `rows` rows at most; between two calls every key is found as before. The transaction
    holds the writers' lock.
    """
    newest = session.scalar(sa.select(sa.func.max(Item.id))) or 0
    full = session.scalar(
        sa.select(sa.func.min(SketchKey.bucket)).where(SketchKey.bucket > SETTLED, SketchKey.bucket < _bucket(newest))
    )
    if full is None:
        return None
    ends = [end for bucket in (SETTLED, full) if (end := _key_after(session, bucket, after, rows // 2)) is not None]
    end = min(ends, default=_LAST)
    is_here = sa.and_(SketchKey.key > after, SketchKey.key <= end)
    is_moved = sa.and_(SketchKey.bucket == full, is_here)
    kept = sa.select(sa.literal(SETTLED, sa.Integer()), SketchKey.key, SketchKey.item_id)
    _insert(session, kept.where(is_moved, SketchKey.item_id >= first))
    session.execute(sa.delete(SketchKey).where(is_moved).execution_options(synchronize_session=False))
    is_old = sa.and_(SketchKey.bucket == SETTLED, is_here, SketchKey.item_id < first)
    session.execute(sa.delete(SketchKey).where(is_old).execution_options(synchronize_session=False))
    return end if end < _LAST else -1


_LAST = (1 << 63) - 1


def _key_after(session: Session, bucket: int, key: int, count: int) -> int | None:
    """The key of the bucket that comes so many rows after this one; None where it has no more so many."""
    query = sa.select(SketchKey.key).where(SketchKey.bucket == bucket, SketchKey.key > key)
    return session.scalar(query.order_by(SketchKey.key).offset(count - 1).limit(1))


def _insert(session: Session, rows: sa.Select[*tuple[Any, ...]]) -> None:
    # On SQLite the rows have a WHERE: without one it takes ON CONFLICT for a part of the SELECT.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(SketchKey).from_select(["bucket", "key", "item_id"], rows).on_conflict_do_nothing())
