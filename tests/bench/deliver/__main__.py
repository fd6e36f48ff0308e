"""Measure every program that sends, one after the other, and print one Markdown table.

    python -m tests.bench.deliver --subscribers 10000 --peers FOLDER
    python -m tests.bench.deliver --subscribers 300 --only feedwatch,feedwatch-shared
    python -m tests.bench.deliver --only feedwatch --profiler PY-SPY --peers FOLDER

FOLDER is what `python -m tests.bench.deliver.install FOLDER` made; feedwatch can be measured without it. The sink is
one of our own, which takes less of the machine than postfix' smtp-sink, and knows whom each mail was for. Everybody's
edition is due at one moment; the time runs from then until the sink has the last mail. Exits with 1 unless each program
sent exactly one mail for each subscriber. All is on loopback, and whatever is started ends with the benchmark; a run of
one program is given 15 minutes.

feedwatch: 3 to 50 watchlists drawn for each subscriber, so that each edition is another; feedwatch-shared: the same
edition for everybody; -pg: on PostgreSQL. listmonk: one text for everybody, with the settings that it is installed
with, and with those that it sends quickest with. smtp-source: the limit of the sink.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
from pathlib import Path
from typing import Literal

from tests.bench.deliver.measured import Case
from tests.bench.deliver.runs import WAYS, run_all
from tests.bench.deliver.table import table

_CONNECTIONS = 4
"""feedwatch's default."""


def main() -> None:
    arguments = _parser().parse_args()
    names = arguments.only.split(",")
    if unknown := set(names) - WAYS.keys():
        raise SystemExit(f"no program is called {', '.join(sorted(unknown))}; there are {', '.join(WAYS)}")
    peers = arguments.peers.resolve() if arguments.peers else None
    if peers is None and (left_out := [name for name in names if WAYS[name].is_peer]):
        print(f"Without --peers, {', '.join(left_out)} are left out.", file=sys.stderr)
        names = [name for name in names if name not in left_out]
    case = Case(
        subscribers=arguments.subscribers,
        watchlists=arguments.watchlists,
        stories=arguments.stories,
        connections=arguments.connections,
        peers=peers,
        sink=_sink(arguments.sink, peers),
        profiler=_program(arguments.profiler) if arguments.profiler else None,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    rows, failures = run_all(names, case)
    print(
        f"{case.subscribers:,} subscribers, {case.watchlists} watchlists, {case.stories:,} stories, "
        f"{case.connections} connections to {case.sink.name if case.sink else 'a sink in Python'}; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print(table(rows))
    print("\n".join(f"Where {row.program}'s time went:\n\n{row.shares}\n" for row in rows if row.shares))
    print("\n".join([*(f"- {row.program}: {row.note}" for row in rows if row.note), *(f"- {one}" for one in failures)]))
    if failures:
        raise SystemExit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m tests.bench.deliver"
    )
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--watchlists", type=int, default=50, help="the first so many of fifty")
    parser.add_argument("--stories", type=int, default=1_000, help="that met a watchlist on the day")
    parser.add_argument("--connections", type=int, default=_CONNECTIONS, help="to the sink; default: %(default)s")
    parser.add_argument("--sink", choices=["smtp-sink", "python"], default="python", help="default: %(default)s")
    parser.add_argument("--peers", type=Path, help="the folder that tests.bench.deliver.install was given")
    parser.add_argument("--only", default=",".join(WAYS), help="with commas between them: %(default)s")
    parser.add_argument("--profiler", help="py-spy: tells where feedwatch's time goes, and slows it down a little")
    return parser


def _sink(wanted: Literal["smtp-sink", "python"], peers: Path | None) -> Path | None:
    if wanted == "python":
        return None
    if peers is None:
        raise SystemExit("smtp-sink is in the folder of --peers")
    return _program(str(peers / "debian" / "usr" / "sbin" / "smtp-sink"))


def _program(name: str) -> Path:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"there is no program {name}")
    return Path(found).resolve()


if __name__ == "__main__":
    main()
