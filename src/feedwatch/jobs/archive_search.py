"""A watchlist or query over the archive: what live matching would have found, from the search index."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from feedwatch.match import Matcher
from feedwatch.match.planning import plan_of_watchlist
from feedwatch.model import Rarity
from feedwatch.store.archived import read_archived, rows_of
from feedwatch.store.search import find_candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from feedwatch.model import Item, Match, WatchlistDef
    from feedwatch.store.archived import ArchivedItem
    from feedwatch.store.items import ItemFilter, ItemRow

_FIRST_PART = 50
_LARGEST_PART = 500
"""Candidates that are read together: few at first, so that the newest are soon there."""


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
    matcher = Matcher([(definition, 1)], rarity or Rarity())
    for part in _parts(find_candidates(session, plan_of_watchlist(definition), wanted)):
        met = [(one, match) for one in read_archived(session, part) for match in _matches(matcher, one)]
        rows = rows_of(session, [one for one, _ in met])
        for row, (one, match) in zip(rows, met, strict=True):
            yield Found(row, one.item, match)


def _matches(matcher: Matcher, archived: ArchivedItem) -> tuple[Match, ...]:
    return matcher.match(archived.item, archived.source, archived.source_tags)


def _parts(item_ids: Iterator[int]) -> Iterator[Sequence[int]]:
    size = _FIRST_PART
    while part := list(islice(item_ids, size)):
        yield part
        size = min(2 * size, _LARGEST_PART)
