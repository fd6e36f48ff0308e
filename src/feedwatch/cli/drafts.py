"""Watchlists that are not saved: one with something added, and one that stands in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feedwatch import config, yamlfile
from feedwatch.cli.common import CallError
from feedwatch.cli.filtering import nearest
from feedwatch.cli.watchlist_named import watchlist_named
from feedwatch.cli.watchlist_options import checked_watchlist
from feedwatch.jobs.provision import watchlist_def
from feedwatch.match import check_query, check_term
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.config import Config
    from feedwatch.model import WatchlistDef

_FILES = (".yaml", ".yml", ".json")


def drafted(
    definition: WatchlistDef,
    terms: Sequence[str] | None,
    queries: Sequence[str] | None,
    exclude: Sequence[str] | None,
) -> WatchlistDef:
    """The watchlist with these added. Raises QuerySyntaxError for what cannot be read."""
    for term in terms or ():
        check_term(term)
    for query in (*(queries or ()), *(exclude or ())):
        check_query(query)
    return replace(
        definition,
        terms=(*definition.terms, *(terms or ())),
        queries=(*definition.queries, *(queries or ())),
        exclude=(*definition.exclude, *(exclude or ())),
    )


def compared_with(session: Session, loaded: Config, other: str, name: str) -> WatchlistDef:
    """What `--against` names: another watchlist, or a file.

    The file is a configuration with a watchlist of this name, or the keys of one watchlist by themselves. Raises
    CallError and ConfigError.
    """
    rows = list_watchlists(session, other)
    if rows:
        return rows[0].definition
    path = Path(other)
    if path.is_file():
        return _in_file(path, name, loaded)
    if path.suffix.lower() in _FILES:
        raise CallError(f"--against {other!r}: there is no such file")
    return watchlist_named(session, other).definition


def _in_file(path: Path, name: str, loaded: Config) -> WatchlistDef:
    try:
        read = yamlfile.read_yaml(path.read_text(encoding="utf-8-sig"), {})
    except UnicodeDecodeError:
        raise CallError(f"--against {path}: not UTF-8 text; save the file in UTF-8") from None
    if isinstance(read.values, Mapping) and "watchlists" not in read.values and not read.problems:
        try:
            return checked_watchlist({**read.values, "name": name}, loaded.settings.synonyms, call=False)
        except CallError as error:
            raise CallError(f"--against {path}: {error}") from None
    settings = config.load(path).settings
    declared = {watchlist.name.casefold(): watchlist for watchlist in settings.watchlists}
    if name.casefold() not in declared:
        near = nearest(name, declared)
        meant = f"; the nearest is {declared[near].name!r}" if near else ""
        raise CallError(f"--against {path}: it declares no watchlist named {name!r}{meant}")
    return watchlist_def(declared[name.casefold()], settings.synonyms)
