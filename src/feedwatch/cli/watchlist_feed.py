"""`feedwatch watchlists feed`: the secret URL that any feed reader follows a watchlist by."""

from __future__ import annotations

from typing import Annotated

import typer

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    open_store,
    print_json,
    stdout,
)
from feedwatch.cli.watchlist_named import WatchlistName, watchlist_named
from feedwatch.jobs.watchlist_feed import FORMS, feed_path, feed_url
from feedwatch.store.watchlist_feed import feed_token, stop_feed


def feed(
    name: WatchlistName,
    renew: Annotated[bool, typer.Option("--renew", help="Make another URL; the one before ends.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End the feed: its URL leads nowhere any more.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The URLs of a watchlist's feed, made at the first call. Whoever has one reads it, without a login."""
    if renew and stop:
        raise CallError("--renew and --stop are two ways to end a URL: leave one out")
    loaded = load_config(config)
    settings = loaded.settings
    with open_store(loaded) as store, store.begin() as session:
        row = watchlist_named(session, name, loaded)
        if stop:
            had_one = stop_feed(session, row.name)
            told = "has no feed any more" if had_one else "had no feed"
            stdout.print(f"{row.name} {told}.", markup=False, soft_wrap=True)
            return
        token = feed_token(session, row.name, renew=renew)
    urls = {form: feed_url(settings, token, form) or feed_path(token, form) for form in FORMS}
    if as_json:
        print_json(urls)
        return
    for url in urls.values():
        stdout.print(url, markup=False, soft_wrap=True)
    if settings.web.listen is None:
        stdout.print("Nothing is served, as web.listen is null in the configuration.", markup=False)
    elif settings.web.public_url is None:
        hint = "These are paths: set web.public_url to how the world reaches feedwatch, for whole URLs."
        stdout.print(hint, markup=False, soft_wrap=True)
