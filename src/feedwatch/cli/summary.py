"""What a cycle came to, told so that a person in a hurry sees what matters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from feedwatch.cli.common import plural, program, stdout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.engine import FirstCycle
    from feedwatch.jobs.poll import CycleReport

_UNREACHED = ("DNS", "could not be reached", "within")
"""Words of the errors that a machine without a network meets."""
_MOST_NAMED = 4


def print_cycle(report: CycleReport) -> None:
    """Sources, items, stories and matches of one cycle."""
    if not report.polled:
        stdout.print("No source is due. 'feedwatch sources list' says when each is; --all polls all the same.")
        return
    stdout.print(Text(f"Polled in {report.elapsed_s:.1f} s", style="bold"))
    stdout.print(Padding(_grid(_cycle_rows(report)), (0, 0, 0, 2)))


def print_first_cycle(cycle: FirstCycle, *, goes_on: bool) -> None:
    """The summary of the daemon's first cycle, with where to read the editions."""
    rows = list(_cycle_rows(cycle.polled)) if cycle.polled.polled else [("Sources", [Text("none is due")])]
    rows += _edition_rows(cycle)
    stdout.print(Text(f"First cycle done in {cycle.polled.elapsed_s:.1f} s", style="bold"))
    stdout.print(Padding(_grid(rows), (0, 0, 0, 2)))
    if goes_on:
        stdout.print("feedwatch goes on, polling each source at its own rhythm; Ctrl-C stops it.")


def _grid(rows: list[tuple[str, list[Text]]] | Iterator[tuple[str, list[Text]]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, lines in rows:
        grid.add_row(label, Text("\n").join(lines))
    return grid


def _cycle_rows(report: CycleReport) -> Iterator[tuple[str, list[Text]]]:
    outcomes = report.outcomes
    told = [f"{plural(report.polled, 'source')} polled"]
    told += [
        f"{outcomes[what]} {word}"
        for what, word in (("new", "with news"), ("unchanged", "unchanged"))
        if outcomes[what]
    ]
    line = Text(", ".join(told))
    if outcomes["error"]:
        line.append(f", {outcomes['error']} failed", style="red")
    yield "Sources", [line, *_failures(report)]
    items = f"{plural(report.new_items, 'new item')} in {plural(report.new_stories, 'new story', 'new stories')}"
    if report.revised_items:
        items += f", {plural(report.revised_items, 'revised item')}"
    yield "Items", [Text(items)]
    matches = [f"{name}: {plural(count, 'item')}" for name, count in sorted(report.matches.items())]
    yield "Matches", [Text(line) for line in matches] or [Text("none")]


def _failures(report: CycleReport) -> Iterator[Text]:
    """Failures by reason: the same reason for twenty sources is one line."""
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for source, error in report.errors:
        reason = re.sub(r"\bthe host name \S+", "the host name", error)
        by_reason.setdefault(reason, []).append((source, error))
    for reason, failed in sorted(by_reason.items(), key=lambda entry: -len(entry[1])):
        sources = [source for source, _ in failed]
        if len(failed) == 1:
            yield Text(f"{sources[0]}: {failed[0][1]}", style="dim")
            continue
        named = ", ".join(sources[:_MOST_NAMED])
        more = len(sources) - _MOST_NAMED
        yield Text(f"{len(sources)} x {reason}: {named}{f' and {more} more' if more > 0 else ''}", style="dim")
    unreached = sum(any(sign in error for sign in _UNREACHED) for _, error in report.errors)
    if unreached == report.polled or sum("DNS" in error for _, error in report.errors) > 2 * _MOST_NAMED:
        yield Text("Is this machine online? The sources are tried again by themselves.", style="yellow")


def _edition_rows(cycle: FirstCycle) -> Iterator[tuple[str, list[Text]]]:
    editions = []
    for edition in cycle.editions:
        stories = plural(edition.story_count, "story", "stories")
        line = Text(f"{edition.subscription!r} for {edition.address}: {stories}; to read it:\n")
        editions.append(line.append(f"  {program()} digest show {edition.id}", style="dim"))
    yield "Editions", _first_of(editions, "feedwatch digest list") or [Text("none is due, or there is nothing to tell")]
    mails = [Text(f"{address}: not sent: {error}", style="red") for address, error in cycle.delivered.errors]
    mails += [Text(f"{address}: {_shown(receipt)}", style="green") for address, receipt in cycle.delivered.receipts]
    if mails:
        yield "Mail", _first_of(mails, "feedwatch deliveries list")


def _first_of(lines: list[Text], rest: str) -> list[Text]:
    """The first few of many lines, and the command that shows the rest."""
    if len(lines) <= 2 * _MOST_NAMED:
        return lines
    return [*lines[:_MOST_NAMED], Text(f"and {len(lines) - _MOST_NAMED:,} more: {rest}", style="dim")]


def _shown(receipt: str) -> str:
    """A file's path from here, where that is shorter; a server's words as they are."""
    try:
        return str(Path(receipt).relative_to(Path.cwd())) if receipt.startswith("/") else receipt
    except ValueError:
        return receipt
