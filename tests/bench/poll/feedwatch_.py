"""feedwatch as its users run it: `poll_due` in a process that lives on, with the daemon's logging and its defaults.

What is not the default: loopback is allowed, and as all sources are on one host here, it may be asked as often at once
as everything together may.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

from tests.bench.poll.children import Child, Command, ProgramError, clean_environment, running
from tests.bench.poll.program import Poller, Told, Workplace
from tests.postgres import open_postgres

AT_ONCE = 64
WATCHLISTS = [
    {"name": "High-quality development", "terms": ["high-quality development", "高质量发展", "高質量發展"]},
    {"name": "Greater Bay Area", "terms": ["Greater Bay Area", "GBA", "大湾区", "大灣區", "粤港澳大湾区"]},
]


@contextmanager
def feedwatch(place: Workplace, database: str | None = None) -> Iterator[Poller]:
    """Set it up with the sources and two watchlists as its config.yaml would have them."""
    at_once = place.workers or AT_ONCE
    settings = {
        "data_dir": str(place.folder),
        "database": database,
        "fetch": {"concurrency": at_once, "per_host": at_once, "allow_private_hosts": ["127.0.0.1"]},
        "sources": [{"name": f"feed-{number}", "url": url} for number, url in enumerate(place.urls)],
        "watchlists": WATCHLISTS,
    }
    (place.folder / "settings.json").write_text(json.dumps(settings))
    command: Command = [sys.executable, "-m", "tests.bench.poll.feedwatch_child", place.folder / "settings.json"]
    environment = clean_environment(place.peers, HOME=str(place.folder), PYTHONPATH=os.pathsep.join(sys.path))
    with running(command, environment, place.folder / "log", place.folder) as child:
        yield _Feedwatch(child, place)


@contextmanager
def feedwatch_on_postgresql(place: Workplace) -> Iterator[Poller]:
    """The same on the PostgreSQL that Miniflux is given, whose processes count as feedwatch's."""
    with open_postgres() as databases:
        database = databases.create().render_as_string(hide_password=False)
        with feedwatch(place, database) as poller:
            yield poller


class _Feedwatch:
    def __init__(self, child: Child, place: Workplace) -> None:
        self._child = child
        self._place = place
        self._database = ""

    def make_due(self) -> None:
        self._database = self._child.ask("next week")["database"]

    def poll(self) -> Told:
        report = self._child.ask("poll")
        if report["polled"] != len(self._place.urls) or report["errors"]:
            raise ProgramError(f"polled {report['polled']} of {len(self._place.urls)}; {report['errors'][:3]}")
        return Told(report["seconds"], f"{report['stories']} new stories, {report['matches']} new matches")

    def stored(self) -> int:
        engine = sa.create_engine(self._database)
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("SELECT count(*) FROM items")
            row = cursor.fetchone()
        engine.dispose()
        assert row
        return int(row[0])
