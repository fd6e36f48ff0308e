"""Editions: stored with what they told and their deliveries, remembered for the next ones' figures, and listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from feedwatch.store.batches import new_ids, value_table
from feedwatch.store.columns import UtcDateTime
from feedwatch.store.cuts import CutStory, pack
from feedwatch.store.tables import Body, Delivery, Edition, EditionCut, EditionStory, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from feedwatch.store.due import DueSubscription

Former = tuple[int, Mapping[str, int]]
"""Of an edition that was made: its number of stories, and how many of them had each telling term."""


class ToldStory(NamedTuple):
    """A story that an edition tells of, or counts as more; an edition can have hundreds."""

    story_id: int
    watchlist_id: int
    """Of the section that it stands in."""
    shown: bool
    """False for a story that a limit cut to "n more"."""
    telling: int
    """0 for the first time, n for the n-th update told."""
    item_id: int
    """The item that stands for it."""
    revision: int
    """The item's, as it is told."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An edition on its way by one channel."""

    channel: str
    address: str
    """A mail address; for another channel its name."""
    body_id: int
    message_id: str
    """With its angle brackets (RFC 5322, 3.6.4)."""


@dataclass(frozen=True, slots=True)
class NewEdition:
    """An edition that is to be stored."""

    subscription: DueSubscription
    window_end: datetime
    body_id: int
    """What it says by mail."""
    stories: Sequence[ToldStory]
    terms: Mapping[str, int]
    """How many of its stories have each telling term."""
    deliveries: Sequence[NewDelivery]


def add_editions(session: Session, editions: Sequence[NewEdition]) -> Sequence[int]:
    """Store editions with what they tell and their deliveries, in one statement a table; returns their ids.

    In a transaction that holds the writers' lock. Raises sqlalchemy.exc.IntegrityError where one was made before for
    the same due time, or its subscriber was told one of its stories as often: then none is stored.
    """
    if not editions:
        return ()
    edition_ids = new_ids(session, Edition, len(editions))
    numbered = list(zip(edition_ids, editions, strict=True))
    connection = session.connection()
    connection.execute(sa.insert(Edition), [_edition_row(edition_id, edition) for edition_id, edition in numbered])
    _add_told(session, numbered)
    if cuts := [row for edition_id, edition in numbered if (row := _cut_row(edition_id, edition))]:
        connection.execute(sa.insert(EditionCut), cuts)
    deliveries = [
        _delivery_row(edition_id, delivery, edition.window_end)
        for edition_id, edition in numbered
        for delivery in edition.deliveries
    ]
    if deliveries:
        connection.execute(sa.insert(Delivery), deliveries)
    return edition_ids


def _add_told(session: Session, numbered: Sequence[tuple[int, NewEdition]]) -> None:
    """Plain numbers, some dozen an edition: SQLAlchemy's way of binding a row would take as long as all the rest."""
    rows = [
        (edition_id, story.story_id, edition.subscription.subscriber_id, story.watchlist_id, *story[3:])
        for edition_id, edition in numbered
        for story in edition.stories
        if story.shown
    ]
    if not rows:
        return
    columns = ["edition_id", "story_id", "subscriber_id", "watchlist_id", *ToldStory._fields[3:]]
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        insert = sa.insert(EditionStory).compile(dialect=connection.dialect, column_keys=columns)
        connection.exec_driver_sql(str(insert), rows)
        return
    given = value_table(
        session, **{name: list(map(int, values)) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
    )
    session.execute(sa.insert(EditionStory).from_select(columns, sa.select(*(given.c[name] for name in columns))))


def _cut_row(edition_id: int, edition: NewEdition) -> dict[str, object] | None:
    cut = [CutStory(story.story_id, story.watchlist_id, *story[3:]) for story in edition.stories if not story.shown]
    if not cut:
        return None
    return {
        "edition_id": edition_id,
        "subscriber_id": edition.subscription.subscriber_id,
        "last_story_id": max(story.story_id for story in cut),
        "stories": pack(cut),
    }


def _edition_row(edition_id: int, edition: NewEdition) -> dict[str, object]:
    return {
        "id": edition_id,
        "subscription_id": edition.subscription.id,
        "due_at": edition.subscription.due_at,
        "window_start": edition.subscription.window_start,
        "window_end": edition.window_end,
        "story_count": sum(story.shown for story in edition.stories),
        "body_id": edition.body_id,
        "terms": edition.terms,
    }


def _delivery_row(edition_id: int, delivery: NewDelivery, now: datetime) -> dict[str, object]:
    return {
        "edition_id": edition_id,
        "body_id": delivery.body_id,
        "channel": delivery.channel,
        "address": delivery.address,
        "message_id": delivery.message_id,
        "state": "pending",
        "attempts": 0,
        "created_at": now,
        "waiting_since": now,
        "next_attempt_at": now,
    }


def former_editions(
    session: Session, subscription_ids: Collection[int], since: datetime, at_most: int
) -> dict[int, list[Former]]:
    """The last editions of each subscription that were due at `since` or later, newest first, at most so many each."""
    if not subscription_ids:
        return {}
    given = value_table(session, subscription_id=sorted(subscription_ids))
    last = sa.alias(sa.select(Edition.subscription_id, Edition.due_at).subquery())
    oldest = (
        sa.select(last.c.due_at)
        .where(last.c.subscription_id == given.c.subscription_id, last.c.due_at >= since)
        .order_by(last.c.due_at.desc())
        .offset(at_most - 1)
        .limit(1)
        .correlate(given)
        .scalar_subquery()
    )
    query = (
        sa.select(Edition.subscription_id, Edition.story_count, Edition.terms)
        .join(
            given,
            sa.and_(
                Edition.subscription_id == given.c.subscription_id,
                Edition.due_at >= sa.func.coalesce(oldest, sa.literal(since, UtcDateTime())),
            ),
        )
        .order_by(Edition.subscription_id, Edition.due_at.desc())
    )
    former: dict[int, list[Former]] = {}
    for subscription_id, story_count, terms in session.execute(query):
        former.setdefault(subscription_id, []).append((story_count, terms))
    return former


def last_story_counts(session: Session, subscription_ids: Collection[int]) -> dict[int, int]:
    """How many stories each subscription's last edition had, however long ago; none for one that had none yet."""
    if not subscription_ids:
        return {}
    given = value_table(session, subscription_id=sorted(subscription_ids))
    last = sa.alias(sa.select(Edition.subscription_id, Edition.due_at, Edition.story_count).subquery())
    count = (
        sa.select(last.c.story_count)
        .where(last.c.subscription_id == given.c.subscription_id)
        .order_by(last.c.due_at.desc())
        .limit(1)
        .correlate(given)
        .scalar_subquery()
    )
    rows = session.execute(sa.select(given.c.subscription_id, count))
    return {subscription_id: number for subscription_id, number in rows if number is not None}


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
