"""The figures as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.poll.phases import Measured

_COLUMNS = (
    "program",
    "phase",
    "feeds/s",
    "wall s",
    "CPU s",
    "peak RSS MB",
    "peak PSS MB",
    "requests",
    "304",
    "items",
    "new",
)


def table(rows: Sequence[Measured]) -> str:
    """A line for each program and phase."""
    lines = [_line(_COLUMNS), _line(["---"] * 2 + ["---:"] * (len(_COLUMNS) - 2))]
    return "\n".join(lines + [_line(_cells(row)) for row in rows]) + "\n"


def _cells(row: Measured) -> list[str]:
    usage = row.usage
    return [
        row.program,
        row.phase.name,
        f"{row.feeds_per_s:,.0f}",
        f"{usage.wall_s:.2f}",
        f"{usage.cpu_s:.2f}",
        f"{usage.rss_bytes / 1e6:.0f}",
        f"{usage.pss_bytes / 1e6:.0f}",
        str(row.answers.requests),
        str(row.answers.statuses[304]),
        "" if row.stored is None else str(row.stored),
        "" if row.new is None else str(row.new),
    ]


def steps_table(rows: Sequence[Measured]) -> str:
    """Where the time went, for the programs that tell: seconds by step, summed over visits that overlap."""
    telling = [row for row in rows if row.told.seconds]
    steps = list(dict.fromkeys(step for row in telling for step in row.told.seconds))
    if not steps:
        return ""
    lines = [_line(["program", "phase", *steps]), _line(["---"] * 2 + ["---:"] * len(steps))]
    lines += [
        _line([row.program, row.phase.name, *(f"{row.told.seconds.get(step, 0):.2f}" for step in steps)])
        for row in telling
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
