"""`feedwatch deliveries`: the outbox, and trying again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

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
    stdout,
)
from feedwatch.jobs.context import utc_now
from feedwatch.store.deliveries import STATES, list_deliveries, retry_deliveries

app = typer.Typer(no_args_is_help=True, help="Mails on their way.")

_STYLES = {"sent": "green", "retry": "yellow", "dead": "red"}


@app.command("list")
def list_(
    state: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(STATES)}; may be given several times.")
    ] = None,
    limit: Limit = 50,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The latest deliveries, and what became of each."""
    for wanted in state or ():
        if wanted not in STATES:
            raise CallError(f"--state {wanted!r}: expected one of {', '.join(STATES)}")
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_deliveries(session, states=state or None, limit=limit)
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            str(row.id),
            Text(row.state, style=_STYLES.get(row.state, "")),
            row.address,
            str(row.edition_id or "-"),
            str(row.attempts),
            local(row.sent_at or row.next_attempt_at) if row.state != "dead" else "-",
            row.receipt or row.last_error or "",
        )
        for row in rows
    ]
    columns = ("id", "state", "address", "edition", "tries", "when", "answer")
    empty = "No delivery is in this state." if state else "Nothing was sent yet."
    print_table(columns, cells, empty=empty, widest="address", below="answer")


@app.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(metavar="NUMBER", help="Deliveries to try again now.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait for another try or were given up.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Try mails again that were refused or given up; the daemon sends them within seconds."""
    if not ids and not everything:
        raise CallError("name deliveries by their number, or give --all; see 'feedwatch deliveries list'")
    with open_store(load_config(config)) as store, store.begin() as session:
        count = retry_deliveries(session, None if everything else ids or [], utc_now())
    if not count and ids:
        raise CallError("none of these waits for another try; see 'feedwatch deliveries list'")
    told = f"{plural(count, 'delivery', 'deliveries')} to be tried again" if count else "nothing waits for another try"
    stdout.print(told, markup=False)
