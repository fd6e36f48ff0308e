"""What a feed and its entries have alike: title, authors, links, the words of an element."""

from __future__ import annotations

from lxml import etree

from feedwatch.parse.author import author_name
from feedwatch.parse.fragment import absolute_url, distinct, one_line
from feedwatch.parse.links import Link
from feedwatch.parse.names import Parts
from feedwatch.parse.scope import Scope
from feedwatch.parse.wording import PLAIN, fragment, text_of

_NONE: list[etree._Element] = []


def title_in(parts: Parts, scope: Scope) -> str:
    """The title as HTML: the first that is not empty."""
    for element in parts.get("title", _NONE):
        if title := fragment(element, PLAIN, scope):
            return title
    return ""


def authors_in(parts: Parts, scope: Scope) -> tuple[str, ...]:
    """The authors' names, in document order; the address of one who gave no name."""
    authors = parts.get("author", _NONE)
    return distinct([_author(author, scope) for author in authors]) if authors else ()


def links_in(parts: Parts, scope: Scope) -> list[Link]:
    """The links that can be absolute, in document order."""
    found = []
    for element in parts.get("link", _NONE):
        base = scope.base_of(element) if scope.has_bases else scope.url
        if (written := (element.text or "").strip()) and (url := absolute_url(written, base)):
            found.append(Link(url, *_rel_and_type(element)) if element.keys() else Link(url, "alternate"))
            continue
        for name in ("href", "url", "uri"):
            address = element.get(name)
            # Empty means the base itself (RFC 3986, 4.4), which only an xml:base makes a page of.
            if (address or (address == "" and base != scope.url)) and (url := absolute_url(address, base)):
                found.append(Link(url, *_rel_and_type(element), element.get("length") or ""))
                break
    return found


def last_text(parts: Parts, role: str, scope: Scope) -> str:
    """The words of the last such element that has any."""
    for element in reversed(parts.get(role, _NONE)):
        if text := text_of(element, scope):
            return text
    return ""


def mixed(element: etree._Element) -> str:
    """The words that stand directly in an element that also holds others."""
    return one_line(" ".join([element.text or "", *((child.tail or "") for child in element)]))


def _rel_and_type(element: etree._Element) -> tuple[str, str]:
    return (element.get("rel") or "alternate").strip().lower(), (element.get("type") or "").strip().lower()


def _author(element: etree._Element, scope: Scope) -> str:
    if not len(element):
        return author_name(text_of(element, scope))
    name = email = ""
    for child in element:
        local = child.tag.rpartition("}")[2].rpartition(":")[2].lower()
        if local == "name":
            name = name or text_of(child, scope)
        elif local == "email":
            email = email or text_of(child, scope)
    return name or email or author_name(mixed(element))
