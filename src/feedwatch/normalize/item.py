"""The door of the room: an entry in, an item out."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from feedwatch.model import Entry, Item, SourceTraits
from feedwatch.normalize.body import read_body
from feedwatch.normalize.chars import scrub
from feedwatch.normalize.dates import choose_dates
from feedwatch.normalize.debris import clean
from feedwatch.normalize.html import trim
from feedwatch.normalize.labels import clean_authors, clean_tags
from feedwatch.normalize.language import choose_language
from feedwatch.normalize.title import clean_title, headline
from feedwatch.normalize.url import canonical_url


def normalize(entry: Entry, source: SourceTraits, *, document_language: str | None, fetched_at: datetime) -> Item:
    """The item that an entry reports.

    document_language is the feed's own; fetched_at (aware) bounds the dates and stands in for a missing one. Never
    raises on the content of an entry: a bad date, URL or fragment falls back to what is left.
    """
    url = canonical_url(entry.url or "", base=source.url)
    base = url or source.url
    body = read_body(entry.content, base)
    if not body.text and entry.summary:
        summary = read_body(entry.summary, base)
        body = summary if summary.text or not body.html else body
    cleaned = clean(body.text)
    title = clean_title(entry.title) or headline(cleaned.text) or url
    dates = choose_dates(entry.published, entry.updated, cleaned.time, source.timezone, fetched_at)
    return Item(
        guid=scrub(entry.guid or "").strip() or url or _hash_guid(title, cleaned.text),
        url=url,
        title=title,
        text=cleaned.text,
        html=trim(body.html, cleaned),
        authors=clean_authors(entry.authors),
        tags=clean_tags((*entry.tags, *cleaned.tags)),
        language=choose_language((entry.language, document_language, source.language), title, cleaned.text),
        published_at=dates.published_at,
        published_from=dates.published_from,
        updated_at=dates.updated_at,
    )


def _hash_guid(title: str, text: str) -> str:
    return "hash:" + blake2b(f"{title}\n{text}".encode(), digest_size=16).hexdigest()
