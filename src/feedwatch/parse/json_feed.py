"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) to a document."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Enclosure, Entry
from feedwatch.parse import looks
from feedwatch.parse.fragment import absolute_url, distinct, escape, escape_lines, first_picture, language_tag, one_line
from feedwatch.parse.links import distinct_enclosures, enclosure

_VERSION = "jsonfeed.org/version/"
_SHOWN = 60

JsonObject = dict[str, object]


def read(text: str, url: str) -> Document:
    """Read a JSON Feed; a field of the wrong type is left out of its item, with a warning.

    Raises:
        DocumentError: not JSON, or JSON of another kind.
    """
    feed = _feed_object(text)
    faults: Counter[str] = Counter()
    if _names_bare_version(feed):
        faults[f"Its version is {feed['version']!r}, not an address at jsonfeed.org; read all the same."] += 1
    items = feed.get("items")
    if not isinstance(items, list):
        faults["The feed has no list of `items`."] += 1
        items = []

    authors = _authors(feed, faults)
    entries: list[Entry] = []
    for item in items:
        if not isinstance(item, dict):
            faults["{n} of `items` not an object; left out."] += 1
            continue
        entry = _entry(item, authors, url, faults)
        if entry.title or entry.url or entry.content or entry.summary:
            entries.append(entry)
        else:
            faults["{n} without title, link and text; left out."] += 1
    return Document(
        title=one_line(_text(feed, "title", faults)),
        language=language_tag(_text(feed, "language", faults)),
        entries=tuple(entries),
        reader="json",
        hub=_hub(feed, url, faults),
        topic=_link(feed, "feed_url", url, faults),
        archive=_link(feed, "next_url", url, faults),
        warnings=tuple(fault.format(n=_items(count)) for fault, count in faults.items()),
    )


def _feed_object(text: str) -> JsonObject:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        why = f"it is broken at line {error.lineno}, column {error.colno} ({error.msg})"
        raise DocumentError(looks.not_json_feed(why)) from error
    except (ValueError, RecursionError) as error:  # an integer or a nesting beyond what Python reads
        raise DocumentError(looks.not_json_feed(f"it cannot be read ({error})")) from error
    if not isinstance(value, dict):
        raise DocumentError(looks.not_json_feed("it is a list, not an object"))
    version = value.get("version")
    if _names_bare_version(value):
        return value
    if not isinstance(version, str) or _VERSION not in version:
        why = f"its version is {json.dumps(version)[:_SHOWN]}" if "version" in value else "it names no version"
        raise DocumentError(looks.not_json_feed(f"{why}, and its keys are {_keys(value)}"))
    return value


def _names_bare_version(value: JsonObject) -> bool:
    """Whether the version's number stands in place of its address, in what else can only be a JSON Feed."""
    return str(value.get("version")) in ("1", "1.0", "1.1") and ("feed_url" in value or "home_page_url" in value)


def _keys(value: JsonObject) -> str:
    keys = ", ".join(list(value)[:8]) or "none"
    return keys if len(keys) <= _SHOWN else f"{keys[:_SHOWN]}…"


def _entry(item: JsonObject, feed_authors: tuple[str, ...], base: str, faults: Counter[str]) -> Entry:
    text_as_html = escape_lines(_text(item, "content_text", faults))
    link = _text(item, "url", faults) or _text(item, "external_url", faults)
    return Entry(
        guid=_guid(item.get("id"), faults),
        url=absolute_url(link, base) if link else None,
        title=escape(_text(item, "title", faults)),
        summary=escape(_text(item, "summary", faults)),
        content=_text(item, "content_html", faults) or text_as_html,
        authors=_authors(item, faults) or feed_authors,
        tags=_tags(item, faults),
        language=language_tag(_text(item, "language", faults)),
        published=_text(item, "date_published", faults) or None,
        updated=_text(item, "date_modified", faults) or None,
        enclosures=distinct_enclosures(_attachments(item, base, faults)),
        image=_link(item, "image", base, faults)
        or _link(item, "banner_image", base, faults)
        or first_picture(_text(item, "content_html", faults), base),
    )


def _link(holder: JsonObject, key: str, base: str, faults: Counter[str]) -> str | None:
    link = _text(holder, key, faults)
    return absolute_url(link, base) if link else None


def _hub(feed: JsonObject, base: str, faults: Counter[str]) -> str | None:
    """The first WebSub hub ("hubs", 1.1): the other types are not spoken here."""
    for hub in _list(feed, "hubs", faults):
        if _text(hub, "type", faults).lower() in ("websub", "pubsubhubbub") and (
            url := _link(hub, "url", base, faults)
        ):
            return url
    return None


def _attachments(item: JsonObject, base: str, faults: Counter[str]) -> Iterable[Enclosure]:
    for attachment in _list(item, "attachments", faults):
        if url := _link(attachment, "url", base, faults):
            size = attachment.get("size_in_bytes")
            length = str(int(size)) if isinstance(size, (int, float)) and math.isfinite(size) else ""
            yield enclosure(url, _text(attachment, "mime_type", faults), length)


def _list(holder: JsonObject, key: str, faults: Counter[str]) -> Iterable[JsonObject]:
    values = holder.get(key)
    if values is None:
        return ()
    if not isinstance(values, list):
        faults[f"`{key}` is not a list in {{n}}; left out."] += 1
        return ()
    return _objects(values, key, faults)


def _text(holder: JsonObject, key: str, faults: Counter[str]) -> str:
    value = holder.get(key)
    if isinstance(value, str):
        return _without_surrogates(value.strip())
    if value is not None:
        faults[f"`{key}` is not text in {{n}}; left out."] += 1
    return ""


def _guid(value: object, faults: Counter[str]) -> str | None:
    """An id that is a number counts as the text of the number ("id", 1.1)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return _without_surrogates(str(value).strip()) or None
    if value is not None:
        faults["`id` is neither text nor number in {n}; left out."] += 1
    return None


def _authors(holder: JsonObject, faults: Counter[str]) -> tuple[str, ...]:
    """Of `authors` (1.1), else of `author` (1.0)."""
    if holder.get("authors") is None and holder.get("author") is not None:
        several = _objects([holder["author"]], "authors", faults)
    else:
        several = _list(holder, "authors", faults)
    return distinct(_text(author, "name", faults) for author in several)


def _objects(values: list[object], key: str, faults: Counter[str]) -> Iterable[JsonObject]:
    for value in values:
        if isinstance(value, dict):
            yield value
        else:
            faults[f"`{key}` holds something else than objects in {{n}}; left out."] += 1


def _tags(item: JsonObject, faults: Counter[str]) -> tuple[str, ...]:
    tags = item.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list):
        faults["`tags` is not a list in {n}; left out."] += 1
        return ()
    words = [tag for tag in tags if isinstance(tag, str)]
    if len(words) < len(tags):
        faults["`tags` holds something else than text in {n}; left out."] += 1
    return distinct(map(_without_surrogates, words))


_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def _without_surrogates(text: str) -> str:
    r"""JSON can write half of a pair (`\ud83d` alone), which no database and no mail takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_SURROGATES)
    return text


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"
