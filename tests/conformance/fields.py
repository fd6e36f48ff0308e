"""Which of our fields an expectation of feedparser's speaks of, and whether ours says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from feedwatch.model import Document, Entry
from tests.conformance.outcome import Outcome
from tests.conformance.same import same_address, same_author, same_fragment, same_time, same_words

Theirs = Mapping[str, Any]
_TEXTS = {"title": "title", "summary": "summary", "description": "summary"}
_TIMES = {"published": "published", "updated": "updated", "created": "published", "modified": "updated"}


def asked(
    path: tuple[object, ...],
    expected: object,
    document: Document,
    entry: Entry,
    theirs: Theirs,
    url: str,
    case: str,
    wrapper: str,
) -> Iterator[Outcome]:
    """The outcome on our field; nothing where the path leads to none (a base, a type, a generator, ...)."""
    keys = list(path[1:] if path[0] == "feed" else path[2:])
    if path[0] == "feed":
        answer = _of_document(keys, expected, document, theirs, url)
    else:
        answer = _of_entry(keys, expected, document, entry, theirs, url, wrapper)
    if answer is not None:
        field, passed, got = answer
        yield Outcome(case, field, passed, repr(expected), repr(got))


Answer = tuple[str, bool, object]


def _of_document(keys: list[object], expected: object, document: Document, theirs: Theirs, url: str) -> Answer | None:
    match keys:
        case ["title"] | ["title_detail", "value"]:
            return "document.title", same_words(document.title, str(expected)), document.title
        case ["language"]:
            return "document.language", document.language == expected, document.language
        case ["ttl"]:
            return "document.hints", document.hints.period == timedelta(minutes=int(str(expected))), document.hints
        case ["links", int(at), "href"]:
            rel = theirs["links"][at].get("rel")
            ours = {"hub": document.hub, "self": document.topic, "next": document.archive}
            if rel in ours:
                return f"document.{rel}", same_address(ours[rel], str(expected), url), ours[rel]
    return None


def _of_entry(
    keys: list[object], expected: object, document: Document, entry: Entry, theirs: Theirs, url: str, wrapper: str
) -> Answer | None:
    return (
        _of_texts(keys, expected, document, entry, theirs)
        or _of_people_and_times(keys, expected, entry, theirs)
        or _of_links(keys, expected, entry, theirs, url)
        or _of_tags(keys, expected, entry, theirs, wrapper)
        or _of_source(keys, expected, entry, theirs, url)
    )


def _of_texts(keys: list[object], expected: object, document: Document, entry: Entry, theirs: Theirs) -> Answer | None:
    match keys:
        case [str(key)] | [str(key), "value"] if key.removesuffix("_detail") in _TEXTS:
            return _text(key.removesuffix("_detail"), expected, entry, theirs)
        case ["title_detail" | "summary_detail" as key, "type"]:
            # The type tells whether the text is plain: whether ours must be escaped.
            name = key.removesuffix("_detail")
            return _text(name, theirs[key]["value"], entry, {**theirs, key: {**theirs[key], "type": expected}})
        case ["content", int(at), "type"]:
            detail = theirs["content"][at]
            return "content", _same(entry.content, detail["value"], {**detail, "type": expected}), entry.content
        case ["content", int(at), "value"]:
            detail = theirs["content"][at] if at < len(theirs.get("content", ())) else {}
            return "content", _same(entry.content or entry.summary, expected, detail), entry.content
        case ["title_detail", "language"] if "summary" in theirs or "content" in theirs:
            return None  # our language is that of the text, where there is one
        case ["content", int(), "language"] | ["title_detail" | "summary_detail", "language"] | ["language"]:
            ours = None if entry.language == "und" else entry.language or document.language
            return "language", ours == expected, ours
    return None


def _of_people_and_times(keys: list[object], expected: object, entry: Entry, theirs: Theirs) -> Answer | None:
    match keys:
        case [str(key)] if key in _TIMES:
            ours = getattr(entry, _TIMES[key])
            return _TIMES[key], ours == expected, ours
        case [str(key)] if key.removesuffix("_parsed") in _TIMES and isinstance(expected, tuple):
            name = _TIMES[key.removesuffix("_parsed")]
            return name, same_time(getattr(entry, name), expected), getattr(entry, name)
        case ["author"]:
            return "authors", bool(entry.authors) and same_author(entry.authors[-1], str(expected)), entry.authors
        case ["author_detail" | "authors" as key, *rest]:
            return _author(str(key), rest, expected, entry, theirs)
    return None


def _of_links(keys: list[object], expected: object, entry: Entry, theirs: Theirs, url: str) -> Answer | None:
    match keys:
        case ["link"]:
            return "url", same_address(entry.url, str(expected), url), entry.url
        case ["links", *rest]:
            return _link(rest, expected, entry, theirs, url)
        case ["id" | "guid"]:
            return "guid", entry.guid == expected, entry.guid
        case ["comments"]:
            return "comments", same_address(entry.comments, str(expected), url), entry.comments
        case ["enclosures", int(at), *rest]:
            return _enclosure(at, rest, expected, entry, url)
        case ["image", "href"] | ["media_thumbnail", 0, "url"]:
            return "image", same_address(entry.image, str(expected), url), entry.image
    return None


def _of_tags(keys: list[object], expected: object, entry: Entry, theirs: Theirs, wrapper: str) -> Answer | None:
    match keys:
        case ["category"]:
            return "tags", expected in entry.tags, entry.tags
        case ["tags"] if wrapper == "len":
            return "tags", len(entry.tags) == expected, entry.tags
        case ["tags", int(at), "term" | "label" as key]:
            # A label is shown in the place of its term.
            shown = theirs["tags"][at].get("label") or expected if key == "term" else expected
            return "tags", shown in entry.tags, entry.tags
    return None


def _of_source(keys: list[object], expected: object, entry: Entry, theirs: Theirs, url: str) -> Answer | None:
    match keys:
        case ["source", "title"] | ["source", "title_detail", "value"]:
            return "origin", same_words(entry.origin, str(expected)), entry.origin
        case ["source", "link" | "url" | "href"]:
            return "origin_url", same_address(entry.origin_url, str(expected), url), entry.origin_url
        case ["source", "links", int(at), "href"] if theirs["source"]["links"][at].get("rel") == "alternate":
            return "origin_url", same_address(entry.origin_url, str(expected), url), entry.origin_url
        case ["source", "links", int(), *_] if isinstance(expected, dict) and expected.get("rel") == "alternate":
            return "origin_url", same_address(entry.origin_url, str(expected["href"]), url), entry.origin_url
        case ["source", "author_detail", "name"] | ["source", "author"] | ["source", "authors", int(), "name"]:
            return "authors", str(expected) in entry.authors, entry.authors
    return None


def _text(key: str, expected: object, entry: Entry, theirs: Theirs) -> Answer:
    if key == "title":
        detail = theirs.get("title_detail", {})
        return "title", _same(entry.title, expected, detail), entry.title
    detail = theirs.get("summary_detail") or next(iter(theirs.get("content", ())), {})
    # Of an entry with content alone, feedparser repeats it as the summary; ours is read from where it stands.
    ours = entry.summary or entry.content
    return "summary", _same(ours, expected, detail), ours


def _same(ours: str, expected: object, detail: Theirs) -> bool:
    is_plain = detail.get("type") == "text/plain"
    return same_fragment(ours, str(expected), base=str(detail.get("base") or ""), is_plain=is_plain)


def _link(rest: list[object], expected: object, entry: Entry, theirs: Theirs, url: str) -> Answer | None:
    match rest:
        case [int(at), "href"]:
            rel = theirs["links"][at].get("rel")
            if rel == "alternate":
                return "url", same_address(entry.url, str(expected), url), entry.url
            if rel == "enclosure":
                urls = [enclosure.url for enclosure in entry.enclosures]
                return "enclosures", expected in urls, urls
        case [int(at), "type" | "length" as key] if theirs["links"][at].get("rel") == "enclosure":
            values = [str(getattr(enclosure, str(key))) for enclosure in entry.enclosures]
            return "enclosures", expected in values, values
        case [int()] if isinstance(expected, dict) and expected.get("rel") == "alternate":
            return "url", same_address(entry.url, str(expected["href"]), url), entry.url
    return None


def _author(key: str, rest: list[object], expected: object, entry: Entry, theirs: Theirs) -> Answer | None:
    detail = theirs.get("author_detail", {}) if key == "author_detail" else theirs["authors"][rest[0]]
    if rest[-1] == "name" or (rest[-1] == "email" and not detail.get("name")):
        return "authors", expected in entry.authors, entry.authors
    return None


def _enclosure(at: int, rest: list[object], expected: object, entry: Entry, url: str) -> Answer | None:
    if at >= len(entry.enclosures):
        return "enclosures", False, entry.enclosures
    ours = entry.enclosures[at]
    match rest:
        case []:
            theirs = expected if isinstance(expected, dict) else {}
            got = {"href": ours.url, "type": ours.type, "length": str(ours.length) if ours.length else ""}
            return "enclosures", all(got.get(key) == value for key, value in theirs.items()), got
        case ["url" | "href"]:
            return "enclosures", same_address(ours.url, str(expected), url), ours.url
        case ["type"]:
            return "enclosures", ours.type == expected, ours.type
        case ["length"]:
            return "enclosures", str(ours.length) == expected, ours.length
    return None
