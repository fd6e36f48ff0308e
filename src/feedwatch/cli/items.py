"""`feedwatch items`: the archive's items listed, read, compared with their earlier texts, and exported."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.archive import items_of, newest_items, phrase, reading, to_export
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    local,
    open_store,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.exporting import Bom, Export, Output, check_export, export_items
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
from feedwatch.cli.item_shown import show_item_whole
from feedwatch.cli.numbered import number_in
from feedwatch.cluster.representative import representative
from feedwatch.store.items import show_item, show_story
from feedwatch.store.revisions import item_history

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def items(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="NUMBER|rules",
            help="An item's number, to read it whole; or rules, for what is cleaned from texts.",
            show_default=False,
        ),
    ] = None,
    source: OfSources = None,
    watchlist: OfWatchlist = None,
    language: InLanguage = None,
    since: Since = None,
    until: Until = None,
    text: WithText = None,
    limit: AtMost = None,
    history: Annotated[bool, typer.Option("--history", help="Of one item: how its text changed.")] = False,
    export: Export = None,
    output: Output = None,
    bom: Bom = False,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List the newest items, read one, or export them."""
    if what == "rules":
        from feedwatch.cli.rules_shown import show_rules  # noqa: PLC0415 - for this alone

        show_rules(as_json=as_json)
        return
    item_id = number_in(what, "an item", "items")
    check_export(export, output, bom=bom, as_json=as_json, is_single=item_id is not None)
    if history and item_id is None:
        raise CallError("--history is of one item: give its number, as in 'feedwatch items 12 --history'")
    found_by = phrase(text)
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        if item_id is not None:
            _show(session, item_id, as_history=history, as_json=as_json)
            return
        wanted = filters(session, source, watchlist, language, since, until)
        if export is not None:
            with reading(is_quiet=output is None and stdout.is_terminal) as status:
                found = islice(items_of(session, wanted, found_by, status), limit)
                about = named(loaded, source, watchlist, language, text)
                export_items(to_export(session, found), export, output, about, bom=bom)
            return
        most = limit or LISTED
        if found_by is None:
            rows = newest_items(session, wanted, most)
        else:
            with reading() as status:
                rows = [row for row, _ in islice(items_of(session, wanted, found_by, status), most)]
    if as_json:
        print_json(rows)
        return
    cells = [(str(r.id), local(r.published_at), r.source, r.title, ", ".join(r.watchlists)) for r in rows]
    columns = ("id", "published", "source", "title", "matched by")
    print_table(columns, cells, empty="No items here.", widest="title", below="matched by")


def _show(session: Session, item_id: int, *, as_history: bool, as_json: bool) -> None:
    detail = show_item(session, item_id, representative)
    if detail is None:
        raise CallError(f"there is no item {item_id}; see 'feedwatch items'")
    if as_history:
        history = item_history(session, item_id)
        if as_json:
            print_json(history)
            return
        from feedwatch.cli.history_shown import show_history  # noqa: PLC0415 - for this alone

        show_history(detail.row, history)
    elif as_json:
        print_json(detail)
    else:
        show_item_whole(detail, show_story(session, detail.row.story_id, representative))
