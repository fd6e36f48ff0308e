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
from feedwatch.match import Matcher, check_query
from feedwatch.model import WatchlistDef
from feedwatch.store.items import ItemFilter, read_items

if TYPE_CHECKING:
    from feedwatch.model import Item, Match
    from feedwatch.store.items import ItemRow


def match(
    query: Annotated[str, typer.Argument(help="In single quotes: '\"Greater Bay Area\" AND NOT basketball'")],
    since: Since = None,
    limit: Limit = 20,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Try a query on the stored items: what it would have matched, newest first."""
    check_query(query)
    loaded = load_config(config)
    wanted = ItemFilter(since=parse_when("--since", since))
    matcher = Matcher([(WatchlistDef("query", queries=(query,)), 1)])
    found: list[tuple[ItemRow, Item, Match]] = []
    read = total = 0
    # The spinner is drawn on a terminal alone.
    with open_store(loaded) as store, store.read() as session, stderr.status("Reading the archive") as status:
        for row, item in read_items(session, wanted):
            read += 1
            if read % 1000 == 0:
                status.update(f"Reading the archive: {plural(total, 'item')} of {read:,} matched")
            for hit in matcher.match(item):
                total += 1
                if len(found) < limit:
                    found.append((row, item, hit))
    if as_json:
        print_json([{"item": row, "score": hit.score, "spans": hit.spans} for row, _, hit in found])
        return
    for row, item, hit in found:
        stdout.print(marked(item.title, [(s.start, s.end) for s in hit.spans if s.field == "title"], "bold"))
        stdout.print(
            Text(f"  item {row.id}, {row.source}, {local(row.published_at)}, {row.url}", style="dim"), soft_wrap=True
        )
        passage, spans = best_passage(item.text, [(s.start, s.end) for s in hit.spans if s.field == "text"], width=240)
        stdout.print(Text("  ") + marked(passage, spans))
    matched = f"{plural(total, 'item')} of {read:,} matched"
    more = f"; the newest {len(found)} are shown, --limit shows more" if total > len(found) else ""
    stdout.print(Text(matched + more, style="bold"))
