"""A watchlist's stored matches in a window replaced by those that it would have made there."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.matches import match_columns, tells_at_once, write_matches
from feedwatch.store.tables import Match, Subscription, Watchlist

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch import model
    from feedwatch.store.archived import ArchivedItem


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of the matches."""

    added: int = 0
    changed: int = 0
    """Found as before, but by another version, in other places or with another score."""
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: Replaced) -> Replaced:
        return Replaced(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def matched_items(session: Session, watchlist_id: int, since: datetime | None, *, besides: int = 0) -> Sequence[int]:
    """The ids of the items published since that the watchlist has stored matches with, the newest first.

    besides: leaves out the matches of this version.
    """
    query = sa.select(Match.item_id).where(Match.watchlist_id == watchlist_id)
    if since is not None:
        query = query.where(Match.published_at >= since)
    if besides:
        query = query.where(Match.version != besides)
    return session.scalars(query.order_by(Match.published_at.desc(), Match.item_id.desc())).all()


def watchlist_id(session: Session, name: str, version: int) -> int | None:
    """The watchlist's id, while it is enabled and of this version; None otherwise."""
    return session.scalar(
        sa.select(Watchlist.id).where(
            Watchlist.name_key == name.casefold(), Watchlist.version == version, Watchlist.enabled
        )
    )


def replace_matches(
    session: Session,
    watchlist_id: int,
    items: Sequence[ArchivedItem],
    matches: Mapping[int, model.Match],
    *,
    dry_run: bool = False,
) -> Replaced:
    """Make the watchlist's stored matches with these items those given, by item id. The transaction locks the writers.

    A match that is new counts from when its item was first seen, and wakes no alert: so a digest tells of it only where
    the item belongs to the digest's own time.
    """
    stored = _stored(session, watchlist_id, [item.id for item in items])
    to_add: list[dict[str, Any]] = []
    to_change: list[dict[str, Any]] = []
    to_remove: list[int] = []
    unchanged = 0
    for item in items:
        match, (match_id, columns) = matches.get(item.id), stored.get(item.id, (None, None))
        if match is None:
            to_remove += [] if match_id is None else [match_id]
        elif match_id is None:
            to_add.append(_place(item, watchlist_id) | match_columns(match))
        elif columns == match_columns(match):
            unchanged += 1
        else:
            to_change.append({"id": match_id} | match_columns(match))
    if not dry_run:
        write_matches(session, to_add=to_add, to_change=to_change, to_remove=to_remove)
    return Replaced(len(to_add), len(to_change), len(to_remove), unchanged)


def keep_alerts_quiet(session: Session, watchlist_id: int, now: datetime) -> int:
    """Let the next alerts begin at `now`, where none is due: what is older has been told, or is back-filled.

    The window of an alert begins at the one before it, which may be weeks ago. Returns how many subscriptions it was.
    """
    moved = session.execute(
        sa.update(Subscription)
        .where(tells_at_once([watchlist_id]), Subscription.next_due_at.is_(None), Subscription.window_start < now)
        .values(window_start=now)
        .execution_options(synchronize_session=False)
        .returning(Subscription.id)
    )
    return len(moved.all())


def _stored(session: Session, watchlist_id: int, item_ids: Sequence[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for batch in batches(item_ids):
        query = sa.select(Match.item_id, Match.id, Match.version, Match.score, Match.queries, Match.spans).where(
            Match.watchlist_id == watchlist_id, Match.item_id.in_(batch)
        )
        for item_id, match_id, version, score, queries, spans in session.execute(query):
            columns = {"version": version, "score": score, "queries": queries, "spans": spans}
            found[item_id] = match_id, columns
    return found


def _place(item: ArchivedItem, watchlist_id: int) -> dict[str, Any]:
    return {
        "item_id": item.id,
        "story_id": item.story_id,
        "watchlist_id": watchlist_id,
        "matched_at": item.first_seen_at,
        "published_at": item.item.published_at,
    }
