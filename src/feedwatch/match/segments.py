"""Which watchlists are searched for together: a large segment that stays, and small ones for what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .compile import ReadyWatchlist
from .segment import Segment

FEW = 1_000
"""Queries of the last segment: up to so many it is made anew at each change (3 ms)."""
MANY = 10_000
"""Queries of the last but one: up to so many the last is merged into it when that is full (30 ms)."""


def arranged(
    segments: Sequence[Segment], added: Sequence[ReadyWatchlist], live: Mapping[str, ReadyWatchlist]
) -> tuple[Segment, ...]:
    """The segments with the added watchlists; of those that are merged, what is live alone is taken over.

    What is searched for together makes no difference to what is found. A segment of which half is dead is made anew.
    """
    kept: list[Segment] = []
    for segment in segments:
        alive = _live_of(segment, live)
        if alive:
            kept.append(segment if 2 * len(alive) > len(segment.watchlists) else Segment(alive))
    new = list(added)
    if not new:
        return tuple(kept)
    if kept and kept[-1].query_count <= FEW:
        new = _live_of(kept.pop(), live) + new
    if sum(len(watchlist.queries) for watchlist in new) > FEW and kept and kept[-1].query_count <= MANY:
        new = _live_of(kept.pop(), live) + new
    return (*kept, Segment(new))


def _live_of(segment: Segment, live: Mapping[str, ReadyWatchlist]) -> list[ReadyWatchlist]:
    return [watchlist for watchlist in segment.watchlists if live.get(watchlist.definition.name) is watchlist]
