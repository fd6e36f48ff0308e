"""feedwatch as its users run it: `feedwatch run` on a database in which everybody's edition is due from one moment on.

What is not the default: it polls nothing, its pages are on another port, the SMTP server is the sink, and there are as
many connections to it as the benchmark is told.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from feedwatch.digest.personal import Personal, fill
from feedwatch.store import Store, tables
from tests.bench.deliver.audience import Choice, address, make_due, store_audience
from tests.bench.deliver.measured import Body, Case, Measured, Watch
from tests.bench.deliver.news import day_of_news, store_news
from tests.bench.deliver.shares import profiled
from tests.bench.deliver.sink import Sink, open_sink
from tests.bench.deliver.watchlists import fifty_watchlists
from tests.bench.poll.children import BOUND, ProgramError
from tests.bench.poll.servers import free_port

_START_LIMIT_S = 60
_STOP_LIMIT_S = 60
_MARK_LIMIT_S = 30
_MEGABYTE = 1e6
_SOMEBODY = Personal("Reader 1", address(1), *(f"https://feedwatch.example.org/{way}/token" for way in "eesu"))


def measure(name: str, case: Case, choice: Choice, url: str, folder: Path) -> Measured:
    """Fill the database behind `url`, start the daemon, make all due, and wait for the mails.

    Raises ProgramError unless each subscriber has one edition, one delivery that is marked as sent, and, where the sink
    can tell, one mail.
    """
    with closing(Store(url)) as store, open_sink(case.sink, case.peers, folder) as sink:
        store.upgrade()
        _fill(store, case, choice)
        before = _megabytes(store)
        config = folder / "config.json"  # JSON is YAML
        config.write_text(json.dumps(_settings(case, sink, url, folder)))
        with _running(config, folder) as daemon:
            with profiled(case.profiler, daemon.pid, folder / "stacks") as profile:
                watch = Watch(name, daemon.pid, sink, case.subscribers, lambda: _count(store, tables.Edition))
                make_due(store, datetime.now(UTC))
                watch.until_all_arrived()
            _await_marked(store, case.subscribers)
            measured = watch.told()
        _check(name, store, case.subscribers)
        measured.bodies = _count(store, tables.Body)
        measured.body = _middling_body(store)
        measured.database_mb = before, _megabytes(store)
        measured.shares = profile.told()
    mails = sink.recipients()
    if mails is not None and (wrong := {to: n for to, n in mails.items() if n != 1}):
        raise ProgramError(f"{name}: not one mail each: {dict(list(wrong.items())[:5])}")
    return measured


def _fill(store: Store, case: Case, choice: Choice) -> None:
    now = datetime.now(UTC)
    watchlists = fifty_watchlists()[: case.watchlists]
    store_news(store, watchlists, day_of_news(watchlists, case.stories, now), now)
    store_audience(store, case.subscribers, choice, now)


def _settings(case: Case, sink: Sink, url: str, folder: Path) -> dict[str, object]:
    return {
        "data_dir": str(folder),
        "database": url,
        "web": {"listen": f"127.0.0.1:{free_port()}", "public_url": "https://feedwatch.example.org"},
        "mail": {
            "sender": "feedwatch <digest@feedwatch.example.org>",
            "list_domain": "feedwatch.example.org",
            "smtp": {
                "host": "127.0.0.1", "port": sink.port, "security": "none", "connections": case.connections,
            },
        },
    }  # fmt: skip


@contextmanager
def _running(config: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The daemon, from the end of its first cycle until the block's end."""
    said, log = folder / "said", folder / "log"
    with said.open("wb") as out, log.open("wb") as errors:
        daemon = subprocess.Popen(
            [*BOUND, sys.executable, "-m", "feedwatch", "run", "--config", str(config)],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_LIMIT_S
        while not said.read_bytes().strip():  # the summary of the first cycle
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise ProgramError(f"the daemon did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield daemon
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _await_marked(store: Store, mails: int) -> None:
    """The sink has all, and the daemon may still be writing the last down."""
    deadline = time.monotonic() + _MARK_LIMIT_S
    while _states(store).get("sent") != mails and time.monotonic() < deadline:
        time.sleep(0.1)


def _check(name: str, store: Store, subscribers: int) -> None:
    states, editions = _states(store), _count(store, tables.Edition)
    if states != {"sent": subscribers} or editions != subscribers:
        raise ProgramError(f"{name}: {editions} editions and deliveries {states} in place of {subscribers}, all sent")


def _states(store: Store) -> dict[str, int]:
    states = tables.Delivery.state
    with store.read() as session:
        rows = session.execute(sa.select(states, sa.func.count()).group_by(states)).all()
    return {state: count for state, count in rows}  # noqa: C416 - a row is no pair to mypy


def _count(store: Store, table: type[tables.Base]) -> int:
    with store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _middling_body(store: Store) -> Body:
    size = sa.func.length(tables.Body.html)
    query = sa.select(tables.Body.subject, tables.Body.html, tables.Body.text).order_by(size)
    with store.read() as session:
        subject, html, text = session.execute(query.offset(_count(store, tables.Body) // 2).limit(1)).one()
    return Body(subject, fill(html, _SOMEBODY, is_html=True), fill(text, _SOMEBODY))


def _megabytes(store: Store) -> float:
    size = "page_count * page_size FROM pragma_page_count, pragma_page_size"
    query = f"SELECT {size if store.is_sqlite else 'pg_database_size(current_database())'}"
    with store.read() as session:
        return (session.scalar(sa.text(query)) or 0) / _MEGABYTE
