"""What belongs to an entry beside its text: comments, files, a picture, the feed that it was taken over from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from feedwatch.model import Enclosure
from feedwatch.parse import links as links_of
from feedwatch.parse.fragment import absolute_url, one_line, plain
from feedwatch.parse.links import Link
from feedwatch.parse.names import ATOM, Parts, parts_of
from feedwatch.parse.scope import Scope
from feedwatch.parse.tree_parts import authors_in, last_text, links_in, mixed, title_in
from feedwatch.parse.wording import text_of

_NONE: list[etree._Element] = []
_LISTENED_OR_SEEN = ("audio", "video")


def comments_of(parts: Parts, links: list[Link], scope: Scope) -> str | None:
    """The page of comments: what is written, else an Atom link for it."""
    if "comments" in parts and (written := last_text(parts, "comments", scope)):
        return absolute_url(written, scope.base_of(parts["comments"][-1]))
    return links_of.comments_page(links) if scope.is_atom else None


def enclosures_of(parts: Parts, links: list[Link], scope: Scope) -> tuple[Enclosure, ...]:
    """Its files, each address once."""
    found = links_of.enclosed(links)
    if "enclosure" in parts or "media" in parts:
        found = [*_files(parts.get("enclosure", _NONE), scope), *found, *_media(parts, scope)]
    return links_of.distinct_enclosures(found) if found else ()


def _files(elements: Iterable[etree._Element], scope: Scope) -> Iterator[Enclosure]:
    for element in elements:
        address = element.get("url") or element.get("href") or element.get("uri") or ""
        if address and (url := absolute_url(address, scope.base_of(element))):
            yield links_of.enclosure(url, (element.get("type") or "").strip().lower(), element.get("length") or "")


def _media(parts: Parts, scope: Scope) -> Iterator[Enclosure]:
    """Sounds and films of media:content; its pictures are the text's own, or the entry's image."""
    for element in parts.get("media", _NONE):
        kind, address = (element.get("type") or "").strip().lower(), element.get("url")
        is_played = kind.startswith(_LISTENED_OR_SEEN) or element.get("medium") in _LISTENED_OR_SEEN
        if address and is_played and (url := absolute_url(address, scope.base_of(element))):
            yield links_of.enclosure(url, kind, element.get("fileSize") or "")


def image_of(parts: Parts, scope: Scope) -> str | None:
    """The first of itunes:image or RSS image, media:thumbnail, a picture of media:content, an enclosed picture."""
    for element in parts.get("image", _NONE):
        inner = next((text_of(child, scope) for child in element if scope.roles.of(child) == "url"), "")
        if url := _address(element, scope, inner or text_of(element, scope)):
            return url
    for element in parts.get("thumbnail", _NONE):
        if url := _address(element, scope, text_of(element, scope)):
            return url
    for element in parts.get("media", _NONE):
        if (element.get("medium") == "image" or (element.get("type") or "").startswith("image/")) and (
            url := _address(element, scope, "")
        ):
            return url
    for element in parts.get("enclosure", _NONE):
        if (element.get("type") or "").startswith("image/") and (url := _address(element, scope, "")):
            return url
    return None


def _address(element: etree._Element, scope: Scope, otherwise: str) -> str | None:
    address = element.get("href") or element.get("url") or ("" if " " in otherwise else otherwise)
    return absolute_url(address, scope.base_of(element)) if address else None


def origin_of(parts: Parts, scope: Scope) -> tuple[str, str | None, tuple[str, ...]]:
    """The feed that the entry was taken over from: its title, its address, its authors (RFC 4287, 4.2.11)."""
    for element in parts.get("source", _NONE):
        if not len(element):
            title = one_line(text_of(element, scope))
            url = _address(element, scope, "")
        else:
            inner = parts_of(element, scope.roles)
            title = plain(title_in(inner, scope)) or mixed(element)
            links = links_in(inner, scope)
            url = (
                links_of.entry_url(links, last_text(inner, "guid", scope))
                or links_of.first(links, "self")
                or _address(element, scope, "")
            )
            if element.tag == f"{{{ATOM}}}source":
                return title, url, authors_in(inner, scope)
        if title or url:
            return title, url, ()
    return "", None, ()
