"""`feedwatch watchlists`: list and show. What changes them stands in files beside this one."""

from __future__ import annotations

from datetime import timedelta

import typer
from rich.text import Text

from feedwatch.cli import watchlist_changes, watchlist_files
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    load_config,
    local,
    open_store,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.watchlist_named import WatchlistName, declared_at, watchlist_named
from feedwatch.cli.watchlist_shown import shown
from feedwatch.jobs.context import utc_now
from feedwatch.store.watchlists import list_watchlists, query_counts

app = typer.Typer(no_args_is_help=True, help="What is looked for.")
app.command()(watchlist_changes.add)
app.command()(watchlist_changes.change)
app.command()(watchlist_changes.remove)
app.command()(watchlist_changes.enable)
app.command()(watchlist_changes.disable)
app.command("import")(watchlist_files.import_)
app.command()(watchlist_files.export)

_COUNTED = timedelta(days=30)


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
    name: WatchlistName,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """One watchlist: its terms and queries, how much each has matched, and what is doubtful about them."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        row = watchlist_named(session, name, loaded)
        counts = {} if as_json or not row.item_count else query_counts(session, row.name, utc_now() - _COUNTED)
    if as_json:
        print_json(row)
        return
    stdout.print(Text(row.name, style="bold"))
    for lines in shown(row, counts, loaded.settings.synonyms, declared_at(loaded, row.name).rpartition(": ")[0]):
        for line in lines.split("\n"):
            stdout.print(f"  {line}", markup=False, soft_wrap=True)
