"""Items and stories: listed, filtered, and read for matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch import model
from feedwatch.model import Enclosure, Span
from feedwatch.store.tables import Item, Match, Source, Watchlist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are meant; every condition that is given must hold."""

    source: str | None = None
    watchlist: str | None = None
    language: str | None = None
    """A language matches its variants as well: `zh` takes `zh-Hant`."""
    since: datetime | None = None
    """Published at or after."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is listed."""

    id: int
    story_id: int
    source: str
    title: str
    url: str
    language: str
    published_at: datetime
    published_from: str
    first_seen_at: datetime
    revision: int
    watchlists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """Everything of one item."""

    row: ItemRow
    text: str
    html: str
    guid: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    updated_at: datetime | None
    origin: str
    """The feed that it was taken over from, where it says so."""
    comments: str
    image: str
    enclosures: tuple[Enclosure, ...]
    matches: tuple[tuple[str, float, tuple[str, ...], tuple[Span, ...]], ...]
    """(watchlist, score, queries, spans)."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story as it is listed: its earliest item stands for it."""

    id: int
    title: str
    url: str
    published_at: datetime
    sources: tuple[str, ...]
    item_count: int
    watchlists: tuple[str, ...]


def list_items(session: Session, wanted: ItemFilter, limit: int) -> Sequence[ItemRow]:
    """The newest items that pass the filter."""
    query = (
        sa.select(Item, Source.name)
        .join(Source, Source.id == Item.source_id)
        .where(*_conditions(wanted))
        .order_by(Item.published_at.desc(), Item.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    names = _watchlists_by_item(session, [item.id for item, _ in rows])
    return [_row(item, source, names.get(item.id, ())) for item, source in rows]


def show_item(session: Session, item_id: int) -> ItemDetail | None:
    """One item with its matches; None where there is none of this number."""
    found = session.execute(
        sa.select(Item, Source.name).join(Source, Source.id == Item.source_id).where(Item.id == item_id)
    ).first()
    if found is None:
        return None
    item, source = found
    matches = session.execute(
        sa.select(Watchlist.name, Match.score, Match.queries, Match.spans)
        .join(Watchlist, Watchlist.id == Match.watchlist_id)
        .where(Match.item_id == item_id)
        .order_by(Watchlist.name_key)
    )
    details = tuple(
        (name, score, tuple(queries), tuple(Span(*span) for span in spans)) for name, score, queries, spans in matches
    )
    return ItemDetail(
        row=_row(item, source, tuple(detail[0] for detail in details)),
        text=item.text,
        html=item.html,
        guid=item.guid,
        authors=tuple(item.authors),
        tags=tuple(item.tags),
        updated_at=item.updated_at,
        origin=item.origin,
        comments=item.comments,
        image=item.image,
        enclosures=tuple(Enclosure(*stored) for stored in item.enclosures),
        matches=details,
    )


def list_stories(session: Session, wanted: ItemFilter, limit: int) -> Sequence[StoryRow]:
    """The stories with the newest items that pass the filter."""
    newest = sa.func.max(Item.published_at)
    query = (
        sa.select(Item.story_id)
        .join(Source, Source.id == Item.source_id)
        .where(*_conditions(wanted))
        .group_by(Item.story_id)
        .order_by(newest.desc(), Item.story_id.desc())
        .limit(limit)
    )
    story_ids = session.scalars(query).all()
    members: dict[int, list[tuple[Item, str]]] = {}
    items = (
        sa.select(Item, Source.title)
        .join(Source, Source.id == Item.source_id)
        .where(Item.story_id.in_(story_ids))
        .order_by(Item.published_at, Item.id)
    )
    for item, source in session.execute(items):
        members.setdefault(item.story_id, []).append((item, source))
    names = _watchlists_by_item(session, [item.id for group in members.values() for item, _ in group])
    return [_story(story_id, members[story_id], names) for story_id in story_ids]


def _story(story_id: int, members: Sequence[tuple[Item, str]], names: dict[int, tuple[str, ...]]) -> StoryRow:
    first = members[0][0]
    return StoryRow(
        id=story_id,
        title=first.title,
        url=first.url,
        published_at=first.published_at,
        sources=tuple(dict.fromkeys(source for _, source in members)),
        item_count=len(members),
        watchlists=tuple(sorted({name for item, _ in members for name in names.get(item.id, ())})),
    )


def _conditions(wanted: ItemFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.source is not None:
        conditions.append(Source.name == wanted.source)
    if wanted.since is not None:
        conditions.append(Item.published_at >= wanted.since)
    if wanted.language is not None:
        # Tags have no case (RFC 5646, 2.1.1), and LIKE has one on PostgreSQL alone.
        tag, stored = wanted.language.lower(), sa.func.lower(Item.language)
        conditions.append(sa.or_(stored == tag, stored.startswith(f"{tag}-", autoescape=True)))
    if wanted.watchlist is not None:
        matched = (
            sa.select(Match.item_id)
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Watchlist.name_key == wanted.watchlist.casefold())
        )
        conditions.append(Item.id.in_(matched))
    return conditions


def _watchlists_by_item(session: Session, item_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    names: dict[int, list[str]] = {}
    for start in range(0, len(item_ids), 1000):
        query = (
            sa.select(Match.item_id, Watchlist.name)
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Match.item_id.in_(item_ids[start : start + 1000]))
            .order_by(Watchlist.name_key)
        )
        for item_id, name in session.execute(query):
            names.setdefault(item_id, []).append(name)
    return {item_id: tuple(found) for item_id, found in names.items()}


def _row(item: Item, source: str, watchlists: tuple[str, ...]) -> ItemRow:
    return ItemRow(
        id=item.id,
        story_id=item.story_id,
        source=source,
        title=item.title,
        url=item.url,
        language=item.language,
        published_at=item.published_at,
        published_from=item.published_from,
        first_seen_at=item.first_seen_at,
        revision=item.revision,
        watchlists=watchlists,
    )


def read_items(session: Session, since: datetime | None) -> Iterator[tuple[ItemRow, model.Item]]:
    """Every item published since then (or ever), newest first, as the matcher wants it; streamed."""
    query = (
        sa.select(Item, Source.name)
        .join(Source, Source.id == Item.source_id)
        .order_by(Item.published_at.desc(), Item.id.desc())
        .execution_options(yield_per=500)
    )
    if since is not None:
        query = query.where(Item.published_at >= since)
    for item, source in session.execute(query):
        yield (
            _row(item, source, ()),
            model.Item(
                guid=item.guid,
                url=item.url,
                title=item.title,
                text=item.text,
                html=item.html,
                authors=tuple(item.authors),
                tags=tuple(item.tags),
                language=item.language,
                published_at=item.published_at,
                published_from=item.published_from,  # type: ignore[arg-type]
                updated_at=item.updated_at,
            ),
        )
