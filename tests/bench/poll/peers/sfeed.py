"""sfeed (C and shell, tab-separated files): `sfeed_update`, with the conditional requests that its README describes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.poll.children import Command, clean_environment, run_command
from tests.bench.poll.program import Poller, Told, Workplace

JOBS = 8
_CONFIG = """
sfeedpath={folder}/feeds
maxjobs={jobs}
fetch() {{
    seen={folder}/etags/$(basename "$3")
    curl -L --max-redirs 0 -H User-Agent: -f -s -m 15 --etag-save "$seen" --etag-compare "$seen" -z "$seen" "$2"
}}
feeds() {{
{feeds}
}}
"""


@contextmanager
def sfeed(place: Workplace) -> Iterator[Poller]:
    """Set it up with the sources as its sfeedrc has them."""
    yield _Sfeed(place)


class _Sfeed:
    def __init__(self, place: Workplace) -> None:
        self._folder = place.folder
        self._environment = clean_environment(place.peers, HOME=str(place.folder))
        self._program = place.peers / "debian" / "usr" / "bin" / "sfeed_update"
        (place.folder / "etags").mkdir()
        feeds = "\n".join(f"    feed feed-{number} {url}" for number, url in enumerate(place.urls))
        text = _CONFIG.format(folder=place.folder, jobs=place.workers or JOBS, feeds=feeds)
        (place.folder / "sfeedrc").write_text(text)

    def make_due(self) -> None:
        pass

    def poll(self) -> Told:
        command: Command = [self._program, self._folder / "sfeedrc"]
        run_command(command, self._environment, self._folder / "log")
        return Told()

    def stored(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in (self._folder / "feeds").iterdir())
