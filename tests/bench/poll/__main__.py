"""Measure every program in every phase, one after the other, and print one Markdown table.

    python -m tests.bench.poll --peers FOLDER --sources 200
    python -m tests.bench.poll --peers FOLDER --sources 2000 --programs feedwatch,miniflux --runs 3

Phases: cold (everything is new), all 304, unchanged 200 (a server without validators), one new item each. On loopback
alone; everything that it starts ends with it. Exits with 1 when feedwatch did not do the work.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.bench.poll.children import ProgramError
from tests.bench.poll.documents import real_documents, write_documents
from tests.bench.poll.feedwatch_ import feedwatch, feedwatch_on_postgresql
from tests.bench.poll.peers.aiohttp_ import aiohttp
from tests.bench.poll.peers.curl import curl
from tests.bench.poll.peers.miniflux import miniflux
from tests.bench.poll.peers.newsboat import newsboat
from tests.bench.poll.peers.reader_ import reader
from tests.bench.poll.peers.sfeed import sfeed
from tests.bench.poll.phases import PHASES, Measured, Site, best_of, measure
from tests.bench.poll.program import Program
from tests.bench.poll.servers import free_port
from tests.bench.poll.table import steps_table, table
from tests.corpus import corpus_dir

PROGRAMS: dict[str, Program] = {
    "feedwatch": feedwatch,
    "feedwatch-pg": feedwatch_on_postgresql,
    "miniflux": miniflux,
    "newsboat": newsboat,
    "sfeed": sfeed,
    "reader": reader,
    "aiohttp": aiohttp,
    "curl": curl,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m tests.bench.poll"
    )
    parser.add_argument("--peers", type=Path, required=True, help="the folder that tests.bench.poll.install was given")
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--programs", default=",".join(PROGRAMS), help="with commas between them: %(default)s")
    parser.add_argument("--runs", type=int, default=1, help="measure all this often, and show each phase's quickest")
    parser.add_argument("--phases", type=int, default=len(PHASES), help="the first so many, for slow programs")
    parser.add_argument("--workers", type=int, help="visits at once, in place of what serves each program best")
    return parser


def _measure_all(
    names: list[str], site: Site, folder: Path, arguments: argparse.Namespace
) -> tuple[list[Measured], list[str]]:
    rows: list[Measured] = []
    failures = []
    for name in names * arguments.runs:
        place = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
        try:
            found = measure(name, PROGRAMS[name], site, place, arguments.workers, PHASES[: arguments.phases])
        except ProgramError as error:  # the others are measured all the same
            failures.append(f"{name}: {error}")
            continue
        finally:
            shutil.rmtree(place)
        rows += found
        print("\n".join(map(str, found)), file=sys.stderr, flush=True)
    return rows, failures


def main() -> None:
    arguments = _parser().parse_args()
    names = arguments.programs.split(",")
    if unknown := set(names) - PROGRAMS.keys():
        raise SystemExit(f"no program is called {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    corpus = corpus_dir()
    if corpus is None:
        raise SystemExit("the corpus is not here: set FEEDWATCH_CORPUS to its folder")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    documents = real_documents(corpus / "feeds" / "real-world")
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as temporary:
        folder = Path(temporary)
        write_documents(documents, folder / "site", arguments.sources)
        site = Site(arguments.peers.resolve(), folder / "site", free_port(), arguments.sources)
        rows, failures = _measure_all(names, site, folder, arguments)
    rows = best_of(rows)
    mean_kb = sum(map(len, documents)) / len(documents) / 1000
    print(
        f"{arguments.sources} sources, {len(documents)} real documents of {mean_kb:.0f} KB on average; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print(table(rows))
    print(steps_table(rows))
    problems = failures + [problem for row in rows for problem in row.problems]
    print("\n".join(f"- {problem}" for problem in problems))
    if any(problem.startswith("feedwatch") for problem in problems):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
