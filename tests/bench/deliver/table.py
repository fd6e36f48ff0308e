"""The figures as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.deliver.measured import Measured

_COLUMNS = (
    "program", "mails", "wall s", "editions/s", "mails/s", "first mail s", "CPU s", "database CPU s", "sink CPU s",
    "rest CPU s", "peak RSS MB", "PSS MB at 0, 25, 50, 100 %", "KB a mail", "bodies", "database MB",
)  # fmt: skip


_NOTHING = 0.05


def table(rows: Sequence[Measured]) -> str:
    """A line for each run."""
    lines = [_line(_COLUMNS), _line(["---"] + ["---:"] * (len(_COLUMNS) - 1))]
    return "\n".join(lines + [_line(_cells(row)) for row in rows]) + "\n"


def _cells(row: Measured) -> list[str]:
    return [
        row.program,
        f"{row.mails:,}",
        f"{row.wall_s:.1f}",
        f"{row.mails / row.made_s:,.0f}" if row.made_s else "",
        f"{row.mails / row.wall_s:,.0f}",
        f"{row.first_mail_s:.1f}",
        f"{row.cpu_s:.1f}",
        f"{row.others_cpu_s:.1f}" if row.others_cpu_s > _NOTHING else "",
        f"{row.sink_cpu_s:.1f}",
        f"{row.rest_cpu_s:.1f}",
        f"{row.peak_rss_mb:,.0f}",
        ", ".join(f"{pss:,.0f}" for pss in row.pss_mb),
        f"{row.mail_bytes / 1000:.1f}",
        f"{row.bodies:,}" if row.bodies is not None else "",
        "{:,.0f} to {:,.0f}".format(*row.database_mb) if row.database_mb else "",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
