"""RSS, RDF, Atom and CDF to a document, read by feedparser: what our own reader leaves to it (parse/xml_feed.py)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from xml.sax import SAXParseException

import feedparser

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry, UpdateHints
from feedwatch.parse import links as links_of
from feedwatch.parse import looks
from feedwatch.parse.author import author_name
from feedwatch.parse.feedparser_bounds import keep_author_lines_short
from feedwatch.parse.feedparser_parts import (
    Parsed,
    absolute,
    image_of,
    links_in,
    mapping_of,
    mappings_of,
    media_of,
    several_of,
    text_of,
)
from feedwatch.parse.fragment import distinct, escape, first_picture, language_tag, one_line, plain
from feedwatch.parse.hints import update_hints
from feedwatch.parse.links import Link
from feedwatch.parse.markup import Markup
from feedwatch.parse.tree_feed import left_out

keep_author_lines_short()

_SHOWN = 120
_HOUR = re.compile(r"<hour>\s{0,9}(\d{1,2})\s{0,9}</hour>")
_DAY = re.compile(r"<day>\s{0,9}([A-Za-z]{6,9})\s{0,9}</day>")
_DECLARATION_LINES = 1
"""feedparser puts an XML declaration of one line before the text."""


def read(markup: Markup, url: str) -> Document:
    """Read a feed in XML, well-formed or not.

    Raises:
        DocumentError: the markup holds no feed, or one that feedparser fails on.
    """
    parsed = _feedparser(markup, url)
    feed, version = mapping_of(parsed, "feed"), text_of(parsed, "version")
    read_entries = [entry for entry in several_of(parsed, "entries") if isinstance(entry, dict)]
    if not version and not read_entries and not _is_empty_feed(markup, feed):
        raise DocumentError(looks.unknown_root(markup.root))

    # RFC 4287, 4.2.1: in Atom the feed's authors are those of an entry without any.
    authors = _authors(feed) if version.startswith("atom") else ()
    language = language_tag(text_of(feed, "language"))
    entries = [_entry(entry, authors, language, url) for entry in read_entries]
    kept = tuple(entry for entry in entries if entry.title or entry.url or entry.content or entry.summary)
    links = links_in(feed, url)
    return Document(
        title=_title(feed),
        language=language,
        entries=kept,
        warnings=markup.warnings + tuple(_warnings(markup, parsed, len(entries), len(entries) - len(kept))),
        hints=_hints(feed, markup.text),
        hub=links_of.first(links, "hub"),
        topic=links_of.first(links, "self"),
        archive=links_of.archive(links),
    )


def entries_in_words(count: int) -> str:
    """The number of entries, for a sentence."""
    return f"{count:,} entries" if count != 1 else "1 entry"


def _is_empty_feed(markup: Markup, feed: Parsed) -> bool:
    """Whether a feed without entries is one of the formats whose version feedparser does not tell: CDF, old RDF."""
    root = markup.root.rpartition(":")[2].lower()
    return root in ("channel", "rdf") and any(dict.get(feed, key) for key in ("title", "subtitle", "link", "updated"))


def _feedparser(markup: Markup, url: str) -> Parsed:
    """What feedparser reads.

    The text goes in as a stream: bytes or text of its own accord it takes for a file name or URL first. Without
    xml:base, no base is given, so that a guid such as "a-17" stays itself wherever the feed moves to; links are
    resolved by us. With it, feedparser knows alone which base holds where, and resolves the links of the content too
    (which costs a third of its speed, and elsewhere is done once, after cleaning).
    """
    has_bases = "xml:base" in markup.text
    headers = {"content-type": "application/xml; charset=utf-8"} | ({"content-location": url} if has_bases else {})
    try:
        parsed: Parsed = feedparser.parse(
            io.BytesIO(markup.text.encode()),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=has_bases,
        )
    except MemoryError:
        raise
    except Exception as error:
        # feedparser raises whatever its handlers run into (IndexError, OverflowError, AssertionError, ...).
        cause = f"{type(error).__name__}: {error}"[:_SHOWN]
        raise DocumentError(f"XML with the root <{markup.root[:_SHOWN]}> that cannot be read ({cause})") from error
    return parsed


def _warnings(markup: Markup, parsed: Parsed, count: int, dropped: int) -> Iterator[str]:
    found = entries_in_words(count)
    error = dict.get(parsed, "bozo_exception")
    if not markup.is_closed:
        yield f"Cut off before its end: </{markup.root[:_SHOWN]}> is missing; read all the same: {found}."
    elif isinstance(error, SAXParseException):
        line = (error.getLineNumber() or 0) - _DECLARATION_LINES + markup.lines_before
        place = f"at line {line}, column {error.getColumnNumber()}"
        yield f"Not well-formed {place} ({error.getMessage()}); read all the same: {found}."
    elif error is not None:
        yield f"Not well-formed ({one_line(str(error))[:_SHOWN]}); read all the same: {found}."
    if dropped:
        yield left_out(dropped)


def _title(feed: Parsed) -> str:
    title = text_of(feed, "title")
    is_plain = text_of(mapping_of(feed, "title_detail"), "type") == "text/plain"
    return one_line(title) if is_plain else plain(title)


def _entry(entry: Parsed, feed_authors: tuple[str, ...], feed_language: str | None, base: str) -> Entry:
    content, content_detail = _content(entry)
    title_detail, summary_detail = mapping_of(entry, "title_detail"), mapping_of(entry, "summary_detail")
    # Without a detail of its own, the summary is feedparser's copy of the content.
    summary = _fragment(summary_detail) if summary_detail or content else text_of(entry, "summary")
    links = links_in(entry, base)
    origin = mapping_of(entry, "source")
    return Entry(
        guid=text_of(entry, "id") or None,
        url=_url(entry, links, base),
        title=_fragment(title_detail) if title_detail else text_of(entry, "title"),
        summary=summary,
        content=content,
        authors=_authors(entry) or _authors(origin) or feed_authors,
        tags=distinct(
            text_of(tag, "label") or text_of(tag, "term") for tag in several_of(entry, "tags") if isinstance(tag, dict)
        ),
        language=_language(entry, (content_detail, summary_detail, title_detail), feed_language),
        published=text_of(entry, "published") or text_of(entry, "created") or None,
        updated=text_of(entry, "updated") or None,
        comments=absolute(text_of(entry, "comments"), base) or links_of.comments_page(links),
        enclosures=links_of.distinct_enclosures([*links_of.enclosed(links), *media_of(entry, base)]),
        image=image_of(entry, links, base) or first_picture(content or summary, base),
        origin=plain(text_of(origin, "title")),
        origin_url=absolute(text_of(origin, "link"), base) or absolute(text_of(origin, "href"), base),
    )


def _url(entry: Parsed, links: list[Link], base: str) -> str | None:
    """The first of the entry's links that can be one; a proxy's stands behind the original."""
    guid = text_of(entry, "id")
    original, link = text_of(entry, "feedburner_origlink"), text_of(entry, "link")
    return (
        absolute(original, base)
        or links_of.entry_url(links, None)
        or (absolute(link, base) if link != guid else None)
        or links_of.entry_url(links, guid)
    )


def _hints(feed: Parsed, text: str) -> UpdateHints:
    """feedparser keeps the last hour and day alone; the text has them all."""
    return update_hints(
        ttl=text_of(feed, "ttl"),
        period=text_of(feed, "sy_updateperiod"),
        frequency=text_of(feed, "sy_updatefrequency"),
        skip_hours=_HOUR.findall(text) if "skip" in text else (),
        skip_days=_DAY.findall(text) if "skip" in text else (),
    )


def _content(entry: Parsed) -> tuple[str, Parsed]:
    """The longest of the entry's texts, as some feeds give a teaser and the whole, and where it came from."""
    best: tuple[str, Parsed] = ("", {})
    for detail in several_of(entry, "content"):
        if isinstance(detail, dict) and _is_prose(detail) and len(fragment := _fragment(detail)) > len(best[0]):
            best = fragment, detail
    return best


