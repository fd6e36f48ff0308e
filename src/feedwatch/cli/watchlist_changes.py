"""`feedwatch watchlists add`, `change`, `enable`, `disable` and `remove`: of what is not declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import DEFAULT_CONFIG, CallError, ConfigFile, load_config, open_store, plural, stdout
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.watchlist_named import WatchlistName, declared_at, watchlist_named
from feedwatch.cli.watchlist_options import (
    DescriptionOption,
    ExactOption,
    ExcludeOption,
    LanguageOption,
    MinScoreOption,
    ModeOption,
    OwnerOption,
    PriorityOption,
    QueryOption,
    SourceOption,
    StemOption,
    SynonymsOption,
    TagOption,
    TermOption,
    checked_watchlist,
    written_queries,
)
from feedwatch.cli.watchlist_shown import differences, doubts_of
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.model import query_def
from feedwatch.store.definitions import as_stored
from feedwatch.store.store import lock_writers
from feedwatch.store.watchlists import add_watchlist, change_watchlist, remove_watchlist, set_watchlist_enabled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from feedwatch.config import Config
    from feedwatch.model import WatchlistDef

_REPLACED = ("mode", "synonyms", "languages", "sources", "tags", "min_score", "priority", "description", "owner")
"""What a call gives anew; terms, queries and excludes are added to those there are."""


def add(
    name: WatchlistName,
    term: TermOption = None,
    query: QueryOption = None,
    exclude: ExcludeOption = None,
    exact: ExactOption = False,
    stem: StemOption = None,
    mode: ModeOption = None,
    synonyms: SynonymsOption = None,
    language: LanguageOption = None,
    source: SourceOption = None,
    tag: TagOption = None,
    min_score: MinScoreOption = None,
    priority: PriorityOption = None,
    description: DescriptionOption = None,
    owner: OwnerOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a watchlist; items that come from now on are matched with it. Lists: give an option again for each entry."""
    loaded = load_config(config)
    called = " ".join(name.split())
    if not called:
        raise CallError("a watchlist needs a name")
    given = (mode, synonyms, language, source, tag, min_score, priority, description, owner)
    values = dict(zip(_REPLACED, given, strict=True)) | _more(term, query, exclude, exact=exact, stem=stem)
    definition = checked_watchlist(values | {"name": called}, loaded.settings.synonyms)
    _refuse_declared(loaded, definition.name, "the configuration declares a watchlist of this name")
    with open_store(loaded) as store, store.begin() as session:
        try:
            add_watchlist(session, definition, utc_now())
        except StoreError as error:
            again = to_paste(config, "watchlists", "change", definition.name)
            raise CallError(f"{error}; to change it:\n  {again} ...") from None
    _say(f"added {definition.name!r}; it matches what comes from now on")
    _hint(config, definition)


