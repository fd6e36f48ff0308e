"""One entry of a feed's tree: its elements by their role, and what each field takes from them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedwatch.model import Entry
from feedwatch.parse import links as links_of
from feedwatch.parse.fragment import absolute_url, distinct, first_picture, language_tag
from feedwatch.parse.inline import XHTML
from feedwatch.parse.links import Link
from feedwatch.parse.names import RDF_ABOUT, Parts, parts_of
from feedwatch.parse.scope import Scope
from feedwatch.parse.tree_attached import comments_of, enclosures_of, image_of, origin_of
from feedwatch.parse.tree_parts import authors_in, last_text, links_in, title_in
from feedwatch.parse.wording import HTML, PLAIN, fragment, is_prose, text_of

_NONE: list[etree._Element] = []
_MEDIA_NESTING = 4
UNDETERMINED = "und"
"""RFC 5646, 4.1."""
_CONTENTS = (("content in HTML", HTML), ("content", PLAIN), ("content in XHTML", XHTML))
_SPOKEN = ("content in HTML", "content", "content in XHTML", "summary", "plain summary", "title")
_PICTURED = frozenset(["image", "thumbnail", "media", "enclosure"])


def read_entry(item: etree._Element, scope: Scope, feed_authors: tuple[str, ...], feed_language: str | None) -> Entry:
    """The entry of an <item> or <entry>.

    feed_authors are those of an entry that names none; a language that is the feed's own is not repeated.
    """
    parts = parts_of(item, scope.roles)
    if "media group" in parts or "media" in parts:
        _add_media(parts, scope, _MEDIA_NESTING)
    guid = last_text(parts, "guid", scope) or (item.get(RDF_ABOUT) or "").strip() or None
    links = links_in(parts, scope)
    summary, content = _texts(parts, item, scope)
    origin, origin_url, origin_authors = origin_of(parts, scope) if "source" in parts else ("", None, ())
    original = last_text(parts, "original link", scope) if "original link" in parts else ""
    return Entry(
        guid=guid,
        url=(absolute_url(original, scope.url) if original else None)
        or links_of.entry_url(links, guid)
        or _lone_guid(links, guid, item, scope),
        title=_title(parts, scope),
        summary=summary,
        content=content,
        authors=authors_in(parts, scope) or origin_authors or feed_authors,
        tags=distinct(_tags(parts, scope)) if "tag" in parts or "tag list" in parts else (),
        language=_language(parts, item, scope, feed_language),
        published=last_text(parts, "published", scope) or last_text(parts, "created", scope) or None,
        updated=last_text(parts, "updated", scope) or None,
        comments=comments_of(parts, links, scope),
        enclosures=enclosures_of(parts, links, scope),
        image=(image_of(parts, scope) if not parts.keys().isdisjoint(_PICTURED) else None)
        or first_picture(content or summary, scope.base_of(item)),
        origin=origin,
        origin_url=origin_url,
    )


def _add_media(parts: dict[str, list[etree._Element]], scope: Scope, levels: int) -> None:
    """What stands in media:group and media:content counts as the entry's."""
    holders = parts.get("media group", _NONE) + parts.get("media", _NONE)
    while holders and levels:
        levels -= 1
        inner: list[etree._Element] = []
        for holder in holders:
            for role, elements in parts_of(holder, scope.roles).items():
                if role in ("media title", "media description", "thumbnail", "tag", "tag list", "media"):
                    parts.setdefault(role, []).extend(elements)
                if role in ("media", "media group"):
                    inner += elements
        holders = inner


def _lone_guid(links: list[Link], guid: str | None, item: etree._Element, scope: Scope) -> str | None:
    """The href that CDF-like feeds put on the item itself; else nothing is left to lead anywhere."""
    href = item.get("href")
    return absolute_url(href, scope.base_of(item)) if href and not links and not guid else None


def _title(parts: Parts, scope: Scope) -> str:
    if title := title_in(parts, scope):
        return title
    for element in parts.get("media title", _NONE):
        if title := fragment(element, PLAIN, scope):
            return title
    return ""


def _texts(parts: Parts, item: etree._Element, scope: Scope) -> tuple[str, str]:
    """Summary and content: of contents and second summaries the longest, as some feeds give a teaser and the whole."""
    content = ""
    for role, default in _CONTENTS:
        if role in parts:
            for element in parts[role]:
                if is_prose(element, default) and len(text := fragment(element, default, scope)) > len(content):
                    content = text
    summary = ""
    for element, default in _summaries(parts, item):
        text = fragment(element, default, scope)
        if not summary:
            summary = text
        elif len(text) > len(content):
            content = text
    if not summary and "media description" in parts:
        summary = next((text for element in parts["media description"] if (text := fragment(element, HTML, scope))), "")
    return summary, content


def _summaries(parts: Parts, item: etree._Element) -> list[tuple[etree._Element, str]]:
    """In document order, with the type of one that names none."""
    found = [(element, HTML) for element in parts.get("summary", _NONE)]
    if "plain summary" in parts:
        found += [(element, PLAIN) for element in parts["plain summary"]]
    if "summary" in parts and "plain summary" in parts:
        order = {child: at for at, child in enumerate(item)}
        found.sort(key=lambda one: order[one[0]])
    return found


def _tags(parts: Parts, scope: Scope) -> Iterator[str]:
    for element in parts.get("tag", _NONE):
        term = element.get("term")
        if named := element.get("label") or term:
            yield named
        if (written := text_of(element, scope)) and written != term:
            yield written
        elif not named:
            yield element.get("text") or ""
        if len(element):  # itunes:category nests the narrower one
            for child in element:
                yield child.get("text") or ""
    for element in parts.get("tag list", _NONE):
        yield from text_of(element, scope).split(",")


def _language(parts: Parts, item: etree._Element, scope: Scope, feed_language: str | None) -> str | None:
    """The entry's own: dc:language, else its text's xml:lang; None where it is only the feed's handed down.

    An empty xml:lang takes the feed's back (XML 1.0, 2.12): the language is then undetermined.
    """
    if "language" in parts and (written := last_text(parts, "language", scope)):
        language = language_tag(written)
        return None if language == feed_language else language
    if not scope.has_languages:
        return None
    element = next((parts[role][0] for role in _SPOKEN if role in parts), item)
    tag = scope.language_of(element)
    if tag == "":
        return UNDETERMINED if feed_language else None
    language = language_tag(tag) if tag else None
    return None if language == feed_language else language
