"""The door of the room: an entry in, an item out."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from html import escape

from feedwatch.model import Enclosure, Entry, Item, SourceTraits
from feedwatch.normalize.body import Body, as_meant, read_body
from feedwatch.normalize.chars import compose, scrub
from feedwatch.normalize.credits import read_credits
from feedwatch.normalize.dates import choose_dates
from feedwatch.normalize.debris import clean
from feedwatch.normalize.html import trim
from feedwatch.normalize.labels import clean_authors, clean_tags
from feedwatch.normalize.language import choose_language
from feedwatch.normalize.page_address import place_of_page
from feedwatch.normalize.title import clean_title, headline, shorten
from feedwatch.normalize.url import canonical_url

_MAX_ORIGIN, _MAX_MEDIA_TYPE, _MAX_ENCLOSURES, _MAX_DATE = 200, 100, 50, 80


def normalize(entry: Entry, source: SourceTraits, *, document_language: str | None, fetched_at: datetime) -> Item:
    """The item that an entry reports.

    document_language is the feed's own; fetched_at (aware) bounds the dates and stands in for a missing one. Never
    raises on the content of an entry: a bad date, URL or fragment falls back to what is left.
    """
    address = canonical_url(entry.url or "", base=source.url)
    base = address or source.url
    url, canonical = place_of_page(address, entry.canonical)
    off = frozenset(source.rules_off)
    body = read_body(entry.content, base, images=source.images) if entry.content else Body("", "")
    if not body.text and entry.summary:
        summary = read_body(entry.summary, base, images=source.images)
        body = summary if summary.text or not body.html else body
    cleaned = clean(body.text, off)
    told = read_credits(cleaned.text, off)
    title = clean_title(entry.title) or clean_title(escape(headline(cleaned.text) or url, quote=False))
    dates = choose_dates(entry.published, entry.updated, cleaned.time, url, source.timezone, fetched_at)
    return Item(
        # Not the page's own word for its address: the page may be out of reach at one visit, and not at the next.
        guid=scrub(entry.guid or "").strip() or address or _hash_guid(title, cleaned.text),
        url=url,
        title=title,
        text=cleaned.text,
        html=as_meant(trim(body.html, cleaned)),
        authors=clean_authors((*entry.authors, *cleaned.authors, *told.authors)),
        tags=clean_tags((*entry.tags, *cleaned.tags)),
        language=choose_language(
            (entry.language, document_language, source.language), title, cleaned.text, source.languages
        ),
        published_at=dates.published_at,
        published_from=dates.published_from,
        updated_at=dates.updated_at,
        comments=canonical_url(entry.comments, base=source.url) if entry.comments else "",
        image=canonical_url(entry.image, base=source.url) if entry.image and source.images else "",
        origin=(_one_line(entry.origin, _MAX_ORIGIN) if entry.origin else "") or cleaned.origin or told.origin,
        place=told.place,
        canonical=canonical,
        doubted_date=_one_line(dates.doubted_date, _MAX_DATE) if dates.doubted_date else "",
        enclosures=_enclosures(entry.enclosures, source.url) if entry.enclosures else (),
    )


def _enclosures(enclosures: tuple[Enclosure, ...], base: str) -> tuple[Enclosure, ...]:
    """Those at an http or https URL, each URL once; at most 50."""
    by_url: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        url = canonical_url(enclosure.url, base=base)
        if url and url not in by_url:
            kind = _one_line(enclosure.type or "", _MAX_MEDIA_TYPE)
            by_url[url] = Enclosure(url, kind or None, enclosure.length)
            if len(by_url) == _MAX_ENCLOSURES:
                break
    return tuple(by_url.values())


def _one_line(plain: str, limit: int) -> str:
    return shorten(" ".join(compose(plain).split()), limit)


def _hash_guid(title: str, text: str) -> str:
    return "hash:" + blake2b(f"{title}\n{text}".encode(), digest_size=16).hexdigest()
