"""Sitemaps to documents: XML (https://www.sitemaps.org/protocol.html) with Google's news and image extensions, indexes,
plain text, gzip'd or not; and the feeds that sites give as sitemaps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from lxml import etree

from feedwatch.errors import DocumentError
from feedwatch.model import Child, Document, Entry
from feedwatch.parse import looks
from feedwatch.parse.decode import decode
from feedwatch.parse.document import parse
from feedwatch.parse.fragment import absolute_url, distinct, escape, language_tag, one_line
from feedwatch.parse.gunzip import unpacked

MOST_URLS: Final = 50_000
"""As sitemaps.org has it."""

_ROOT: Final = re.compile(r"<([\w.-]+:)?([A-Za-z][\w.-]*)")
_PROLOG: Final = re.compile(r"\s*(?:(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*>)\s*)*", re.DOTALL)
_CDATA_OR_LONE_AMPERSAND: Final = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)", re.DOTALL
)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_URL: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_SHOWN: Final = 80
_TAIL: Final = 2000
"""Within so many characters of the end the root element ends: some servers add a comment behind it."""

_YEAR: Final = re.compile(r"\d{4}")
_MONTH: Final = re.compile(r"\d{4}-\d{2}")
_UNDATED: Final = datetime.min.replace(tzinfo=UTC)


def read_sitemap(body: bytes, *, content_type: str | None, url: str) -> Document:
    """Read a sitemap: its pages as entries, newest first, or the sitemaps of an index as `children`, newest first.

    An entry of a plain sitemap has a URL and perhaps `updated`, nothing else: what it says stands on its page. Undated
    ones come last, in the order of the document. The gzip'd body of a `.xml.gz` is unpacked here. At most MOST_URLS
    are read, with a warning.

    Raises:
        DocumentError: no sitemap and no feed, or larger than a sitemap may be.
    """
    body, warnings = unpacked(body)
    text, decoded = decode(body, content_type)
    if not text:
        raise DocumentError("An empty document, not a sitemap")
    warnings += decoded
    if text[0] != "<":
        read = parse(body, content_type=content_type, url=url) if text[0] in "{[" else _text_sitemap(text, url)
    else:
        read = _markup(text, body, content_type, url)
    return replace(read, warnings=(*dict.fromkeys(warnings + read.warnings),))


def _markup(text: str, body: bytes, content_type: str | None, url: str) -> Document:
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if text.startswith("<!DOCTYPE", start):
        raise DocumentError("A sitemap that declares a document type of its own, which none needs; not read")
    root = _ROOT.match(text, start)
    prefix, kind = (root[1] or "", root[2]) if root else ("", "")
    markup = "\n" * text.count("\n", 0, start) + text[start:]  # without the declared encoding, faults on their lines
    if kind == "urlset":
        return _urlset(markup, prefix, url)
    if kind == "sitemapindex":
        return _index(markup, prefix, url)
    if kind.lower() in ("rss", "feed", "rdf", "channel"):
        return parse(body, content_type=content_type, url=url)
    if looks.is_html(text[:start], kind):
        raise DocumentError(looks.html_page(text).replace("not a feed", "not a sitemap"))
    raise DocumentError(
        f"XML with the root <{kind[:_SHOWN]}>, not a sitemap" if kind else "Broken markup, not a sitemap"
    )


def _urlset(text: str, prefix: str, url: str) -> Document:
    faults: Counter[str] = Counter()
    entries: dict[str, Entry] = {}
    for element in _elements(text, f"{prefix}url", f"{prefix}urlset", faults):
        parts = _parts(element)
        link = _link(parts, url, faults)
        if link and link not in entries:
            entries[link] = _entry(parts, link, url)
        elif link:
            faults["{n} of a URL that stands above already; left out."] += 1
    newest_first = sorted(entries.values(), key=lambda entry: _moment(entry.published or entry.updated), reverse=True)
    names = {entry.origin for entry in newest_first}
    return Document(
        title=names.pop() if len(names) == 1 else "",
        entries=tuple(newest_first),
        warnings=_sentences(faults),
        reader="sitemap",
    )


def _index(text: str, prefix: str, url: str) -> Document:
    faults: Counter[str] = Counter()
    children: dict[str, Child] = {}
    for element in _elements(text, f"{prefix}sitemap", f"{prefix}sitemapindex", faults):
        parts = _parts(element)
        if link := _link(parts, url, faults):
            children.setdefault(link, Child(link, _words(parts.get("lastmod")) or None))
    newest_first = sorted(children.values(), key=lambda child: _moment(child.modified), reverse=True)
    return Document(children=tuple(newest_first), warnings=_sentences(faults), reader="sitemap index")


def _elements(text: str, name: str, root: str, faults: Counter[str]) -> Iterator[etree._Element]:
    """The elements of that name, one at a time; each is emptied after use, so that memory stays that of the text.

    The last one of a text that was cut off is left out: its URL may be half of one.
    """
    if f"</{root}" not in text[-_TAIL:] and not text[:_TAIL].rstrip().endswith("/>"):
        end = text.rfind(f"</{name}>")
        if end < 0:
            raise DocumentError("A sitemap that is cut off before its first entry ends")
        text = text[:end] + f"</{name}></{root}>"
        faults["Cut off before its end; read as far as it goes."] += 1
    text = _FORBIDDEN.sub("", text)
    mended = _CDATA_OR_LONE_AMPERSAND.sub(lambda found: "&amp;" if found[0] == "&" else found[0], text)
    if len(mended) > len(text):
        faults["Ampersands (&) stand unescaped; read as they stand."] += 1
    found = etree.iterparse(
        BytesIO(mended.encode()),
        events=("end",),
        tag=f"{{*}}{name.rpartition(':')[2]}",
        recover=True,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    count = 0
    for _, element in found:
        if count == MOST_URLS:
            faults[f"Holds more than {MOST_URLS:,} URLs; the rest was left out (sitemaps.org)."] += 1
            return
        count += 1
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and parent[0] is not element:
            del parent[0]
    for fault in found.error_log[:1] if found.error_log else ():
        problem = f"line {fault.line} ({one_line(fault.message)[:_SHOWN]})"
        if not count:
            raise DocumentError(f"A sitemap in which nothing can be read: not well-formed at {problem}")
        faults[f"Not well-formed at {problem}; read all the same."] += 1


def _parts(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each name, in any namespace: sites write Google's with https, or with another number."""
    parts: dict[str, etree._Element] = {}
    for child in element:
        parts.setdefault(child.tag.rpartition("}")[2], child)
    return parts


