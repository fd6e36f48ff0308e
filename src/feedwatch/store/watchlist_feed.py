"""Watchlists as feeds: their secret tokens, and the stories that a feed shows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.model import Span
from feedwatch.store.definitions import from_stored
from feedwatch.store.tables import Item, ItemRevision, Match, Story, Watchlist

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_TOKEN_BYTES = 24
_MATCHES_A_STORY = 4
"""How many matches are looked through for each story wanted: copies of one that match are passed over."""


@dataclass(frozen=True, slots=True)
class FollowedWatchlist:
    """A watchlist that has a feed."""

    id: int
    name: str
    description: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed would show now, without its texts."""

    story_ids: tuple[int, ...]
    """The one that matched last first."""
    matched_ids: Mapping[int, frozenset[int]]
    """The items of each story that matched."""
    fingerprint: str
    """Another one whenever the feed would say something else: a story more, a copy, a revision, another definition."""
    changed_at: datetime
    """When anything of it came or changed last."""


@dataclass(frozen=True, slots=True)
class FollowedItem:
    """An item that stands for its story in a feed."""

    title: str
    text: str
    url: str
    language: str
    tags: tuple[str, ...]
    published_at: datetime
    updated_at: datetime | None
    spans: tuple[Span, ...]
    """Where it matched the watchlist."""
    story_seen_at: datetime
    """When its story began here; never changes."""


def feed_token(session: Session, name: str, *, renew: bool = False) -> str:
    """The token of a watchlist's feed, made where it has none; with `renew` another, which ends the one before.

    Raises StoreError if there is no watchlist of that name.
    """
    watchlist = _named(session, name)
    if watchlist.feed_token is None or renew:
        watchlist.feed_token = secrets.token_urlsafe(_TOKEN_BYTES)
        session.flush()
    return watchlist.feed_token


def stop_feed(session: Session, name: str) -> bool:
    """End a watchlist's feed; tells whether it had one. Raises StoreError if there is no watchlist of that name."""
    watchlist = _named(session, name)
    had_one = watchlist.feed_token is not None
    watchlist.feed_token = None
    session.flush()
    return had_one


def followed_watchlist(session: Session, token: str) -> FollowedWatchlist | None:
    """The watchlist whose feed has this token; None where no feed has."""
    query = sa.select(Watchlist.id, Watchlist.name, Watchlist.definition, Watchlist.changed_at).where(
        Watchlist.feed_token == token
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return FollowedWatchlist(row.id, row.name, from_stored(row.definition).description, row.changed_at)


def feed_state(session: Session, watchlist: FollowedWatchlist, limit: int) -> FeedState:
    """The `limit` stories that the watchlist matched last, and what tells whether a reader has them as they are."""
    newest = session.scalars(
        sa.select(Match.story_id)
        .where(Match.watchlist_id == watchlist.id)
        .order_by(Match.matched_at.desc(), Match.id.desc())
        .limit(limit * _MATCHES_A_STORY)
    )
    story_ids = list(dict.fromkeys(newest))[:limit]
    rows = session.execute(
        sa.select(Item.story_id, Item.id, Item.revision, Item.first_seen_at, Match.version, Match.matched_at)
        .outerjoin(Match, sa.and_(Match.item_id == Item.id, Match.watchlist_id == watchlist.id))
        .where(Item.story_id.in_(story_ids))
        .order_by(Item.id)
    ).all()
    changes = [watchlist.changed_at]
    matched: dict[int, set[int]] = {}
    for row in rows:
        changes.append(row.first_seen_at)
        if row.matched_at is not None:
            changes.append(row.matched_at)
            matched.setdefault(row.story_id, set()).add(row.id)
    if replaced_at := _last_replaced(session, [row.id for row in rows if row.revision > 1]):
        changes.append(replaced_at)
    told = [watchlist.name, watchlist.description, str(story_ids)]
    told += [f"{row.id}/{row.revision}/{row.version}" for row in rows]
    return FeedState(
        story_ids=tuple(story_ids),
        matched_ids={story_id: frozenset(item_ids) for story_id, item_ids in matched.items()},
        fingerprint=sha256("\n".join(told).encode("utf-8", "replace")).hexdigest(),
        changed_at=max(changes),
    )


def read_followed(session: Session, watchlist_id: int, item_ids: Sequence[int]) -> dict[int, FollowedItem]:
    """The matched items of these ids, with their texts."""
    query = (
        sa.select(
            Item.id, Item.title, Item.text, Item.url, Item.language, Item.tags, Item.published_at, Item.updated_at,
            Match.spans, Story.first_seen_at,
        )
        .join(Match, sa.and_(Match.item_id == Item.id, Match.watchlist_id == watchlist_id))
        .join(Story, Story.id == Item.story_id)
        .where(Item.id.in_(item_ids))
    )  # fmt: skip
    return {
        row.id: FollowedItem(
            title=row.title,
            text=row.text,
            url=row.url,
            language=row.language,
            tags=tuple(row.tags),
            published_at=row.published_at,
            updated_at=row.updated_at,
            spans=tuple(Span(*span) for span in row.spans),
            story_seen_at=row.first_seen_at,
        )
        for row in session.execute(query)
    }


def _last_replaced(session: Session, item_ids: Collection[int]) -> datetime | None:
    if not item_ids:
        return None
    return session.scalar(sa.select(sa.func.max(ItemRevision.replaced_at)).where(ItemRevision.item_id.in_(item_ids)))


def _named(session: Session, name: str) -> Watchlist:
    query = sa.select(Watchlist).where(Watchlist.name_key == name.casefold()).with_for_update()
    watchlist = session.scalars(query).first()
    if watchlist is None:
        raise StoreError(f"there is no watchlist named {name!r}")
    return watchlist
