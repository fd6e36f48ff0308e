"""What of a story's items decides which of them stands for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.batches import batches
from feedwatch.store.tables import Item, Source

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An item of a story."""

    item_id: int
    title: str
    text_length: int
    """In characters."""
    published_at: datetime
    language: str
    is_preferred: bool
    """Whether its source is preferred to others."""
    source: str
    """The source's title."""
    source_name: str
    url: str


Choose = Callable[[Sequence[StoryMember]], int]
"""Which of a story's items, given earliest first, stands for it: its place among them."""


def earliest(_members: Sequence[StoryMember]) -> int:
    """The first that was published."""
    return 0


def members_of_stories(session: Session, story_ids: Collection[int]) -> dict[int, list[StoryMember]]:
    """The items of each story, earliest first; a story without items has no entry."""
    members: dict[int, list[StoryMember]] = {}
    for batch in batches(sorted(story_ids)):
        query = (
            sa.select(
                Item.story_id, Item.id, Item.title, sa.func.length(Item.text), Item.published_at, Item.language,
                Source.options, Source.title, Source.name, Item.url,
            )
            .join(Source, Source.id == Item.source_id)
            .where(Item.story_id.in_(batch))
            .order_by(Item.published_at, Item.id)
        )  # fmt: skip
        for story_id, item_id, title, length, published_at, language, options, source, name, url in session.execute(
            query
        ):
            members.setdefault(story_id, []).append(
                StoryMember(
                    item_id=item_id,
                    title=title,
                    text_length=length,
                    published_at=published_at,
                    language=language,
                    is_preferred=bool(options.get("preferred")),
                    source=source,
                    source_name=name,
                    url=url,
                )
            )
    return members
