"""The names of feeds' elements: each namespace and its known variants to one prefix, each tag to its role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

ATOM: Final = "http://www.w3.org/2005/Atom"
XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_PREFIXES: Final = {
    # RSS and Atom themselves: their elements go by their names alone.
    "": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",  # Atom 0.3
    "http://example.com/newformat#": "",  # drafts of Atom
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://www.rssboard.org/rss-specification": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    # Modules, the official address first.
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/modules/syndication/": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
"""By address in lower case, as sites write it in either."""

_ROLES: Final = {
    "title": "title",
    "dc:title": "title",
    "media:title": "media title",
    "link": "link",
    "feedburner:origlink": "original link",
    "guid": "guid",
    "id": "guid",
    "description": "summary",
    "summary": "plain summary",
    "abstract": "plain summary",
    "dc:description": "summary",
    "itunes:summary": "plain summary",
    "media:description": "media description",
    "content": "content",
    "content:encoded": "content in HTML",
    "fullitem": "content in HTML",
    "body": "content in XHTML",
    "xhtml:body": "content in XHTML",
    "author": "author",
    "managingeditor": "author",
    "dc:creator": "author",
    "dc:author": "author",
    "itunes:author": "author",
    "category": "tag",
    "keywords": "tag",
    "dc:subject": "tag",
    "media:category": "tag",
    "itunes:category": "tag",
    "tags": "tag list",
    "media:keywords": "tag list",
    "itunes:keywords": "tag list",
    "language": "language",
    "dc:language": "language",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms:issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc:date": "updated",
    "dcterms:modified": "updated",
    "created": "created",
    "dcterms:created": "created",
    "comments": "comments",
    "enclosure": "enclosure",
    "source": "source",
    "image": "image",
    "itunes:image": "image",
    "itunes:link": "image",  # as it was called first
    "media:thumbnail": "thumbnail",
    "media:content": "media",
    "media:group": "media group",
    "item": "entry",
    "entry": "entry",
    "channel": "channel",
    "rss": "rss",
    "feed": "feed",
    "rdf:rdf": "rdf",
    "ttl": "ttl",
    "skiphours": "skip hours",
    "skipdays": "skip days",
    "sy:updateperiod": "update period",
    "sy:updatefrequency": "update frequency",
    # Within an author or an image.
    "name": "name",
    "email": "email",
    "url": "url",
}
NO_ROLE: Final = ""


def prefix_of(namespace: str, written: str | None) -> str:
    """The prefix by which a namespace is known here; of an unknown one, the prefix that the document wrote."""
    lower = namespace.lower()
    known = _PREFIXES.get(lower)
    if known is not None:
        return known
    return "" if "backend.userland.com/rss" in lower else (written or "").lower()


def plain_name(tag: str, written_prefix: str | None) -> str:
    """`dc:creator` of an expanded tag `{http://purl.org/dc/elements/1.1/}creator`, in lower case.

    A prefix that no namespace was declared for is part of the tag, as `dc:creator`, and counts as meant.
    """
    if tag[0] != "{":
        lower = tag.lower()
        return lower.removeprefix("atom:").removeprefix("rss:")
    namespace, _, local = tag[1:].rpartition("}")
    prefix = prefix_of(namespace, written_prefix)
    return f"{prefix}:{local}".lower() if prefix else local.lower()


_CASES: Final = ("pubDate", "lastBuildDate", "managingEditor", "skipHours", "skipDays", "origLink", "updatePeriod")
_CASES_BY_LOWER: Final = {written.lower(): written for written in (*_CASES, "updateFrequency", "RDF")}
_ADDRESSES: Final = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def _usual_tags() -> dict[str, str]:
    """The role of each tag as most feeds write it."""
    tags: dict[str, str] = {}
    for name, role in _ROLES.items():
        prefix, _, local = name.rpartition(":")
        written = _CASES_BY_LOWER.get(local, local)
        spaces = [_ADDRESSES[prefix]] if prefix in _ADDRESSES else ["", ATOM, "http://purl.org/rss/1.0/"]
        if prefix in _ADDRESSES or not prefix:
            tags |= {f"{{{space}}}{written}" if space else written: role for space in spaces}
    return tags


_USUAL_TAGS: Final = _usual_tags()


class Roles(dict[str, str]):
    """What each expanded tag of one document stands for: the usual ones, and others as they are met."""

    def __init__(self) -> None:
        super().__init__(_USUAL_TAGS)

    def of(self, element: etree._Element) -> str:
        """The element's role, NO_ROLE where it has none."""
        tag = element.tag
        role = self.get(tag)
        if role is None:
            role = self[tag] = _ROLES.get(plain_name(tag, element.prefix), NO_ROLE)
        return role


Parts = Mapping[str, list[etree._Element]]  # noqa: SLF001 - the only name of the type
"""Elements by their role, in document order."""


def parts_of(element: etree._Element, roles: Roles) -> dict[str, list[etree._Element]]:
    """The children of an element by their role."""
    parts: dict[str, list[etree._Element]] = {}
    for child in element:
        role = roles.get(child.tag)
        if role is None:
            role = roles.of(child)
        if role:
            if role in parts:
                parts[role].append(child)
            else:
                parts[role] = [child]
    return parts
