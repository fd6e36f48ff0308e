"""Atom: valid, and two readers read back what was written."""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedwatch.export.atom import (
    WATCHLIST_SCHEME,
    Feed,
    entry_of_item,
    entry_of_story,
    permanent_id,
    write_atom,
)
from feedwatch.export.values import ExportedItem
from feedwatch.parse import parse
from tests.unit.export.examples import NOW, exported, items, story

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = Feed(permanent_id("feed", "test"), "Bay & bridge", NOW, subtitle="From the archive")
_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _document(*listed: ExportedItem, feed: Feed = FEED) -> bytes:
    return b"".join(write_atom(feed, map(entry_of_item, listed)))


def test_our_own_parser_reads_it_back() -> None:
    document = parse(_document(exported(1), exported(2)), content_type="application/atom+xml", url="https://f.example/")
    assert (document.title, document.reader, document.warnings) == ("Bay & bridge", "lxml", ())
    first, second = document.entries
    assert [entry.url for entry in document.entries] == [
        "https://news.example/1?a=1&b=2",
        "https://news.example/2?a=1&b=2",
    ]
    assert first.title == "Bridge &lt;1&gt; &amp; co."  # an entry's title is HTML
    assert (first.published, first.updated) == ("2026-03-02T09:30:15Z", "2026-03-02T10:30:15Z")
    assert first.content == exported().item.html
    assert (first.authors, first.language, first.origin) == (("A. Writer", "邓少军"), "en", "rthk")
    assert (first.tags, first.comments) == (("Bay Area", "policy", "bay"), "https://news.example/1/comments")
    assert first.enclosures == exported().item.enclosures
    assert first.guid != second.guid


def test_feedparser_reads_it_back() -> None:
    read = feedparser.parse(_document(exported()))
    assert (read.bozo, read.version, read.feed.title, read.feed.id) == (False, "atom10", "Bay & bridge", FEED.id)
    (entry,) = read.entries
    assert (entry.title, entry.link) == ("Bridge <1> & co.", "https://news.example/1?a=1&b=2")
    assert _moment(entry.published_parsed) == NOW
    assert _moment(entry.updated_parsed) == NOW + timedelta(hours=1)
    assert [author.name for author in entry.authors] == ["A. Writer", "邓少军"]
    assert [(tag.term, tag.scheme) for tag in entry.tags] == [
        ("Bay Area", WATCHLIST_SCHEME), ("policy", None), ("bay", None),
    ]  # fmt: skip
    assert entry.content[0].type == "text/html"
    assert entry.content[0].language == "en"


@pytest.mark.parametrize(
    "document",
    [
        _document(exported(1), exported(2)),
        _document(),
        _document(exported(url="", html="", text="", authors=(), updated_at=None)),
        _document(exported(title="", language="und", comments="", canonical="", enclosures=(), tags=())),
        b"".join(write_atom(FEED, [entry_of_story(story(), "<p>The bridge opened.</p>")])),
        _document(feed=Feed("urn:uuid:1", "T", NOW, url="https://f.example/a", page="https://f.example/")),
    ],
    ids=["items", "none", "bare", "untitled", "story", "served"],
)
def test_it_keeps_the_rules_of_rfc_4287(document: bytes) -> None:
    feed = etree.fromstring(document)
    entries = feed.findall(f"{ATOM}entry")
    for place in (feed, *entries):
        for name in ("id", "title", "updated"):  # 4.1.1 and 4.1.2: exactly one of each
            assert len(place.findall(f"{ATOM}{name}")) == 1
        assert re.match(r"(urn|tag):\S+$", _of(place, "id"))  # 4.2.6: an absolute IRI
        for element in place.findall(f"{ATOM}updated") + place.findall(f"{ATOM}published"):  # 3.3
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", element.text or "")
        alternates = [link for link in place.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates)  # 4.1.1
    for entry in entries:
        assert [_of(author, "name") != "" for author in entry.findall(f"{ATOM}author")]  # 4.1.2: author
        assert len(entry.findall(f"{ATOM}content")) == 1
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None or entry.find(f"{ATOM}content") is not None
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))  # 4.2.2
        assert all(link.get("href") for link in entry.findall(f"{ATOM}link"))  # 4.2.7


def _moment(parsed: time.struct_time) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def _of(element: Any, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def test_an_entry_keeps_its_id_when_its_text_changes() -> None:
    before, after = entry_of_item(exported(1, guid="g")), entry_of_item(exported(2, guid="g", title="Changed"))
    assert before.id == after.id == permanent_id("item", "rthk", "g")
    assert entry_of_item(exported(1, guid="other")).id != before.id


def test_an_item_without_an_author_or_html_has_its_source_and_its_text() -> None:
    entry = entry_of_item(exported(authors=(), html=""))
    assert entry.authors == ("rthk",)
    assert entry.html == "<p>The bridge opened.</p><p>大桥开通。</p>"


def test_a_story_tells_where_else_it_ran() -> None:
    entry = entry_of_story(story(), "<p>Open.</p>")
    assert entry.html == (
        "<p>Open.</p><p>Also in:</p><ul>"
        '<li><a href="https://rthk.example/1">Bridge 1</a> (rthk)</li>'
        '<li><a href="https://rthk.example/3">Bridge 3</a> (rthk)</li></ul>'
        '<p>In other languages:</p><ul><li><a href="https://sina.example/9">大桥开通</a> (sina, rthk, zh)</li></ul>'
    )
    assert (entry.published, entry.updated) == (NOW + timedelta(hours=1), NOW + timedelta(hours=3))
    assert entry_of_story(story(item_id=3)).id == entry.id


def test_a_title_cannot_end_its_element() -> None:
    one = exported(title="</title><script>", html="]]></content>")
    (entry,) = etree.fromstring(_document(one)).findall(f"{ATOM}entry")
    assert (_of(entry, "title"), _of(entry, "content")) == (one.item.title, one.item.html)


@given(items())
def test_what_is_written_is_read_back(one: ExportedItem) -> None:
    (entry,) = etree.fromstring(_document(one)).findall(f"{ATOM}entry")
    assert _of(entry, "title") == _IN_XML.sub("", one.item.title)
    assert _of(entry, "content") == _IN_XML.sub("", entry_of_item(one).html)
    alternate = entry.find(f"{ATOM}link[@rel='alternate']")
    assert (alternate is None) == (not one.item.url)
    for name, moment in (("published", one.item.published_at), ("updated", entry_of_item(one).updated)):
        assert datetime.fromisoformat(_of(entry, name)) == moment


_WORDS = st.text(st.sampled_from("abcXYZ5<>&\"';#%大湾區橋é—…"), min_size=1, max_size=20)
"""Not all of Unicode: feedparser takes some sequences of Latin letters for UTF-8 that was read wrongly."""


@given(_WORDS, st.datetimes(datetime(1995, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)))
def test_both_readers_read_the_same_titles_links_and_times(title: str, published_at: datetime) -> None:
    url = f"https://news.example/{len(title)}?a=1&b={published_at.year}"
    written = _document(exported(title=title, url=url, published_at=published_at, updated_at=None))
    (ours,) = parse(written, content_type="application/atom+xml", url="https://f.example/").entries
    (other,) = feedparser.parse(written).entries
    assert (unescape(ours.title), other.title) == (title, title)
    assert (ours.url, other.link) == (url, url)
    assert datetime.fromisoformat(ours.published or "") == published_at
    assert _moment(other.published_parsed) == published_at.replace(microsecond=0)
