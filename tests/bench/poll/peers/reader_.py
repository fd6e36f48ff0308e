"""lemon24/reader (Python, feedparser, SQLite): `Reader.update_feeds` with workers, in a process that lives on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.poll.children import Child, Command, clean_environment, running
from tests.bench.poll.program import Poller, Told, Workplace

WORKERS = 4


@contextmanager
def reader(place: Workplace) -> Iterator[Poller]:
    """Set it up with the sources added one by one, as a program that uses it would."""
    (place.folder / "urls").write_text("\n".join(place.urls))
    python = place.peers / "reader" / "bin" / "python"
    script = Path(__file__).with_name("reader_child.py")
    command: Command = [
        python,
        script,
        place.folder / "urls",
        place.folder / "reader.db",
        str(place.workers or WORKERS),
    ]
    environment = clean_environment(place.peers, HOME=str(place.folder))
    with running(command, environment, place.folder / "log", place.folder) as child:
        yield _Reader(child)


class _Reader:
    def __init__(self, child: Child) -> None:
        self._child = child

    def make_due(self) -> None:
        pass

    def poll(self) -> Told:
        return Told(remarks=self._child.ask("poll")["remarks"])

    def stored(self) -> int:
        return int(self._child.ask("count")["entries"])
