"""RSS, RDF, Atom and CDF to a document, read by feedparser."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from xml.sax import SAXParseException

import feedparser

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry
from feedwatch.parse import looks
from feedwatch.parse.author import author_name
from feedwatch.parse.fragment import absolute_url, distinct, escape, language_tag, one_line, plain
from feedwatch.parse.markup import Markup

Parsed = dict[str, object]
"""A dict of feedparser's, read as a plain one: its own reading takes `published` for a missing `updated`."""

_SHOWN = 120
_DECLARATION_LINES = 1
"""feedparser puts an XML declaration of one line before the text."""


def read(markup: Markup, url: str) -> Document:
    """Read a feed in XML, well-formed or not.

    Raises:
        DocumentError: the markup holds no feed, or one that feedparser fails on.
    """
    parsed = _feedparser(markup, url)
    feed, version = _mapping(parsed, "feed"), _text(parsed, "version")
    read_entries = [entry for entry in _several(parsed, "entries") if isinstance(entry, dict)]
    if not version and not read_entries and not _is_empty_feed(markup, feed):
        raise DocumentError(looks.unknown_root(markup.root))

    # RFC 4287, 4.2.1: in Atom the feed's authors are those of an entry without any.
    authors = _authors(feed) if version.startswith("atom") else ()
    language = language_tag(_text(feed, "language"))
    entries = [_entry(entry, authors, language, url) for entry in read_entries]
    kept = tuple(entry for entry in entries if entry.title or entry.url or entry.content or entry.summary)
    return Document(
        title=_title(feed),
        language=language,
        entries=kept,
        warnings=markup.warnings + tuple(_warnings(markup, parsed, len(entries), len(entries) - len(kept))),
    )


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
    found = f"{count:,} entries" if count != 1 else "1 entry"
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
        yield f"{dropped:,} {'entry' if dropped == 1 else 'entries'} without title, link and text; left out."


def _title(feed: Parsed) -> str:
    title = _text(feed, "title")
    is_plain = _text(_mapping(feed, "title_detail"), "type") == "text/plain"
    return one_line(title) if is_plain else plain(title)


def _entry(entry: Parsed, feed_authors: tuple[str, ...], feed_language: str | None, base: str) -> Entry:
    content, content_detail = _content(entry)
    title_detail, summary_detail = _mapping(entry, "title_detail"), _mapping(entry, "summary_detail")
    # Without a detail of its own, the summary is feedparser's copy of the content.
    summary = _fragment(summary_detail) if summary_detail or content else _text(entry, "summary")
    return Entry(
        guid=_text(entry, "id") or None,
        url=_url(entry, base),
        title=_fragment(title_detail) if title_detail else _text(entry, "title"),
        summary=summary,
        content=content,
        authors=_authors(entry) or feed_authors,
        tags=distinct(
            _text(tag, "label") or _text(tag, "term") for tag in _several(entry, "tags") if isinstance(tag, dict)
        ),
        language=_language(entry, (content_detail, title_detail, summary_detail), feed_language),
        published=_text(entry, "published") or _text(entry, "created") or None,
        updated=_text(entry, "updated") or None,
    )


def _url(entry: Parsed, base: str) -> str | None:
    """The first of the entry's links that can be one; a proxy's stands behind the original."""
    for link in _links(entry):
        if link and (url := absolute_url(link, base)):
            return url
    return None


def _links(entry: Parsed) -> Iterator[str]:
    yield _text(entry, "feedburner_origlink")
    alternates: list[Parsed] = [
        link for link in _several(entry, "links") if isinstance(link, dict) and _text(link, "rel") == "alternate"
    ]
    alternates.sort(key=lambda alternate: "html" not in _text(alternate, "type"))
    for alternate in alternates:
        yield _text(alternate, "href")
    guid = _text(entry, "id")
    if (link := _text(entry, "link")) != guid:
        yield link
    if guid.startswith(("http://", "https://")):
        yield guid


def _content(entry: Parsed) -> tuple[str, Parsed]:
    """The longest of the entry's texts, as some feeds give a teaser and the whole, and where it came from."""
    best: tuple[str, Parsed] = ("", {})
    for detail in _several(entry, "content"):
        if isinstance(detail, dict) and _is_prose(detail) and len(fragment := _fragment(detail)) > len(best[0]):
            best = fragment, detail
    return best


def _is_prose(detail: Parsed) -> bool:
    """Whether the content is something to read, not a film or a record (RFC 4287, 4.1.3.1)."""
    kind = _text(detail, "type")
    return kind.startswith("text/") or kind in ("", "application/xhtml+xml", "application/xml")


def _fragment(detail: Parsed) -> str:
    """The value as HTML: markup as it stands, anything else escaped."""
    kind = _text(detail, "type")
    if kind.startswith("text/html") or kind.endswith("xml") or not kind:
        return _text(detail, "value")
    return escape(_text(detail, "value"))


def _authors(holder: Parsed) -> tuple[str, ...]:
    """The authors' names; the address of one who gave no name."""
    written = _text(holder, "author")
    return distinct(
        author_name(_text(author, "name"), _text(author, "email"), written)
        for author in _several(holder, "authors")
        if isinstance(author, dict)
    )


def _language(entry: Parsed, details: Iterable[Parsed], feed_language: str | None) -> str | None:
    """The entry's own (dc:language, xml:lang); None where it is only the feed's handed down."""
    for tag in (_text(entry, "language"), *(_text(detail, "language") for detail in details)):
        if tag:
            language = language_tag(tag)
            return None if language == feed_language else language
    return None


def _text(holder: Parsed, key: str) -> str:
    value = dict.get(holder, key)
    return value.strip() if isinstance(value, str) else ""


def _mapping(holder: Parsed, key: str) -> Parsed:
    value = dict.get(holder, key)
    return value if isinstance(value, dict) else {}


def _several(holder: Parsed, key: str) -> list[object]:
    value = dict.get(holder, key)
    return value if isinstance(value, list) else []
