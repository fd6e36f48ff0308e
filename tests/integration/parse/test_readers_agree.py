"""Our reader against feedparser, on every document of the corpus that both read: each difference has its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry
from feedwatch.parse import feedparser_feed
from feedwatch.parse.decode import decode
from feedwatch.parse.markup import Markup, isolate
from feedwatch.parse.mend import mend
from feedwatch.parse.xml_feed import FIRST_CHOICE, read
from tests.conformance.same import same_markup
from tests.corpus import corpus_dir

URL = "https://feeds.example/all.xml"
FRAGMENTS = ("title", "summary", "content")
Difference = tuple[str, str, object, object]
"""File, field, ours, feedparser's."""


def markup_of(file: Path) -> Markup | None:
    text, _ = decode(file.read_bytes(), None)
    try:
        return None if not text or text[0] in "{[" else isolate(text)
    except DocumentError:
        return None


def both(markup: Markup) -> tuple[Document, Document] | None:
    """Ours and feedparser's reading; None where ours is not the one that counts."""
    try:
        ours = read(markup, URL)
        if ours.reader != FIRST_CHOICE:
            return None
        try:
            return ours, feedparser_feed.read(markup, URL)
        except DocumentError:
            return ours, feedparser_feed.read(mend(markup), URL)
    except DocumentError:
        return None


def differences(folder: str) -> Iterator[Difference]:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("no corpus beside the project")
    root = corpus / "feeds"
    for file in sorted((root / folder).rglob("*")):
        markup = markup_of(file) if file.is_file() else None
        pair = both(markup) if markup else None
        if pair:
            name = str(file.relative_to(root))
            ours, theirs = pair
            for field in ("title", "language", "hints", "hub", "topic", "archive"):
                if getattr(ours, field) != getattr(theirs, field):
                    yield name, f"document.{field}", getattr(ours, field), getattr(theirs, field)
            if len(ours.entries) != len(theirs.entries):
                yield name, "document.entries", len(ours.entries), len(theirs.entries)
                continue
            for one, other in zip(ours.entries, theirs.entries, strict=True):
                yield from ((name, *different) for different in of_entry(one, other))


def of_entry(ours: Entry, theirs: Entry) -> Iterator[tuple[str, object, object]]:
    for field in fields(Entry):
        one, other = getattr(ours, field.name), getattr(theirs, field.name)
        if one != other and not (field.name in FRAGMENTS and same_markup(one, other)):
            yield field.name, one, other


CAPTION = "feedparser takes the caption of a picture (media:description) for a second text, or for the text itself"
REWRITTEN = "feedparser writes the whole text anew where the feed uses xml:base, and escapes or drops on the way"
IMAGE = "feedparser keeps no <image> of an entry"
DECODED = "what stands as base64 is text, which ours shows"
EXPLAINED = {
    ("real-world/08f1ee71883dbcde", "summary"): CAPTION,
    ("real-world/14333881097406c7", "summary"): CAPTION,
    ("real-world/5357198db71ce075", "content"): CAPTION,
    ("real-world/78f77fae2e1ffc14", "content"): CAPTION,
    ("real-world/5ed17a0a9f7ca1ed", "content"): REWRITTEN,
    ("real-world/e44e7aea7e34bb52", "content"): REWRITTEN,
    ("real-world/0c1cef22da7ddc10", "image"): IMAGE,
    ("real-world/f9c17f360c71def1", "tags"): "the same tags: categories first, then the words of media:keywords",
    ("reader/full.atom", "enclosures"): "a link without a type is called text/html by feedparser",
    ("reader/relative.atom", "enclosures"): "a link without a type is called text/html by feedparser",
    ("feedparser/entities/rang.xml", "document.title"): "&rang; is U+27E9 in HTML 5, U+232A in HTML 4",
    ("feedparser/wellformed/atom10/entry_content_base64.xml", "document.entries"): DECODED,
    ("feedparser/wellformed/atom10/entry_content_base64_2.xml", "document.entries"): DECODED,
    ("feedparser/wellformed/atom10/entry_summary_base64_2.xml", "summary"): DECODED,
    ("feedparser/wellformed/lang/entry_content_xml_lang_blank_2.xml", "language"): 'xml:lang="" takes the feed\'s back',
    ("feedparser/wellformed/lang/entry_content_xml_lang_blank_3.xml", "language"): 'xml:lang="" takes the feed\'s back',
    (
        "feedparser/wellformed/namespace/atomsvgdctitle.xml",
        "content",
    ): "attributes of RDF within SVG say nothing in HTML",
    (
        "feedparser/wellformed/node_precedence/atom10_id.xml",
        "document.entries",
    ): "an <id> within <image> is not the entry's",
    ("feedparser/wellformed/node_precedence/atom10_title.xml", "title"): "a title within <image> is not the entry's",
    ("feedparser/wellformed/rss/item_image_link_bleed.xml", "image"): IMAGE,
    ("gofeed/parser/atom/atom10_feed_entry_content_base64.xml", "document.entries"): DECODED,
    ("gofeed/parser/atom/atom10_feed_entry_content_base64_escaped_markup.xml", "document.entries"): DECODED,
    ("gofeed/parser/atom/atom10_feed_entry_summary_base64.xml", "summary"): DECODED,
    ("gofeed/parser/atom/atom10_feed_entry_summary_base64_escaped_markup.xml", "summary"): DECODED,
    ("gofeed/parser/atom/atom10_feed_entry_title_base64.xml", "title"): DECODED,
    ("gofeed/parser/rss/issue_320_legacy_entity_prefix.xml", "document.title"): "&copy=2 in an address is no reference",
    ("gofeed/parser/rss/rss_channel_item_illegal_char.xml", "title"): "a control that XML forbids is dropped",
    (
        "gofeed/parser/rss/rss_channel_item_uri_at_protocol.xml",
        "url",
    ): 'feedparser loses a link that has a uri="at://..."',
}


@pytest.mark.parametrize("folder", ["real-world", "reader", "miniflux", "feedparser", "gofeed"])
def test_each_difference_is_explained(folder: str) -> None:
    found = {(file, field) for file, field, _, _ in differences(folder)}
    assert found == {key for key in EXPLAINED if key[0].startswith(f"{folder}/")}


def test_every_real_document_is_read_by_ours() -> None:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("no corpus beside the project")
    markups = [markup_of(file) for file in sorted((corpus / "feeds" / "real-world").iterdir())]
    assert Counter(read(markup, URL).reader for markup in markups if markup) == {FIRST_CHOICE: 100}
