"""A list in one cell of a table: entries parted by signs, in double quotes where they hold one themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTING = ";,\n\r；，、|"
"""What parts the entries of a cell that people write."""


def parted(cell: str, parting: str = PARTING) -> list[str]:
    """The entries of a cell, without the quotes that stand around a whole one; two quotes within are one."""
    entries: list[str] = []
    at = 0
    while at < len(cell):
        text, at = _entry(cell, at, parting)
        if text:
            entries.append(text)
    return entries


def _entry(cell: str, at: int, parting: str) -> tuple[str, int]:
    """The entry that begins at a place, and the place behind it."""
    while at < len(cell) and cell[at].isspace() and cell[at] not in parting:
        at += 1
    if cell[at : at + 1] == '"' and (end := _closing(cell, at, parting)) is not None:
        text = cell[at + 1 : end].replace('""', '"')
        while end + 1 < len(cell) and cell[end + 1] not in parting:
            end += 1
        return text, end + 2
    end = at
    while end < len(cell) and cell[end] not in parting:
        end += 1
    return cell[at:end].strip(), end + 1


def _closing(cell: str, at: int, parting: str) -> int | None:
    """Where the quote ends that begins at a place, if it is around a whole entry."""
    end = at + 1
    while end < len(cell):
        if cell[end] != '"':
            end += 1
        elif cell[end + 1 : end + 2] == '"':
            end += 2
        else:
            rest = cell[end + 1 :].lstrip(" \t")
            return end if not rest or rest[0] in parting else None
    return None


def joined(entries: Iterable[str], parting: str = PARTING, *, between: str = "; ") -> str:
    """A cell that `parted` takes apart into the same entries."""
    return between.join(_quoted(entry, parting) for entry in entries)


def _quoted(entry: str, parting: str) -> str:
    is_plain = entry == entry.strip() and '"' not in entry and not any(sign in entry for sign in parting)
    return entry if is_plain else '"' + entry.replace('"', '""') + '"'
