"""The command `feedwatch`: its groups of commands, and how errors reach the person who made the call."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from feedwatch import __version__
from feedwatch.cli import (
    backfilling,
    backtesting,
    bounces,
    channels,
    daemon,
    database,
    deliveries,
    digests,
    health,
    items,
    keys,
    matching,
    querying,
    sources,
    stories,
    subscribers,
    suggesting,
    templates,
    watchlist_feed,
    watchlists,
)
from feedwatch.cli.common import CallError, plural, stderr
from feedwatch.cli.numbered import Numbered
from feedwatch.errors import ConfigError, FeedwatchError, QuerySyntaxError

app = typer.Typer(
    name="feedwatch",
    help="Watches news feeds for what your watchlists name, and mails digests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
daemon.register(app)
health.register(app)
app.command(cls=Numbered)(items.items)
app.command(cls=Numbered)(stories.stories)
app.command()(matching.match)
app.add_typer(querying.app, name="query")
app.add_typer(sources.app, name="sources")
watchlists.app.command("test")(backtesting.try_out)
watchlists.app.command()(suggesting.suggest)
watchlists.app.command()(backfilling.backfill)
watchlists.app.command()(watchlist_feed.feed)
app.add_typer(watchlists.app, name="watchlists")
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(digests.app, name="digest")
app.add_typer(templates.app, name="templates")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(channels.app, name="channels")
app.add_typer(bounces.app, name="bounces")
app.add_typer(keys.app, name="keys")
app.add_typer(database.app, name="db")


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer's callback signature
    if value:
        typer.echo(f"feedwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Watches news feeds for what your watchlists name, and mails digests."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
        code: object = 0
    except SystemExit as left:  # typer has said what was wrong with the call, or showed the help
        code = left.code
    except (CallError, QuerySyntaxError) as error:
        code = _complain(str(error), 2)
    except ConfigError as error:
        count = plural(len(error.problems), "problem")
        told = "\n".join(error.problems)
        code = _complain(f"the configuration cannot be used; {count}:\n{told}", 1)
    except FeedwatchError as error:
        code = _complain(str(error), 1)
    except OSError as error:  # a file or folder that cannot be read or written; anything else is a fault of ours
        if error.filename is None:
            raise
        code = _complain(f"{error.filename}: {error.strerror}", 1)
    except KeyboardInterrupt:
        code = 130
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `feedwatch items | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code if isinstance(code, int) else 0)


def _complain(sentence: str, code: int) -> int:
    stderr.print("[red]feedwatch:[/] ", end="")
    stderr.print(sentence, markup=False, soft_wrap=True)
    return code
