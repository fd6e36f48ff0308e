"""`feedwatch db`: the schema's version."""

from __future__ import annotations

import typer

from feedwatch.cli.common import DEFAULT_CONFIG, ConfigFile, load_config, stdout
from feedwatch.store import Store

app = typer.Typer(no_args_is_help=True, help="The database.")


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Bring the database's schema up to this version of feedwatch; `run` does it by itself."""
    store = Store(load_config(config).settings.database_url)
    try:
        before, after = store.upgrade()
    finally:
        store.close()
    where = store.url.render_as_string()
    told = (
        f"is at schema version {after} already"
        if before == after
        else f"upgraded from {before or 'nothing'} to {after}"
    )
    stdout.print(f"{where}: {told}", markup=False, soft_wrap=True)
