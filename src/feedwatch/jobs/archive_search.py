"""A watchlist or query over the archive: what live matching would have found, from the search index."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from feedwatch.match import Matcher
from feedwatch.match.planning import looks_at_names, plan_of_watchlist
from feedwatch.model import Rarity
from feedwatch.store.archived import read_archived, rows_of
from feedwatch.store.candidates import read_candidates
from feedwatch.store.search import find_candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from feedwatch.model import Item, Match, WatchlistDef
    from feedwatch.store.items import ItemFilter, ItemRow

Value = TypeVar("Value")
_FIRST_PART = 10
_LARGEST_PART = 500
"""Candidates that are read together, and matches: few at first, so that the newest are soon there."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item of the archive that matches."""

    row: ItemRow
    item: Item
    match: Match


def search_archive(
    session: Session, definition: WatchlistDef, wanted: ItemFilter, rarity: Rarity | None = None
) -> Iterator[Found]:
    """The items that pass the filter and match, newest first, each with the match that it would get now; streamed.

    The index tells which items can match, and the engine that matches polled items judges each of them. What of the
    definition cannot be read is left out, as it is in matching.
    """
    candidates = find_candidates(session, plan_of_watchlist(definition), wanted)
    for part in _parts(_matches(session, definition, candidates, rarity or Rarity())):
        matches = dict(part)
        whole = read_archived(session, list(matches))
        for row, one in zip(rows_of(session, whole), whole, strict=True):
            yield Found(row, one.item, matches[one.id])


def _matches(
    session: Session, definition: WatchlistDef, candidates: Iterator[int], rarity: Rarity
) -> Iterator[tuple[int, Match]]:
    matcher = Matcher([(definition, 1)], rarity)
    with_names = looks_at_names(definition)
    for part in _parts(candidates):
        for one in read_candidates(session, part, with_names=with_names):
            for match in matcher.match(one.item, one.source, one.source_tags):
                yield one.id, match


def _parts(stream: Iterator[Value]) -> Iterator[Sequence[Value]]:
    size = _FIRST_PART
    while part := list(islice(stream, size)):
        yield part
        size = min(2 * size, _LARGEST_PART)
