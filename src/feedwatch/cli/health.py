"""`health`: whether the daemon is alive and keeps up, for a person and for a container's health check."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from feedwatch.cli.common import DEFAULT_CONFIG, AsJson, ConfigFile, load_config, local, plural, print_json, stdout
from feedwatch.errors import StoreError
from feedwatch.jobs.box_troubles import read_troubles
from feedwatch.jobs.context import utc_now
from feedwatch.kinds import show_duration
from feedwatch.store import Store
from feedwatch.store.health import Health, Overdue, read_health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.jobs.box_troubles import BoxTrouble

PATIENCE = timedelta(minutes=10)
"""How long something may be due before the daemon is asked after: ticks come every two seconds."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(health)


def health(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Say whether the daemon keeps up, by what lies overdue in the database; the exit code is 1 if it does not."""
    now = utc_now()
    found: Health | None = None
    settings = load_config(config).settings
    store = Store(settings.database_url)
    try:
        found = read_health(store, now - PATIENCE)
        problems = tell_health(found, now)
    except StoreError as error:
        problems = [str(error)]
    finally:
        store.close()
    notes = tell_bounces(found, read_troubles(settings.data_dir), now)
    if as_json:
        kinds = ("sources", "digests", "deliveries")
        overdue = None if found is None else {kind: getattr(found, kind) for kind in kinds}
        print_json({"healthy": not problems, "problems": problems, "notes": notes, "overdue": overdue})
    elif problems:
        for problem in problems:
            stdout.print(problem, markup=False, soft_wrap=True)
    else:
        stdout.print(f"Healthy: nothing is overdue by more than {show_duration(PATIENCE)}.")
    if not as_json:
        for note in notes:
            stdout.print(note, markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


def tell_health(found: Health, now: datetime) -> list[str]:
    """One sentence for each kind of work that lies there; none where the daemon keeps up."""
    kinds: tuple[tuple[str, str, Overdue | None], ...] = (
        ("source", "sources", found.sources),
        ("digest", "digests", found.digests),
        ("delivery", "deliveries", found.deliveries),
    )
    told = [(plural(overdue.count, one, many), overdue.since) for one, many, overdue in kinds if overdue]
    sentences = [f"{count} overdue since {_since(since, now)}" for count, since in told]
    if sentences:
        sentences[-1] += ": is the daemon running?"
    return sentences


def tell_bounces(found: Health | None, troubles: Mapping[str, BoxTrouble], now: datetime) -> list[str]:
    """What is to be known of bounces; none of it is the daemon's fault, and no restart mends it."""
    sentences = [
        f"bounces cannot be read since {_since(trouble.since, now)}: {trouble.problem}" for trouble in troubles.values()
    ]
    if found is not None and found.blocked:
        who = "subscriber gets" if found.blocked == 1 else "subscribers get"
        sentences.append(f"{found.blocked:,} {who} no mail after bounces or complaints; see 'feedwatch bounces list'")
    return sentences


def _since(moment: datetime, now: datetime) -> str:
    """The time alone where it was today; with the date otherwise."""
    here, today = moment.astimezone(), now.astimezone()
    return f"{here:%H:%M}" if here.date() == today.date() else local(moment)
