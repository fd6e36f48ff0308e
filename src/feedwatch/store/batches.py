"""Long lists of values in parts that one statement takes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Value = TypeVar("Value")

_SIZE = 1000
"""SQLite takes 32,766 bound parameters in a statement, PostgreSQL 65,535; a longer list gains nothing."""


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in order, at most 1,000 at a time; nothing for none."""
    rest = iter(values)
    while batch := list(islice(rest, _SIZE)):
        yield batch
