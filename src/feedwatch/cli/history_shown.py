"""What changed in an item from one revision to the next, as a person reads it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from feedwatch.cli.common import local, plural, stdout
from feedwatch.export.changes import Changed, Piece, abridged, compare, compare_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedwatch.store.items import ItemRow
    from feedwatch.store.revisions import RevisionRow

_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


def show_history(row: ItemRow, history: Sequence[RevisionRow]) -> None:
    """Each change with its time; the words that went struck and red, those that came green."""
    stdout.print(Text(row.title, style="bold"))
    stdout.print(Text(f"item {row.id}, {row.source}, {row.url}", style="dim"), soft_wrap=True)
    if len(history) == 1:
        stdout.print(f"One revision: it has not changed since it was first seen, {local(row.first_seen_at)}.")
        return
    stdout.print(Text(f"{len(history)} revisions; first seen {local(row.first_seen_at)}", style="dim"))
    is_coloured = stdout.color_system is not None and not stdout.no_color
    for before, after in pairwise(history):
        stdout.print()
        changed_at = local(before.replaced_at)
        stdout.print(Text(f"Revision {after.revision}, {changed_at}", style="bold"))
        for line in changes(before, after, is_coloured=is_coloured):
            stdout.print(line, soft_wrap=not stdout.is_terminal)


def changes(before: RevisionRow, after: RevisionRow, *, is_coloured: bool) -> Iterable[Text]:
    """The lines that tell what changed: the title, then the text by paragraphs."""
    if before.title != after.title:
        title = _told(compare_line(before.title, after.title), is_coloured=is_coloured)
        yield Text("title: ", style="dim").append_text(title)
    if before.text == after.text:
        yield Text("… the text unchanged", style="dim")
        return
    for part in compare(before.text, after.text):
        if isinstance(part, Changed):
            yield _told(abridged(part.pieces), is_coloured=is_coloured)
        else:
            yield Text(f"… {plural(part.count, 'paragraph')} unchanged", style="dim")


def _told(pieces: Iterable[Piece], *, is_coloured: bool) -> Text:
    shown = Text()
    for piece in pieces:
        before, after = ("", "") if is_coloured else _SIGNS[piece.kind]
        shown.append(before + piece.text + after, style=_STYLES[piece.kind])
    return shown
