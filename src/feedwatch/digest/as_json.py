"""An edition as the JSON document that a webhook gets: docs/channels.md says what each of its keys means."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from feedwatch.digest.fit import legible
from feedwatch.digest.markup import printable, web_link
from feedwatch.digest.personal import PLACEHOLDERS, Personal, fill
from feedwatch.export.json_text import json_text
from feedwatch.model import Body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedwatch.model import Edition, EditionSection, EditionStory

VERSION = 1
"""Of the document. It goes up when a key gets another meaning or goes away; new keys may come without."""
EDITION = "edition.made"
"""What the document's `type` says (Standard Webhooks 1.0, payload structure)."""


def json_body(edition: Edition) -> Body:
    """The document as the body's text, with placeholders for what is personal; to be filled in by `fill_json`."""
    edition = legible(edition)
    document = {
        "type": EDITION,
        "version": VERSION,
        "timestamp": edition.window_end,
        "subscription": edition.subscription,
        "subscriber": {"name": PLACEHOLDERS["name"], "address": PLACEHOLDERS["address"]},
        "locale": edition.locale,
        "timezone": edition.timezone,
        "window": {"start": edition.window_start, "end": edition.window_end},
        "figures": {
            "stories": edition.story_count,
            "sources": edition.source_count,
            "more": edition.more,
            "previous_stories": edition.previous_story_count,
        },
        "sections": [_section(section) for section in edition.sections],
        "rising": [
            {"term": printable(term.term), "stories": term.stories, "usual": term.usual, "share": term.share}
            for term in edition.rising
        ],
        "links": {"view": PLACEHOLDERS["view_url"], "archive": PLACEHOLDERS["archive_url"]},
    }
    return Body(subject=edition.subscription, html="", text=json_text(document))


def fill_json(text: str, personal: Personal) -> str:
    """The document with the values in place, escaped for the strings that they stand in."""
    return fill(text, Personal(**{name: json_text(value)[1:-1] for name, value in asdict(personal).items()}))


def _section(section: EditionSection) -> dict[str, Any]:
    return {"watchlist": section.watchlist, "more": section.more, "stories": [_story(it) for it in section.stories]}


def _story(story: EditionStory) -> dict[str, Any]:
    return {
        "id": story.story_id,
        "title": story.title,
        "title_spans": _spans(story.title_spans),
        "url": web_link(story.url),
        "source": story.source,
        "language": story.source_language,
        "published_at": story.published_at,
        "snippet": story.snippet,
        "snippet_spans": _spans(story.snippet_spans),
        "terms": list(story.terms),
        "is_update": story.is_update,
        "also_matched": list(story.also_matched),
        "also_in": [
            {
                "source": item.source,
                "title": item.title,
                "url": web_link(item.url),
                "published_at": item.published_at,
            }
            for item in story.also_in
        ],
        "relatives": [
            {"language": it.language, "source": it.source, "title": it.title, "url": web_link(it.url)}
            for it in story.relatives
        ],
    }


def _spans(spans: Iterable[tuple[int, int]]) -> list[list[int]]:
    return [[start, end] for start, end in spans]
