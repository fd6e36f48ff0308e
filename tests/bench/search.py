"""The archive's search, measured: how long a query takes over an archive of a million items.

    python -m tests.bench.search --items 1000000 --database sqlite --keep /var/tmp/search
    python -m tests.bench.search --items 1000000 --database postgresql

The archive is made of real items (the corpus, and the Chinese news of `tests.bench.match.stream`), again and again
until there are so many, a year of them: so each word is in as large a share of the archive as of the corpus, and the
words that are in one item alone are in hundreds. Each query is asked for its newest twenty items of all, and for all of
the last thirty days: all of them in turn, several times. What is told of a query is its median and its worst, in
milliseconds of wall time and of CPU (that of PostgreSQL's process counts, too), and how many items the index let
through. With `--keep` the archive is used again the next time.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
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
        _table("the newest 20 of all", _measure(store, ItemFilter(), options.times, at_most=20))
        last = ItemFilter(since=NOW - timedelta(days=30))
        _table("all of 30 days", _measure(store, last, options.times, at_most=None))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--times", type=int, default=3, help="how often each query is asked")
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query took, each time that it was asked, in milliseconds."""

    query: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    found: int = 0
    candidates: int = 0


def _measure(store: Store, wanted: ItemFilter, times: int, *, at_most: int | None) -> list[Asked]:
    asked = [Asked(query) for query in QUERIES]
    for _ in range(times):
        for at, one in enumerate(asked):
            wall, cpu, found = _ask(store, one.query, wanted, at_most)
            asked[at] = replace(one, wall=[*one.wall, wall], cpu=[*one.cpu, cpu], found=found)
    with store.read() as session:
        return [
            replace(one, candidates=sum(1 for _ in find_candidates(session, plan_of(one.query), wanted)))
            for one in asked
        ]


def _ask(store: Store, query: str, wanted: ItemFilter, at_most: int | None) -> tuple[float, float, int]:
    definition = WatchlistDef("q", queries=(query,))
    with store.read() as session:
        server = None if store.is_sqlite else session.scalar(sa.text("SELECT pg_backend_pid()"))
        wall, cpu = time.perf_counter(), _cpu_seconds(server)
        found = sum(1 for _ in itertools.islice(search_archive(session, definition, wanted), at_most))
        return (time.perf_counter() - wall) * 1000, (_cpu_seconds(server) - cpu) * 1000, found


def _cpu_seconds(server: int | None) -> float:
    """Of this process, and of the one that answers it."""
    there = int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9 if server else 0.0
    return time.process_time() + there


def _table(name: str, asked: list[Asked]) -> None:
    print(f"\n{name:<50}    wall   worst      CPU   worst    found candidates")
    for one in asked:
        times = f"{median(one.wall):8.1f}{max(one.wall):8.1f} {median(one.cpu):8.1f}{max(one.cpu):8.1f}"
        print(f"  {one.query:<48}{times} {one.found:8,} {one.candidates:10,}")
    for what, figures in (("wall", [median(one.wall) for one in asked]), ("CPU", [median(one.cpu) for one in asked])):
        cuts = quantiles(figures, n=20, method="inclusive")
        print(f"  {what}, of {len(asked)} queries: p50 {cuts[9]:.0f}, p95 {cuts[18]:.0f}, most {max(figures):.0f} ms")


if __name__ == "__main__":
    main()
