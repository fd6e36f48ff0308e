"""What a document is - feed, sitemap or page - and, of a page, which feeds it names: what discovery needs to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser

from feedwatch.errors import DocumentError
from feedwatch.model import Kind
from feedwatch.parse.fragment import absolute_url, one_line
from feedwatch.parse.html_text import html_text, html_tree, page_title
from feedwatch.parse.page import base_of
from feedwatch.parse.sitemap import read_sitemap

_FEED_TYPES: Final = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json",
    "application/x.atom+xml", "application/x-atom+xml", "application/xml", "text/xml", "text/rss+xml",
})  # fmt: skip
_NO_FEED: Final = re.compile(r"/wp-json/|/oembed|opensearch|manifest\.json|wlwmanifest|/xmlrpc\.php", re.IGNORECASE)
_FEED_PATH: Final = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom)(?:[/._-]|$)|[._-](?:rss|atom|rdf)$|\.(?:rss|atom|rdf)\b|(?:rss|atom|feed)\.(?:xml|php|aspx?|jsp)$"
    r"|(?:^|/)feed\.json$|rss[\w-]*\.xml$",
    re.IGNORECASE,
)
_FEED_QUERY: Final = re.compile(r"(?:^|&)(?:feed|format|type|output|alt)=(?:rss2?|atom|feed|rdf)(?:&|$)", re.IGNORECASE)
_FEED_HOST: Final = re.compile(r"(?:feeds?|rss)\.", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment|评论|評論|留言", re.IGNORECASE)
_FIRST_ELEMENT: Final = re.compile(r"<(!doctype\s+html\b|[a-z][\w:.-]*)", re.IGNORECASE)
_OF_PAGES: Final = frozenset({
    "html", "head", "body", "title", "meta", "link", "script", "style", "base", "header", "main", "nav", "section",
    "div", "p", "a", "h1", "ul", "ol", "table", "center", "font", "form", "span", "br", "b", "img", "noscript",
})  # fmt: skip
_FIRST_WITHIN: Final = 20_000
_MOST_LINKS: Final = 20
_MOST_ANCHORS: Final = 5000
_MOST_DATES: Final = 200
_MOST_SITEMAPS: Final = 200
_SITEMAP_READERS: Final = frozenset(["sitemap", "sitemap index", "text sitemap"])

BY_PAGE: Final = "named by the page"
FROM_PAGE: Final = "linked from the page"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A place where a feed may be."""

    url: str
    """Absolute."""
    title: str
    """As the page calls it; plain, may be empty."""
    why: str
    """How it was come by; for the admin."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a document is and holds."""

    kind: Kind
    title: str
    entries: int = 0
    dates: tuple[str, ...] = ()
    """When the first of its entries were published or updated; as written."""
    sitemaps: tuple[str, ...] = ()
    """Of a sitemap index; newest first where it tells."""
    links: tuple[FeedLink, ...] = ()
    """Of a page: where it says, or seems to say, that its feeds are."""


def survey(body: bytes, content_type: str | None, url: str) -> Survey:
    """Look at a document.

    Raises:
        DocumentError: neither feed nor sitemap nor page; the text says what it looks like instead.
    """
    try:
        document = read_sitemap(body, content_type=content_type, url=url)
    except DocumentError:
        text = html_text(body, content_type)
        first = _FIRST_ELEMENT.search(text, 0, _FIRST_WITHIN) if text[:1] not in "{[" else None
        if first is None or not (first[1].startswith("!") or first[1].lower() in _OF_PAGES):
            raise
        tree = html_tree(text)
        return Survey("page", page_title(tree), links=feed_links(tree, url))
    dates = (entry.published or entry.updated for entry in document.entries[:_MOST_DATES])
    return Survey(
        kind="sitemap" if document.reader in _SITEMAP_READERS else "feed",
        title=document.title,
        entries=len(document.entries),
        dates=tuple(date for date in dates if date),
        sitemaps=tuple(child.url for child in document.children[:_MOST_SITEMAPS]),
    )


def feed_links(tree: LexborHTMLParser, url: str) -> tuple[FeedLink, ...]:
    """The feeds that a page names (`link rel=alternate`), then those that it seems to link to; of comments last.

    At most 20, each URL once, the page's own left out.
    """
    base, here = base_of(tree, url), urldefrag(url)[0]
    found: dict[str, FeedLink] = {}
    for link in (*_named(tree, base), *_linked(tree, base)):
        if urldefrag(link.url)[0] != here:
            found.setdefault(link.url, link)
    in_order = sorted(found.values(), key=_is_of_comments)
    return tuple(in_order[:_MOST_LINKS])


def _named(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for link in tree.css("link[href]"):
        attributes = link.attributes
        relations = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
        is_feed = ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations
        address = absolute_url(attributes.get("href") or "", base)
        if is_feed and address and not _NO_FEED.search(address):
            yield FeedLink(address, one_line(attributes.get("title") or ""), BY_PAGE)


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for anchor in tree.css("a[href]")[:_MOST_ANCHORS]:
        address = absolute_url(anchor.attributes.get("href") or "", base)
        if address and looks_like_feed(address):
            title = one_line(anchor.text()) or one_line(anchor.attributes.get("title") or "")
            yield FeedLink(address, title, FROM_PAGE)


def looks_like_feed(url: str) -> bool:
    """Whether an address looks like a feed's, or like a page that lists feeds."""
    parts = urlsplit(url)
    if _NO_FEED.search(url):
        return False
    is_feed = _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query) or _FEED_HOST.match(parts.netloc)
    return is_feed is not None


def _is_of_comments(link: FeedLink) -> bool:
    return _COMMENTS.search(f"{link.title} {link.url}") is not None
