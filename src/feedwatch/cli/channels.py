"""`feedwatch channels`: the other ways than mail, and trying one out."""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    print_json,
    print_table,
    stdout,
)
from feedwatch.deliver.channels import kind_of
from feedwatch.errors import ConfigError, DeliveryError, FeedwatchError
from feedwatch.jobs.channels import channel_problems, try_channel
from feedwatch.jobs.context import utc_now

if TYPE_CHECKING:
    from feedwatch.config import Config

app = typer.Typer(no_args_is_help=True, help="Other ways than mail.")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every channel with its kind, how many subscriptions use it, and what is wrong with it; no secrets."""
    settings = load_config(config).settings
    problems = dict(channel_problems(settings))
    used = [name for subscriber in settings.subscribers for it in subscriber.subscriptions for name in it.channels]
    rows = [
        {"name": name, "kind": kind_of(chosen), "subscriptions": used.count(name), "problem": problems.get(name)}
        for name, chosen in settings.channels.items()
    ]
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            str(row["name"]),
            str(row["kind"]),
            str(row["subscriptions"]),
            Text(str(row["problem"]), style="red") if row["problem"] else Text("ready", style="green"),
        )
        for row in rows
    ]
    empty = "No channels yet: digests go by mail. Name some under channels: in the configuration."
    print_table(("name", "kind", "subscriptions", "state"), cells, empty=empty, widest="name", below="state")


@app.command("test")
def try_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The channel's name.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Send a short test message by a channel, and say what was answered."""
    settings = load_config(config).settings
    if name not in settings.channels:
        near = difflib.get_close_matches(name, settings.channels, n=1)
        known = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(settings.channels) or 'none'}"
        raise CallError(f"the configuration has no channel named {name!r}; {known}")
    try:
        answer = asyncio.run(try_channel(settings, name, utc_now()))
    except DeliveryError as error:
        raise FeedwatchError(f"{name}: {error}") from None
    stdout.print(f"{name}: {answer}", markup=False, soft_wrap=True)


def check_channels(loaded: Config) -> None:
    """Raise ConfigError where a channel of the configuration cannot work. Sends nothing."""
    problems = [f"{loaded.place(('channels', name))}: {said}" for name, said in channel_problems(loaded.settings)]
    if problems:
        raise ConfigError(problems)
