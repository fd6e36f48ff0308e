"""The store alone, measured: visits with real items, prepared beforehand, stored in batches as the poll job does.

    python -m tests.bench.store --visits 320 --items 33 --compare

Phases: cold (everything new), quiet (304), unchanged (the same items again), one new item each, revised (one item's
text changed); each finds what the one before it stored. Prints milliseconds a visit and microseconds an item, both of
wall time, and the CPU time of this process: with SQLite that is all of the work, with PostgreSQL the client's half.
`--database postgresql` starts a server of its own. `--compare` gives each item 18 near keys of its own, and stores each
phase into two databases in turn: without judges, and with them (that nothing is a copy; `tests.bench.near` has copies).
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import sqlalchemy as sa

from feedwatch.jobs.prepare import RawDocument, prepare
from feedwatch.jobs.watchlist_files import WatchlistDesk
from feedwatch.model import MatchedItem, Rarity, SourceTraits, WatchlistDef
from feedwatch.store import Store, tables
from feedwatch.store.claims import SourceState, claim_sources
from feedwatch.store.polls import PollRecord, PollResult, record_polls
from feedwatch.store.sources import SourceSpec, declare_sources
from feedwatch.store.stories import ALONE, Judges
from feedwatch.store.watchlists import active_watchlists, add_watchlist
from tests.bench.poll.documents import real_documents
from tests.corpus import corpus_dir
from tests.postgres import open_postgres

OWNER = "bench:1"
COMPARED = Judges(lambda _new, _known: False, lambda _new, _known: False, timedelta(days=14))
HOUR = timedelta(hours=1)
WATCHLISTS = (
    WatchlistDef("High-quality development", terms=("high-quality development", "高质量发展", "高質量發展")),
    WatchlistDef("Greater Bay Area", terms=("Greater Bay Area", "GBA", "大湾区", "粤港澳大湾区")),
    WatchlistDef("World", terms=("China", "government", "market", "security", "release")),
)


def real_items(store: Store, start: datetime) -> list[MatchedItem]:
    """The items of the corpus as they leave the workers, matched against the stored watchlists."""
    corpus = corpus_dir()
    if corpus is None:
        raise SystemExit("the corpus is not here: set FEEDWATCH_CORPUS to its folder")
    with store.read() as session, tempfile.TemporaryDirectory() as folder:
        watchlists = WatchlistDesk(Path(folder)).use(active_watchlists(session), Rarity(), state="bench")
        traits = SourceTraits("https://news.example/feed", None, "UTC")
        return [
            item
            for body in real_documents(corpus / "feeds" / "real-world")
            for item in prepare(RawDocument(body, None, traits.url, traits, start), watchlists).items
        ]


def copies(items: list[MatchedItem]) -> Iterator[MatchedItem]:
    """The items over and over; from the second turn on with guids and story keys of their own."""
    yield from items
    for turn in itertools.count(1):
        for item in items:
            yield replace(
                item,
                item=replace(item.item, guid=f"{item.item.guid}#{turn}"),
                story_keys=tuple(f"{key}{turn}" for key in item.story_keys),
            )


def with_near_keys(items: Iterator[MatchedItem]) -> Iterator[MatchedItem]:
    """The items, each with 14 near keys and 4 of its event that no other has."""
    dice = random.Random(1)
    for item in items:
        yield replace(
            item, sketch=tuple(dice.getrandbits(60) << 2 | kind for kind in [0] * 9 + [1] * 4 + [2] + [3] * 4)
        )


def visit(source_id: int, at: datetime, items: tuple[MatchedItem, ...], state: SourceState | None) -> PollRecord:
    """A visit that succeeded."""
    return PollRecord(
        source_id=source_id, owner=OWNER, at=at, error=None, status=200 if state else 304, elapsed_ms=12,
        body_bytes=60_000, state=state, items=items, warnings=(), failures=0, next_poll_at=at + HOUR,
        next_poll_why="every 1h",
    )  # fmt: skip


def measure(
    name: str, store: Store, judges: Judges, records: list[PollRecord], now: datetime, batch: int, item_count: int
) -> None:
    """Claim the sources, store the records in batches, and print what the second took."""
    with store.begin() as session:
        claim_sources(session, owner=OWNER, now=now, lease=HOUR, limit=len(records))
    begun, begun_cpu = perf_counter(), process_time()
    results: list[PollResult] = []
    for start in range(0, len(records), batch):
        with store.begin() as session:
            results += record_polls(session, records[start : start + batch], now, judges)
    elapsed, cpu = perf_counter() - begun, process_time() - begun_cpu
    new = sum(result.new_items for result in results)
    revised = sum(result.revised_items for result in results)
    matches = sum(result.matches for result in results)
    an_item = f"{elapsed / item_count * 1e6:6.0f} us an item" if item_count else " " * 17
    print(
        f"{name:19} {elapsed / len(records) * 1e3:7.3f} ms a visit {an_item}   CPU {cpu:6.2f} s, "
        f"{cpu / len(records) * 1e3:7.3f} ms a visit   new {new}, revised {revised}, matches {matches}"
    )


def prepare_store(store: Store, visits: int, now: datetime) -> list[int]:
    """Make the sources and watchlists; returns the sources' ids."""
    store.upgrade()
    with store.begin() as session:
        names = (f"feed-{number}" for number in range(visits))
        declare_sources(session, [SourceSpec(name, name, f"https://{name}.example/") for name in names], now)
        for watchlist in WATCHLISTS:
            add_watchlist(session, watchlist, now)
        return list(session.scalars(sa.select(tables.Source.id).order_by(tables.Source.id)))


