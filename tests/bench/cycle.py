"""The whole cycle, measured: fetch, parse, normalize, cluster, match, store, over N local feeds with real documents.

    python -m tests.bench.cycle --sources 200

Phases: cold (everything new), all 304, unchanged 200 (no validators, same body), one new item each. Prints feeds/s,
items/s, CPU seconds of all processes, the peak memory of each, and where the time went. On loopback; stops by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import httpx
import psutil
import structlog

from feedwatch.jobs.context import JobContext, open_context
from feedwatch.jobs.poll import CycleReport, poll_due
from feedwatch.jobs.provision import provision
from feedwatch.settings import Settings
from feedwatch.store import Store
from tests.bench.feedserver import feed_server, real_documents
from tests.corpus import corpus_dir

STEPS = ("fetch", "parse", "normalize", "cluster", "match", "store")
WATCHLISTS = [
    {"name": "High-quality development", "terms": ["high-quality development", "高质量发展", "高質量發展"]},
    {"name": "Greater Bay Area", "terms": ["Greater Bay Area", "GBA", "大湾区", "大灣區", "粤港澳大湾区"]},
]


def _settings(folder: Path, base_url: str, sources: int, database: str | None, http2: bool) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": str(folder),
            "database": database,
            "fetch": {"concurrency": 64, "per_host": 64, "http2": http2, "allow_private_hosts": ["127.0.0.1"]},
            "sources": [{"name": f"feed-{n}", "url": f"{base_url}/feed/{n}"} for n in range(sources)],
            "watchlists": WATCHLISTS,
        }
    )


@contextmanager
def _cpu_seconds() -> Iterator[dict[str, float]]:
    """CPU seconds of this process and of the workers, in `total` after the block."""
    spent: dict[str, float] = {}

    def now() -> float:
        own = psutil.Process()
        return sum(
            sum(process.cpu_times()[:2]) for process in (own, *own.children(recursive=True)) if _is_ours(process)
        )

    before = now()
    yield spent
    spent["total"] = now() - before


def _is_ours(process: psutil.Process) -> bool:
    return "spawn_main" not in " ".join(process.cmdline()) or "forkserver" in " ".join(process.cmdline())


async def _phase(name: str, context: JobContext, sources: int) -> None:
    begun = perf_counter()
    with _cpu_seconds() as cpu:
        report = await poll_due(context)
    elapsed = perf_counter() - begun
    assert report.polled == sources, f"{report.polled} of {sources} were polled"
    _print(name, report, elapsed, cpu["total"])


def _print(name: str, report: CycleReport, elapsed: float, cpu_s: float) -> None:
    items = report.new_items + report.revised_items
    print(
        f"{name:16} {report.polled / elapsed:8.0f} feeds/s {items / elapsed:8.0f} items/s "
        f"{elapsed:7.2f} s {cpu_s:7.2f} CPU s   errors {report.outcomes['error']}, new items {report.new_items}, "
        f"new matches {report.matches.total()}"
    )
    inside = sum(report.seconds[step] for step in STEPS[1:])
    told = "  ".join(f"{step} {report.seconds[step]:.2f}" for step in STEPS[1:])
    print(f"{'':16} seconds by step: {told}  (sum {inside:.2f}); waiting for fetches {report.seconds['fetch']:.1f}")


async def _run(arguments: argparse.Namespace) -> None:
    corpus = corpus_dir()
    if corpus is None:
        raise SystemExit("the corpus is not here: set FEEDWATCH_CORPUS to its folder")
    documents = real_documents(corpus / "feeds" / "real-world")
    sizes = sum(map(len, documents)) / len(documents)
    print(f"{arguments.sources} sources, {len(documents)} real documents of {sizes / 1000:.0f} KB on average")
    with tempfile.TemporaryDirectory() as folder, feed_server(documents) as url:
        settings = _settings(Path(folder), url, arguments.sources, arguments.database, arguments.http2)
        store = Store(settings.database_url)
        store.upgrade()
        start = datetime.now(UTC)
        provision(store, settings, start)
        async with open_context(settings, store) as context, httpx.AsyncClient() as control:
            phases = (
                ("cold", "plain"),
                ("all 304", "plain"),
                ("unchanged 200", "no-validators"),
                ("one new item", "one-new-item"),
            )
            for hour, (name, mode) in enumerate(phases):
                context.clock = lambda hour=hour: datetime.now(UTC) + timedelta(hours=hour)  # type: ignore[misc]
                await control.get(f"{url}/mode/{mode}")
                await _phase(name, context, arguments.sources)
            peaks = [process.memory_info().rss for process in psutil.Process().children(recursive=True)]
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"peak memory: daemon {peak:.0f} MB; workers and helpers now {', '.join(f'{p / 1e6:.0f}' for p in peaks)} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--database", help="an SQLAlchemy URL; SQLite in a temporary folder otherwise")
    parser.add_argument("--http2", action="store_true", help="offer HTTP/2 as the daemon does")
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
