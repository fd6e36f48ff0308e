"""`feedwatch watchlists import` and `export`: files of other monitors in; for spreadsheets and config.yaml, out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import DEFAULT_CONFIG, CallError, ConfigFile, load_config, open_store, plural, stderr, stdout
from feedwatch.cli.watchlist_named import declared_at
from feedwatch.cli.watchlist_options import checked_watchlist
from feedwatch.cli.watchlist_shown import differences
from feedwatch.cli.whole_file import write_whole
from feedwatch.jobs.context import utc_now
from feedwatch.store.definitions import as_stored
from feedwatch.store.store import lock_writers
from feedwatch.store.watchlists import add_watchlist, change_watchlist, list_watchlists, set_watchlist_enabled
from feedwatch.watchlists import DIALECTS, Remark, read_watchlists, write_csv, write_yaml
from feedwatch.watchlists.dialects import ANY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from feedwatch.config import Config
    from feedwatch.model import WatchlistDef
    from feedwatch.store.watchlists import WatchlistRow
    from feedwatch.watchlists import ReadFile

Imported = list[tuple["WatchlistDef", bool]]
"""Definitions, each with whether it is enabled."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What an import does with one watchlist."""

    definition: WatchlistDef
    is_enabled: bool
    before: WatchlistRow | None
    what: str
    """new, changed or same."""


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV, YAML, JSON, or lines of phrases (.txt).", exists=True, dir_okay=False
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")] = False,
    into: Annotated[
        str, typer.Option(metavar="database|config", help="Keep them here, or print them for config.yaml.")
    ] = "database",
    monitor: Annotated[
        str | None,
        typer.Option("--from", metavar="MONITOR", help=f"Who wrote the queries: {', '.join(DIALECTS)}."),
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Take over watchlists from a file of another monitor, or of `export`; says what it changed and what it left out.

    A watchlist that is here by the same name is replaced, unless the configuration declares it.
    """
    loaded = load_config(config)
    if into not in ("database", "config"):
        raise CallError(f"--into {into!r}: expected database or config")
    if monitor is not None and monitor.lower() not in DIALECTS:
        raise CallError(f"--from {monitor!r}: expected one of {', '.join(DIALECTS)}")
    read = read_watchlists(file.read_bytes(), str(file), DIALECTS[monitor.lower()] if monitor else ANY)
    found = _undeclared(_checked(read, loaded), read, loaded)
    if into == "config":
        named = {name: phrases for name, phrases in read.sets.items() if " = " not in name}
        sets = loaded.settings.synonyms | named
        stdout.file.write(write_yaml(found, [as_stored(definition) for definition, _ in found], sets))
    else:
        _into_database(found, loaded, dry_run=dry_run)
    for change in read.changes:
        _tell(file, change)
    for problem in read.problems:
        _tell(file, problem, "left out: ")
    if read.problems:
        stderr.print(f"{plural(len(read.problems), 'problem')}; nothing else was held up by them")
        raise typer.Exit(1)


def _checked(read: ReadFile, loaded: Config) -> Imported:
    """The drafts that make sense as a whole; what does not becomes a problem of the file."""
    found: Imported = []
    for draft in read.drafts:
        values = {"name": draft.name, **draft.values}
        is_enabled = values.pop("enabled", True) is not False
        try:
            found.append((checked_watchlist(values, loaded.settings.synonyms | read.sets, call=False), is_enabled))
        except CallError as error:
            read.problems.append(Remark(draft.line, draft.name, str(error)))
    return found


def _undeclared(found: Imported, read: ReadFile, loaded: Config) -> Imported:
    lines = {draft.name: draft.line for draft in read.drafts}
    own: Imported = []
    for definition, is_enabled in found:
        if place := declared_at(loaded, definition.name):
            said = f"the configuration declares it; change it there: {place}"
            read.problems.append(Remark(lines.get(definition.name, 1), definition.name, said))
        else:
            own.append((definition, is_enabled))
    return own


def _into_database(own: Imported, loaded: Config, *, dry_run: bool) -> None:
    with open_store(loaded) as store:
        if dry_run:
            with store.read() as session:
                steps = _steps(session, own)
        else:
            with store.begin() as session:
                lock_writers(session)
                steps = _steps(session, own)
                for step in steps:
                    _take(session, step)
    counts = {what: sum(step.what == what for step in steps) for what in ("new", "changed", "same")}
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to take over"
    would = "would be taken over" if dry_run else "taken over"
    _say(f"{plural(len(steps), 'watchlist')} {would}: {told}")
    for step in steps:
        _say(f"  {step.what:<8} {step.definition.name}: {_held(step)}")
        if step.before is not None:
            for line in differences(step.before.definition, step.definition):
                _say(f"             {line}")


def _steps(session: Session, own: Imported) -> list[_Step]:
    here = {row.name.casefold(): row for row in list_watchlists(session)}
    steps = []
    for definition, is_enabled in own:
        before = here.get(definition.name.casefold())
        steps.append(_Step(definition, is_enabled, before, _what(definition, before, is_enabled=is_enabled)))
    return steps


def _what(definition: WatchlistDef, before: WatchlistRow | None, *, is_enabled: bool) -> str:
    if before is None:
        return "new"
    is_same = as_stored(before.definition) == as_stored(definition) and before.enabled == is_enabled
    return "same" if is_same else "changed"


def _take(session: Session, step: _Step) -> None:
    now = utc_now()
    if step.before is None:
        add_watchlist(session, step.definition, now)
    else:
        change_watchlist(session, step.before.name, step.definition, now)
    if step.what != "same":
        set_watchlist_enabled(session, step.definition.name, now, enabled=step.is_enabled)


def _held(step: _Step) -> str:
    definition = step.definition
    groups: Mapping[str, int] = {
        "term": len(definition.terms),
        "query": len(definition.queries),
        "exclude": len(definition.exclude),
    }
    counted = [plural(count, what, "queries" if what == "query" else None) for what, count in groups.items() if count]
    return ", ".join(counted) + ("" if step.is_enabled else ", disabled")


def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A .yaml or .csv file; YAML on standard output otherwise.")
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write every watchlist: as YAML that can be pasted into config.yaml, or as CSV; `import` reads both back."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        rows = list_watchlists(session)
    pairs = [(row.definition, row.enabled) for row in rows]
    suffix = file.suffix.lower() if file is not None else ".yaml"
    if suffix == ".csv":
        text = write_csv(pairs)
    elif suffix in (".yaml", ".yml"):
        text = write_yaml(pairs, [as_stored(row.definition) for row in rows], loaded.settings.synonyms)
    else:
        raise CallError(f"{file}: expected a name that ends in .yaml or .csv")
    write_whole([text.encode()], file)
    if file is not None:
        _say(f"{plural(len(rows), 'watchlist')} written to {file}")


def _tell(file: Path, remark: Remark, before: str = "") -> None:
    named = f"{remark.watchlist}: " if remark.watchlist else ""
    stderr.print(f"{file}:{remark.line}: {before}{named}{remark.sentence}", markup=False, soft_wrap=True)


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
