"""gofeed's cases: the expected JSON beside each, of its models of RSS, Atom and JSON Feed and of its universal one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry
from feedwatch.parse import parse
from tests.conformance.outcome import Outcome
from tests.conformance.same import same_address, same_author, same_text, same_words

_URL = "http://127.0.0.1:8097/feed"
Expected = dict[str, Any]
Check = tuple[str, object, object, bool]
"""Our field, what is expected, what is got, and whether they are the same."""


def outcomes(feeds: Path) -> Iterator[Outcome]:
    """Every expected value that has a field of ours, in the order of the files."""
    for file in sorted((feeds / "gofeed").rglob("*.json")):
        case = file.with_suffix(".xml")
        if case.is_file():
            yield from _case(case, json.loads(file.read_text("utf-8")), str(case.relative_to(feeds)))
    for case, beside in _json_cases(feeds / "gofeed"):
        yield from _case(case, json.loads(beside.read_text("utf-8")), str(case.relative_to(feeds)))


def _json_cases(root: Path) -> Iterator[tuple[Path, Path]]:
    """JSON Feeds, which are their own expectation where none is beside them."""
    for case in sorted((root / "parser" / "json").glob("*.json")):
        if not case.stem.endswith("_expected"):
            beside = case.with_name(f"{case.stem}_expected.json")
            yield case, beside if beside.is_file() else case


def _case(case: Path, expected: Expected, name: str) -> Iterator[Outcome]:
    body = case.read_bytes()
    entries = expected.get("items", expected.get("entries")) or []
    document = _ours(body)
    if len(document.entries) < len(entries):
        body = body.replace(b"</item>", b"<title>Added</title></item>").replace(
            b"</entry>", b"<title>Added</title></entry>"
        )
        document = _ours(body)
    checks = list(_document(expected, document))
    for at, wanted in enumerate(entries):
        checks += _entry(wanted, document.entries[at] if at < len(document.entries) else Entry())
    for field, want, got, passed in checks:
        yield Outcome(name, field, passed, repr(want), repr(got))


def _ours(body: bytes) -> Document:
    try:
        return parse(body, content_type=None, url=_URL)
    except DocumentError as error:
        return Document(warnings=(str(error),))


def _document(expected: Expected, ours: Document) -> Iterator[Check]:
    if title := _value(expected.get("title")):
        yield "document.title", title, ours.title, same_words(ours.title, title)
    if language := expected.get("language"):
        yield "document.language", language, ours.language, ours.language == language
    if ttl := expected.get("ttl"):
        yield "document.hints", ttl, ours.hints, ours.hints.period == timedelta(minutes=int(ttl))
    if hours := expected.get("skipHours"):
        yield "document.hints", hours, ours.hints, ours.hints.skip_hours == tuple(sorted(int(hour) for hour in hours))
    if days := expected.get("skipDays"):
        yield "document.hints", days, ours.hints, len(ours.hints.skip_days) == len(days)
    if address := (expected.get("feedLink") or expected.get("feed_url")):
        yield "document.self", address, ours.topic, same_address(ours.topic, address, _URL)
    if address := expected.get("next_url"):
        yield "document.next", address, ours.archive, same_address(ours.archive, address, _URL)


def _entry(expected: Expected, ours: Entry) -> Iterator[Check]:
    for key, (field, same) in _CHECKS.items():
        if key in expected and (wanted := _value(expected[key])):
            got = getattr(ours, field)
            yield field, wanted, got, same(got, wanted)
    yield from _links(expected, ours)
    yield from _people(expected, ours)
    for category in expected.get("categories") or expected.get("tags") or []:
        word = (
            category
            if isinstance(category, str)
            else category.get("label") or category.get("term") or category.get("value")
        )
        if word:
            yield "tags", word, ours.tags, any(same_words(tag, word) for tag in ours.tags)
    files = expected.get("enclosures") or expected.get("attachments") or _some(expected.get("enclosure"))
    for file in files:
        wanted = file.get("url")
        got = next((one for one in ours.enclosures if same_address(one.url, wanted or "", _URL)), None)
        yield "enclosures", file, ours.enclosures, got is not None and _same_file(file, got.type, got.length)
    source = expected.get("source")
    if isinstance(source, dict):
        if title := source.get("title"):
            yield "origin", title, ours.origin, same_words(ours.origin, title)
        if address := source.get("url"):
            yield "origin_url", address, ours.origin_url, same_address(ours.origin_url, address, _URL)


def _same_file(file: Expected, kind: str | None, length: int | None) -> bool:
    wanted_kind, wanted_length = (
        file.get("type") or file.get("mime_type"),
        file.get("length") or file.get("size_in_bytes"),
    )
    return kind == (wanted_kind or None) and length == (int(wanted_length) if wanted_length else None)


def _links(expected: Expected, ours: Entry) -> Iterator[Check]:
    for link in expected.get("links") or []:
        if not isinstance(link, dict):
            continue
        address, rel = link.get("href", ""), link.get("rel") or "alternate"
        if rel == "alternate":
            yield "url", address, ours.url, same_address(ours.url, address, _URL)
        elif rel == "enclosure":
            urls = [file.url for file in ours.enclosures]
            yield "enclosures", address, urls, address in urls


def _people(expected: Expected, ours: Entry) -> Iterator[Check]:
    people = expected.get("authors") or _some(expected.get("author"))
    for person in people:
        name = person if isinstance(person, str) else person.get("name") or person.get("email")
        if name:
            yield "authors", name, ours.authors, any(same_author(author, name) for author in ours.authors)


def _some(value: object) -> list[Any]:
    return [value] if value else []


def _value(value: object) -> str:
    """A text, or that of `{"value": ...}`."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("url") or ""
    return value if isinstance(value, str) else ""


def _fragment(got: str, wanted: str) -> bool:
    return same_text(got, wanted)


def _as_written(got: str | None, wanted: str) -> bool:
    return got == wanted


def _address(got: str | None, wanted: str) -> bool:
    return same_address(got, wanted, _URL)


_CHECKS: dict[str, tuple[str, Callable[[Any, str], bool]]] = {
    "title": ("title", _fragment),
    "description": ("summary", _fragment),
    "summary": ("summary", _fragment),
    "content": ("content", _fragment),
    "content_html": ("content", _fragment),
    "link": ("url", _address),
    "url": ("url", _address),
    "guid": ("guid", _as_written),
    "id": ("guid", _as_written),
    "pubDate": ("published", _as_written),
    "published": ("published", _as_written),
    "date_published": ("published", _as_written),
    "updated": ("updated", _as_written),
    "date_modified": ("updated", _as_written),
    "comments": ("comments", _address),
    "image": ("image", _address),
}
