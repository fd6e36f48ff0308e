"""What near keys cost, measured: items stored into an archive of so many in the window, with and without comparing.

    python -m tests.bench.near --items 10000 100000 1000000

Each item has 14 near keys and 4 of its event, all random but for every twentieth item, a copy of one stored before. The
archive is filled through the store's own functions; full buckets are merged as housekeeping does it. Then visits are
stored, in turn with judges and without: 64 of 33 new items in a transaction, and 1 of 3. Prints milliseconds of CPU an
item (with PostgreSQL: of wall time, as most is the server's), the table's size, and what merging cost.
`--database postgresql` starts a server of its own. `--plan` shows how the postings are found.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from feedwatch.model import Item, MatchedItem, Report, SketchKind
from feedwatch.store import Store, sketches, tables
from feedwatch.store.claims import SourceState
from feedwatch.store.near import Newcomer, read_neighbours
from feedwatch.store.polls import PollRecord, record_polls
from feedwatch.store.sources import SourceSpec, declare_sources
from feedwatch.store.store import lock_writers
from feedwatch.store.stories import ALONE, Judges
from tests.postgres import open_postgres

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = timedelta(days=14)
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
KINDS = [SketchKind.TEXT] * 9 + [SketchKind.LEAD] * 4 + [SketchKind.TITLE] + [SketchKind.EVENT] * 4
SOURCES = 64
FILLED_AT_ONCE = 2_112
TEXT = "The prefecture's cold-chain depot reported a fall in the price of lychees on Tuesday morning. " * 27


def same_title(new: Report, known: Report) -> bool:
    """A judge: copies are made so that it says yes to them."""
    return new.title == known.title


COMPARED = Judges(same_title, same_title, WINDOW)


@dataclass
class Archive:
    """The items that were made so far: random, and the same at every run."""

    store: Store
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    recent: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    """(title, near keys) of some."""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    merge_seconds: float = 0.0
    longest_merge: float = 0.0

    def sketch(self) -> tuple[int, ...]:
        return tuple(self.dice.getrandbits(60) << 2 | kind for kind in KINDS)

    def new_item(self) -> MatchedItem:
        number = next(self.numbers)
        title, sketch = f"Report {number}", self.sketch()
        if self.recent and number % 20 == 0:
            title, known = self.dice.choice(self.recent)
            sketch = known[:7] + sketch[7:]
        elif number % 10 == 0:
            self.recent.append((title, sketch))
        item = Item(
            guid=f"g{number}", url=f"https://news.example/{number}", title=title, text=TEXT, html="", authors=(),
            tags=(), language="en", published_at=NOW, published_from="published",
        )  # fmt: skip
        return MatchedItem(item, (f"url:{number:016x}", f"text:{number:032x}"), f"{number:032x}", (), sketch)

    def fill(self, size: int) -> None:
        """Make the archive so large, its items spread over the window, with rows as small as can be."""
        with self.store.read() as session:
            held = session.scalar(sa.select(sa.func.count()).select_from(tables.Item)) or 0
        while held < size:
            count = min(FILLED_AT_ONCE, size - held)
            seen = NOW - WINDOW * (1 - held / max(size, 1)) * 0.99
            self._fill_some(count, seen)
            self._merge()
            held += count

    def _fill_some(self, count: int, seen: datetime) -> None:
        with self.store.begin() as session:
            lock_writers(session)
            first = (session.scalar(sa.select(sa.func.max(tables.Item.id))) or 0) + 1
            ids = range(first, first + count)
            numbers = {item_id: next(self.numbers) for item_id in ids}
            found = {item_id: self.sketch() for item_id in ids}
            postings = [(key, item_id) for item_id in ids for key in found[item_id]]
            sketches.insert_postings(session, postings, newest=ids[-1])
            session.connection().execute(
                sa.insert(cast("sa.Table", tables.Story.__table__)), [{"id": i, "first_seen_at": seen} for i in ids]
            )
            session.connection().execute(sa.insert(cast("sa.Table", tables.Item.__table__)), [
                {"id": i, "source_id": i % SOURCES + 1, "story_id": i, "guid": f"g{numbers[i]}",
                 "guid_hash": f"{numbers[i]:032x}", "url": "", "title": f"Report {numbers[i]}", "text": "", "html": "",
                 "authors": [], "tags": [], "language": "en", "published_at": seen, "published_from": "published",
                 "first_seen_at": seen, "text_hash": "", "revision": 1}
                for i in ids
            ])  # fmt: skip
            if not self.store.is_sqlite:
                for table in ("items", "stories"):
                    session.execute(sa.text(f"SELECT setval('{table}_id_seq', {ids[-1]})"))
        self.recent += [(f"Report {numbers[i]}", found[i]) for i in ids[::50]]

    def _merge(self) -> None:
        after: int | None = -1
        while after is not None:
            begun = perf_counter()
            with self.store.begin() as session:
                after = sketches.settle(session, 1, after, rows=20_000)
            elapsed = perf_counter() - begun
            self.merge_seconds += elapsed
            self.longest_merge = max(self.longest_merge, elapsed)

    def visits(self, count: int, items: int) -> list[PollRecord]:
        return [
            PollRecord(
                source_id=source_id, owner="bench:1", at=NOW, error=None, status=200, elapsed_ms=1, body_bytes=1,
                state=SourceState(), items=tuple(self.new_item() for _ in range(items)), warnings=(), failures=0,
                next_poll_at=NOW, next_poll_why="",
            )
            for source_id in self.dice.sample(range(1, SOURCES + 1), count)
        ]  # fmt: skip

    def measure(self, visits: int, items: int, turns: int) -> None:
        """Store visits with judges and without, in turn; prints what an item cost."""
        taken: dict[str, list[float]] = {"alone": [], "compared": []}
        joined = 0
        for _ in range(turns):
            for name, judges in (("alone", ALONE), ("compared", COMPARED)):
                records = self.visits(visits, items)
                clock = process_time if self.store.is_sqlite else perf_counter
                begun = clock()
                with self.store.begin() as session:
                    results = record_polls(session, records, NOW, judges)
                taken[name].append((clock() - begun) / visits / items * 1e3)
                joined += sum(result.new_items - result.new_stories for result in results)
        told = "   ".join(f"{name} p50 {p50:.3f} p95 {p95:.3f}" for name, (p50, p95) in _told(taken).items())
        print(f"  {visits:2} visits of {items:2} new items: ms an item: {told}   joined {joined}", flush=True)

    def lookup(self, count: int, turns: int) -> None:
        """Look new items up without storing any; prints what an item cost."""
        taken: list[float] = []
        for _ in range(turns):
            new = [Newcomer("en", NOW, 0, 1000, self.new_item().sketch) for _ in range(count)]
            clock = process_time if self.store.is_sqlite else perf_counter
            with self.store.read() as session:
                before = (session.scalar(sa.select(sa.func.max(tables.Item.id))) or 0) + 1
                begun = clock()
                read_neighbours(session, new, NOW - WINDOW, before=before)
                taken.append((clock() - begun) / count * 1e3)
        ((p50, p95),) = _told({"lookup": taken}).values()
        print(f"  lookup alone, {count:4} items at once: ms an item: p50 {p50:.3f} p95 {p95:.3f}", flush=True)

    def size(self) -> str:
        with self.store.read() as session:
            rows = session.scalar(sa.select(sa.func.count()).select_from(tables.SketchKey))
            if self.store.is_sqlite:
                size = session.scalar(sa.text("SELECT sum(pgsize) FROM dbstat WHERE name = 'sketch_keys'"))
            else:
                size = session.scalar(sa.text("SELECT pg_total_relation_size('sketch_keys')"))
            buckets = session.scalar(sa.select(sa.func.count(tables.SketchKey.bucket.distinct())))
        return f"{rows:,} near keys in {buckets} buckets, {(size or 0) / 1e6:,.0f} MB"

    def plan(self) -> None:
        with self.store.read() as session:
            keys = list(self.sketch())
            query = sketches._postings_query(session, keys, [0, 7], 1)
            compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            explain = "EXPLAIN QUERY PLAN " if self.store.is_sqlite else "EXPLAIN (ANALYZE, COSTS off, TIMING off) "
            for row in session.connection().exec_driver_sql(explain + str(compiled)):
                print("   ", row[-1])


def _told(taken: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    return {
        name: (cuts[9], cuts[18])
        for name, values in taken.items()
        for cuts in [quantiles(values, n=20, method="inclusive")]
    }


def run(store: Store, sizes: Sequence[int], *, plan: bool) -> None:
    store.upgrade()
    with store.begin() as session:
        names = [f"feed-{number}" for number in range(SOURCES)]
        declare_sources(session, [SourceSpec(name, name, f"https://{name}.example/") for name in names], NOW)
    archive = Archive(store)
    for size in sizes:
        archive.fill(size)
        if not store.is_sqlite:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM ANALYZE"))
        print(
            f"{size:,} items in the window, {store.engine.dialect.name}: {archive.size()}; "
            f"merging so far {archive.merge_seconds:.1f} s, {archive.longest_merge * 1e3:.0f} ms at a time at most"
        )
        archive.measure(64, 33, 4)
        archive.measure(1, 3, 60)
        archive.lookup(2_112, 4)
        archive.lookup(3, 60)
        if plan:
            archive.plan()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--database", help="an SQLAlchemy URL of an empty database, or 'postgresql' for one of our own")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        url = arguments.database
        if url == "postgresql":
            url = stack.enter_context(open_postgres()).create().render_as_string(hide_password=False)
        elif not url:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/bench.db"
        run(stack.enter_context(closing(Store(url))), arguments.items, plan=arguments.plan)


if __name__ == "__main__":
    main()
