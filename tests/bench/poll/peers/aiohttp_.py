"""aiohttp, as a limit for Python: the same addresses fetched over kept connections, validators sent back, no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.poll.children import Child, Command, clean_environment, running
from tests.bench.poll.program import Poller, Told, Workplace

AT_ONCE = 64


@contextmanager
def aiohttp(place: Workplace) -> Iterator[Poller]:
    """Set it up with the addresses in a file."""
    (place.folder / "urls").write_text("\n".join(place.urls))
    module = "tests.bench.poll.peers.aiohttp_child"
    command: Command = [sys.executable, "-m", module, place.folder / "urls", str(place.workers or AT_ONCE)]
    environment = clean_environment(place.peers, HOME=str(place.folder), PYTHONPATH=os.pathsep.join(sys.path))
    with running(command, environment, place.folder / "log", place.folder) as child:
        yield _Aiohttp(child)


class _Aiohttp:
    def __init__(self, child: Child) -> None:
        self._child = child

    def make_due(self) -> None:
        pass

    def poll(self) -> Told:
        self._child.ask("poll")
        return Told()

    def stored(self) -> None:
        return None
