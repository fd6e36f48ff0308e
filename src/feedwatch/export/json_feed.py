"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the entries that Atom has, for readers that prefer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedwatch.export.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedwatch.export.atom import Feed, FeedEntry
    from feedwatch.model import Enclosure

_VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    """The document in UTF-8; what a feed or an entry does not have is left out."""
    head = {"version": _VERSION, "title": feed.title, "feed_url": feed.url, "home_page_url": feed.page}
    document = {**_given(head), **_given({"description": feed.subtitle}), "items": [_item(entry) for entry in entries]}
    return json_text(document).encode()


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        **_given({"url": entry.url, "title": entry.title}),
        "content_html": entry.html,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": name} for name in entry.authors],
        **_given({"language": "" if entry.language == "und" else entry.language}),
        **_given({"tags": list(dict.fromkeys((*entry.watchlists, *entry.tags)))}),
        **_given({"attachments": [_attachment(it) for it in entry.enclosures if it.type]}),
    }


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    """The format asks for a type: without one, an enclosure has no place here."""
    size = {"size_in_bytes": enclosure.length} if enclosure.length is not None else {}
    return {"url": enclosure.url, "mime_type": enclosure.type, **size}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
