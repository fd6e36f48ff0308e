"""Reads from a report's beginning who filed it, from where and for whom: only where it says so plainly."""

from __future__ import annotations

from typing import NamedTuple

from feedwatch.normalize.credit_rules import CREDITS, PLACES, Credit
from feedwatch.normalize.names import is_han_name, read_names

_BEGINNING = 240
_WITHIN = 120


class Credits(NamedTuple):
    """What a dateline or byline tells; empty where it does not."""

    authors: tuple[str, ...] = ()
    place: str = ""
    origin: str = ""


NONE = Credits()


def read_credits(text: str, off: frozenset[str] = frozenset()) -> Credits:
    """The credits of a text's beginning, by the first rule that applies and is not in `off`. The text stays."""
    beginning = text[:_WITHIN]
    for credit in CREDITS:
        for needed in credit.needs:
            if beginning.find(needed) >= 0:
                break
        else:
            continue
        if credit.name not in off and (found := _read(credit, text[:_BEGINNING])):
            return found
    return NONE


def _read(credit: Credit, beginning: str) -> Credits | None:
    match = credit.pattern.match(beginning)
    if match is None:
        return None
    told = match.groupdict("")
    authors = read_names(told.get("authors", "") or told.get("names", ""))
    if credit.by_name and not authors:
        return None
    place = told.get("place", "")
    if filed := told.get("filed"):
        place = next((place for place in PLACES if filed.endswith(place)), "")
        authors = _han_names(filed.removesuffix(place)) if place else ()
    found = Credits(authors, place, told.get("origin", ""))
    return found if any(found) else None


def _han_names(written: str) -> tuple[str, ...]:
    names = read_names(written)
    return names if all(map(is_han_name, names)) else ()
