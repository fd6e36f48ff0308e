"""The programs by name, and one run after the other of them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL, make_url

from tests.bench.deliver import feedwatch_, limit, listmonk
from tests.bench.deliver.audience import Choice
from tests.bench.deliver.measured import Body, Case, Measured
from tests.bench.poll.children import ProgramError
from tests.postgres import open_postgres

_OF_A_SAMPLE = 5
"""How many editions are made where a peer needs the text of one and none was measured before."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a run is given for its own."""

    folder: Path
    """Empty."""
    database: URL
    """Empty too."""
    body: Body
    """What a peer says; feedwatch makes its own."""


class Way(NamedTuple):
    """How a program is run."""

    measure: Callable[[str, Case, Place], Measured]
    is_peer: bool = False
    on_postgresql: bool = False


def _feedwatch(choice: Choice) -> Callable[[str, Case, Place], Measured]:
    return lambda name, case, place: feedwatch_.measure(
        name, case, choice, place.database.render_as_string(hide_password=False), place.folder
    )


def _listmonk(speed: listmonk.Speed) -> Callable[[str, Case, Place], Measured]:
    return lambda name, case, place: listmonk.measure(name, case, place.body, place.database, place.folder, speed)


WAYS = {
    "feedwatch": Way(_feedwatch("personal")),
    "feedwatch-shared": Way(_feedwatch("shared")),
    "feedwatch-pg": Way(_feedwatch("personal"), on_postgresql=True),
    "feedwatch-pg-shared": Way(_feedwatch("shared"), on_postgresql=True),
    "listmonk": Way(_listmonk(listmonk.AS_INSTALLED), is_peer=True, on_postgresql=True),
    "listmonk-quickest": Way(_listmonk(listmonk.AT_ITS_BEST), is_peer=True, on_postgresql=True),
    "smtp-source": Way(lambda name, case, place: limit.measure(name, case, place.body, place.folder), is_peer=True),
}


def run_all(names: Sequence[str], case: Case) -> tuple[list[Measured], list[str]]:
    """The runs that ended well, and what went wrong with the others, which stop nobody."""
    rows: list[Measured] = []
    failures: list[str] = []
    body: Body | None = None
    for name in names:
        try:
            if WAYS[name].is_peer and body is None:
                sample = replace(case, subscribers=_OF_A_SAMPLE, sink=None, profiler=None)
                body = _run("feedwatch", sample, Body("", "", "")).body
            row = _run(name, case, body or Body("", "", ""))
        except ProgramError as error:
            failures.append(f"{name}: {error}")
            continue
        body = row.body or body
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    return rows, failures


def _run(name: str, case: Case, body: Body) -> Measured:
    way = WAYS[name]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feedwatch-bench-")))
        if way.on_postgresql:
            database = stack.enter_context(open_postgres()).create()
        else:
            database = make_url(f"sqlite:///{folder / 'feedwatch.db'}")
        return way.measure(name, case, Place(folder, database, body))