def _is_prose(detail: Parsed) -> bool:
    """Whether the content is something to read, not a film or a record (RFC 4287, 4.1.3.1)."""
    kind = text_of(detail, "type")
    return kind.startswith("text/") or kind in ("", "application/xhtml+xml", "application/xml")


def _fragment(detail: Parsed) -> str:
    """The value as HTML: markup as it stands, anything else escaped."""
    kind = text_of(detail, "type")
    if kind.startswith("text/html") or kind.endswith("xml") or not kind:
        return text_of(detail, "value")
    return escape(text_of(detail, "value"))


def _authors(holder: Parsed) -> tuple[str, ...]:
    """The authors' names; the address of one who gave no name."""
    return distinct(_author(author, text_of(holder, "author")) for author in mappings_of(holder, "authors"))


def _author(author: Parsed, written: str) -> str:
    """feedparser ends every address after four letters of its last label: the rest is left with the name."""
    name, address = text_of(author, "name"), text_of(author, "email")
    if name and "@" in address and address in written:
        return author_name(written)
    return author_name(name) if name else address


def _language(entry: Parsed, details: Iterable[Parsed], feed_language: str | None) -> str | None:
    """The entry's own (dc:language, xml:lang); None where it is only the feed's handed down."""
    for tag in (text_of(entry, "language"), *(text_of(detail, "language") for detail in details)):
        if tag:
            language = language_tag(tag)
            return None if language == feed_language else language
    return None
