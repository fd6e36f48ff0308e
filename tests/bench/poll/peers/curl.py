"""curl, as a limit: `curl --parallel` over the same addresses, and everything it gets thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.bench.poll.children import Command, clean_environment, run_command
from tests.bench.poll.program import Poller, Told, Workplace

AT_ONCE = 64


@contextmanager
def curl(place: Workplace) -> Iterator[Poller]:
    """Set it up with the addresses in a file."""
    yield _Curl(place)


class _Curl:
    def __init__(self, place: Workplace) -> None:
        self._folder = place.folder
        self._environment = clean_environment(place.peers, HOME=str(place.folder))
        self._at_once = place.workers or AT_ONCE
        (place.folder / "urls").write_text("".join(f"url = {url}\noutput = /dev/null\n" for url in place.urls))
        self._since: list[str] = []

    def make_due(self) -> None:
        pass

    def poll(self) -> Told:
        options = ["--parallel", "--parallel-max", str(self._at_once), "--silent", "--show-error", "--fail"]
        command: Command = ["curl", "--disable", *options, *self._since, "--config", self._folder / "urls"]
        run_command(command, self._environment, self._folder / "log")
        self._since = ["--time-cond", format_datetime(datetime.now(UTC), usegmt=True)]
        return Told()

    def stored(self) -> None:
        return None
