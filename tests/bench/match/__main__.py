"""Measure every program at every number of queries, one after the other, and print Markdown tables.

    python -m tests.bench.match --peers FOLDER
    python -m tests.bench.match --only ours --queries 1000 10000

FOLDER is what `python -m tests.bench.match.install FOLDER` made. Each program runs in a process of its own, on one
core; figures are of CPU time, as others may be at work on the machine. Columns: items a second of a core; seconds to
build; the most memory that the process took, and what of it the queries hold (Java: of the heap); time of one item;
queries that were evaluated and that were met; the share of all matches, of the items that both were given, that a
program has in common with feedwatch.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.bench.match import fts5, lucene, naive, ours
from tests.bench.match.case import Case, Measured
from tests.bench.match.mine import mine
from tests.bench.match.mix import mix
from tests.bench.match.stream import halves
from tests.bench.match.table import kinds_table, table

PROGRAMS = ("ours", "naive", "fts5", "lucene")
Measure = Callable[[], Measured]


def measures(program: str, case: Case, peers: Path | None, at_once: int) -> Iterator[Measure]:
    """The ways in which a program is measured."""
    match program:
        case "ours":
            yield partial(ours.measure, [query.written for query in case.queries], case.items)
        case "naive":
            yield partial(naive.measure, case)
        case "fts5":
            yield from (partial(fts5.measure, case), partial(fts5.measure_batch, case))
        case "lucene" if peers:
            for presearcher in lucene.PRESEARCHERS:
                yield partial(lucene.measure, case, peers, presearcher, at_once)


def alone(measure: Measure) -> Measured:
    """In a new process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure).result()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m tests.bench.match"
    )
    parser.add_argument("--queries", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--peers", type=Path, help="the folder that tests.bench.match.install was given")
    parser.add_argument("--at-once", type=int, default=1, help="items that Lucene's Monitor is given in one call")
    parser.add_argument("--only", default=",".join(PROGRAMS), help="with commas between them: %(default)s")
    return parser


def main() -> None:
    arguments = _parser().parse_args()
    programs = arguments.only.split(",")
    if unknown := set(programs) - set(PROGRAMS):
        raise SystemExit(f"no program is called {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    peers = arguments.peers.resolve() if arguments.peers else None
    if "lucene" in programs and not peers:
        print("Without --peers, Lucene's Monitor is left out.", file=sys.stderr)
    mined, items = halves()
    queries = mix(mine(mined), max(arguments.queries))
    mean = sum(len(item.title) + len(item.text) for item, _ in items) / len(items)
    print(
        f"{len(items):,} items of {mean:,.0f} characters, {len(mined):,} others mined for queries; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}"
    )
    for count in arguments.queries:
        case = Case(queries[:count], items)
        rows = []
        for measure in (way for name in programs for way in measures(name, case, peers, arguments.at_once)):
            rows.append(alone(measure))
            print(f"{count:,} queries: {rows[-1]}", file=sys.stderr, flush=True)
        print(f"\n{count:,} queries\n\n{table(rows)}")
        print("\n".join(f"- {row.program}: {row.note}" for row in rows if row.note))
        if count == max(arguments.queries):
            print(f"\n{kinds_table(case, rows[0])}")


if __name__ == "__main__":
    main()
