"""CSV (RFC 4180): commas, quotes where they are needed, CRLF, a first line of column names, UTF-8."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from feedwatch.export.values import ExportedItem, ExportedStory, rfc3339

Cell = str | int

ITEM_COLUMNS = (
    "id", "story_id", "source", "published_at", "published_from", "language", "title", "url", "watchlists", "queries",
    "authors", "place", "origin", "canonical", "tags", "text", "updated_at", "doubted_date", "first_seen_at",
    "revision", "guid", "comments", "image", "enclosures",
)  # fmt: skip
STORY_COLUMNS = (
    "id", "item_id", "published_at", "source", "language", "title", "url", "item_count", "sources", "languages",
    "watchlists", "urls", "related",
)  # fmt: skip
BETWEEN = "; "
"""Parts the values of a cell that has several."""

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_HALVES = re.compile("[\ud800-\udfff]")


def items_as_csv(items: Iterable[ExportedItem], *, bom: bool = False) -> Iterator[bytes]:
    """A record an item, after one of `ITEM_COLUMNS`; `bom` puts U+FEFF in front, by which Excel knows UTF-8."""
    return _records(ITEM_COLUMNS, map(_item_cells, items), bom=bom)


def stories_as_csv(stories: Iterable[ExportedStory], *, bom: bool = False) -> Iterator[bytes]:
    """A record a story, after one of `STORY_COLUMNS`; `bom` as for items."""
    return _records(STORY_COLUMNS, map(_story_cells, stories), bom=bom)


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program would take it for a formula.

    Also where apostrophes stand before such a beginning, so that `unguarded` gives back every text as it was.
    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of which `guarded` made the cell."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _records(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")

    def record(row: Sequence[Cell]) -> bytes:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_storable(guarded(cell)) if isinstance(cell, str) else cell for cell in row])
        return buffer.getvalue().encode()

    yield (BOM_UTF8 if bom else b"") + record(columns)
    for row in rows:
        yield record(row)


def _storable(text: str) -> str:
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def _item_cells(exported: ExportedItem) -> Sequence[Cell]:
    item = exported.item
    queries = dict.fromkeys(query for match in exported.matches for query in match.queries)
    return (
        exported.id, exported.story_id, exported.source, rfc3339(item.published_at), item.published_from,
        item.language, item.title, item.url, _joined(match.watchlist for match in exported.matches), _joined(queries),
        _joined(item.authors), item.place, item.origin, item.canonical, _joined(item.tags), item.text,
        _time(item.updated_at), item.doubted_date, rfc3339(exported.first_seen_at), exported.revision, item.guid,
        item.comments, item.image, _joined(enclosure.url for enclosure in item.enclosures),
    )  # fmt: skip


def _story_cells(story: ExportedStory) -> Sequence[Cell]:
    return (
        story.id, story.item_id, rfc3339(story.published_at), story.source, story.language, story.title, story.url,
        len(story.items), _joined(story.sources), _joined(story.languages), _joined(story.watchlists),
        _joined(copy.url for copy in story.items if copy.url), _joined(str(it.story_id) for it in story.related),
    )  # fmt: skip


def _joined(values: Iterable[str]) -> str:
    return BETWEEN.join(values)


def _time(moment: datetime | None) -> str:
    return "" if moment is None else rfc3339(moment)
