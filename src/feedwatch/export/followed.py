"""The entry of a story in a watchlist's feed: the passage that matched, and where else the story ran."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from feedwatch.export.atom import FeedEntry, also_in, permanent_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """A story as a watchlist's feed shows it: by the item that stands for it."""

    story_id: int
    story_seen_at: datetime
    title: str
    url: str
    language: str
    source: str
    published_at: datetime
    updated_at: datetime | None
    passage: str
    """Around the best match; plain."""
    passage_spans: Sequence[tuple[int, int]]
    """Of the matched terms in it, sorted, none overlapping another."""
    watchlist: str
    tags: Sequence[str] = ()
    others: Sequence[tuple[str, str, str]] = ()
    """(URL, title, source) of its items from other sources, earliest first."""


def entry_of_followed(story: Followed) -> FeedEntry:
    """The entry. Its id follows from the story's number and when it began, neither of which ever changes."""
    return FeedEntry(
        id=permanent_id("followed", str(story.story_id), story.story_seen_at.isoformat()),
        title=story.title,
        updated=max(story.updated_at or story.published_at, story.published_at),
        published=story.published_at,
        url=story.url,
        language=story.language,
        html=_paragraph(story) + also_in(story.others),
        authors=(story.source,),
        source=story.source,
        watchlists=(story.watchlist,),
        tags=story.tags,
    )


def _paragraph(story: Followed) -> str:
    """With terms in <strong>: feedparser, and readers like it, drop <mark>."""
    parts, done = [], 0
    for start, end in story.passage_spans:
        parts += [escape(story.passage[done:start]), f"<strong>{escape(story.passage[start:end])}</strong>"]
        done = end
    return f"<p>{''.join(parts)}{escape(story.passage[done:])}</p><p>{escape(story.source)}</p>"
