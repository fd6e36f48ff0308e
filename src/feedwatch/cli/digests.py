"""`feedwatch digest`: preview, send, list and show."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    Limit,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    stderr,
    stdout,
)
from feedwatch.digest import Renderer, shipped_templates
from feedwatch.digest.personal import Personal, fill
from feedwatch.jobs.context import open_context, utc_now
from feedwatch.jobs.deliver import DeliveryReport, send_due
from feedwatch.jobs.digest import preview_editions, send_now
from feedwatch.jobs.provision import provision
from feedwatch.store.editions import list_editions

if TYPE_CHECKING:
    from feedwatch.config import Config
    from feedwatch.store import Store

app = typer.Typer(no_args_is_help=True, help="The mails that are made.")

To = Annotated[str | None, typer.Option("--to", help="One subscriber's address; all subscribers otherwise.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", help="Write the HTML part to this file.")]


@app.command()
def preview(to: To = None, html: HtmlFile = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Show what a digest would tell if it were made now; nothing is stored or sent."""
    loaded = load_config(config)
    with open_store(loaded) as store:
        provision(store, loaded.settings, utc_now())
        renderer = Renderer(shipped_templates(), loaded.settings.digest.templates)
        previews = preview_editions(store, renderer, loaded.settings, email=to, now=utc_now())
    if not previews:
        raise CallError(_nobody(to))
    for subscription, rendered in previews:
        stderr.print(f"[bold]To {subscription.address}, {subscription.name}[/]")
        personal = Personal(subscription.subscriber, subscription.address)
        if rendered is None:
            typer.echo("Nothing to tell that this subscriber was not told of already.")
        elif html is not None:
            target = html if len(previews) == 1 else html.with_stem(f"{html.stem}-{subscription.id}")
            target.write_text(fill(rendered.body.html, personal, is_html=True), encoding="utf-8")
            typer.echo(f"written to {target}")
        else:
            typer.echo(f"Subject: {rendered.body.subject}\n\n{fill(rendered.body.text, personal)}")


@app.command()
def send(to: To = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Make digests now, before their time, and send them. The schedule goes on as it was."""
    loaded = load_config(config)
    with open_store(loaded) as store:
        provision(store, loaded.settings, utc_now())
        renderer = Renderer(shipped_templates(), loaded.settings.digest.templates)
        outcomes = send_now(store, renderer, loaded.settings, email=to, now=utc_now())
        if not outcomes:
            raise CallError(_nobody(to))
        for subscription, made, fault in outcomes:
            told = f"not made: {fault}" if fault else "nothing new to tell"
            if made:
                told = f"edition {made.id}, {plural(made.story_count, 'story', 'stories')}"
            stdout.print(f"{subscription.address}, {subscription.name}: {told}", markup=False)
        report = asyncio.run(_deliver(loaded, store))
    for address, receipt in report.receipts:
        stdout.print(f"sent to {address}: {receipt}", markup=False, soft_wrap=True)
    for address, error in report.errors:
        stderr.print(f"not sent to {address}: {error}", markup=False, soft_wrap=True)
    if report.errors or any(fault for _, _, fault in outcomes):
        raise typer.Exit(1)


async def _deliver(loaded: Config, store: Store) -> DeliveryReport:
    async with open_context(loaded.settings, store) as context:
        return await send_due(context)


def _nobody(to: str | None) -> str:
    if to is None:
        return "there is no active subscriber; see 'feedwatch subscribers list'"
    return f"there is no active subscriber with the address {to}; see 'feedwatch subscribers list'"


@app.command("list")
def list_(limit: Limit = 20, config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """The latest editions."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_editions(session, limit=limit)
    if as_json:
        print_json(rows)
        return
    cells = [(str(row.id), local(row.window_end), row.address, str(row.story_count), row.subject) for row in rows]
    columns = ("id", "when", "address", "stories", "subject")
    print_table(columns, cells, empty="No editions were made yet.", widest="subject")


@app.command()
def show(
    edition: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="The edition's number; the latest otherwise.")
    ] = None,
    html: HtmlFile = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Read an edition as it was sent."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_editions(session, edition_id=edition, limit=1)
    if not rows:
        what = "no editions were made yet" if edition is None else f"there is no edition {edition}"
        raise CallError(f"{what}; see 'feedwatch digest list'")
    personal = Personal(rows[0].subscriber, rows[0].address)
    if html is not None:
        html.write_text(fill(rows[0].html, personal, is_html=True), encoding="utf-8")
        typer.echo(f"written to {html}")
        return
    typer.echo(
        f"To: {rows[0].subscriber} <{rows[0].address}>\nSubject: {rows[0].subject}\n\n{fill(rows[0].text, personal)}"
    )
