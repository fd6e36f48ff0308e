"""`feedwatch sources`: list, show, pause, resume and remove; try, add, import and export have files of their own."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.adding import add
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    ago,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.look_shown import show_facts
from feedwatch.cli.looking import try_
from feedwatch.cli.moving import export, import_
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.source_facts import facts_of
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.store.sources import (
    PAUSED,
    SourceRow,
    list_polls,
    list_sources,
    pause_source,
    remove_source,
    resume_source,
    show_source,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from feedwatch.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What is polled.")
SourceName = Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")]


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every source: how its last visit went, and when the next is due."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        rows = list_sources(session)
    if as_json:
        print_json(rows)
        return
    columns = ("name", "title", "language", "items", "last visit", "outcome", "next visit")
    now = utc_now()
    when = partial(ago, now=now) if stdout.is_terminal else local
    cells = [
        (
            row.name,
            row.title,
            row.language or "-",
            f"{row.item_count:,}",
            when(row.last_poll_at),
            _outcome(row),
            _next(row, when, now),
        )
        for row in rows
    ]
    known = {row.name for row in rows}
    waiting = sum(source.name not in known for source in loaded.settings.sources)
    first = f"{'comes' if waiting == 1 else 'come'} in with the first visit: {to_paste(config, 'run')}"
    empty = f"No sources yet. To add one: {to_paste(config, 'sources', 'add')} URL"
    print_table(
        columns,
        cells,
        empty=f"The {plural(waiting, 'source')} of {config} {first}" if waiting else empty,
        widest="outcome",
        where_room={"title", "language"},
    )
    if rows and waiting and stdout.is_terminal:
        stdout.print(f"{waiting} more of {config} {first}", markup=False, soft_wrap=True)


def _outcome(row: SourceRow) -> Text:
    if not row.enabled:
        return Text(PAUSED if row.disabled_why == PAUSED else f"disabled: {row.disabled_why}", style="yellow")
    if row.last_outcome == "error":
        return Text(row.last_error or "error", style="red")
    return Text(row.last_outcome or "never visited")


def _next(row: SourceRow, when: Callable[[datetime], str], now: datetime) -> str:
    if not row.enabled:
        return "-"
    return "now" if row.next_poll_at <= now and stdout.is_terminal else when(row.next_poll_at)


@app.command()
def show(name: SourceName, config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """One source: its settings, its latest visits, and when it is polled next and why."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        row = show_source(session, name)
        if row is None:
            raise _unknown(name, loaded.settings, config)
        polls = list_polls(session, name, 10)
    if as_json:
        print_json({"source": row, "polls": polls})
        return
    stdout.print(Text(row.name, style="bold"))
    show_facts(facts_of(row, loaded.settings, config, utc_now()))
    columns = ("when", "outcome", "status", "ms", "bytes", "new", "matches", "remark")
    cells = [
        (
            local(poll.at), poll.outcome, str(poll.status or "-"), f"{poll.elapsed_ms:,}", f"{poll.body_bytes:,}",
            str(poll.new_items), str(poll.matches), poll.error or "; ".join(poll.warnings),
        )
        for poll in polls
    ]  # fmt: skip
    stdout.print()
    print_table(columns, cells, empty="Never visited yet.", widest="outcome", below="remark")


def _unknown(name: str, settings: Settings, config: Path) -> CallError:
    if any(source.name == name for source in settings.sources):
        first = to_paste(config, "poll")
        return CallError(
            f"{name} stands in {config} and was never polled; to take it in and poll what is due:\n  {first}"
        )
    return CallError(
        f"there is no source named {name!r}; to see which there are:\n  {to_paste(config, 'sources', 'list')}"
    )


app.command("try")(try_)
app.command()(add)


@app.command()
def pause(name: SourceName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Poll this source no more until resumed; what it has brought stays."""
    _change(name, config, lambda session: pause_source(session, name))
    stdout.print(
        f"paused {name}; to go on: {to_paste(config, 'sources', 'resume', name)}", markup=False, soft_wrap=True
    )


@app.command()
def resume(name: SourceName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Poll this source again, at once."""
    _change(name, config, lambda session: resume_source(session, name, utc_now()))
    stdout.print(f"resumed {name}; the daemon polls it within seconds", markup=False)


@app.command()
def remove(name: SourceName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Forget a source that has brought no items; one that has can be paused."""
    _change(name, config, lambda session: remove_source(session, name, utc_now()))
    stdout.print(f"removed {name}", markup=False)


def _change(name: str, config: Path, change: Callable[[Session], None]) -> None:
    """Do it to one that was added by hand. Raises CallError: for any other, the configuration says what it is."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.begin() as session:
        if any(source.name == name for source in loaded.settings.sources):
            raise CallError(
                f"{name} is declared in {config}: to pause it, set its enabled to false there; to go on, to true; "
                "to be rid of it, take it out"
            )
        if show_source(session, name) is None:
            raise _unknown(name, loaded.settings, config)
        try:
            change(session)
        except StoreError as error:
            raise CallError(str(error)) from None


app.command("import")(import_)
app.command()(export)
