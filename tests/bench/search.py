"""The archive's search, measured: how long a query takes over an archive of a million items.

    python -m tests.bench.search --items 1000000 --database sqlite --keep /var/tmp/search

The archive is made of real items (the corpus, and the Chinese news of `tests.bench.match.stream`), again and again
until there are so many, a year of them: so each word is in as large a share of the archive as of the corpus, and the
words that are in one item alone are in hundreds. Each query is asked anew: for its newest twenty items of all, and for
all of the last thirty days; milliseconds of wall time and of this process' CPU, and how many items the index let
through. With `--keep` the archive is used again the next time.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any, cast

import sqlalchemy as sa

from feedwatch.jobs.archive_search import search_archive
from feedwatch.jobs.indexing import tokens_of
from feedwatch.match import plan_of
from feedwatch.model import WatchlistDef
from feedwatch.store import Store, tables
from feedwatch.store.filters import ItemFilter
from feedwatch.store.index import IndexedItem, add_to_index
from feedwatch.store.search import find_candidates
from tests.bench.match.stream import halves
from tests.postgres import open_postgres

NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
PART = 5_000

QUERIES = (
    '"Greater Bay Area"', '"high-quality development"', "GBA OR 大湾区", "大湾区", "高质量发展", "湾区", "桥",
    '"Hong Kong" AND (bridge OR tunnel)', "semiconductor*", "(chip OR semiconductor*) NEAR/8 (export OR ban)",
    'title:"bridge"', "Trump AND tariff*", '"climate change"', "Ukraine AND NOT Russia", "OpenAI OR ChatGPT",
    '"central bank" AND (rate OR inflation)', "python AND release", "election*", '"United Nations" OR UN', "经济 增长",
    '香港 OR "Hong Kong"', "粵港澳", '"artificial intelligence" OR AI', "e-mail", '"covid-19" OR coronavirus',
    "(football OR soccer) AND NOT (NFL OR basketball)", "Apple AND iPhone", "银行", "government", '"New York"',
    "kubernetes", "董事会", "linux AND (kernel OR driver*)", '"machine learning" AND NOT job*', "vaccine*",
    '"European Union" AND trade', "BBC", "quantum", "科技", '"open source" AND security',
)  # fmt: skip
"""As monitors write them: phrases, alternatives, exclusions, prefixes, Chinese; rare words and frequent ones."""


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        store = _open(options, stack)
        if not _count(store):
            _fill(store, options.items)
        print(f"{_count(store):,} items, {store.engine.dialect.name}; {_size(store)}")
        newest = [_measure(store, query, ItemFilter(), at_most=20) for query in QUERIES]
        month = [_measure(store, query, ItemFilter(since=NOW - timedelta(days=30)), at_most=None) for query in QUERIES]
    _table("the newest 20 of all", newest)
    _table("all of 30 days", month)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--keep", type=Path, help="a folder for SQLite's file, to be used again")
    return parser.parse_args()


def _open(options: argparse.Namespace, stack: ExitStack) -> Store:
    if options.database == "postgresql":
        url = stack.enter_context(open_postgres()).create().render_as_string(hide_password=False)
    else:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'search.db'}"
    store = stack.enter_context(closing(Store(url)))
    store.upgrade()
    return store


def _count(store: Store) -> int:
    with store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(tables.ItemIndex)) or 0


def _fill(store: Store, count: int) -> None:
    sourced = [one.item for half in halves() for one in half]
    tokens = [tokens_of(item.title, item.text) for item in sourced]
    with store.begin() as session:
        session.execute(sa.insert(_table_of(tables.Source)), [_source_row()])
    in_index = 0.0
    for first in range(0, count, PART):
        numbers = range(first, min(first + PART, count))
        chosen = [number * 7_919 % len(sourced) for number in numbers]
        at = [NOW - YEAR * (count - number) / count for number in numbers]
        rows = [_item_row(n + 1, sourced[k], moment) for n, k, moment in zip(numbers, chosen, at, strict=True)]
        with store.begin() as session:
            stories = [{"id": row["id"], "first_seen_at": row["first_seen_at"]} for row in rows]
            session.execute(sa.insert(_table_of(tables.Story)), stories)
            session.execute(sa.insert(_table_of(tables.Item)), rows)
            start = time.process_time()
            add_to_index(session, [
                IndexedItem(row["id"], 1, row["published_at"], row["language"], tokens[k] or None)
                for row, k in zip(rows, chosen, strict=True)
            ])  # fmt: skip
            in_index += time.process_time() - start
    print(f"{in_index / count * 1e6:.0f} us of CPU an item to index, {PART} in a transaction")
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def _table_of(mapped: type[tables.Base]) -> sa.Table:
    return cast("sa.Table", mapped.__table__)


def _source_row() -> dict[str, Any]:
    return {
        "id": 1, "name": "news", "title": "News", "url": "https://news.example/", "timezone": "UTC", "tags": [],
        "declared": True, "enabled": True, "added_at": NOW, "next_poll_at": NOW, "next_poll_why": "", "failures": 0,
    }  # fmt: skip


def _item_row(number: int, item: Any, at: datetime) -> dict[str, Any]:
    return {
        "id": number, "source_id": 1, "story_id": number, "guid": f"g{number}", "guid_hash": f"{number:032x}",
        "url": item.url, "title": item.title, "text": item.text, "html": item.html, "authors": item.authors,
        "tags": item.tags, "language": item.language, "published_at": at, "published_from": "published",
        "first_seen_at": at, "text_hash": "", "revision": 1,
    }  # fmt: skip


def _size(store: Store) -> str:
    with store.read() as session:
        if store.is_sqlite:
            whole = _scalar(session, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            index = _scalar(session, "SELECT sum(length(block)) FROM item_tokens_data")
        else:
            whole = _scalar(session, "SELECT pg_database_size(current_database())")
            index = _scalar(session, "SELECT pg_total_relation_size('item_index')")
    return f"{whole / 1e6:,.0f} MB, of which the index {index / 1e6:,.0f}"


def _scalar(session: Any, query: str) -> int:
    return session.scalar(sa.text(query)) or 0


Figures = tuple[str, float, float, int, int]
"""The query, its milliseconds of wall time and of CPU, how many items were found, and how many could have been."""


def _measure(store: Store, query: str, wanted: ItemFilter, *, at_most: int | None) -> Figures:
    definition = WatchlistDef("q", queries=(query,))
    wall, cpu = time.perf_counter(), time.process_time()
    with store.read() as session:
        found = sum(1 for _ in itertools.islice(search_archive(session, definition, wanted), at_most))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    with store.read() as session:
        candidates: Iterator[int] = find_candidates(session, plan_of(query), wanted)
        return query, wall * 1000, cpu * 1000, found, sum(1 for _ in candidates)


def _table(name: str, figures: list[Figures]) -> None:
    print(f"\n{name}: milliseconds, of CPU, found, candidates")
    for query, wall, cpu, found, candidates in figures:
        print(f"  {query:<50} {wall:8.1f} {cpu:8.1f} {found:8,} {candidates:8,}")
    for what, column in (("wall", 1), ("CPU", 2)):
        cuts = quantiles([cast("float", row[column]) for row in figures], n=20, method="inclusive")
        print(f"  {what}: p50 {cuts[9]:.0f}, p95 {cuts[18]:.0f} ms")


if __name__ == "__main__":
    main()
