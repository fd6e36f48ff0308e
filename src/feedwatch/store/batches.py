"""Many values in few statements: long lists in parts or as a table, and ids for rows that are still to be written."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from feedwatch.store.tables import Base

Value = TypeVar("Value")

_SIZE = 1000
"""SQLite takes 32,766 bound parameters in a statement, PostgreSQL 65,535; a longer list gains nothing."""


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in order, at most 1,000 at a time; nothing for none."""
    rest = iter(values)
    while batch := list(islice(rest, _SIZE)):
        yield batch


def value_table(session: Session, **columns: Sequence[int] | Sequence[str]) -> sa.FromClause:
    """Columns of equal length, none of them empty, as a table to join with.

    However long, they are one bound parameter on SQLite and one a column on PostgreSQL, and the statement's text stays
    the same: half of IN's time at a thousand values. Of pairs, SQLite's IN reads the whole index besides.
    """
    if session.get_bind().dialect.name == "postgresql":
        arrays = [sa.literal(list(values), ARRAY(_type(values))) for values in columns.values()]
        return sa.func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    if len(columns) == 1:  # a third of the time of values that have to be taken out of rows
        ((name, values),) = columns.items()
        each = sa.func.json_each(json.dumps(list(values))).table_valued("value", name="listed")
        return sa.select(each.c.value.label(name)).subquery("given")
    rows = sa.func.json_each(json.dumps(list(zip(*columns.values(), strict=True)))).table_valued("value", name="listed")
    parts = [sa.func.json_extract(rows.c.value, f"$[{place}]").label(name) for place, name in enumerate(columns)]
    return sa.select(*parts).subquery("given")


def _type(values: Sequence[int] | Sequence[str]) -> sa.types.TypeEngine[Any]:
    return sa.BigInteger() if isinstance(values[0], int) else sa.Text()


def new_ids(session: Session, table: type[Base], count: int) -> Sequence[int]:
    """Ids for `count` new rows, ascending and above all that are stored.

    Asked for in a transaction that holds the writers' lock. PostgreSQL's sequence gives them; SQLite's own rule for a
    row without an id is to take the one after the highest.
    """
    if not count:
        return ()
    if session.get_bind().dialect.name == "postgresql":
        each = sa.func.generate_series(1, count).table_valued("number")
        return sorted(session.scalars(sa.select(sa.func.nextval(f"{table.__tablename__}_id_seq")).select_from(each)))
    highest = session.scalar(sa.select(sa.func.max(table.__table__.c.id))) or 0
    return range(highest + 1, highest + 1 + count)
