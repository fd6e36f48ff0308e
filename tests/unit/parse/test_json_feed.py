"""JSON Feed: what the specification says, and how far a wrong one is read."""

from __future__ import annotations

import json

import pytest

from feedwatch.model import Enclosure, Entry
from tests.unit.parse.documents import entry_of, read

VERSION = "https://jsonfeed.org/version/1.1"


def feed(*items: object, **fields: object) -> str:
    return json.dumps({"version": VERSION, "title": "News", "items": list(items), **fields})


def test_every_field_of_an_item() -> None:
    item = {
        "id": "1",
        "url": "/bridge",
        "external_url": "https://a.example/",
        "title": "Q&A <live>",
        "content_html": "<p>It opened.</p>",
        "content_text": "It opened.",
        "summary": "1 < 2",
        "date_published": "2026-03-01T08:00:00+08:00",
        "date_modified": "2026-03-02T08:00:00",
        "authors": [{"name": "Li Na"}, {"url": "https://a.example/"}, {"name": "Wu"}],
        "tags": ["bridges", "delta", "bridges"],
        "language": "zh_HK",
        "attachments": [{"url": "https://a.example/a.mp3", "mime_type": "audio/mpeg"}],
    }
    document = read(feed(item, language="en"))
    assert (document.title, document.language, document.warnings) == ("News", "en", ())
    assert document.entries == (
        Entry(
            guid="1",
            url="https://news.example/bridge",
            title="Q&amp;A &lt;live&gt;",
            summary="1 &lt; 2",
            content="<p>It opened.</p>",
            authors=("Li Na", "Wu"),
            tags=("bridges", "delta"),
            language="zh-HK",
            published="2026-03-01T08:00:00+08:00",
            updated="2026-03-02T08:00:00",
            enclosures=(Enclosure("https://a.example/a.mp3", "audio/mpeg"),),
        ),
    )


@pytest.mark.parametrize(
    "item, field, value",
    [
        ({"id": 17, "title": "t"}, "guid", "17"),
        ({"id": 17.0, "title": "t"}, "guid", "17"),
        ({"id": 1.5, "title": "t"}, "guid", "1.5"),
        ({"id": 0, "title": "t"}, "guid", "0"),
        ({"title": "t"}, "guid", None),
        ({"content_text": "1 < 2\nand & more\r\n"}, "content", "1 &lt; 2<br>\nand &amp; more"),
        ({"external_url": "https://a.example/x"}, "url", "https://a.example/x"),
        ({"title": "t", "url": "javascript:x()"}, "url", None),
        ({"title": "t", "author": {"name": "Li"}}, "authors", ("Li",)),
        ({"title": "t", "authors": [{"name": "Li"}], "author": {"name": "Wu"}}, "authors", ("Li",)),
        ({"title": "\ud83d"}, "title", "\ufffd"),
    ],
)
def test_single_fields(item: dict[str, object], field: str, value: object) -> None:
    assert getattr(entry_of(feed(item)), field) == value


@pytest.mark.parametrize("authors", [{"authors": [{"name": "Desk"}]}, {"author": {"name": "Desk"}}])
def test_the_feeds_authors_are_those_of_an_item_without_any(authors: dict[str, object]) -> None:
    document = read(feed({"title": "a"}, {"title": "b", "authors": [{"name": "Li"}]}, **authors))
    assert [entry.authors for entry in document.entries] == [("Desk",), ("Li",)]


@pytest.mark.parametrize(
    "item, warning",
    [
        ({"title": 5, "content_text": "x"}, "`title` is not text in 1 item; left out."),
        ({"title": "t", "id": [1]}, "`id` is neither text nor number in 1 item; left out."),
        ({"title": "t", "id": True}, "`id` is neither text nor number in 1 item; left out."),
        ({"title": "t", "tags": "a, b"}, "`tags` is not a list in 1 item; left out."),
        ({"title": "t", "tags": ["a", 1]}, "`tags` holds something else than text in 1 item; left out."),
        ({"title": "t", "authors": {"name": "Li"}}, "`authors` is not a list in 1 item; left out."),
        ({"title": "t", "authors": ["Li"]}, "`authors` holds something else than objects in 1 item; left out."),
        ({"title": "t", "date_published": 1772323200}, "`date_published` is not text in 1 item; left out."),
    ],
)
def test_a_wrong_field_costs_that_field_alone(item: dict[str, object], warning: str) -> None:
    document = read(feed(item, {"title": "good"}))
    assert (len(document.entries), document.warnings) == (2, (warning,))


@pytest.mark.parametrize(
    "items, warning",
    [
        (["x", 1, None, {"title": "good"}], "3 items of `items` not an object; left out."),
        ([{"id": "1"}, {"title": "good"}], "1 item without title, link and text; left out."),
    ],
)
def test_a_wrong_item_costs_that_item_alone(items: list[object], warning: str) -> None:
    document = read(feed(*items))
    assert ([entry.title for entry in document.entries], document.warnings) == (["good"], (warning,))


@pytest.mark.parametrize("items", [None, {}, "x"])
def test_a_feed_without_a_list_of_items_is_empty(items: object) -> None:
    document = read(feed(items=items))
    assert (document.entries, document.warnings) == ((), ("The feed has no list of `items`.",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    text = json.dumps({"version": VERSION, "items": [{"title": "湾区"}]}, ensure_ascii=False)
    assert entry_of(("\n" + text if encoding == "utf-8" else text).encode(encoding)).title == "湾区"
