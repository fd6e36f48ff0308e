"""`feedwatch digest`: preview, send, list and show."""

from __future__ import annotations

import asyncio
import webbrowser
from pathlib import Path
from tempfile import NamedTemporaryFile
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
from feedwatch.digest.personal import Personal, fill, without_own
from feedwatch.errors import DeliveryError
from feedwatch.jobs.context import open_context, utc_now
from feedwatch.jobs.deliver import DeliveryReport, send_due
from feedwatch.jobs.digest import preview_editions, send_now
from feedwatch.jobs.provision import provision
from feedwatch.jobs.trial import send_trial
from feedwatch.store.editions import list_editions

if TYPE_CHECKING:
    from feedwatch.config import Config
    from feedwatch.store import Store

app = typer.Typer(no_args_is_help=True, help="The mails that are made.")

To = Annotated[str | None, typer.Option("--to", help="One subscriber's address; all subscribers otherwise.")]
Open = Annotated[bool, typer.Option("--open", help="Show the HTML part in the browser, from a temporary file.")]
Test = Annotated[bool, typer.Option("--test", help="Send to --to, whoever that is, what a subscriber would get.")]
Of = Annotated[
    str | None, typer.Option("--of", help="With --test: whose digest; the first active subscriber's otherwise.")
]
HtmlFile = Annotated[Path | None, typer.Option("--html", help="Write the HTML part to this file.")]


@app.command()
def preview(to: To = None, html: HtmlFile = None, show: Open = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
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
        elif show:
            _open_page(fill(rendered.body.html, personal, is_html=True))
        elif html is not None:
            target = html if len(previews) == 1 else html.with_stem(f"{html.stem}-{subscription.id}")
            target.write_text(fill(rendered.body.html, personal, is_html=True), encoding="utf-8")
            typer.echo(f"written to {target}")
        else:
            typer.echo(f"Subject: {rendered.body.subject}\n\n{fill(rendered.body.text, personal)}")


def _open_page(page: str) -> None:
    """Show the page in the browser, from a file that stays for as long as the machine keeps temporary ones."""
    with NamedTemporaryFile("w", encoding="utf-8", prefix="feedwatch-digest-", suffix=".html", delete=False) as file:
        file.write(page)
    typer.echo(f"written to {file.name}")
    if not webbrowser.open(Path(file.name).as_uri()):
        stderr.print("No browser could be opened; open the file yourself.")


@app.command()
def send(to: To = None, test: Test = False, of: Of = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Make digests now, before their time, and send them. The schedule goes on as it was.

    With --test: send what one subscriber would get to any address, for a look. Nothing is stored.
    """
    loaded = load_config(config)
    if test:
        _send_trial(loaded, to, of)
        return
    if of is not None:
        raise CallError("--of says whose digest is sent for a look; it needs --test")
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


def _send_trial(loaded: Config, to: str | None, of: str | None) -> None:
    if to is None:
        raise CallError("--test needs --to: the address that gets the mail, such as --to me@example.org")
    with open_store(loaded) as store:
        provision(store, loaded.settings, utc_now())
        renderer = Renderer(shipped_templates(), loaded.settings.digest.templates)
        try:
            trial = asyncio.run(send_trial(store, renderer, loaded.settings, to=to, of=of, now=utc_now()))
        except DeliveryError as error:
            stderr.print(f"not sent to {to}: {error}", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None
    if trial is None:
        raise CallError(_nobody(of))
    told = (
        f"sent to {to}: {trial.receipt}"
        if trial.receipt is not None
        else "nothing to tell; nothing was sent (a sample: 'feedwatch templates preview')"
    )
    stdout.print(f"{trial.of}, {trial.subscription}: {told}", markup=False, soft_wrap=True)


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
    """Read an edition as it was sent, but for its subscriber's own links."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_editions(session, edition_id=edition, limit=1)
    if not rows:
        what = "no editions were made yet" if edition is None else f"there is no edition {edition}"
        raise CallError(f"{what}; see 'feedwatch digest list'")
    personal = Personal(rows[0].subscriber, rows[0].address)
    if html is not None:
        html.write_text(fill(without_own(rows[0].html), personal, is_html=True), encoding="utf-8")
        typer.echo(f"written to {html}")
        return
    text = fill(without_own(rows[0].text), personal)
    typer.echo(f"To: {rows[0].subscriber} <{rows[0].address}>\nSubject: {rows[0].subject}\n\n{text.rstrip()}")
