"""`--export`: items or stories written out, as many as there are."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import typer

from feedwatch.cli.common import CallError, plural, stdout
from feedwatch.cli.whole_file import write_whole
from feedwatch.export.json_lines import items_as_json_lines, stories_as_json_lines
from feedwatch.export.spreadsheet import items_as_csv, stories_as_csv
from feedwatch.jobs.context import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from feedwatch.export.atom import FeedEntry
    from feedwatch.export.values import ExportedItem, ExportedStory


class Format(StrEnum):
    """How items and stories are written out."""

    JSONL = "jsonl"
    CSV = "csv"
    ATOM = "atom"


Value = TypeVar("Value")

_PANEL = "Export"
Export = Annotated[
    Format | None,
    typer.Option("--export", help="Write all of them: JSON Lines, CSV or Atom.", rich_help_panel=_PANEL),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Into this file, whole or not at all; to standard output otherwise.",
        rich_help_panel=_PANEL,
    ),
]
Bom = Annotated[
    bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, for Excel.", rich_help_panel=_PANEL)
]


def check_export(export: Format | None, output: Path | None, *, bom: bool, as_json: bool, is_single: bool) -> None:
    """Raise CallError where the options do not go together."""
    if export is None:
        if output is not None or bom:
            lonely = "--bom" if output is None else "--output"
            raise CallError(f"{lonely} is for an export: say in which format, with --export jsonl, csv or atom")
        return
    if is_single:
        raise CallError("a list is exported, not one by its number: leave out the number or --export")
    if as_json:
        raise CallError("--json and --export are two ways to write: leave one out")
    if bom and export is not Format.CSV:
        raise CallError("--bom is for --export csv")


def export_items(
    items: Iterable[ExportedItem], export: Format, output: Path | None, feed: Sequence[str], *, bom: bool
) -> None:
    """Write items out; `feed` is what an Atom feed of them is about, the first word being this install's domain."""
    counted = _Counted(items)
    if export is Format.JSONL:
        parts = items_as_json_lines(counted)
    elif export is Format.CSV:
        parts = items_as_csv(counted, bom=bom)
    else:
        from feedwatch.export.atom import entry_of_item  # noqa: PLC0415 - lxml is for this alone

        parts = _atom(map(entry_of_item, counted), ("items", *feed))
    write_whole(parts, output)
    _tell(plural(counted.count, "item"), output)


def export_stories(
    stories: Iterable[ExportedStory],
    export: Format,
    output: Path | None,
    feed: Sequence[str],
    *,
    bom: bool,
    html_of: Callable[[int], str],
) -> None:
    """Write stories out; `html_of` gives an item's HTML by its number, for an Atom feed."""
    counted = _Counted(stories)
    if export is Format.JSONL:
        parts = stories_as_json_lines(counted)
    elif export is Format.CSV:
        parts = stories_as_csv(counted, bom=bom)
    else:
        from feedwatch.export.atom import entry_of_story  # noqa: PLC0415 - lxml is for this alone

        entries = (entry_of_story(story, html_of(story.item_id)) for story in counted)
        parts = _atom(entries, ("stories", *feed))
    write_whole(parts, output)
    _tell(plural(counted.count, "story", "stories"), output)


def _atom(entries: Iterator[FeedEntry], feed: Sequence[str]) -> Iterator[bytes]:
    """A feed that is as new as its first entry; its id is made of what it is about."""
    from feedwatch.export.atom import Feed, permanent_id, write_atom  # noqa: PLC0415 - lxml is for this alone

    kind, _, *about = feed
    first = next(entries, None)
    head = Feed(
        id=permanent_id("feed", *feed),
        title=f"feedwatch: {kind}" + (f" ({', '.join(about)})" if about else ""),
        updated=utc_now() if first is None else first.updated,
    )
    yield from write_atom(head, entries if first is None else chain([first], entries))


def _tell(what: str, output: Path | None) -> None:
    if output is not None:
        stdout.print(f"{what} written to {output}", markup=False, soft_wrap=True)


class _Counted(Generic[Value]):
    """Counts what passes through."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = values
        self.count = 0

    def __iter__(self) -> Iterator[Value]:
        for value in self._values:
            self.count += 1
            yield value
