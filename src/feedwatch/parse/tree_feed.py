"""The tree of an RSS, RDF or Atom feed to a document, in one walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from feedwatch.model import Document, UpdateHints
from feedwatch.parse import links as links_of
from feedwatch.parse.fragment import language_tag, plain
from feedwatch.parse.hints import update_hints
from feedwatch.parse.mangled import may_be_mangled
from feedwatch.parse.names import Parts, Roles, parts_of
from feedwatch.parse.scope import Scope
from feedwatch.parse.tree_entry import read_entry
from feedwatch.parse.tree_parts import authors_in, links_in, title_in
from feedwatch.parse.wording import text_of

MOST_ENTRIES = 100_000
"""A feed of more is an attack: at 20 µs an entry, a million of them fit into 30 MB and take 20 seconds."""
_NONE: list[etree._Element] = []
_XML_ATTRIBUTE = re.compile(rb"xml:(?:base|lang)")  # in half the time of two looks for words


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tree gave, and why another reader should be asked, where there is a reason."""

    document: Document
    doubt: str = ""


def read_tree(root: etree._Element, text: bytes, url: str) -> Reading | None:
    """Read the feed; None where the root is that of no format that is read here.

    text is what the tree was made of: what it does not hold need not be looked for.
    """
    roles = Roles()
    format_role = roles.of(root)
    if format_role not in ("rss", "rdf", "feed"):
        return None
    has_xml_attributes = _XML_ATTRIBUTE.search(text) is not None
    scope = Scope(
        url,
        is_atom=format_role == "feed",
        has_bases=has_xml_attributes and b"xml:base" in text,
        has_languages=has_xml_attributes and b"xml:lang" in text,
        is_mangled=may_be_mangled(text),
        roles=roles,
    )
    top = parts_of(root, roles)
    channels = [parts_of(channel, roles) for channel in top.get("channel", _NONE)] if format_role != "feed" else []
    items = [item for channel in channels for item in channel.get("entry", _NONE)] + top.get("entry", _NONE)
    if format_role == "rdf" and not channels and not items and not _knows_rss(root):
        return None
    # Of Atom the feed itself, of RSS its channel.
    feed: Parts = channels[0] if channels else top

    language = _language(feed, root, top, scope)
    # RFC 4287, 4.2.1: in Atom the feed's authors are those of an entry without any.
    authors = authors_in(feed, scope) if scope.is_atom else ()
    entries = [read_entry(item, scope, authors, language) for item in items[:MOST_ENTRIES]]
    kept = tuple(entry for entry in entries if entry.title or entry.url or entry.content or entry.summary)
    links = links_in(feed, scope)
    document = Document(
        title=plain(title_in(feed, scope)),
        language=language,
        entries=kept,
        warnings=tuple(_warnings(len(items), len(entries), len(kept))),
        hints=_hints(feed, scope),
        hub=links_of.first(links, "hub"),
        topic=links_of.first(links, "self"),
        archive=links_of.archive(links),
    )
    return Reading(document, _doubt(root, len(items)))


def _warnings(there: int, read: int, kept: int) -> Iterator[str]:
    if read < there:
        yield f"Of {there:,} entries the first {read:,} were read."
    if kept < read:
        yield left_out(read - kept)


def left_out(count: int) -> str:
    """The sentence for entries of nothing."""
    return f"{count:,} {'entry' if count == 1 else 'entries'} without title, link and text; left out."


def _doubt(root: etree._Element, found: int) -> str:
    if not found:
        return "no entries"
    there = sum(1 for _ in root.iter("{*}item", "{*}entry"))
    return f"{there - found:,} entries in an unknown place" if there > found else ""


def _knows_rss(root: etree._Element) -> bool:
    """RDF says many things that are no feeds."""
    return any("rss" in (space or "") or "/rdf/simple/" in (space or "") for space in root.nsmap.values())


def _language(feed: Parts, root: etree._Element, top: Parts, scope: Scope) -> str | None:
    for element in feed.get("language", _NONE):
        if written := text_of(element, scope):
            return language_tag(written)
    channel = top.get("channel", _NONE)
    return language_tag(scope.language_of(channel[0] if channel else root) or "")


def _hints(feed: Parts, scope: Scope) -> UpdateHints:
    if not any(role in feed for role in ("ttl", "update period", "update frequency", "skip hours", "skip days")):
        return UpdateHints()
    return update_hints(
        ttl=_word(feed, "ttl", scope),
        period=_word(feed, "update period", scope),
        frequency=_word(feed, "update frequency", scope),
        skip_hours=_listed(feed, "skip hours", scope),
        skip_days=_listed(feed, "skip days", scope),
    )


def _word(feed: Parts, role: str, scope: Scope) -> str:
    elements = feed.get(role, _NONE)
    return text_of(elements[0], scope) if elements else ""


def _listed(feed: Parts, role: str, scope: Scope) -> list[str]:
    return [text_of(child, scope) for element in feed.get(role, _NONE) for child in element]
