"""The matches of new and revised items, and the alerts that they make due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.tables import Match, Subscription, SubscriptionWatchlist, Watchlist

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item that a poll has just stored: as new, or as a new revision."""

    id: int
    story_id: int
    is_revision: bool
    published_at: datetime
    """As it is stored: a revision does not change it."""
    matched: model.MatchedItem


def store_matches(session: Session, visits: Sequence[Sequence[StoredItem]], now: datetime) -> list[Counter[str]]:
    """Make the stored matches of the items those that they came with.

    `visits` holds the items of each visit, none of them twice; returns how many matches are new, by watchlist, a visit.
    """
    items = [item for stored in visits for item in stored]
    earlier = _earlier_matches(session, [item.id for item in items if item.is_revision])
    watchlist_ids = _watchlist_ids(session, {match.watchlist for item in items for match in item.matched.matches})
    to_add: list[dict[str, Any]] = []
    to_change: list[dict[str, Any]] = []
    added: list[Counter[str]] = []
    for stored in visits:
        added.append(Counter())
        for item, match in ((one, match) for one in stored for match in one.matched.matches):
            watchlist_id = watchlist_ids.get(match.watchlist)
            if watchlist_id is None:  # renamed between the worker's reading and now; the next version finds it
                continue
            match_id = earlier.pop((item.id, watchlist_id), None)
            if match_id is not None:
                to_change.append({"id": match_id} | match_columns(match))
                continue
            place = {"item_id": item.id, "story_id": item.story_id, "watchlist_id": watchlist_id, "matched_at": now}
            to_add.append(place | {"published_at": item.published_at} | match_columns(match))
            added[-1][match.watchlist] += 1
    # What is left of the earlier ones points into a text that is gone.
    write_matches(session, to_add=to_add, to_change=to_change, to_remove=earlier.values())
    if to_add:
        _wake_alerts(session, {row["watchlist_id"] for row in to_add}, now)
    return added


def match_columns(match: model.Match) -> dict[str, Any]:
    """What of a match its item's text decides, as it is stored."""
    return {
        "version": match.version,
        "score": match.score,
        "queries": list(match.queries),
        "spans": [[span.field, span.start, span.end] for span in match.spans],
    }


def write_matches(
    session: Session,
    *,
    to_add: Sequence[dict[str, Any]],
    to_change: Sequence[dict[str, Any]],
    to_remove: Collection[int],
) -> None:
    """Rows as they are stored, rows with the id of what they change, and ids."""
    for batch in batches(to_remove):
        session.execute(sa.delete(Match).where(Match.id.in_(batch)))
    if to_change:
        session.execute(sa.update(Match), to_change)
    if to_add:
        session.connection().execute(sa.insert(Match), to_add)


def tells_at_once(watchlist_ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether a subscription sends alerts of one of these watchlists."""
    named = sa.select(SubscriptionWatchlist.subscription_id).where(
        SubscriptionWatchlist.watchlist_id.in_(watchlist_ids)
    )
    return sa.and_(Subscription.schedule == "instant", sa.or_(Subscription.all_watchlists, Subscription.id.in_(named)))


def _earlier_matches(session: Session, item_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for batch in batches(item_ids):
        query = sa.select(Match.item_id, Match.watchlist_id, Match.id).where(Match.item_id.in_(batch))
        found.update(((item_id, watchlist_id), match_id) for item_id, watchlist_id, match_id in session.execute(query))
    return found


def _watchlist_ids(session: Session, names: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches(names):
        query = sa.select(Watchlist.name, Watchlist.id).where(Watchlist.name.in_(batch))
        found.update((name, watchlist_id) for name, watchlist_id in session.execute(query))
    return found


def _wake_alerts(session: Session, watchlist_ids: set[int], now: datetime) -> None:
    """An alert is due from the very transaction that stores its match, so that no crash can lose it.

    Unconditional, so that it waits for an edition that is being made at this moment and did not see the match.
    """
    session.execute(
        sa.update(Subscription)
        .where(tells_at_once(watchlist_ids))
        .values(next_due_at=now)
        .execution_options(synchronize_session=False)
    )
