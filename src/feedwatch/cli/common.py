"""What the commands share: the configuration, the database, and how things are printed."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedwatch import config
from feedwatch.config import Config
from feedwatch.errors import FeedwatchError
from feedwatch.ops import set_up_logging
from feedwatch.store import Store

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", metavar="FILE", envvar="FEEDWATCH_CONFIG", help="The configuration.")
]
DEFAULT_CONFIG = Path("config.yaml")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, max=1_000_000, help="The most listed.")]


_NUMBERS = {
    "id",
    "items",
    "stories",
    "queries",
    "edition",
    "editions",
    "tries",
    "status",
    "ms",
    "bytes",
    "new",
    "matches",
}
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))
_WIDE = 110
_NARROW = 30


class CallError(FeedwatchError):
    """The command was called with something that does not exist or does not fit."""


def load_config(path: Path) -> Config:
    """Read the configuration and set the logs up as it says. Raises ConfigError."""
    loaded = config.load(path)
    set_up_logging(loaded.settings.log.level, loaded.settings.log.format)
    return loaded


@contextmanager
def open_store(loaded: Config) -> Iterator[Store]:
    """The database, its schema up to date. Raises StoreError."""
    store = Store(loaded.settings.database_url)
    try:
        store.upgrade()
        yield store
    finally:
        store.close()


def print_json(value: object) -> None:
    """JSON on standard output: dataclasses as objects, times in ISO 8601."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: Any) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {entry.name: getattr(value, entry.name) for entry in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    *,
    empty: str,
    widest: str,
    below: str | Mapping[str, str] = MappingProxyType({}),
    where_room: Collection[str] = (),
) -> None:
    """A table of texts (never markup); `empty` is said where there are no rows.

    On a terminal the column `widest` gets the room that the others leave, the texts of the columns `below` stand under
    its own (in a mapping, after the words given for each), and the columns `where_room` are left out where they would
    crowd the rest. Elsewhere, for grep and cut, a row is one line of every column, nothing shortened, with tabs
    between.
    """
    listed = list(rows)
    if not listed:
        stdout.print(empty, markup=False)
        return
    if not stdout.is_terminal:
        for row in listed:
            sys.stdout.write("\t".join(" ".join(str(cell).split()) for cell in row) + "\n")
        return
    lines_below = {below: ""} if isinstance(below, str) else below
    left_out = {*lines_below, *(where_room if stdout.width < _WIDE else ())}
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False, expand=True)
    for column in columns:
        if column == widest:
            table.add_column(column, overflow="fold", ratio=1)
        elif column not in left_out:
            is_number = column in _NUMBERS
            table.add_column(column, overflow="fold", max_width=_NARROW, justify="right" if is_number else "left")
    for row in listed:
        cells = {
            column: cell if isinstance(cell, Text) else Text(cell) for column, cell in zip(columns, row, strict=True)
        }
        under = [
            Text(words + cells[column].plain, style="dim") for column, words in lines_below.items() if cells[column]
        ]
        cells[widest] = Text("\n").join([cells[widest], *under])
        table.add_row(*(cell for column, cell in cells.items() if column not in left_out))
    stdout.print(table)


def local(moment: datetime | None) -> str:
    """A time on this machine's clock, for lists: `2026-11-24 08:00`."""
    return "-" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


def ago(moment: datetime | None, now: datetime) -> str:
    """How far a time lies off, in its largest unit: `3m ago`, `in 2h`."""
    if moment is None:
        return "-"
    off = abs(int((moment - now).total_seconds()))
    size, unit = next(((size, unit) for size, unit in _UNITS if off >= size), (1, "s"))
    return f"in {off // size}{unit}" if moment > now else f"{off // size}{unit} ago"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 story`, `2 stories`, `1,204 items`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def program() -> str:
    """How this program is called from here: `feedwatch`, or its path where it is not on the search path."""
    called = Path(sys.argv[0])
    found = shutil.which("feedwatch")
    if found is not None and Path(found).resolve() == called.resolve():
        return "feedwatch"
    if called.name != "feedwatch":
        return "python -m feedwatch"
    try:
        return str(called.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(called)
