"""`feedwatch sources`: list, show, add, import and export."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

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
    program,
    stdout,
)
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.provision import source_spec
from feedwatch.kinds import show_duration
from feedwatch.settings import SourceSettings
from feedwatch.sources.opml import Outline, name_for, read_opml, write_opml
from feedwatch.store.sources import SourceRow, SourceSpec, add_source, list_polls, list_sources

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(no_args_is_help=True, help="What is polled.")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every source: how its last visit went, and when the next is due."""
    with open_store(load_config(config)) as store, store.read() as session:
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
    print_table(
        columns,
        cells,
        empty="No sources yet. Declare some in config.yaml, or: feedwatch sources add URL",
        widest="outcome",
        where_room={"title", "language"},
    )


def _outcome(row: SourceRow) -> Text:
    if not row.enabled:
        return Text(f"disabled: {row.disabled_why}", style="yellow")
    if row.last_outcome == "error":
        return Text(row.last_error or "error", style="red")
    return Text(row.last_outcome or "never visited")


def _next(row: SourceRow, when: Callable[[datetime], str], now: datetime) -> str:
    if not row.enabled:
        return "-"
    return "now" if row.next_poll_at <= now and stdout.is_terminal else when(row.next_poll_at)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The source's name.")],
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """One source: its settings, its latest visits, and when it is polled next and why."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_sources(session, [name])
        if not rows:
            raise CallError(f"there is no source named {name!r}; see 'feedwatch sources list'")
        polls = list_polls(session, name, 10)
    row = rows[0]
    if as_json:
        print_json({"source": row, "polls": polls})
        return
    facts = {
        "Title": row.title,
        "URL": row.url,
        "Language": row.language or "as the feed says",
        "Time zone": f"{row.timezone}, for dates that name none",
        "Interval": show_duration(row.interval) if row.interval else "poll.interval",
        "Tags": ", ".join(row.tags) or "none",
        "Comes from": "the configuration" if row.declared else "the command line",
        "Items": f"{row.item_count:,}",
        "Next visit": f"{local(row.next_poll_at)}, because of {row.next_poll_why}" if row.enabled else "none",
    }
    if row.next_poll_why.startswith(("it ", "the ")) and row.enabled:
        facts["Next visit"] = f"{local(row.next_poll_at)}, because {row.next_poll_why}"
    if not row.enabled:
        facts["Disabled"] = row.disabled_why or "yes"
    if row.last_error:
        facts["Last error"] = row.last_error + (f" ({row.failures} times in a row)" if row.failures > 1 else "")
    width = max(map(len, facts))
    stdout.print(Text(row.name, style="bold"))
    for label, value in facts.items():
        stdout.print(f"  {label:<{width}}  {value}", markup=False, soft_wrap=True)
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


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The feed's URL, or the path of a local file.")],
    name: Annotated[str | None, typer.Option(help="Short and stable; made from the title or host otherwise.")] = None,
    title: Annotated[str, typer.Option(help="What digests call it; as the feed calls itself otherwise.")] = "",
    language: Annotated[str | None, typer.Option(help="BCP 47, where the feed does not tell.")] = None,
    timezone: Annotated[str, typer.Option(help="Of dates that name no zone.")] = "UTC",
    interval: Annotated[str | None, typer.Option(help="How often to poll it, such as 30m.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a source; the daemon polls it within seconds."""
    if "://" not in url and not Path(url).is_file():
        raise CallError(f"there is no file {url}; a web address begins with https:// or http://")
    with open_store(load_config(config)) as store, store.begin() as session:
        taken = {row.name for row in list_sources(session)}
        place = {"url": url} if "://" in url else {"path": str(Path(url).absolute())}
        chosen = name or name_for(Outline(title, url), taken)
        source = _checked(
            {
                "name": chosen,
                "title": title,
                **place,
                "language": language,
                "timezone": timezone,
                "interval": interval,
                "tags": tuple(tag or ()),
            }
        )
        try:
            add_source(session, source_spec(source), utc_now())
        except StoreError as error:
            raise CallError(str(error)) from None
    stdout.print(f"added {chosen}; to poll it now: {program()} poll {chosen}", markup=False)


def _checked(values: dict[str, object]) -> SourceSettings:
    try:
        return SourceSettings.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            key = ".".join(map(str, detail["loc"]))
            expected = detail["msg"].removeprefix("Value error, ")
            problems.append(f"{key} {values.get(key)!r}: {expected}")
        raise CallError("; ".join(problems)) from None


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add every feed of an OPML file that is not here yet; its folders become tags."""
    loaded = load_config(config)
    opml = read_opml(file.read_bytes(), str(file))
    added, known = 0, 0
    with open_store(loaded) as store, store.begin() as session:
        rows = list_sources(session)
        taken, urls = {row.name for row in rows}, {row.url for row in rows}
        for outline in opml.outlines:
            if outline.url in urls:
                known += 1
                continue
            name = name_for(outline, taken)
            taken.add(name)
            spec = SourceSpec(name, outline.title, outline.url, language=outline.language, tags=outline.tags)
            add_source(session, spec, utc_now())
            added += 1
    for warning in opml.warnings:
        stdout.print(warning, markup=False, soft_wrap=True)
    stdout.print(f"{plural(added, 'source')} added, {known} known already", markup=False)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output otherwise.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write the sources with a web address as OPML 2.0; tags become folders."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_sources(session)
    outlines = [
        Outline(row.title, row.url, row.language, row.tags) for row in rows if row.url.startswith(("http:", "https:"))
    ]
    opml = write_opml(outlines, "feedwatch sources")
    if file is None:
        typer.echo(opml, nl=False)
        return
    file.write_text(opml, encoding="utf-8")
    stdout.print(f"{plural(len(outlines), 'source')} written to {file}", markup=False)
