"""What the pages show that a mail links to: an edition as it was sent, all of its stories, whose a subscription is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.tables import Body, Edition, EditionStory, Item, Source, Subscriber, Subscription, Watchlist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Told:
    """Whose an edition or a subscription is, and in which words they are spoken to."""

    subscriber_id: int
    subscriber: str
    address: str
    locale: str
    timezone: str
    subscription_id: int
    subscription: str
    unsubscribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition as it was sent, with placeholders for what is personal (`feedwatch.digest.personal`)."""

    id: int
    told: Told
    window_start: datetime
    window_end: datetime
    html: str
    """Empty where it is kept no more, as `text`."""
    text: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story of an edition; without title and URL where its items were deleted since."""

    watchlist: str
    is_shown: bool
    """False for one that the mail's limits cut."""
    is_update: bool
    title: str
    url: str
    source: str
    language: str
    published_at: datetime | None


_TOLD = (
    Subscriber.id, Subscriber.name, Subscriber.email, Subscriber.locale, Subscriber.timezone,
    Subscription.id, Subscription.name, Subscription.unsubscribed_at,
)  # fmt: skip


def find_subscription(session: Session, subscription_id: int) -> Told | None:
    """Whose it is; None for an unknown one."""
    query = (
        sa.select(*_TOLD)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.id == subscription_id)
    )
    row = session.execute(query).first()
    return None if row is None else Told(*cast("tuple[Any, ...]", row))


def find_edition(session: Session, edition_id: int) -> EditionPage | None:
    """The edition; None for an unknown one."""
    query = (
        sa.select(
            Edition.id, Edition.window_start, Edition.window_end,
            sa.func.coalesce(Body.html, ""), sa.func.coalesce(Body.text, ""), *_TOLD,
        )
        .outerjoin(Body, Body.id == Edition.body_id)
        .join(Subscription, Subscription.id == Edition.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Edition.id == edition_id)
    )  # fmt: skip
    row = session.execute(query).first()
    if row is None:
        return None
    return EditionPage(
        id=row[0],
        window_start=row[1],
        window_end=row[2],
        html=row[3],
        text=row[4],
        told=Told(*cast("tuple[Any, ...]", row[5:])),
    )


def stories_of_edition(session: Session, edition_id: int, *, limit: int) -> tuple[Sequence[StoryLine], int]:
    """The edition's stories, `limit` of them, and how many there are: by watchlist, shown ones first, newest first.

    Each is told by the item that the edition told it by, or, where that was deleted, by the story's latest other one.
    """
    here = EditionStory.edition_id == edition_id
    count = session.scalar(sa.select(sa.func.count()).select_from(EditionStory).where(here)) or 0
    left = (
        sa.select(sa.func.max(Item.id)).where(Item.story_id == EditionStory.story_id).correlate(EditionStory)
    ).scalar_subquery()
    known = sa.select(Item.id).where(Item.id == EditionStory.item_id).correlate(EditionStory).scalar_subquery()
    query = (
        sa.select(
            Watchlist.name, EditionStory.shown, EditionStory.telling, sa.func.coalesce(Item.title, ""),
            sa.func.coalesce(Item.url, ""), sa.func.coalesce(Source.title, ""), sa.func.coalesce(Item.language, ""),
            Item.published_at,
        )
        .select_from(EditionStory)
        .join(Watchlist, Watchlist.id == EditionStory.watchlist_id)
        .outerjoin(Item, Item.id == sa.func.coalesce(known, left))
        .outerjoin(Source, Source.id == Item.source_id)
        .where(here)
        .order_by(Watchlist.name_key, EditionStory.shown.desc(), Item.published_at.desc(), EditionStory.story_id)
        .limit(limit)
    )  # fmt: skip
    return [
        StoryLine(
            watchlist=row[0], is_shown=row[1], is_update=row[2] > 0, title=row[3], url=row[4], source=row[5],
            language=row[6], published_at=row[7],
        )
        for row in session.execute(query)
    ], count  # fmt: skip


def offered_watchlists(session: Session, names: Sequence[str]) -> list[str]:
    """The names of the watchlists that are looked for, of those given, or all where none are; by name."""
    query = sa.select(Watchlist.name).where(Watchlist.enabled).order_by(Watchlist.name_key)
    if names:
        query = query.where(Watchlist.name_key.in_([name.casefold() for name in names]))
    return list(session.scalars(query))
