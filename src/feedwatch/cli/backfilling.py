"""`feedwatch watchlists backfill`: the archive matched with a watchlist as it is now."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    load_config,
    open_store,
    plural,
    print_json,
    stderr,
    stdout,
)
from feedwatch.cli.filtering import Since, parse_when
from feedwatch.cli.watchlist_named import WatchlistName, watchlist_named
from feedwatch.jobs.backfill import Step, backfill_by_steps
from feedwatch.jobs.context import utc_now
from feedwatch.store.backfill import Replaced

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]


def backfill(
    name: WatchlistName,
    since: Since = "90d",
    dry_run: DryRun = False,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Match the archive with a watchlist as it is now, as if it had always been so; a daemon may run meanwhile.

    Digests tell of what belongs to their own time alone, and no alert is sent. Interrupted, it goes on when called
    again.
    """
    loaded = load_config(config)
    begins = parse_when("--since", since)
    last = Step(0, 0, Replaced())
    bar = Progress(TextColumn("Matching"), BarColumn(), MofNCompleteColumn(), console=stderr, transient=True)
    with open_store(loaded) as store:
        with store.read() as session:
            watchlist = watchlist_named(session, name, loaded).name
        with bar:
            task = bar.add_task("")
            for last in backfill_by_steps(store, watchlist, begins, utc_now(), dry_run=dry_run):
                bar.update(task, completed=last.done, total=last.total)
    if as_json:
        print_json({"name": watchlist, "dry_run": dry_run, "items": last.done, "matches": last.replaced})
        return
    made = last.replaced
    would = "would be " if dry_run else ""
    stdout.print(
        f"{watchlist!r}: {plural(made.added, 'match', 'matches')} {would}added, {made.changed:,} changed, "
        f"{made.removed:,} removed; {made.unchanged:,} as before",
        markup=False,
        soft_wrap=True,
    )
