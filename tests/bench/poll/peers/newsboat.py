"""newsboat, the reader for terminals (C++, SQLite): `newsboat -x reload`, with threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.bench.poll.children import Command, clean_environment, run_command
from tests.bench.poll.program import Poller, Told, Workplace

THREADS = 4


@contextmanager
def newsboat(place: Workplace) -> Iterator[Poller]:
    """Set it up with the sources as its urls file has them."""
    yield _Newsboat(place)


class _Newsboat:
    def __init__(self, place: Workplace) -> None:
        self._folder = place.folder
        self._environment = clean_environment(place.peers, HOME=str(place.folder))
        self._program = place.peers / "debian" / "usr" / "bin" / "newsboat"
        (place.folder / "urls").write_text("".join(f"{url}\n" for url in place.urls))
        (place.folder / "config").write_text(f"reload-threads {place.workers or THREADS}\n")

    def make_due(self) -> None:
        pass

    def poll(self) -> Told:
        parts = {"-C": "config", "-u": "urls", "-c": "cache.db"}
        files = [word for option, name in parts.items() for word in (option, self._folder / name)]
        command: Command = [self._program, *files, "-x", "reload"]
        run_command(command, self._environment, self._folder / "log")
        return Told()

    def stored(self) -> int:
        with closing(sqlite3.connect(self._folder / "cache.db")) as database:
            count: int = database.execute("SELECT count(*) FROM rss_item").fetchone()[0]
        return count
