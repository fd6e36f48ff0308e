"""What matched since the windows of due subscriptions began, asked for once for a batch of them, and kept small."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches, value_table
from feedwatch.store.claims import SourceOptions
from feedwatch.store.tables import Item, ItemRevision, Match, Source, Story, SubscriptionWatchlist, Watchlist

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class WindowMatch:
    """That an item met a watchlist."""

    item_id: int
    story_id: int
    watchlist_id: int
    score: float
    at: datetime
    """When it matched; of a revision, when the earlier text was replaced."""


@dataclass(frozen=True, slots=True)
class Member:
    """An item of a story, matched or not: what the order of stories and the choice among its items depend on."""

    item_id: int
    story_id: int
    source_id: int
    published_at: datetime
    text_length: int
    """In characters."""
    revision: int
    is_preferred: bool
    """Whether its source is preferred to others."""
    source_weight: float
    """What the stories of its source weigh."""


def enabled_watchlists(session: Session) -> dict[int, tuple[str, int]]:
    """The name and the priority of each, by its id; a definition can be long and stays where it is."""
    priority = sa.func.coalesce(Watchlist.definition["priority"].as_integer(), 0)
    query = sa.select(Watchlist.id, Watchlist.name, priority).where(Watchlist.enabled)
    return {watchlist_id: (name, number) for watchlist_id, name, number in session.execute(query)}


def named_watchlists(session: Session, subscription_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the watchlists that each subscription names, enabled or not; one that takes all has no entry."""
    named: dict[int, set[int]] = {}
    for batch in batches(sorted(subscription_ids)):
        query = sa.select(SubscriptionWatchlist.subscription_id, SubscriptionWatchlist.watchlist_id).where(
            SubscriptionWatchlist.subscription_id.in_(batch)
        )
        for subscription_id, watchlist_id in session.execute(query):
            named.setdefault(subscription_id, set()).add(watchlist_id)
    return named


def matches_since(session: Session, watchlist_ids: Collection[int], since: datetime) -> list[WindowMatch]:
    """The matches of the watchlists that were stored at `since` or later."""
    query = sa.select(Match.item_id, Match.story_id, Match.watchlist_id, Match.score, Match.matched_at).where(
        Match.watchlist_id.in_(sorted(watchlist_ids)), Match.matched_at >= since
    )
    return [WindowMatch(*row) for row in session.execute(query)]


def revisions_since(session: Session, watchlist_ids: Collection[int], since: datetime) -> list[WindowMatch]:
    """The matches, whenever they were stored, of items whose text was replaced at `since` or later."""
    replaced = sa.select(ItemRevision.item_id, ItemRevision.replaced_at).where(ItemRevision.replaced_at >= since)
    latest: dict[int, datetime] = {}
    for item_id, at in session.execute(replaced):
        latest[item_id] = max(at, latest.get(item_id, at))
    found: list[WindowMatch] = []
    for batch in batches(sorted(latest)):
        query = sa.select(Match.item_id, Match.story_id, Match.watchlist_id, Match.score).where(
            Match.item_id.in_(batch), Match.watchlist_id.in_(sorted(watchlist_ids))
        )
        found += [WindowMatch(*row, at=latest[row[0]]) for row in session.execute(query)]
    return found


def first_story_since(session: Session, since: datetime) -> int | None:
    """The id of the first story that was seen at `since` or later; later ones have higher ids, as a rule."""
    return session.scalar(
        sa.select(Story.id).where(Story.first_seen_at >= since).order_by(Story.first_seen_at, Story.id).limit(1)
    )


def members_by_story(session: Session, story_ids: Collection[int]) -> dict[int, list[Member]]:
    """Every item of the stories, earliest first; a story without items has no entry."""
    if not story_ids:
        return {}
    given = value_table(session, story_id=sorted(story_ids))
    query = (
        sa.select(
            Item.id, Item.story_id, Item.source_id, Item.published_at, sa.func.length(Item.text), Item.revision,
        )
        .join(given, given.c.story_id == Item.story_id)
        .order_by(Item.published_at, Item.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    options = _options(session, {source_id for _, _, source_id, *_ in rows})
    members: dict[int, list[Member]] = {}
    for item_id, story_id, source_id, published_at, length, revision in rows:
        of_source = options[source_id]
        member = Member(
            item_id, story_id, source_id, published_at, length, revision, of_source.preferred, of_source.weight
        )
        members.setdefault(story_id, []).append(member)
    return members


def _options(session: Session, source_ids: Collection[int]) -> dict[int, SourceOptions]:
    found: dict[int, SourceOptions] = {}
    for batch in batches(sorted(source_ids)):
        query = sa.select(Source.id, Source.options).where(Source.id.in_(batch))
        found.update((source_id, SourceOptions.read(options)) for source_id, options in session.execute(query))
    return found
