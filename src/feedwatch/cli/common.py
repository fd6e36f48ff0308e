"""What the commands share: the configuration, the database, and how things are printed."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedwatch import config
from feedwatch.config import Config
from feedwatch.errors import FeedwatchError
from feedwatch.ops import set_up_logging
from feedwatch.settings import parse_duration
from feedwatch.store import Store

stdout = Console()
stderr = Console(stderr=True)

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", envvar="FEEDWATCH_CONFIG", help="The configuration.", show_default=True)
]
DEFAULT_CONFIG = Path("config.yaml")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000_000, help="The most that are listed.")]


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


def parse_since(value: str | None) -> datetime | None:
    """`30d` or `2026-11-01` (or with a time) as a UTC time. Raises CallError."""
    if value is None:
        return None
    try:
        duration = parse_duration(value)
    except ValueError:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise CallError(
                f"--since {value!r}: expected an age such as 12h or 30d, or a date such as 2026-11-01"
            ) from None
        return moment.astimezone(UTC)
    assert isinstance(duration, timedelta)  # noqa: S101 - what parse_duration makes of a string
    return datetime.now(UTC) - duration


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


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, empty: str) -> None:
    """A table of texts (never markup); `empty` is said where there are no rows. Whole lines where no terminal is."""
    listed = list(rows)
    if not listed:
        stdout.print(empty, markup=False, highlight=False)
        return
    if not stdout.is_terminal:  # for grep and cut: one line a row, nothing shortened
        for row in listed:
            sys.stdout.write("\t".join(" ".join(str(cell).split()) for cell in row) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in {"id", "when", "published", "state"})
    for row in listed:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    stdout.print(table)


def local(moment: datetime | None) -> str:
    """A time on this machine's clock, for lists: `2026-11-24 08:00`."""
    return "-" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


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
