"""`feedwatch sources import` and `export`: OPML in and out."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.adding import taken_by
from feedwatch.cli.common import DEFAULT_CONFIG, ConfigFile, load_config, open_store, plural, stdout
from feedwatch.jobs.context import utc_now
from feedwatch.parse.page import check_selector
from feedwatch.sources.opml import Outline, name_for, read_opml, write_opml
from feedwatch.store.claims import SourceOptions
from feedwatch.store.sources import REMOVED, SourceSpec, add_source, list_sources

if TYPE_CHECKING:
    from feedwatch.store.sources import SourceRow


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file.", exists=True, dir_okay=False)],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add every feed of an OPML file that is not here yet; its folders become tags."""
    loaded = load_config(config)
    opml = read_opml(file.read_bytes(), str(file))
    with open_store(loaded) as store:
        known = taken_by(store, loaded.settings)
        taken = set(known.names)
        fresh = [outline for outline in opml.outlines if outline.url not in known.names_by_url]
        problems = [(outline, problem) for outline in fresh if (problem := _problem(outline))]
        left_out = {outline.url for outline, _ in problems}
        specs = [_spec(outline, taken) for outline in fresh if outline.url not in left_out]
        with store.begin() as session:
            for spec in specs:
                add_source(session, spec, utc_now())
    for outline, problem in problems:
        _say(f"{outline.title or outline.url}: left out: {problem}")
    for warning in opml.warnings:
        _say(warning)
    _say(f"{plural(len(specs), 'source')} added, {len(opml.outlines) - len(fresh)} known already")


def _spec(outline: Outline, taken: set[str]) -> SourceSpec:
    name = name_for(outline, taken)
    taken.add(name)
    return SourceSpec(
        name,
        outline.title,
        outline.url,
        language=outline.language,
        tags=outline.tags,
        kind=outline.kind,
        options=SourceOptions(selectors=outline.selectors),
    )


def _problem(outline: Outline) -> str | None:
    if (outline.kind == "page") != (outline.selectors is not None):
        return "a page needs selectors, and nothing else does"
    for selector in filter(None, dataclasses.astuple(outline.selectors) if outline.selectors else ()):
        try:
            check_selector(selector)
        except ValueError as error:
            return str(error)
    return None


def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write; standard output otherwise.")
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write the sources as OPML 2.0, for other readers and for 'sources import'; tags become folders.

    Local files and what is gone for good or was removed from the configuration are left out.
    """
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_sources(session)
    wanted = [row for row in rows if _is_wanted(row)]
    opml = write_opml(
        [Outline(row.title, row.url, row.language, row.tags, row.kind, row.options.selectors) for row in wanted],
        "feedwatch sources",
    )
    if file is None:
        typer.echo(opml, nl=False)
        return
    file.write_text(opml, encoding="utf-8")
    left_out = f", {len(rows) - len(wanted)} left out" if len(wanted) < len(rows) else ""
    _say(f"{plural(len(wanted), 'source')} written to {file}{left_out}")


def _is_wanted(row: SourceRow) -> bool:
    return row.url.startswith(("http:", "https:")) and row.gone_at is None and row.disabled_why != REMOVED


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
