"""The four phases, each with its own life of the server, and whether the program really did the work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.poll.documents import make_young
from tests.bench.poll.measure import Usage, metered
from tests.bench.poll.program import Poller, Program, Told, Workplace
from tests.bench.poll.servers import Answers, serving


@dataclass(frozen=True, slots=True)
class Phase:
    """What the server serves, and what must come of it."""

    name: str
    documents: str
    """The folder of the site."""
    validators: bool
    is_unmodified: bool
    """Whether every answer is to be a 304."""
    new_items_each: int | None
    """How many items more each source has afterwards; None where it depends on the program's reading."""
    visits_before: int = 0
    """Of the same kind, and not measured."""


# newsboat keeps a feed's validators from its second visit on: nobody is measured at their second.
PHASES = (
    Phase("cold", "original", validators=True, is_unmodified=False, new_items_each=None),
    Phase("all 304", "original", validators=True, is_unmodified=True, new_items_each=0, visits_before=1),
    Phase("unchanged 200", "original", validators=False, is_unmodified=False, new_items_each=0),
    Phase("one new item", "changed", validators=True, is_unmodified=False, new_items_each=1),
)


_DISTURBED = 0.1
"""The share of all cores from which on something else is said to have been running."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is polled."""

    peers: Path
    folder: Path
    port: int
    sources: int

    @property
    def urls(self) -> tuple[str, ...]:
        """One for each source."""
        return tuple(f"http://127.0.0.1:{self.port}/feed/{number}.xml" for number in range(self.sources))


@dataclass(frozen=True, slots=True)
class Measured:
    """One program in one phase."""

    program: str
    phase: Phase
    sources: int
    usage: Usage
    told: Told
    answers: Answers
    stored: int | None
    new: int | None

    @property
    def feeds_per_s(self) -> float:
        """Visits a second of wall time."""
        return self.sources / self.usage.wall_s

    @property
    def problems(self) -> list[str]:
        """What a program did not do, or did beside it."""
        who = f"{self.program}, {self.phase.name}"
        found = []
        if self.answers.requests != self.sources:
            found.append(f"{who}: {self.answers.requests} requests for {self.sources} sources")
        unmodified = self.answers.statuses[304]
        expected = self.sources if self.phase.is_unmodified else 0
        if unmodified != expected:
            found.append(f"{who}: {unmodified} answers of {self.answers.requests} were 304, not {expected}")
        if failed := sum(count for status, count in self.answers.statuses.items() if status not in (200, 304)):
            found.append(f"{who}: {failed} answers were neither 200 nor 304")
        if self.phase.new_items_each is not None and self.new is not None:
            items = self.phase.new_items_each * self.sources
            if self.new != items:
                found.append(f"{who}: {self.new} new items, not {items}")
        elif self.new == 0:
            found.append(f"{who}: nothing was stored")
        share = self.usage.others_cpu_s / (self.usage.wall_s * (os.cpu_count() or 1))
        if share > _DISTURBED:
            found.append(
                f"{who}: the machine was busy with other things ({share:.0%}), so that its wall time tells little"
            )
        return found

    def __str__(self) -> str:
        usage = self.usage
        return (
            f"{self.program:10} {self.phase.name:14} {self.feeds_per_s:8.1f} feeds/s {usage.wall_s:8.2f} s "
            f"{usage.cpu_s:8.2f} CPU s {usage.rss_bytes / 1e6:6.0f} MB RSS {usage.pss_bytes / 1e6:6.0f} MB PSS "
            f"{dict(self.answers.statuses)} stored {self.stored} new {self.new} {self.told.remarks}"
        )


def measure(
    name: str, program: Program, site: Site, folder: Path, workers: int | None, phases: Sequence[Phase] = PHASES
) -> list[Measured]:
    """Set the program up in an empty folder and take it through the phases. Raises ProgramError."""
    rows = []
    stored: int | None = 0
    with program(Workplace(folder, site.peers, site.urls, workers)) as poller:
        for phase in phases:
            for _ in range(phase.visits_before):
                _visit(poller, phase, site, folder)
            usage, told, answers = _visit(poller, phase, site, folder)
            before, stored = stored, poller.stored()
            new = None if stored is None or before is None else stored - before
            rows.append(Measured(name, phase, site.sources, usage, told, answers, stored, new))
    return rows


def _visit(poller: Poller, phase: Phase, site: Site, folder: Path) -> tuple[Usage, Told, Answers]:
    root = site.folder / phase.documents
    if phase.new_items_each:
        make_young(root)
    poller.make_due()
    with (
        serving(site.peers, folder, root, site.port, validators=phase.validators) as answers,
        metered(without=answers.pid) as usage,
    ):
        told = poller.poll()
    return usage, told, answers


def best_of(rows: Sequence[Measured]) -> list[Measured]:
    """Of several runs, each program's quickest visit in each phase; in the order in which they came."""
    best: dict[tuple[str, str], Measured] = {}
    for row in rows:
        key = (row.program, row.phase.name)
        if key not in best or row.usage.wall_s < best[key].usage.wall_s:
            best[key] = row
    return list(best.values())
