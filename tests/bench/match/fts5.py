"""SQLite's FTS5: new items are put into an index in memory, and every query is run on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from time import process_time

from tests.bench.match.case import Case, Measured, Sourced, percentile, rss_mb, sample
from tests.bench.match.written import as_fts5, fts5_text

SAMPLE, LEAST = 60, 5
EVALUATED = 200_000
"""Queries run on items; fewer items are tried where there are more queries."""
AT_ONCE = 100
_TABLE = "CREATE VIRTUAL TABLE items USING fts5(title, text, lang, source, tag, tokenize = 'unicode61')"
_QUERY = "SELECT rowid FROM items WHERE items MATCH ?"


def measure(case: Case) -> Measured:
    """One item after the other: some of them."""
    return _measure(case, sample(case, max(LEAST, min(SAMPLE, EVALUATED // len(case.queries)))), at_once=1)


def measure_batch(case: Case) -> Measured:
    """A hundred items in one index."""
    return _measure(case, range(len(case.items)), at_once=AT_ONCE)


def _measure(case: Case, places: Sequence[int], at_once: int) -> Measured:
    before = rss_mb()
    begun = process_time()
    written = [as_fts5(query.tree) for query in case.queries]
    build_s = process_time() - begun
    grown = rss_mb() - before
    connection = sqlite3.connect(":memory:")
    found: list[set[int]] = [set() for _ in places]
    taken = []
    for first in range(0, len(places), at_once):
        begun = process_time()
        connection.execute("DROP TABLE IF EXISTS items")  # what is deleted from an index slows it down
        connection.execute(_TABLE)
        connection.executemany(
            "INSERT INTO items (rowid, title, text, lang, source, tag) VALUES (?, ?, ?, ?, ?, ?)",
            [(first + at, *_row(case.items[place])) for at, place in enumerate(places[first : first + at_once])],
        )
        for number, query in enumerate(written):
            for (row,) in connection.execute(_QUERY, (query,)):
                found[row].add(number)
        taken.append(process_time() - begun)
    connection.close()
    is_single = at_once == 1
    return Measured(
        "SQLite FTS5" + ("" if is_single else f", {at_once} at once"), len(case.queries), places,
        len(places) / sum(taken), build_s, rss_mb("VmHWM"), grown,
        percentile(taken, 0.5) * 1e6 if is_single else None, percentile(taken, 0.99) * 1e6 if is_single else None,
        len(case.queries), [frozenset(numbers) for numbers in found],
    )  # fmt: skip


def _row(sourced: Sourced) -> tuple[str, ...]:
    item, source = sourced
    return fts5_text(item.title), fts5_text(item.text), item.language, source, fts5_text(" . ".join(item.tags))