def change(
    name: WatchlistName,
    term: TermOption = None,
    query: QueryOption = None,
    exclude: ExcludeOption = None,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", metavar="TEXT", help="The term, query or exclude to take out, as written."),
    ] = None,
    exact: ExactOption = False,
    stem: StemOption = None,
    mode: ModeOption = None,
    synonyms: SynonymsOption = None,
    language: LanguageOption = None,
    source: SourceOption = None,
    tag: TagOption = None,
    min_score: MinScoreOption = None,
    priority: PriorityOption = None,
    description: DescriptionOption = None,
    owner: OwnerOption = None,
    rename: Annotated[str | None, typer.Option(metavar="NAME", help="Its new name.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Change a watchlist that was added: terms, queries and excludes are added, everything else is replaced.

    An empty text takes a limit away: --language "" for any language. What has matched stays.
    """
    loaded = load_config(config)
    more = _more(term, query, exclude, exact=exact, stem=stem)
    _refuse_declared(loaded, name, f"{name!r} is declared by the configuration")
    with open_store(loaded) as store, store.begin() as session:
        lock_writers(session)
        row = watchlist_named(session, name)
        values = as_stored(row.definition)
        sets = {f"set {number}": phrases for number, phrases in enumerate(row.definition.synonyms)}
        values["synonyms"] = list(sets)
        for key, entries in more.items():
            kept = [entry for entry in values.get(key, ()) if _text(entry) not in (drop or ())]
            values[key] = [*kept, *(entry for entry in entries if entry not in kept)]
        _refuse_unknown(drop or (), row.definition)
        given = (mode, synonyms, language, source, tag, min_score, priority, description, owner)
        called = None if rename is None else " ".join(rename.split())
        values |= {
            key: [entry for entry in value if entry] if isinstance(value, list) else value
            for key, value in (*zip(_REPLACED, given, strict=True), ("name", called))
            if value is not None
        }
        definition = checked_watchlist(values, loaded.settings.synonyms | sets)
        try:
            is_other = change_watchlist(session, row.name, definition, utc_now())
        except StoreError as error:
            raise CallError(str(error)) from None
    if not is_other:
        _say(f"{row.name!r} is like that already; nothing was changed")
        return
    _say(f"changed {row.name!r} to version {row.version + 1}; it matches what comes from now on")
    for line in differences(row.definition, definition):
        _say(f"  {line}")
    _hint(config, definition)


def enable(name: WatchlistName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Match with a watchlist again."""
    _switch(name, config, enabled=True)


def disable(name: WatchlistName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Match with a watchlist no more; what it matched stays, and no digest tells of it."""
    _switch(name, config, enabled=False)


def _switch(name: str, config: Path, *, enabled: bool) -> None:
    loaded = load_config(config)
    _refuse_declared(loaded, name, f"{name!r} is declared by the configuration", key="enabled")
    with open_store(loaded) as store, store.begin() as session:
        lock_writers(session)
        row = watchlist_named(session, name)
        is_new = set_watchlist_enabled(session, row.name, utc_now(), enabled=enabled)
    state = "enabled" if enabled else "disabled"
    _say(f"{state} {row.name!r}" if is_new else f"{row.name!r} is {state} already")


def remove(name: WatchlistName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Forget a watchlist and what it matched, unless a subscription or a digest names it."""
    loaded = load_config(config)
    _refuse_declared(loaded, name, f"{name!r} is declared by the configuration")
    with open_store(loaded) as store, store.begin() as session:
        lock_writers(session)
        row = watchlist_named(session, name)
        try:
            matches = remove_watchlist(session, row.name)
        except StoreError as error:
            raise CallError(f"{error}:\n  {to_paste(config, 'watchlists', 'disable', row.name)}") from None
    _say(f"removed {row.name!r}" + (f" and {plural(matches, 'match', 'matches')} of it" if matches else ""))


def _refuse_declared(loaded: Config, name: str, said: str, *, key: str = "") -> None:
    """Raise CallError, which says where the configuration has it."""
    if place := declared_at(loaded, name, key):
        raise CallError(f"{said}; change it there:\n  {place}")


def _more(
    term: list[str] | None, query: list[str] | None, exclude: list[str] | None, *, exact: bool, stem: str | None
) -> dict[str, Sequence[object]]:
    """What is to be found or left out, under the keys of a watchlist."""
    if not query and (exact or stem):
        option = "--exact" if exact else "--stem"
        raise CallError(f"{option} says how the queries of this call are read: give a --query with it")
    queries = written_queries(query or (), exact=exact, stem=stem)
    return {"terms": term or [], "queries": queries, "exclude": exclude or []}


def _refuse_unknown(dropped: Iterable[str], definition: WatchlistDef) -> None:
    held = {*definition.terms, *(query_def(query).text for query in (*definition.queries, *definition.exclude))}
    for text in dropped:
        if text not in held:
            listed = "".join(f"\n  {entry}" for entry in sorted(held))
            raise CallError(f"--drop {text!r}: {definition.name!r} has no such term or query; it has:{listed}")


def _text(written: object) -> object:
    return written["query"] if isinstance(written, dict) else written


def _hint(config: Path, definition: WatchlistDef) -> None:
    for line in doubts_of(definition):
        _say(line)
    _say(f"To match the archive with it too:\n  {to_paste(config, 'watchlists', 'backfill', definition.name)}")


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
