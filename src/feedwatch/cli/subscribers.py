"""`feedwatch subscribers`: list, add, pause and resume."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import ValidationError

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    local,
    open_store,
    print_json,
    print_table,
    stdout,
)
from feedwatch.declared import SubscriberSettings
from feedwatch.digest import parse_schedule
from feedwatch.errors import ScheduleError, StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.provision import due_after
from feedwatch.store.subscribers import (
    SubscriberSpec,
    SubscriptionSpec,
    add_subscriber,
    list_subscribers,
    pause_subscriber,
)

app = typer.Typer(no_args_is_help=True, help="Who is told.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The subscriber's mail address.")]


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every subscriber with their subscriptions, and when the next digest is due."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_subscribers(session)
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            row.email,
            row.name,
            row.subscription or "-",
            f"{row.schedule} ({row.timezone})" if row.schedule else "-",
            ", ".join(row.watchlists) or "all",
            "disabled" if not row.enabled else "paused" if row.paused else _next(row.schedule, local(row.next_due_at)),
            str(row.edition_count),
        )
        for row in rows
    ]
    columns = ("address", "name", "subscription", "schedule", "watchlists", "next digest", "editions")
    empty = "No subscribers yet. Declare some in config.yaml, or: feedwatch subscribers add EMAIL"
    print_table(columns, cells, empty=empty, widest="address", below="schedule", where_room={"name", "watchlists"})


def _next(schedule: str | None, due: str) -> str:
    return "with the next match" if schedule == "instant" and due == "-" else due


@app.command()
def add(
    email: Email,
    name: Annotated[str | None, typer.Option(help="What mails are addressed to; the address otherwise.")] = None,
    timezone: Annotated[str, typer.Option(help="Of the schedule and of the times shown.")] = "UTC",
    schedule: Annotated[str, typer.Option(help="instant, hourly, daily, weekly, or a cron line.")] = "daily",
    watchlist: Annotated[list[str] | None, typer.Option(help="May be given several times; all otherwise.")] = None,
    locale: Annotated[str, typer.Option(help="The language of the mail's own words.")] = "en",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a subscriber; the first digest comes at once, if there is something to tell."""
    try:
        checked = SubscriberSettings.model_validate(
            {"name": name or email, "email": email, "timezone": timezone, "locale": locale}
        )
        parse_schedule(schedule)
    except ValidationError as error:
        problems = [f"{detail['loc'][0]}: {detail['msg'].removeprefix('Value error, ')}" for detail in error.errors()]
        raise CallError("; ".join(problems)) from None
    except ScheduleError as error:
        raise CallError(f"--schedule {schedule!r}: {error}") from None
    spec = SubscriberSpec(
        name=checked.name,
        email=checked.email,
        timezone=checked.timezone,
        locale=checked.locale,
        subscriptions=(SubscriptionSpec("Digest", schedule, tuple(watchlist or ())),),
    )
    with open_store(load_config(config)) as store, store.begin() as session:
        try:
            add_subscriber(session, spec, utc_now(), due_after)
        except StoreError as error:
            raise CallError(str(error)) from None
    stdout.print(f"added {email}", markup=False)


@app.command()
def pause(email: Email, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Send this subscriber nothing until resumed."""
    _set_paused(email, config, paused=True)
    stdout.print(f"paused {email}; to go on: feedwatch subscribers resume {email}", markup=False)


@app.command()
def resume(email: Email, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Send again; what came meanwhile is in the next digest."""
    _set_paused(email, config, paused=False)
    stdout.print(f"resumed {email}", markup=False)


def _set_paused(email: str, config: ConfigFile, *, paused: bool) -> None:
    with open_store(load_config(config)) as store, store.begin() as session:
        try:
            pause_subscriber(session, email, paused=paused)
        except StoreError as error:
            raise CallError(str(error)) from None
