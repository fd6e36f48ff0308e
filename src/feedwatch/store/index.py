"""The search index: what is written to it with the items, and how it is made whole or anew.

On SQLite the tokens stand in an FTS5 table that keeps no text and no positions, under the items' numbers; on PostgreSQL
in a tsvector without positions, under a GIN index. Neither database parses anything: the tokens are the matcher's own.

FTS5 keeps what an earlier revision had; the matcher judges by the present text all the same. Of a deleted item it
forgets what it is told: should something stay, `item_index` no longer has the item, and nothing is found by it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard, cast

import sqlalchemy as sa

from feedwatch.plan import INDEX_RULES
from feedwatch.store.batches import batches
from feedwatch.store.tables import IndexState, Item, ItemIndex, ItemRevision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

TokensOf = Callable[[str, str], str]
"""The index tokens of a title and a text, parted by spaces."""

IS_UNINDEXED = sa.text("NOT item_index.is_indexed")
"""As the partial index says it: SQLite takes no other wording for the same."""

_MOST_BYTES = (1 << 20) - 1
"""What the words of a tsvector may come to."""


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """An item as the index knows it."""

    item_id: int
    source_id: int
    published_at: datetime
    language: str
    tokens: str | None
    """Parted by spaces, each once; None where they are not known yet."""


def add_to_index(session: Session, items: Sequence[IndexedItem]) -> None:
    """Enter new items."""
    if not items:
        return
    rows = [
        {
            "item_id": item.item_id,
            "source_id": item.source_id,
            "published_at": item.published_at,
            "language": item.language,
            "is_indexed": _fits(session, item.tokens),
        }
        for item in items
    ]
    if _is_sqlite(session):
        session.connection().execute(sa.insert(_INDEX), rows)
        write_tokens(session, [(item.item_id, item.tokens) for item in items if item.tokens])
        return
    for row, item in zip(rows, items, strict=True):
        row["words"] = item.tokens if row["is_indexed"] else None
    session.connection().execute(_ENTER, rows)


def replace_in_index(session: Session, items: Sequence[tuple[int, str, str | None]]) -> None:
    """Take new texts of known items: (id, language, tokens) each."""
    if not items:
        return
    rows = [
        {"of_item": item_id, "is_now_in": language, "is_found": _fits(session, tokens)}
        for item_id, language, tokens in items
    ]
    session.connection().execute(_REPLACE, rows)
    write_tokens(session, [(item_id, tokens) for item_id, _, tokens in items if tokens])


def drop_from_index(session: Session, item_ids: Sequence[int], tokens_of: TokensOf | None) -> None:
    """Forget items, before they are deleted. `tokens_of` is asked for what FTS5 has of them, all their texts."""
    if tokens_of is not None and _is_sqlite(session):
        _forget(session, _tokens_in_fts5(session, item_ids, tokens_of))
    delete = sa.delete(ItemIndex).where(ItemIndex.item_id.in_(item_ids))
    session.execute(delete.execution_options(synchronize_session=False))


def start_over(session: Session) -> bool:
    """Empty an index whose tokens other rules made; returns whether it had to be. The writers' lock is held."""
    if is_current(session):
        return False
    if _is_sqlite(session):
        session.connection().exec_driver_sql("INSERT INTO item_tokens (item_tokens) VALUES ('delete-all')")
    session.execute(sa.update(ItemIndex).values(is_indexed=False, tokens=None))
    session.execute(sa.update(IndexState).values(rules=INDEX_RULES))
    return True


def is_current(session: Session) -> bool:
    """Whether the tokens of indexed items are those that this program would make."""
    return session.scalar(sa.select(IndexState.rules)) in (None, INDEX_RULES)


def count_unindexed(session: Session) -> int:
    """How many items every search has to look at."""
    if not is_current(session):
        return session.scalar(sa.select(sa.func.count()).select_from(ItemIndex)) or 0
    return session.scalar(sa.select(sa.func.count()).select_from(ItemIndex).where(IS_UNINDEXED)) or 0


