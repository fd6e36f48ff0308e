"""What holds for every entry, whatever it is: an item normalized again stays what it is."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from feedwatch.model import Entry, Item, SourceTraits
from feedwatch.normalize import normalize
from feedwatch.normalize.chars import scrub
from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.debris import clean
from feedwatch.normalize.debris_rules import RULES
from feedwatch.normalize.html import sanitize
from feedwatch.parse import parse
from tests.corpus import corpus_dir

SOURCE = SourceTraits(url="https://www.example.com/feed.xml", timezone="Asia/Shanghai")
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
_MAX_BYTES = 150_000


def item_of(entry: Entry, source: SourceTraits = SOURCE) -> Item:
    return normalize(entry, source, document_language=None, fetched_at=FETCHED)


def entry_of(item: Item) -> Entry:
    """The item as a feed would publish it: title and labels are HTML fragments there."""
    return Entry(
        guid=item.guid,
        url=item.url,
        title=escape(item.title, quote=False),
        content=item.html,
        authors=tuple(escape(author, quote=False) for author in item.authors),
        tags=tuple(escape(tag, quote=False) for tag in item.tags),
        language=item.language,
        published=item.published_at.isoformat(),
        origin=item.origin,
    )


def told(item: Item) -> tuple[object, ...]:
    return item.title, item.text, item.html, item.authors, item.tags, item.origin, item.place


_SCRAPS = st.sampled_from(
    [example.text for rule in RULES for example in rule.examples]
    + [example.text for credit in CREDITS for example in credit.examples]
    + ["<p>", "</p>", "<br>", "<x>", "<b>", "</b>", "<a href='/b'>", "<img src='/a.png'>", "<pre>", "<table><td>"]
    + ["&lt;p&gt;a&lt;/p&gt;", "&amp;lt;br&amp;gt;", "&amp;amp;amp;nbsp;", "&amp;quot;", "&#0;"]
    + ["\n", "\n\n", " ", "#a #b", "\u00a0", "\u200b", "\x00", "\ud800", "é", "大桥开通。", "It opened."]
)  # fmt: skip
# Whether a row of Latin-1 letters and signs is mojibake depends on what else stands in its line: it has its own law.
_CHARACTERS = st.characters(max_codepoint=0x7F) | st.characters(min_codepoint=0x100)
_FRAGMENTS = st.lists(_SCRAPS | st.text(_CHARACTERS, max_size=12), max_size=7).map("".join)
_ENTRIES = st.builds(
    Entry,
    title=_FRAGMENTS,
    content=_FRAGMENTS,
    authors=st.lists(_FRAGMENTS, max_size=2).map(tuple),
    tags=st.lists(_FRAGMENTS, max_size=2).map(tuple),
)


@settings(max_examples=250, deadline=None)
@given(_ENTRIES, st.booleans())
def test_an_item_normalized_again_stays_what_it_is(entry: Entry, images: bool) -> None:
    source = SourceTraits(url=SOURCE.url, images=images)
    item = item_of(entry, source)
    assert told(item_of(entry_of(item), source)) == told(item)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["cafÃ©", "lâ€™été", "l&acirc;&euro;&trade;eau", "Ã\xa0 bientÃ´t", "&Atilde;&nbsp;", "don\x92t"]
        + ["<p>", "<br>", "<b>", "\n", "\xa0", "\u200b", "大桥开通。", "It opened.", "Read more", "#a #b"]), max_size=6,
    ).map(" ".join)
)  # fmt: skip
def test_a_mended_item_normalized_again_stays_what_it_is(fragment: str) -> None:
    item = item_of(Entry(title=fragment, content=fragment, tags=(fragment,)))
    assert told(item_of(entry_of(item))) == told(item)


@settings(max_examples=250, deadline=None)
@given(_ENTRIES)
def test_html_is_safe_already_and_nothing_holds_a_control_character(entry: Entry) -> None:
    item = item_of(entry)
    assert sanitize(item.html, SOURCE.url) == item.html
    for value in (item.title, item.text, *item.authors, *item.tags, item.place, item.origin):
        assert not [c for c in value if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]


@given(st.lists(_SCRAPS, max_size=4).map("\n".join))
def test_only_rules_that_say_so_leave_nothing_of_a_text(text: str) -> None:
    text = scrub(text)  # as all that comes here is
    cleaned = clean(text, off=frozenset(rule.name for rule in RULES if rule.alone))
    assert bool(re.search(r"\w", cleaned.text)) or not re.search(r"[^\W\d_]", text)


def test_every_real_item_normalized_again_stays_what_it_is() -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("no corpus beside the project")
    count = 0
    for path in sorted((folder / "feeds").rglob("*")):
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            continue
        try:
            document = parse(path.read_bytes(), content_type=None, url=SOURCE.url)
        except DocumentError:
            continue
        for entry in document.entries:
            item = item_of(entry)
            assert told(item_of(entry_of(item))) == told(item), path.name
            count += 1
    assert count > 1000
