"""Atom (RFC 4287): a feed of items or of stories, for feed readers and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from types import MappingProxyType
from uuid import UUID, uuid5

from lxml import etree

from feedwatch.export.values import ExportedItem, ExportedStory, rfc3339
from feedwatch.model import Enclosure

WATCHLIST_SCHEME = "urn:x-feedwatch:watchlist"
"""Tells the categories that are watchlists from those that are tags."""

_ATOM = "http://www.w3.org/2005/Atom"
_DECLARATION = f' xmlns="{_ATOM}"'.encode()
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMES = UUID("6f5c6d0e-6c0c-5b0e-9d1b-6b8f3c1a7e52")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands at the head of a feed."""

    id: str
    """An IRI that stays the same for the same feed; `permanent_id` makes one."""
    title: str
    updated: datetime
    """When anything in it last changed."""
    subtitle: str = ""
    url: str = ""
    """Where the feed itself is read (link rel=self)."""
    page: str = ""
    """The page that shows the same (link rel=alternate)."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry, of an item or a story."""

    id: str
    title: str
    updated: datetime
    published: datetime
    url: str
    language: str
    html: str
    """Sanitized; all of its links absolute."""
    authors: Sequence[str]
    """Never empty: RFC 4287 wants an author for every entry."""
    source: str
    watchlists: Sequence[str] = ()
    tags: Sequence[str] = ()
    enclosures: Sequence[Enclosure] = ()
    comments: str = ""
    """The page of comments (link rel=replies, RFC 4685)."""
    copied_from: str = ""
    """The page that it is a copy of (link rel=via)."""


def permanent_id(*names: str) -> str:
    """An IRI that is made of names alone: `urn:uuid:` (RFC 9562, version 5), the same at every call."""
    return uuid5(_NAMES, "\n".join(names).encode("utf-8", "replace").decode()).urn


def write_atom(feed: Feed, entries: Iterable[FeedEntry]) -> Iterator[bytes]:
    """The document in parts: its head, each entry, its end. Characters that XML has no place for are left out."""
    yield b"<?xml version='1.0' encoding='utf-8'?>\n" + f'<feed xmlns="{_ATOM}">\n'.encode()
    yield from map(_line, _head(feed))
    for entry in entries:
        yield _line(_entry(entry))
    yield b"</feed>\n"


def entry_of_item(exported: ExportedItem) -> FeedEntry:
    """The entry of an item. Its id follows from the source's name and the item's guid alone."""
    item = exported.item
    return FeedEntry(
        id=permanent_id("item", exported.source, item.guid),
        title=item.title,
        updated=max(item.updated_at or item.published_at, item.published_at),
        published=item.published_at,
        url=item.url,
        language=item.language,
        html=item.html or _paragraphs(item.text),
        authors=item.authors or (exported.source,),
        source=exported.source,
        watchlists=tuple(match.watchlist for match in exported.matches),
        tags=item.tags,
        enclosures=item.enclosures,
        comments=item.comments,
        copied_from=item.canonical,
    )


def entry_of_story(story: ExportedStory, html: str = "") -> FeedEntry:
    """The entry of a story: `html`, of the item that stands for it, and below where else it ran.

    Its id follows from the story's number and its oldest item: the same as long as that one is kept.
    """
    oldest = min(story.items, key=lambda copy: copy.item_id)
    return FeedEntry(
        id=permanent_id("story", str(story.id), oldest.source, str(oldest.item_id)),
        title=story.title,
        updated=max(copy.published_at for copy in story.items),
        published=min(copy.published_at for copy in story.items),
        url=story.url,
        language=story.language,
        html=html + _elsewhere(story),
        authors=(story.source,),
        source=story.source,
        watchlists=story.watchlists,
    )


def also_in(places: Sequence[tuple[str, str, str]], heading: str = "Also in") -> str:
    """HTML of where else a story stands: (URL, title, words in brackets) each; empty for nowhere else."""
    if not places:
        return ""
    lines = (
        f'<li><a href="{escape(url)}">{escape(title)}</a> ({escape(where)})</li>'
        if url
        else f"<li>{escape(title)} ({escape(where)})</li>"
        for url, title, where in places
    )
    return f"<p>{heading}:</p><ul>{''.join(lines)}</ul>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def _elsewhere(story: ExportedStory) -> str:
    others = [(copy.url, copy.title, copy.source) for copy in story.items if copy.item_id != story.item_id]
    related = [(other.url, other.title, ", ".join((*other.sources, other.language))) for other in story.related]
    return also_in(others) + also_in(related, "In other languages")


def _head(feed: Feed) -> Iterator[etree._Element]:
    yield _text("id", feed.id)
    yield _text("title", feed.title)
    if feed.subtitle:
        yield _text("subtitle", feed.subtitle)
    yield _text("updated", rfc3339(feed.updated))
    yield _text("generator", "feedwatch")
    if feed.url:
        yield _link("self", feed.url, type="application/atom+xml")
    if feed.page:
        yield _link("alternate", feed.page, type="text/html")


def _entry(entry: FeedEntry) -> etree._Element:
    element = _element("entry")
    if entry.language and entry.language != "und":
        element.set(_LANG, _plain(entry.language))
    element.append(_text("id", entry.id))
    element.append(_text("title", entry.title))
    element.append(_text("published", rfc3339(entry.published)))
    element.append(_text("updated", rfc3339(entry.updated)))
    if entry.url:
        element.append(_link("alternate", entry.url))
    if entry.copied_from:
        element.append(_link("via", entry.copied_from))
    if entry.comments:
        element.append(_link("replies", entry.comments))
    for enclosure in entry.enclosures:
        kind = {"type": enclosure.type} if enclosure.type else {}
        length = {"length": str(enclosure.length)} if enclosure.length is not None else {}
        element.append(_link("enclosure", enclosure.url, **kind, **length))
    for name in entry.authors:
        author = etree.SubElement(element, f"{{{_ATOM}}}author")
        author.append(_text("name", name))
    for watchlist in entry.watchlists:
        element.append(_element("category", {"term": watchlist, "scheme": WATCHLIST_SCHEME}))
    for tag in entry.tags:
        element.append(_element("category", {"term": tag}))
    source = etree.SubElement(element, f"{{{_ATOM}}}source")
    source.append(_text("title", entry.source))
    content = _text("content", entry.html)
    content.set("type", "html")
    element.append(content)
    return element


def _element(name: str, attributes: Mapping[str, str] = MappingProxyType({})) -> etree._Element:
    plain = {key: _plain(value) for key, value in attributes.items()}
    return etree.Element(f"{{{_ATOM}}}{name}", plain, {None: _ATOM})  # type: ignore[dict-item]


def _text(name: str, text: str) -> etree._Element:
    element = _element(name)
    element.text = _plain(text)
    return element


def _link(relation: str, url: str, **attributes: str) -> etree._Element:
    return _element("link", {"rel": relation, "href": _SPACE.sub("%20", url), **attributes})


def _plain(text: str) -> str:
    return text if text.isascii() and text.isprintable() else _NO_XML.sub("", text)


def _line(element: etree._Element) -> bytes:
    # The namespace is the feed's own, and said there; an element always names it before its attributes.
    return etree.tostring(element, encoding="utf-8").replace(_DECLARATION, b"", 1) + b"\n"
