"""Editions: which stories a subscriber has not been told of yet, and what was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.model import Span
from feedwatch.store.definitions import from_stored
from feedwatch.store.tables import (
    Body,
    Edition,
    EditionStory,
    Item,
    Match,
    Source,
    Subscriber,
    Subscription,
    SubscriptionWatchlist,
    Watchlist,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from feedwatch.store.subscribers import DueSubscription

_OVERLAP = timedelta(hours=1)
"""How far a window reaches back over the last: a poll's transaction may end after the edition that its time
belongs to. What was told already is told apart by its story, so the overlap repeats nothing."""


@dataclass(frozen=True, slots=True)
class CandidateItem:
    """An item that could stand in an edition, with its match."""

    item_id: int
    story_id: int
    watchlist_id: int
    watchlist: str
    score: float
    spans: tuple[Span, ...]
    title: str
    text: str
    url: str
    source_id: int
    source: str
    language: str
    published_at: datetime
    is_preferred: bool = False
    """Whether its source is preferred to others."""
    priority: int = 0
    """The watchlist's."""

    @property
    def text_length(self) -> int:
        """In characters."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class StoryItem:
    """An item of a story, matched or not."""

    item_id: int
    story_id: int
    source_id: int
    source: str
    title: str
    url: str
    published_at: datetime


def untold_matches(session: Session, subscription: DueSubscription) -> list[CandidateItem]:
    """The matches since the window began in stories that the subscriber has not been told of, by item."""
    told = sa.exists().where(
        EditionStory.subscriber_id == subscription.subscriber_id, EditionStory.story_id == Match.story_id
    )
    named = sa.select(SubscriptionWatchlist.watchlist_id).where(
        SubscriptionWatchlist.subscription_id == subscription.id
    )
    takes_all = sa.select(Subscription.all_watchlists).where(Subscription.id == subscription.id).scalar_subquery()
    query = (
        sa.select(
            Item.id, Item.story_id, Watchlist.id, Watchlist.name, Match.score, Match.spans,
            Item.title, Item.text, Item.url, Source.id, Source.title, Item.language, Item.published_at,
            Source.options,
        )
        .select_from(Match)
        .join(Watchlist, Watchlist.id == Match.watchlist_id)
        .join(Item, Item.id == Match.item_id)
        .join(Source, Source.id == Item.source_id)
        .where(
            Match.matched_at >= subscription.window_start - _OVERLAP,
            Watchlist.enabled,
            sa.or_(takes_all, Watchlist.id.in_(named)),
            ~told,
        )
        .order_by(Item.id, Watchlist.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    priorities = _priorities(session, {row[2] for row in rows})
    return [
        CandidateItem(
            item_id=row[0], story_id=row[1], watchlist_id=row[2], watchlist=row[3], score=row[4],
            spans=tuple(Span(*span) for span in row[5]), title=row[6], text=row[7], url=row[8],
            source_id=row[9], source=row[10], language=row[11], published_at=row[12],
            is_preferred=bool(row[13].get("preferred")), priority=priorities[row[2]],
        )
        for row in rows
    ]  # fmt: skip


def _priorities(session: Session, watchlist_ids: Collection[int]) -> dict[int, int]:
    """By watchlist's id; asked for apart, as a definition is long and would come with each match."""
    found: dict[int, int] = {}
    wanted = sorted(watchlist_ids)
    for start in range(0, len(wanted), 1000):
        query = sa.select(Watchlist.id, Watchlist.definition).where(Watchlist.id.in_(wanted[start : start + 1000]))
        found |= {watchlist_id: from_stored(definition).priority for watchlist_id, definition in session.execute(query)}
    return found


def items_of_stories(session: Session, story_ids: Collection[int]) -> list[StoryItem]:
    """Every item of the stories, earliest first."""
    found: list[StoryItem] = []
    wanted = sorted(story_ids)
    for start in range(0, len(wanted), 1000):
        query = (
            sa.select(Item.id, Item.story_id, Source.id, Source.title, Item.title, Item.url, Item.published_at)
            .join(Source, Source.id == Item.source_id)
            .where(Item.story_id.in_(wanted[start : start + 1000]))
            .order_by(Item.published_at, Item.id)
        )
        found += [StoryItem(*row) for row in session.execute(query)]
    return found


def last_story_count(session: Session, subscription_id: int) -> int | None:
    """How many stories the subscription's last edition had; None before the first."""
    return session.scalar(
        sa.select(Edition.story_count)
        .where(Edition.subscription_id == subscription_id)
        .order_by(Edition.due_at.desc())
        .limit(1)
    )


def add_edition(
    session: Session,
    subscription: DueSubscription,
    body_id: int,
    *,
    window_end: datetime,
    shown: Iterable[tuple[int, int]],
    cut: Iterable[tuple[int, int]],
) -> int:
    """Store an edition with the (story id, watchlist id) pairs that it shows and those it cut; returns its id."""
    stories = [(story_id, watchlist_id, True) for story_id, watchlist_id in shown]
    stories += [(story_id, watchlist_id, False) for story_id, watchlist_id in cut]
    edition_id = session.execute(
        sa.insert(Edition)
        .values(
            subscription_id=subscription.id,
            due_at=subscription.due_at,
            window_start=subscription.window_start,
            window_end=window_end,
            story_count=sum(is_shown for _, _, is_shown in stories),
            body_id=body_id,
        )
        .returning(Edition.id)
    ).scalar_one()
    session.execute(
        sa.insert(EditionStory),
        [
            {
                "edition_id": edition_id,
                "story_id": story_id,
                "subscriber_id": subscription.subscriber_id,
                "watchlist_id": watchlist_id,
                "shown": is_shown,
            }
            for story_id, watchlist_id, is_shown in stories
        ],
    )
    return edition_id


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition of the archive."""

    id: int
    subscriber: str
    address: str
    subscription: str
    due_at: datetime
    window_start: datetime
    window_end: datetime
    story_count: int
    subject: str
    html: str
    """With placeholders for what is personal (`feedwatch.digest.personal`), as `text`."""
    text: str


def list_editions(session: Session, *, edition_id: int | None = None, limit: int = 20) -> Sequence[EditionRow]:
    """The latest editions, newest first, or the one asked for."""
    query = (
        sa.select(
            Edition.id, Subscriber.name, Subscriber.email, Subscription.name, Edition.due_at, Edition.window_start,
            Edition.window_end, Edition.story_count, Body.subject, Body.html, Body.text,
        )
        .outerjoin(Body, Body.id == Edition.body_id)
        .join(Subscription, Subscription.id == Edition.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .order_by(Edition.id.desc())
        .limit(limit)
    )  # fmt: skip
    if edition_id is not None:
        query = query.where(Edition.id == edition_id)
    return [EditionRow(*row) for row in session.execute(query)]
