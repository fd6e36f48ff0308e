"""`feedwatch stories`: the archive's stories listed, read, and exported."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.archive import phrase, reading, stories_of, story_to_export
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.exporting import Bom, Export, Output, check_export, export_stories
from feedwatch.cli.filtering import (
    LISTED,
    AtMost,
    InLanguage,
    OfSources,
    OfWatchlist,
    Since,
    Until,
    WithText,
    filters,
    named,
)
from feedwatch.cli.item_shown import also_in
from feedwatch.cli.numbered import number_in
from feedwatch.cluster.representative import representative
from feedwatch.store.items import list_stories, show_item, show_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from feedwatch.store.items import StoryDetail, StoryMember, StoryRow


def stories(
    what: Annotated[
        str | None,
        typer.Argument(metavar="NUMBER", help="A story's number, to see its items.", show_default=False),
    ] = None,
    source: OfSources = None,
    watchlist: OfWatchlist = None,
    language: InLanguage = None,
    since: Since = None,
    until: Until = None,
    text: WithText = None,
    limit: AtMost = None,
    export: Export = None,
    output: Output = None,
    bom: Bom = False,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List the newest stories, see one, or export them. The items that report one text are one story."""
    story_id = number_in(what, "a story", "stories")
    check_export(export, output, bom=bom, as_json=as_json, is_single=story_id is not None)
    found_by = phrase(text)
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        if story_id is not None:
            _show(session, story_id, as_json=as_json)
            return
        wanted = filters(session, source, watchlist, language, since, until)
        if export is not None:
            with reading(is_quiet=output is None and stdout.is_terminal) as status:
                found = islice(stories_of(session, wanted, found_by, status), limit)
                export_stories(
                    map(story_to_export, found),
                    export,
                    output,
                    named(loaded, source, watchlist, language, text),
                    bom=bom,
                    html_of=lambda item_id: _html(session, item_id),
                )
            return
        most = limit or LISTED
        rows: Sequence[StoryRow]
        if found_by is None and len(wanted) == 1:
            rows = list_stories(session, wanted[0], most, representative)
        else:
            with reading() as status:
                rows = [detail.row for detail in islice(stories_of(session, wanted, found_by, status), most)]
    if as_json:
        print_json(rows)
    else:
        _print_rows(rows)


def _print_rows(rows: Sequence[StoryRow]) -> None:
    cells = [
        (
            str(row.id), local(row.published_at), str(row.item_count), ", ".join(row.sources),
            ", ".join(row.languages), row.title, ", ".join(row.watchlists), "; ".join(map(also_in, row.related)),
        )
        for row in rows
    ]  # fmt: skip
    columns = ("id", "published", "items", "sources", "languages", "title", "matched by", "also in")
    below = {"sources": "in ", "matched by": "matched by ", "also in": "also in "}
    print_table(columns, cells, empty="No stories here.", widest="title", below=below, where_room={"languages"})


def _show(session: Session, story_id: int, *, as_json: bool) -> None:
    detail = show_story(session, story_id, representative)
    if detail is None:
        raise CallError(f"there is no story {story_id}; see 'feedwatch stories'")
    if as_json:
        print_json(detail)
        return
    row = detail.row
    stdout.print(Text(row.title, style="bold"))
    where = f"{plural(row.item_count, 'item')} in {plural(len(row.sources), 'source')}"
    _dim(f"story {row.id}: {where}, {', '.join(row.languages)}")
    if row.watchlists:
        _dim(f"matched by {', '.join(row.watchlists)}")
    for member in detail.items:
        stdout.print()
        _print_member(member, detail)
    if detail.related:
        stdout.print()
    for related in detail.related:
        stdout.print(Text(f"also in {also_in(related)}"))
        _dim(f"  {related.url}")


def _print_member(member: StoryMember, detail: StoryDetail) -> None:
    stands = ", stands for the story" if member.item_id == detail.row.item_id and len(detail.items) > 1 else ""
    stdout.print(
        Text(f"{local(member.published_at)}  {member.source or member.source_name}, {member.language}").append(
            f"  item {member.item_id}{stands}", style="dim"
        )
    )
    if member.title != detail.row.title:
        stdout.print(Text(f"  {member.title}"))
    if member.url:
        _dim(f"  {member.url}")


def _dim(line: str) -> None:
    stdout.print(Text(line, style="dim"), soft_wrap=True)


def _html(session: Session, item_id: int) -> str:
    detail = show_item(session, item_id)
    return "" if detail is None else detail.html