def run(stores: list[tuple[str, Store, Judges]], arguments: argparse.Namespace) -> None:
    """All phases on empty stores, each phase on one after the other."""
    now = datetime.now(UTC)
    (source_ids, *_) = [prepare_store(store, arguments.visits, now) for _, store, _ in stores]
    endless = with_near_keys(copies(real_items(stores[0][1], now)))
    items = {number: tuple(itertools.islice(endless, arguments.items)) for number in source_ids}
    one_more = {number: (next(endless), *items[number]) for number in source_ids}
    first_changed = {
        number: (replace(kept[0], text_hash="changed", item=replace(kept[0].item, text="Changed.")), *kept[1:])
        for number, kept in one_more.items()
    }
    size = sum(len(item.item.text) + len(item.item.html) for kept in items.values() for item in kept)
    print(f"{arguments.visits} visits of {arguments.items} items of {size / arguments.visits / arguments.items:.0f} "
          f"characters, {arguments.batch} visits in a transaction, {stores[0][1].engine.dialect.name}")  # fmt: skip
    at_once = arguments.visits * arguments.items
    phases: list[tuple[str, dict[int, tuple[MatchedItem, ...]], str | None, int]] = [
        ("cold", items, "1", at_once),
        ("quiet", dict.fromkeys(source_ids, ()), None, 0),
        ("unchanged", items, "2", at_once),
        ("one new", one_more, "3", at_once),
        ("revised", first_changed, "4", at_once),
    ]
    for hour, (phase, items_by_source, etag, item_count) in enumerate(phases):
        at = now + hour * 2 * HOUR
        state = SourceState(etag=etag, body_hash=etag) if etag else None
        records = [visit(source_id, at, kept, state) for source_id, kept in items_by_source.items()]
        for name, store, judges in stores:
            measure(f"{phase} {name}", store, judges, records, at, arguments.batch, item_count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--visits", type=int, default=320)
    parser.add_argument("--items", type=int, default=33)
    parser.add_argument("--batch", type=int, default=64, help="visits in one transaction")
    parser.add_argument("--compare", action="store_true", help="with near keys, and without")
    parser.add_argument("--database", help="an SQLAlchemy URL of an empty database, or 'postgresql' for one of our own")
    arguments = parser.parse_args()
    kinds = [("alone", ALONE), ("compared", COMPARED)] if arguments.compare else [("", ALONE)]
    with ExitStack() as stack:
        postgres = stack.enter_context(open_postgres()) if arguments.database == "postgresql" else None
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stores = []
        for name, judges in kinds:
            url = arguments.database or f"sqlite:///{folder}/{name}.db"
            if postgres is not None:
                url = postgres.create().render_as_string(hide_password=False)
            stores.append((name, stack.enter_context(closing(Store(url))), judges))
        run(stores, arguments)


if __name__ == "__main__":
    main()
