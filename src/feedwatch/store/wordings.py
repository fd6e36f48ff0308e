"""The texts of the few items that editions show, and what else ran of their stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.model import Span
from feedwatch.store.batches import batches
from feedwatch.store.tables import Item, Match, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What an item says, in one revision, and where watchlists' terms stand in it."""

    item_id: int
    story_id: int
    revision: int
    title: str
    text: str
    url: str
    source_id: int
    source: str
    """The source's title."""
    language: str
    published_at: datetime
    spans: Mapping[int, tuple[Span, ...]]
    """By watchlist's id."""


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


def words_of_items(session: Session, item_ids: Collection[int]) -> dict[int, ItemWords]:
    """The words of each item, with the spans of all its matches; an item that is kept no more has no entry."""
    spans = _spans(session, item_ids)
    found: dict[int, ItemWords] = {}
    for batch in batches(sorted(item_ids)):
        query = (
            sa.select(
                Item.id, Item.story_id, Item.revision, Item.title, Item.text, Item.url, Source.id, Source.title,
                Item.language, Item.published_at,
            )
            .join(Source, Source.id == Item.source_id)
            .where(Item.id.in_(batch))
        )  # fmt: skip
        for row in session.execute(query):
            found[row.id] = ItemWords(*row[:10], spans=spans.get(row[0], {}))
    return found


def _spans(session: Session, item_ids: Collection[int]) -> dict[int, dict[int, tuple[Span, ...]]]:
    found: dict[int, dict[int, tuple[Span, ...]]] = {}
    for batch in batches(sorted(item_ids)):
        query = sa.select(Match.item_id, Match.watchlist_id, Match.spans).where(Match.item_id.in_(batch))
        for item_id, watchlist_id, spans in session.execute(query):
            found.setdefault(item_id, {})[watchlist_id] = tuple(Span(*span) for span in spans)
    return found


def items_of_stories(session: Session, story_ids: Collection[int]) -> list[StoryItem]:
    """Every item of the stories, earliest first."""
    found: list[StoryItem] = []
    for batch in batches(sorted(story_ids)):
        query = (
            sa.select(Item.id, Item.story_id, Source.id, Source.title, Item.title, Item.url, Item.published_at)
            .join(Source, Source.id == Item.source_id)
            .where(Item.story_id.in_(batch))
            .order_by(Item.published_at, Item.id)
        )
        found += [StoryItem(*row) for row in session.execute(query)]
    return found
