"""The watchlist that a command is given by its name, and where the configuration declares it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import CallError, stderr
from feedwatch.match import unreadable
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.config import Config
    from feedwatch.store.watchlists import WatchlistRow

WatchlistName = Annotated[str, typer.Argument(metavar="NAME", help="The watchlist's name, in quotes if it has spaces.")]


def watchlist_named(session: Session, name: str, loaded: Config | None = None) -> WatchlistRow:
    """The watchlist of this name, its case not minded. Raises CallError, which names the nearest.

    Given the configuration, it tells where a watchlist is declared that the daemon has not taken over yet. What of the
    watchlist cannot be read is told on stderr.
    """
    rows = list_watchlists(session, name)
    if rows:
        for problem in unreadable(rows[0].definition):
            stderr.print(f"warning: {problem}", markup=False, soft_wrap=True)
        return rows[0]
    if loaded is not None and (place := declared_at(loaded, name)):
        raise CallError(f"{name!r} is declared, and taken over when the daemon starts or gets SIGHUP:\n  {place}")
    spoken = {row.name.casefold(): row.name for row in list_watchlists(session)}
    near = difflib.get_close_matches(name.casefold(), spoken, n=1, cutoff=0.4)
    begun = [spoken[key] for key in spoken if key.startswith(name.casefold())]
    guess = (begun[:1] if len(begun) == 1 else []) or [spoken[key] for key in near]
    meant = f"did you mean {guess[0]!r}? See" if guess else "see"
    raise CallError(f"there is no watchlist named {name!r}; {meant} 'feedwatch watchlists list'")


def declared_at(loaded: Config, name: str, key: str = "") -> str:
    """`config.yaml:85: watchlists[0]` (or a key of it) where the configuration declares it; else empty."""
    for number, watchlist in enumerate(loaded.settings.watchlists):
        if watchlist.name.casefold() == name.casefold():
            return loaded.place(("watchlists", number, key) if key else ("watchlists", number))
    return ""
