"""`feedwatch keys`: the keys that sign the links in mails. No command shows a key itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.filtering import parse_when
from feedwatch.jobs.context import utc_now
from feedwatch.store.signing_keys import SigningKeyRow, add_signing_key, drop_signing_keys, list_signing_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(no_args_is_help=True, help="The keys that sign the links in mails.")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """When each key was made, and which one signs."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_signing_keys(session)
    if as_json:
        print_json(rows)
        return
    cells = [(str(row.id), local(row.made_at), "signs" if row.signs else "is believed") for row in rows]
    empty = "There is no key yet; the first mail with a link makes one."
    print_table(("id", "made", "use"), cells, empty=empty, widest="use")


@app.command()
def rotate(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Sign with a new key from now on. The links in mails sent so far go on working."""
    with open_store(load_config(config)) as store, store.begin() as session:
        add_signing_key(session, utc_now())
        believed = len(list_signing_keys(session)) - 1
    stdout.print("Links are signed with a new key from the next mail on.")
    if believed:
        told = f"Those signed with {plural(believed, 'former key')} go on working; to end them: feedwatch keys drop"
        stdout.print(told, markup=False, soft_wrap=True)


@app.command()
def drop(
    before: Annotated[str, typer.Option(metavar="DATE", help="Drop the keys made before this date, or age.")],
    config: ConfigFile = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """End every link that old keys have signed, those to unsubscribe as well. The newest key always stays."""
    moment = parse_when("--before", before)
    assert moment is not None  # noqa: S101 - the option is required
    with open_store(load_config(config)) as store:
        with store.read() as session:
            rows = list_signing_keys(session)
        doomed = _made_before(rows, moment)
        if not doomed:
            raise CallError(f"--before {before}: there is no key that old, but the one that signs; see 'keys list'")
        until = rows[len(doomed)].made_at
        stdout.print(
            f"{plural(len(doomed), 'key')}: every link in mails sent before {local(until)} stops working: web views, "
            f"settings, confirmations, and the link and the button to unsubscribe.",
            markup=False,
            soft_wrap=True,
        )
        if not yes and not typer.confirm("Drop?"):
            raise typer.Exit(1)
        with store.begin() as session:
            dropped = drop_signing_keys(session, moment)
    stdout.print(f"{plural(dropped, 'key')} dropped.", markup=False)


def _made_before(rows: Sequence[SigningKeyRow], moment: datetime) -> list[SigningKeyRow]:
    return [row for row in rows if row.made_at < moment and not row.signs]
