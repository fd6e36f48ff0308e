"""`feedwatch watchlists`: list, show and add."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

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
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.match import check_query, check_term
from feedwatch.model import WatchlistDef
from feedwatch.store.watchlists import add_watchlist, list_watchlists

app = typer.Typer(no_args_is_help=True, help="What is looked for.")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every watchlist, with how much it has matched."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_watchlists(session)
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            row.name,
            str(len(row.definition.terms) + len(row.definition.queries)),
            f"{row.item_count:,}",
            f"{row.story_count:,}",
            local(row.last_match_at),
            f"version {row.version}" if row.enabled else "disabled",
        )
        for row in rows
    ]
    columns = ("name", "queries", "items", "stories", "last match", "state")
    empty = "No watchlists yet. Declare some in config.yaml, or: feedwatch watchlists add NAME"
    print_table(columns, cells, empty=empty, widest="name")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The watchlist's name, in quotes if it has spaces.")],
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """One watchlist: its terms and queries, and how much it has matched."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_watchlists(session, name)
    if not rows:
        raise CallError(f"there is no watchlist named {name!r}; see 'feedwatch watchlists list'")
    row = rows[0]
    if as_json:
        print_json(row)
        return
    stdout.print(Text(row.name, style="bold"))
    if row.definition.description:
        stdout.print(f"  {row.definition.description}", markup=False)
    origin = "the configuration" if row.declared else "the command line"
    state = "" if row.enabled else ", disabled"
    lines = [f"version {row.version} of {local(row.changed_at)}, from {origin}{state}"]
    matched = f"{plural(row.item_count, 'item')} in {plural(row.story_count, 'story', 'stories')}"
    lines += [f"matched {matched}, the last {local(row.last_match_at)}" if row.item_count else "matched nothing yet"]
    groups = {"term": row.definition.terms, "query": row.definition.queries, "exclude": row.definition.exclude}
    lines += [f"{label:<9}{text}" for label, texts in groups.items() for text in texts]
    for line in lines:
        stdout.print(f"  {line}", markup=False, soft_wrap=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The watchlist's name, in quotes if it has spaces.")],
    term: Annotated[list[str] | None, typer.Option(help="A phrase; may be given several times.")] = None,
    query: Annotated[list[str] | None, typer.Option(help="A boolean query; may be given several times.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="A query whose items are left out.")] = None,
    description: Annotated[str, typer.Option(help="For those who tune it later.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a watchlist; items that come from now on are matched with it."""
    name = " ".join(name.split())
    if not name:
        raise CallError("a watchlist needs a name")
    if not term and not query:
        raise CallError("a watchlist needs something to find: give --term or --query")
    for text in term or ():
        check_term(text)
    for text in (*(query or ()), *(exclude or ())):
        check_query(text)
    definition = WatchlistDef(name, tuple(term or ()), tuple(query or ()), tuple(exclude or ()), description)
    with open_store(load_config(config)) as store, store.begin() as session:
        try:
            add_watchlist(session, definition, utc_now())
        except StoreError as error:
            raise CallError(str(error)) from None
    stdout.print(f"added {name!r}; it matches what comes from now on", markup=False)
