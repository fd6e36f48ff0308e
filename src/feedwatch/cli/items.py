"""`items`, `stories` and `match`: looking into the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    Limit,
    load_config,
    local,
    open_store,
    parse_since,
    plural,
    print_json,
    print_table,
    stderr,
    stdout,
)
from feedwatch.digest.snippet import best_passage
from feedwatch.match import Matcher, check_query
from feedwatch.model import Item, Match, WatchlistDef
from feedwatch.store.items import ItemFilter, ItemRow, list_items, list_stories, read_items, show_item
from feedwatch.store.sources import list_sources
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Since = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Published since: an age such as 7d, or a date.")
]
OfSource = Annotated[str | None, typer.Option("--source", metavar="NAME", help="From this source alone.")]
OfWatchlist = Annotated[
    str | None, typer.Option("--watchlist", metavar="NAME", help="Matched by this watchlist alone.")
]
InLanguage = Annotated[str | None, typer.Option("--language", metavar="CODE", help="In this language, such as zh.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(items)
    app.command()(stories)
    app.command()(match)


def items(
    item: Annotated[int | None, typer.Argument(help="An item's number, to read it whole.")] = None,
    source: OfSource = None,
    watchlist: OfWatchlist = None,
    language: InLanguage = None,
    since: Since = None,
    limit: Limit = 20,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List the newest items, or read one."""
    loaded = load_config(config)
    if item is not None:
        with open_store(loaded) as store, store.read() as session:
            detail = show_item(session, item)
        if detail is None:
            raise CallError(f"there is no item {item}; see 'feedwatch items'")
        if as_json:
            print_json(detail)
            return
        row = detail.row
        spans = [span for _, _, _, spans in detail.matches for span in spans]
        stdout.print(_marked(row.title, [(s.start, s.end) for s in spans if s.field == "title"], "bold"))
        facts = [
            f"{row.source}, {local(row.published_at)} (time from: {row.published_from}), {row.language}",
            row.url,
            f"story {row.story_id}, revision {row.revision}",
            f"tags: {', '.join(detail.tags)}" if detail.tags else "",
            f"by {', '.join(detail.authors)}" if detail.authors else "",
            f"taken over from: {detail.origin}" if detail.origin else "",
            f"comments: {detail.comments}" if detail.comments else "",
            f"picture: {detail.image}" if detail.image else "",
        ]
        facts += [f"file: {file.url}" + (f" ({file.type})" if file.type else "") for file in detail.enclosures]
        facts += [
            f"matched by {name!r} ({score:.2f}): {', '.join(queries)}" for name, score, queries, _ in detail.matches
        ]
        for fact in filter(None, facts):
            stdout.print(Text(fact, style="dim"), soft_wrap=True)
        stdout.print()
        stdout.print(_marked(detail.text, [(s.start, s.end) for s in spans if s.field == "text"]), soft_wrap=False)
        return
    wanted = ItemFilter(source=source, watchlist=watchlist, language=language, since=parse_since(since))
    with open_store(loaded) as store, store.read() as session:
        _check_names(session, wanted)
        rows = list_items(session, wanted, limit)
    if as_json:
        print_json(rows)
        return
    cells = [(str(r.id), local(r.published_at), r.source, r.title, ", ".join(r.watchlists)) for r in rows]
    columns = ("id", "published", "source", "title", "matched by")
    print_table(columns, cells, empty="No items here.", widest="title", below="matched by")


def stories(
    source: OfSource = None,
    watchlist: OfWatchlist = None,
    language: InLanguage = None,
    since: Since = None,
    limit: Limit = 20,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List the newest stories: the items that report one text, once."""
    loaded = load_config(config)
    wanted = ItemFilter(source=source, watchlist=watchlist, language=language, since=parse_since(since))
    with open_store(loaded) as store, store.read() as session:
        _check_names(session, wanted)
        rows = list_stories(session, wanted, limit)
    if as_json:
        print_json(rows)
        return
    cells = [
        (str(r.id), local(r.published_at), str(r.item_count), ", ".join(r.sources), r.title, ", ".join(r.watchlists))
        for r in rows
    ]
    columns = ("id", "published", "items", "sources", "title", "matched by")
    print_table(columns, cells, empty="No stories here.", widest="title", below="matched by", where_room={"sources"})


def _check_names(session: Session, wanted: ItemFilter) -> None:
    """A name that nothing has is a slip of the pen, not an empty list."""
    if wanted.source is not None and not list_sources(session, [wanted.source]):
        raise CallError(f"there is no source named {wanted.source!r}; see 'feedwatch sources list'")
    if wanted.watchlist is not None and not list_watchlists(session, wanted.watchlist):
        raise CallError(f"there is no watchlist named {wanted.watchlist!r}; see 'feedwatch watchlists list'")


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
    oldest = parse_since(since)
    matcher = Matcher([(WatchlistDef("query", queries=(query,)), 1)])
    found: list[tuple[ItemRow, Item, Match]] = []
    read = total = 0
    # The spinner is drawn on a terminal alone.
    with open_store(loaded) as store, store.read() as session, stderr.status("Reading the archive") as status:
        for row, item in read_items(session, oldest):
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
        stdout.print(_marked(item.title, [(s.start, s.end) for s in hit.spans if s.field == "title"], "bold"))
        stdout.print(
            Text(f"  item {row.id}, {row.source}, {local(row.published_at)}, {row.url}", style="dim"), soft_wrap=True
        )
        passage, spans = best_passage(item.text, [(s.start, s.end) for s in hit.spans if s.field == "text"], width=240)
        stdout.print(Text("  ") + _marked(passage, list(spans)))
    matched = f"{plural(total, 'item')} of {read:,} matched"
    more = f"; the newest {len(found)} are shown, --limit shows more" if total > len(found) else ""
    stdout.print(Text(matched + more, style="bold"))


def _marked(text: str, spans: list[tuple[int, int]], style: str = "") -> Text:
    shown = Text(text, style=style)
    for start, end in spans:
        shown.stylize("bold black on yellow", start, end)
    return shown
