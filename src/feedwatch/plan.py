"""What of a query the archive's index can tell: a condition over index tokens that every item it matches meets.

A plan may let through items that the query does not match, and never keeps one from it: what passes is matched by the
engine, so that the archive and live matching agree by construction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

INDEX_RULES = 2
"""Counts the changes of what the index tokens of a text are: an index that was made by others is made anew."""


@dataclass(frozen=True, slots=True)
class HasToken:
    """The item has this index token."""

    token: str


@dataclass(frozen=True, slots=True)
class HasPrefix:
    """The item has an index token that begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class HasFact:
    """The item is in a language (a BCP 47 range), or of a source (a name; * for any characters)."""

    name: Literal["lang", "source"]
    pattern: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; two or more."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds; two or more, or none: then nothing does."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """The index cannot tell: every item has to be looked at."""


Plan = HasToken | HasPrefix | HasFact | AllOf | AnyOf | Everything
EVERYTHING = Everything()
NOTHING = AnyOf(())


def all_of(parts: Iterable[Plan]) -> Plan:
    """Every part, as simple as can be said: without what always holds, and without an AllOf inside another."""
    found: dict[Plan, None] = {}
    for part in parts:
        found |= dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,))
    found.pop(EVERYTHING, None)
    if NOTHING in found:
        return NOTHING
    if not found:
        return EVERYTHING
    return AllOf(tuple(found)) if len(found) > 1 else next(iter(found))


def any_of(parts: Iterable[Plan]) -> Plan:
    """Some part, as simple as can be said; `NOTHING` for no parts."""
    found: dict[Plan, None] = {}
    for part in parts:
        found |= dict.fromkeys(part.parts if isinstance(part, AnyOf) else (part,))
    if EVERYTHING in found:
        return EVERYTHING
    return AnyOf(tuple(found)) if len(found) != 1 else next(iter(found))
