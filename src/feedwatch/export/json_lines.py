"""JSON Lines: one object a line, in UTF-8 (https://jsonlines.org, RFC 8259)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from feedwatch.export.json_text import json_text
from feedwatch.export.values import ExportedItem, ExportedStory
from feedwatch.model import Item

_ITEM_FIELDS = tuple(field.name for field in fields(Item))


def items_as_json_lines(items: Iterable[ExportedItem]) -> Iterator[bytes]:
    """A line an item: every field, times as RFC 3339 has them, matches with their spans."""
    for exported in items:
        yield _line(item_object(exported))


def stories_as_json_lines(stories: Iterable[ExportedStory]) -> Iterator[bytes]:
    """A line a story, with its items and the stories related to it."""
    for story in stories:
        yield _line(story_object(story))


def item_object(exported: ExportedItem) -> dict[str, Any]:
    """The item's object: its fields and what the archive knows of it, side by side."""
    return {
        "id": exported.id,
        "story_id": exported.story_id,
        "source": exported.source,
        **{name: getattr(exported.item, name) for name in _ITEM_FIELDS},
        "enclosures": [{"url": it.url, "type": it.type, "length": it.length} for it in exported.item.enclosures],
        "first_seen_at": exported.first_seen_at,
        "revision": exported.revision,
        "matches": [
            {
                "watchlist": match.watchlist,
                "score": match.score,
                "queries": match.queries,
                "spans": [{"field": span.field, "start": span.start, "end": span.end} for span in match.spans],
            }
            for match in exported.matches
        ],
    }


def story_object(story: ExportedStory) -> dict[str, Any]:
    """The story's object."""
    return {
        "id": story.id,
        "item_id": story.item_id,
        "title": story.title,
        "url": story.url,
        "language": story.language,
        "source": story.source,
        "published_at": story.published_at,
        "sources": story.sources,
        "languages": story.languages,
        "watchlists": story.watchlists,
        "items": [
            {
                "id": copy.item_id,
                "source": copy.source,
                "title": copy.title,
                "url": copy.url,
                "language": copy.language,
                "published_at": copy.published_at,
            }
            for copy in story.items
        ],
        "related": [
            {
                "story_id": other.story_id,
                "title": other.title,
                "language": other.language,
                "url": other.url,
                "sources": other.sources,
            }
            for other in story.related
        ],
    }


def _line(value: dict[str, Any]) -> bytes:
    return f"{json_text(value)}\n".encode()