def _link(parts: dict[str, etree._Element], base: str, faults: Counter[str]) -> str | None:
    written = _words(parts.get("loc"))
    link = absolute_url(written, base) if written else None
    if link is None:
        faults["{n} without an http(s) URL; left out."] += 1
    return link


def _entry(parts: dict[str, etree._Element], link: str, base: str) -> Entry:
    updated = _words(parts.get("lastmod")) or None
    image = _words(_parts(parts["image"]).get("loc")) if "image" in parts else ""
    entry = Entry(url=link, updated=updated, image=absolute_url(image, base) if image else None)
    if "news" not in parts:
        return entry
    news = _parts(parts["news"])
    publication = _parts(news["publication"]) if "publication" in news else {}
    return replace(
        entry,
        title=escape(_words(news.get("title"))),
        published=_words(news.get("publication_date")) or None,
        language=language_tag(_words(publication.get("language"))),
        tags=distinct(_words(news.get("keywords")).split(",")),
        origin=_words(publication.get("name")),
    )


def _words(element: etree._Element | None) -> str:
    return one_line(element.text or "") if element is not None else ""


def _text_sitemap(text: str, url: str) -> Document:
    """One URL a line (sitemaps.org, "Text file"); anything else in it makes it some other text."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    faults: Counter[str] = Counter()
    if not _LINE_URL.fullmatch(lines[0]):
        raise DocumentError(looks.not_markup(text).replace("not a feed", "not a sitemap"))
    found = dict.fromkeys(
        link for line in lines[:MOST_URLS] if _LINE_URL.fullmatch(line) and (link := absolute_url(line, url))
    )
    if len(lines) > MOST_URLS:
        faults[f"Holds more than {MOST_URLS:,} URLs; the rest was left out (sitemaps.org)."] += 1
    if others := sum(not _LINE_URL.fullmatch(line) for line in lines[:MOST_URLS]):
        faults["{n} not an http(s) URL; left out."] += others
    return Document(
        entries=tuple(Entry(url=link) for link in found), warnings=_sentences(faults), reader="text sitemap"
    )


def _sentences(faults: Counter[str]) -> tuple[str, ...]:
    counted = {fault: "1 entry" if count == 1 else f"{count:,} entries" for fault, count in faults.items()}
    return tuple(fault.replace("{n}", entries) for fault, entries in counted.items())


def _moment(written: str | None) -> datetime:
    """When a W3C date and time is, to put it in order; naive ones in UTC, unreadable ones before all."""
    if not written:
        return _UNDATED
    try:
        if _YEAR.fullmatch(written):
            written += "-01-01"
        elif _MONTH.fullmatch(written):
            written += "-01"
        at = datetime.fromisoformat(written)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return _UNDATED
