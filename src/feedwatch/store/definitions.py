"""A watchlist's definition as the database keeps it: what is not as usual, and nothing else.

So a key that is new to the program changes no stored definition, and with it no version.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from feedwatch.model import QueryDef, WatchlistDef, query_def

if TYPE_CHECKING:
    from feedwatch.model import Query

_FIELDS = {field.name: field.default for field in fields(WatchlistDef)}
_QUERIES = frozenset({"queries", "exclude"})


def as_stored(definition: WatchlistDef) -> dict[str, Any]:
    """The definition as JSON; the same text whether a query without options is a string or a QueryDef."""
    given = {key: getattr(definition, key) for key in _FIELDS}
    return {key: _plain(key, value) for key, value in given.items() if value != _FIELDS[key]}


def from_stored(stored: dict[str, Any]) -> WatchlistDef:
    """The definition that was stored, by this version or by one that knew fewer keys and kept them all."""
    return WatchlistDef(**{key: _value(key, value) for key, value in stored.items()})


def is_as_stored(definition: WatchlistDef, stored: dict[str, Any]) -> bool:
    """Whether the stored definition says the same, in whichever form an earlier version wrote it."""
    return as_stored(from_stored(stored)) == as_stored(definition)


def _plain(key: str, value: object) -> object:
    if not isinstance(value, tuple):
        return value
    if key in _QUERIES:
        return [_plain_query(query) for query in value]
    return [list(entry) if isinstance(entry, tuple) else entry for entry in value]


def _plain_query(query: Query) -> str | dict[str, Any]:
    definition = query_def(query)
    options: dict[str, Any] = {"exact": True} if definition.exact else {}
    options |= {"stem": definition.stem} if definition.stem else {}
    return {"query": definition.text, **options} if options else definition.text


def _value(key: str, stored: Any) -> Any:
    if not isinstance(stored, list):
        return stored
    if key in _QUERIES:
        return tuple(_query(entry) for entry in stored)
    return tuple(tuple(entry) if isinstance(entry, list) else entry for entry in stored)


def _query(stored: Any) -> Query:
    if isinstance(stored, str):
        return stored
    return QueryDef(stored["query"], exact=stored.get("exact", False), stem=stored.get("stem", ""))