def index_older(session: Session, before: int | None, tokens_of: TokensOf, *, at_most: int) -> int | None:
    """Index some of the items that are not, with ids below `before` (any where None), the newest first.

    Returns the id that it came to; None when none is left.
    """
    query = sa.select(Item.id, Item.title, Item.text).join(ItemIndex, ItemIndex.item_id == Item.id)
    query = query.where(IS_UNINDEXED).order_by(ItemIndex.item_id.desc()).limit(at_most)
    if before is not None:
        query = query.where(ItemIndex.item_id < before)
    found = session.execute(query).all()
    tokens = [(item_id, tokens_of(title, text)) for item_id, title, text in found]
    indexed = [(item_id, words) for item_id, words in tokens if not words or _fits(session, words)]
    for batch in batches(item_id for item_id, _ in indexed):
        session.execute(sa.update(ItemIndex).where(ItemIndex.item_id.in_(batch)).values(is_indexed=True))
    write_tokens(session, [(item_id, words) for item_id, words in indexed if words])
    return found[-1][0] if found else None


def _fits(session: Session, tokens: str | None) -> TypeGuard[str]:
    """Whether there are tokens, and few enough for the database."""
    return tokens is not None and tokens != "" and (_is_sqlite(session) or len(tokens.encode()) <= _MOST_BYTES)


def write_tokens(session: Session, tokens: Sequence[tuple[int, str]]) -> None:
    """Enter the tokens of items that `item_index` has, parted by spaces and never none."""
    if not tokens:
        return
    if _is_sqlite(session):
        session.connection().exec_driver_sql("INSERT INTO item_tokens (rowid, tokens) VALUES (?, ?)", list(tokens))
        return
    rows = [{"of_item": item_id, "words": words} for item_id, words in tokens if _fits(session, words)]
    if rows:
        session.connection().execute(_WRITE, rows)


def _forget(session: Session, tokens: list[tuple[int, str]]) -> None:
    """Tell FTS5 what items had. It counts, and calls itself damaged where more goes than ever came: then all stays."""
    if tokens:
        with suppress(sa.exc.DatabaseError), session.begin_nested():
            session.connection().exec_driver_sql(_FORGET, tokens)


def _tokens_in_fts5(session: Session, item_ids: Sequence[int], tokens_of: TokensOf) -> list[tuple[int, str]]:
    tokens: dict[int, set[str]] = {}
    indexed = sa.select(ItemIndex.item_id).where(ItemIndex.item_id.in_(item_ids), ItemIndex.is_indexed)
    present = sa.select(Item.id, Item.title, Item.text).where(Item.id.in_(indexed))
    earlier = sa.select(ItemRevision.item_id, ItemRevision.title, ItemRevision.text)
    for query in (present, earlier.where(ItemRevision.item_id.in_(indexed))):
        for item_id, title, text in session.execute(query):
            tokens.setdefault(item_id, set()).update(tokens_of(title, text).split())
    return [(item_id, " ".join(words)) for item_id, words in tokens.items() if words]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


_FORGET = "INSERT INTO item_tokens (item_tokens, rowid, tokens) VALUES ('delete', ?, ?)"
_INDEX = cast("sa.Table", ItemIndex.__table__)
_REPLACE = (
    sa.update(_INDEX)
    .where(_INDEX.c.item_id == sa.bindparam("of_item"))
    .values(language=sa.bindparam("is_now_in"), is_indexed=sa.bindparam("is_found"), tokens=None)
)
_AS_TSVECTOR = sa.func.array_to_tsvector(sa.func.string_to_array(sa.bindparam("words", type_=sa.Text()), " "))
_ENTER = sa.insert(_INDEX).values(tokens=_AS_TSVECTOR)
_WRITE = sa.update(_INDEX).where(_INDEX.c.item_id == sa.bindparam("of_item")).values(tokens=_AS_TSVECTOR)
