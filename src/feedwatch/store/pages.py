"""What the pages show that a mail links to: an edition as it was sent, all of its stories, whose a subscription is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.cuts import CutStory, unpack
from feedwatch.store.tables import (
    Body,
    Edition,
    EditionCut,
    EditionStory,
    Item,
    Source,
    Subscriber,
    Subscription,
    Watchlist,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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


_SHOWN = sa.select(
    Item.id, Item.title, Item.url, Source.title, Item.language, Item.published_at
).join(Source, Source.id == Item.source_id)  # fmt: skip
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
            Body.html, Body.text, *_TOLD,
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
        html=row[3] or "",
        text=row[4] or "",
        told=Told(*cast("tuple[Any, ...]", row[5:])),
    )


def stories_of_edition(session: Session, edition_id: int, *, limit: int) -> tuple[Sequence[StoryLine], int]:
    """The edition's stories, `limit` of them, and how many there are: by watchlist, shown ones first, newest first.

    Each is told by the item that the edition told it by, or, where that was deleted, by the story's latest other one.
    """
    shown = session.execute(
        sa.select(
            EditionStory.story_id, EditionStory.watchlist_id, EditionStory.telling,
            sa.func.coalesce(EditionStory.item_id, 0), EditionStory.revision,
        ).where(EditionStory.edition_id == edition_id)
    )  # fmt: skip
    packed = session.scalar(sa.select(EditionCut.stories).where(EditionCut.edition_id == edition_id))
    stories = [(CutStory(*row), True) for row in shown]
    stories += [(story, False) for story in (unpack(packed) if packed else ())]
    names = _watchlists(session, {story.watchlist_id for story, _ in stories})
    stories = [(story, is_shown) for story, is_shown in stories if story.watchlist_id in names]
    items = _items(session, {story.item_id for story, _ in stories})
    latest = _latest_items(session, {story.story_id for story, _ in stories if story.item_id not in items})
    lines: list[tuple[tuple[str, bool, float, int], StoryLine]] = []
    for story, is_shown in stories:
        item = items.get(story.item_id) or latest.get(story.story_id)
        name, key = names[story.watchlist_id]
        line = StoryLine(name, is_shown, story.telling > 0, *(item or ("", "", "", "", None)))
        lines.append(((key, not is_shown, -item[4].timestamp() if item else 0.0, story.story_id), line))
    lines.sort(key=itemgetter(0))
    return [line for _, line in lines[:limit]], len(lines)


_Shown = tuple[str, str, str, str, datetime]
"""An item's title, URL, source, language and time."""


def _watchlists(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The name and the key of each."""
    query = sa.select(Watchlist.id, Watchlist.name, Watchlist.name_key).where(Watchlist.id.in_(sorted(ids)))
    return {number: (name, key) for number, name, key in session.execute(query)}


def _items(session: Session, ids: Collection[int]) -> dict[int, _Shown]:
    found: dict[int, _Shown] = {}
    for batch in batches(sorted(ids)):
        for number, *shown in session.execute(_SHOWN.where(Item.id.in_(batch))):
            found[number] = cast("_Shown", tuple(shown))
    return found


def _latest_items(session: Session, story_ids: Collection[int]) -> dict[int, _Shown]:
    """By story: the item that came last of it."""
    latest: dict[int, int] = {}
    for batch in batches(sorted(story_ids)):
        query = sa.select(Item.story_id, sa.func.max(Item.id)).where(Item.story_id.in_(batch)).group_by(Item.story_id)
        latest.update((story_id, item_id) for story_id, item_id in session.execute(query))
    items = _items(session, set(latest.values()))
    return {story_id: items[item_id] for story_id, item_id in latest.items()}


def offered_watchlists(session: Session, names: Sequence[str]) -> list[str]:
    """The names of the watchlists that are looked for, of those given, or all where none are; by name."""
    query = sa.select(Watchlist.name).where(Watchlist.enabled).order_by(Watchlist.name_key)
    if names:
        query = query.where(Watchlist.name_key.in_([name.casefold() for name in names]))
    return list(session.scalars(query))
