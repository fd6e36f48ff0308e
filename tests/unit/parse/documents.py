"""Small documents for the tables of this folder."""

from __future__ import annotations

from feedwatch.model import Document, Entry
from feedwatch.parse import parse

URL = "https://news.example/feeds/all.xml"


def rss(item: str = "", *, channel: str = "", attributes: str = "") -> str:
    """An RSS 2.0 feed of one item."""
    namespaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    return (
        f'<rss version="2.0" {namespaces} {attributes}><channel><title>News</title>{channel}'
        f"<item>{item}</item></channel></rss>"
    )


def atom(entry: str = "", *, feed: str = "", attributes: str = "") -> str:
    """An Atom 1.0 feed of one entry."""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>News</title>{feed}<entry>{entry}</entry></feed>'
    )


def read(document: str | bytes, *, content_type: str | None = None, url: str = URL) -> Document:
    """What the room makes of the document."""
    body = document.encode() if isinstance(document, str) else document
    return parse(body, content_type=content_type, url=url)


def entry_of(document: str | bytes, **how: str) -> Entry:
    """Its only entry."""
    (entry,) = read(document, **how).entries
    return entry
