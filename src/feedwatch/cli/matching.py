"""`feedwatch match`: a query tried on the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    Limit,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    stderr,
    stdout,
)
from feedwatch.cli.filtering import Since, parse_when
from feedwatch.cli.item_shown import marked
from feedwatch.digest.snippet import best_passage
from feedwatch.jobs.archive_search import search_archive
from feedwatch.match import query_warnings
from feedwatch.match.planning import unplanned_part
from feedwatch.model import QueryDef, WatchlistDef
from feedwatch.store.filters import ItemFilter, count_items
from feedwatch.store.index import count_unindexed
from feedwatch.store.rarity import read_rarity

if TYPE_CHECKING:
    from feedwatch.jobs.archive_search import Found


_LARGE = 20_000
"""Items that are read one by one within some seconds."""


def match(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="In single quotes: '\"Greater Bay Area\" AND NOT basketball'")
    ],
    since: Since = None,
    limit: Limit = 20,
    exact: Annotated[bool, typer.Option("--exact", help="Words only as written, case and accents too.")] = False,
    stem: Annotated[
        str, typer.Option("--stem", metavar="LANG", help="Other forms of the words too, in items of this language.")
    ] = "",
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Try a query on the stored items: what it would have matched, newest first."""
    asked = QueryDef(query, exact=exact, stem=stem)
    for warning in query_warnings(asked):
        stderr.print(Text(f"Warning: {warning}"), soft_wrap=True)
    loaded = load_config(config)
    wanted = ItemFilter(since=parse_when("--since", since))
    definition = WatchlistDef("query", queries=(asked,))
    found: list[Found] = []
    total = 0
    # The spinner is drawn on a terminal alone.
    with open_store(loaded) as store, store.read() as session, stderr.status("Searching the archive") as status:
        searched = count_items(session, wanted)
        _tell_what_is_slow(asked, searched, count_unindexed(session))
        for hit in search_archive(session, definition, wanted, read_rarity(session)):
            total += 1
            if len(found) < limit:
                found.append(hit)
            if total % 1000 == 0:
                status.update(f"Searching the archive: {plural(total, 'item')} matched")
    if as_json:
        print_json([{"item": hit.row, "score": hit.match.score, "spans": hit.match.spans} for hit in found])
        return
    for hit in found:
        _print(hit)
    matched = f"{plural(total, 'item')} of {searched:,} matched"
    more = f"; the newest {len(found)} are shown, --limit shows more" if total > len(found) else ""
    stdout.print(Text(matched + more, style="bold"))


def _tell_what_is_slow(query: QueryDef, searched: int, unindexed: int) -> None:
    """Why a search of a large archive will take its time, and what can be done."""
    part = unplanned_part(query)
    if part is not None and searched > _LARGE:
        stderr.print(
            Text(
                f"The index cannot tell which items {part} finds, so that all {searched:,} are read: "
                f"a word beside it (as in bridge AND {part}) or --since makes this faster"
            ),
            soft_wrap=True,
        )
    elif min(unindexed, searched) > _LARGE:
        stderr.print(
            Text(f"{plural(unindexed, 'item')} are not indexed yet, and are read: the daemon is at it"), soft_wrap=True
        )


def _print(hit: Found) -> None:
    row, item, spans = hit.row, hit.item, hit.match.spans
    stdout.print(marked(item.title, [(s.start, s.end) for s in spans if s.field == "title"], "bold"))
    stdout.print(
        Text(f"  item {row.id}, {row.source}, {local(row.published_at)}, {row.url}", style="dim"), soft_wrap=True
    )
    passage, marks = best_passage(item.text, [(s.start, s.end) for s in spans if s.field == "text"], width=240)
    stdout.print(Text("  ") + marked(passage, marks))
