"""The links of a feed or an entry, by what they are for (RFC 4287, 4.2.7; RFC 4685, 3; RFC 5005; WebSub)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from feedwatch.model import Enclosure
from feedwatch.parse.fragment import absolute_url


class Link(NamedTuple):
    """One link, absolute. `rel` and `type` in lower case; the rel `alternate` where none is written."""

    url: str
    rel: str
    type: str = ""
    length: str = ""


def first(links: Iterable[Link], rel: str) -> str | None:
    """The first link for this."""
    return next((link.url for link in links if link.rel == rel), None)


def entry_url(links: Iterable[Link], guid: str | None) -> str | None:
    """The entry's page: the first alternate that is HTML, else the first; else a guid that is a URL."""
    other = None
    for url, rel, kind, _ in links:
        if rel == "alternate":
            if not kind or "html" in kind:
                return url
            other = other or url
    if other:
        return other
    if guid and guid.startswith(("http://", "https://")):
        return absolute_url(guid, "")
    return None


def comments_page(links: Iterable[Link]) -> str | None:
    """Where an Atom entry's comments are read (RFC 4685, 4)."""
    return next((link.url for link in links if link.rel == "replies" and link.type in ("text/html", "")), None)


def archive(links: Iterable[Link]) -> str | None:
    """The document of earlier entries: an archive's (RFC 5005, 4), else the next page's (3)."""
    several = list(links)
    return first(several, "prev-archive") or first(several, "next")


def enclosed(links: Iterable[Link]) -> list[Enclosure]:
    """The links that are files of the entry."""
    return [enclosure(link.url, link.type, link.length) for link in links if link.rel == "enclosure"]


def enclosure(url: str, media_type: str, length: str) -> Enclosure:
    """A file; a length that is no number, or nought, which stands for unknown, is left out."""
    is_number = length.isascii() and length.isdigit() and len(length) <= _LENGTH_DIGITS
    return Enclosure(url, media_type or None, (int(length) or None) if is_number else None)


def distinct_enclosures(several: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Each address once, as it was named first."""
    by_url: dict[str, Enclosure] = {}
    for one in several:
        by_url.setdefault(one.url, one)
    return tuple(by_url.values())


_LENGTH_DIGITS = 18
