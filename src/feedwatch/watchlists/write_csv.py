"""Watchlists as CSV that spreadsheets open and `read_watchlists` reads back: a row a term or query."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from feedwatch.model import query_def
from feedwatch.watchlists.cells import joined
from feedwatch.watchlists.csv_file import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedwatch.model import WatchlistDef


def write_csv(watchlists: Iterable[tuple[WatchlistDef, bool]]) -> str:
    """The definitions, each with whether it is enabled; with a byte order mark, as Excel wants it for UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for definition, is_enabled in watchlists:
        about = _about(definition) | ({} if is_enabled else {"enabled": "no"})
        for row in _rows(definition):
            writer.writerow({"name": definition.name, **about, **row})
            about = {}
    return "\ufeff" + out.getvalue()


def _about(definition: WatchlistDef) -> dict[str, str]:
    """What stands in the first row alone."""
    sets = (joined(phrases, "=;\n", between=" = ") for phrases in definition.synonyms)
    about = {
        "mode": definition.mode if definition.mode != "any" else "",
        "languages": joined(definition.languages),
        "sources": joined(definition.sources),
        "tags": joined(definition.tags),
        "min_score": f"{definition.min_score!r}" if definition.min_score else "",
        "priority": str(definition.priority or ""),
        "synonyms": joined(sets, ";\n"),
        "owner": definition.owner,
        "description": definition.description,
    }
    return {key: text for key, text in about.items() if text}


def _rows(definition: WatchlistDef) -> Iterator[dict[str, str]]:
    yield from ({"term": joined([term])} for term in definition.terms)
    for column, queries in (("query", definition.queries), ("exclude_query", definition.exclude)):
        for query in map(query_def, queries):
            options = {"exact": "yes"} if query.exact else {"stem": query.stem} if query.stem else {}
            yield {column: query.text, **options}
