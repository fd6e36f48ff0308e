"""Where other monitors bind words in another order than we do: parentheses and quotation marks that say it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feedwatch.watchlists.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence


def words_joined(marks: Sequence[Mark]) -> list[Mark]:
    """Words side by side as one phrase."""
    joined: list[Mark] = []
    for mark in marks:
        before = joined[-1] if joined else None
        if mark.kind == "word" and before is not None and before.kind in ("word", "phrase") and before.count is None:
            joined[-1] = replace(before, kind="phrase", text=f"{before.text} {mark.text}")
        else:
            joined.append(mark)
    return joined


def or_first(marks: Sequence[Mark], changes: list[str], monitor: str) -> list[Mark]:
    """Parentheses around the parts of each OR, where something else stands beside them."""
    parts = _parts(marks)
    grouped = _grouped(parts, changes, monitor)
    return [mark for part in grouped for mark in part]


def _parts(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks of one level: each operator by itself, each operand with what belongs to it."""
    parts: list[list[Mark]] = []
    depth = 0
    is_begun = False  # by a field or a NOT: what follows is its own
    for mark in marks:
        if depth or is_begun:
            parts[-1].append(mark)
        else:
            parts.append([mark])
        depth += (mark.kind == "open") - (mark.kind == "close")
        is_begun = not depth and mark.kind in ("field", "not", "plus")
    return parts


def _grouped(parts: Sequence[list[Mark]], changes: list[str], monitor: str) -> list[list[Mark]]:
    whole = [_inner(part, changes, monitor) for part in parts]
    is_or = [part[0].kind == "or" for part in whole]
    if not any(is_or) or all(is_or[number] for number in range(1, len(whole), 2)):
        return whole
    grouped: list[list[Mark]] = []
    number = 0
    while number < len(whole):
        end = number
        while end + 2 < len(whole) and is_or[end + 1]:
            end += 2
        if end == number:
            grouped.append(whole[number])
        else:
            run = [mark for part in whole[number : end + 1] for mark in part]
            grouped.append([Mark("open", "(", run[0].column), *run, Mark("close", ")", run[-1].column)])
            changes.append(f"parentheses are put around each OR, which {monitor} reads before AND")
        number = end + 1
    return grouped


def _inner(part: list[Mark], changes: list[str], monitor: str) -> list[Mark]:
    """An operand in parentheses, grouped within."""
    first = next((number for number, mark in enumerate(part) if mark.kind == "open"), None)
    if first is None or part[-1].kind != "close":
        return part
    inside = [mark for grouped in _grouped(_parts(part[first + 1 : -1]), changes, monitor) for mark in grouped]
    return [*part[: first + 1], *inside, part[-1]]
