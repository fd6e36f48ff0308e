"""feedparser's dicts, read with care: texts, links, files and pictures, where they are of the right type."""

from __future__ import annotations

from collections.abc import Iterator

from feedwatch.model import Enclosure
from feedwatch.parse import links as links_of
from feedwatch.parse.fragment import absolute_url
from feedwatch.parse.links import Link

Parsed = dict[str, object]
"""A dict of feedparser's, read as a plain one: its own reading takes `published` for a missing `updated`."""


def text_of(holder: Parsed, key: str) -> str:
    """The text, stripped; empty where there is none."""
    value = dict.get(holder, key)
    return value.strip() if isinstance(value, str) else ""


def mapping_of(holder: Parsed, key: str) -> Parsed:
    """The dict; an empty one where there is none."""
    value = dict.get(holder, key)
    return value if isinstance(value, dict) else {}


def several_of(holder: Parsed, key: str) -> list[object]:
    """The list; an empty one where there is none."""
    value = dict.get(holder, key)
    return value if isinstance(value, list) else []


def absolute(link: str, base: str) -> str | None:
    """The link resolved; None where there is none, or none of http(s)."""
    return absolute_url(link, base) if link else None


def links_in(holder: Parsed, base: str) -> list[Link]:
    """The links that can be absolute, in document order."""
    return [
        Link(url, text_of(link, "rel") or "alternate", text_of(link, "type"), text_of(link, "length"))
        for link in mappings_of(holder, "links")
        if (url := absolute(text_of(link, "href"), base))
    ]


def mappings_of(holder: Parsed, key: str) -> Iterator[Parsed]:
    """The dicts of a list."""
    for value in several_of(holder, key):
        if isinstance(value, dict):
            yield value


def media_of(entry: Parsed, base: str) -> Iterator[Enclosure]:
    """Sounds and films of media:content."""
    for media in mappings_of(entry, "media_content"):
        kind = text_of(media, "type")
        if (kind.startswith(("audio", "video")) or text_of(media, "medium") in ("audio", "video")) and (
            url := absolute(text_of(media, "url"), base)
        ):
            yield links_of.enclosure(url, kind, text_of(media, "filesize"))


def image_of(entry: Parsed, links: list[Link], base: str) -> str | None:
    """The picture that stands for the entry, as in parse/tree_attached.py."""
    addresses = [text_of(mapping_of(entry, "image"), "href")]
    addresses += [text_of(thumbnail, "url") for thumbnail in mappings_of(entry, "media_thumbnail")]
    addresses += [
        text_of(media, "url")
        for media in mappings_of(entry, "media_content")
        if text_of(media, "medium") == "image" or text_of(media, "type").startswith("image/")
    ]
    addresses += [link.url for link in links if link.rel == "enclosure" and link.type.startswith("image/")]
    return next((url for address in addresses if (url := absolute(address, base))), None)
