from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.model import Enclosure, Entry, Item, SourceTraits
from feedwatch.normalize import normalize
from tests.corpus import corpus_dir

SOURCE = SourceTraits(url="https://www.example.com/jiangmen/feed.xml", language="en", timezone="Asia/Shanghai")
FETCHED = datetime(2024, 3, 1, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "jiangmen-republished.xml"


def item_of(entry: Entry, source: SourceTraits = SOURCE) -> Item:
    return normalize(entry, source, document_language=None, fetched_at=FETCHED)


def entries_of(document: bytes) -> list[Entry]:
    """By feedparser alone: this room's tests use no other room."""
    return [
        Entry(
            guid=read.get("id"),
            url=read.get("link"),
            title=read.get("title", ""),
            summary=read.get("summary", ""),
            content=max((part.value for part in read.get("content", [])), key=len, default=""),
            tags=tuple(tag.term for tag in read.get("tags", []) if tag.term),
            authors=tuple(author["name"] for author in read.get("authors", []) if author.get("name")),
            published=read.get("published"),
            updated=dict.get(read, "updated"),  # its own get() would answer with `published`
        )
        for read in feedparser.parse(document, sanitize_html=False).entries
    ]


def article() -> str:
    """The sample's article, as its site published it."""
    return entries_of(SAMPLE.read_bytes())[0].summary


def as_plain() -> str:
    return escape(article(), quote=False)


def as_paragraphs() -> str:
    return "\n".join(f"<p>{line}</p>" for line in article().split("\n"))


def as_breaks() -> str:
    return "<div>" + "<br />\n".join(article().split("\n")) + "</div>"


def as_one_paragraph_a_part() -> str:
    """Script debris outside of any element, hashtags in the last paragraph."""
    debris, brace, *paragraphs, stamp, tags = article().split("\n")
    return f"{debris}\n{brace}\n" + "".join(f"<p>{line}</p>" for line in paragraphs) + f"<p>{stamp}<br>{tags}</p>"


@pytest.mark.parametrize("write", [as_plain, as_paragraphs, as_breaks, as_one_paragraph_a_part, article])
def test_republished_article_comes_out_clean(write: Callable[[], str]) -> None:
    item = item_of(Entry(content=write()))
    assert item.text.startswith("Jiangmen Daily News (Reporter/Deng Shaojun Luo Pei) On February 19")
    assert item.text.endswith("high-quality development process of Jiangmen.")
    assert item.text.count("\n") == 3
    assert item.published_at == datetime(2024, 2, 20, 0, 26, 24, tzinfo=UTC)
    assert item.published_from == "text"
    assert item.tags[:4] == ("Pengjiang", "District", "HighQuality", "Development")
    assert item.tags[-3:] == ("Jiangmen_Pengjiang", "NewsJiangmen", "China")
    assert len(item.tags) == 16  # Pengjiang stands there twice
    for debris in ("‘);", "2024-02-20", "#HighQuality"):
        assert debris not in item.html
    assert "Lao Maochang pointed out" in item.html
    assert (item.authors, item.origin) == (("Deng Shaojun", "Luo Pei"), "Jiangmen Daily News")
    assert (item.place, item.doubted_date) == ("", "")


def test_the_article_as_it_was_scraped_comes_out_clean() -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("no samples beside the project")
    raw = next((folder.parent / "samples").glob("000_*.txt")).read_text(encoding="utf-8")
    item = item_of(Entry(title="Pengjiang", content=escape(raw)))
    assert item.text.startswith("Jiangmen Daily News (Reporter/Deng Shaojun Luo Pei) On February 19")
    assert not item.text[-80:].startswith("#") and "2024-02-20" not in item.text and "#Pengjiang" not in item.text
    assert "Pengjiang" in item.tags and "NewsJiangmen" in item.tags
    assert (item.published_at, item.published_from) == (datetime(2024, 2, 20, 0, 26, 24, tzinfo=UTC), "text")
    assert (item.authors, item.origin) == (("Deng Shaojun", "Luo Pei"), "Jiangmen Daily News")


def test_sample_feed() -> None:
    items = [item_of(entry) for entry in entries_of(SAMPLE.read_bytes())]
    assert [(item.title[:30], item.published_at.isoformat(), item.published_from) for item in items] == [
        ("Pengjiang District High-Qualit", "2024-02-20T00:26:24+00:00", "text"),
        ("Xinhui mandarin peel growers r", "2024-02-20T02:05:00+00:00", "text"),
        ("Kaiping watchtowers close for ", "2024-02-20T03:40:30+00:00", "text"),
    ]
    assert items[0].url == "https://www.example.com/jiangmen/pengjiang-promotion-meeting"
    assert items[0].guid == "example-jiangmen-10001"
    wanted = ("high-quality development", "greater bay area")
    selected = [item.guid for item in items if any(term in f"{item.title} {item.text}".lower() for term in wanted)]
    assert selected == ["example-jiangmen-10001"]


def test_dated_entry_keeps_its_date_and_still_loses_the_line() -> None:
    entry = Entry(content="<p>It opened.</p><p>2024-02-20 08:26:24</p>", published="Mon, 19 Feb 2024 08:00:00 GMT")
    item = item_of(entry)
    assert (item.text, item.html) == ("It opened.", "<p>It opened.</p>")
    assert (item.published_at, item.published_from) == (datetime(2024, 2, 19, 8, tzinfo=UTC), "published")


@pytest.mark.parametrize(
    "entry, field, value",
    [
        (Entry(summary="<p>a</p>", content="<p>b</p>"), "text", "b"),
        (Entry(summary="<p>a</p>", content="<p> </p>"), "text", "a"),
        (Entry(summary="<p>a</p>"), "text", "a"),
        (Entry(content='<a href="b">x</a>', url="https://a.example/c/d"), "html",
         '<a href="https://a.example/c/b" rel="noopener nofollow">x</a>'),
        (Entry(content='<a href="b">x</a>'), "html",
         '<a href="https://www.example.com/jiangmen/b" rel="noopener nofollow">x</a>'),
        (Entry(content="It opened. Cars came."), "title", "It opened."),
        (Entry(url="https://a.example/b"), "title", "https://a.example/b"),
        (Entry(guid=" g1 ", url="https://a.example/b"), "guid", "g1"),
        (Entry(url="https://a.example/b?utm_source=x"), "guid", "https://a.example/b"),
        (Entry(url="javascript:a()"), "url", ""),
        (Entry(tags=("macau",), content="It opened.\n#Macau #sea"), "tags", ("macau", "sea")),
        (Entry(language="zh_CN"), "language", "zh-Hans-CN"),
        (Entry(title="It opened"), "language", "en"),
        (Entry(comments="https://a.example/b?utm_source=x#comments"), "comments", "https://a.example/b"),
        (Entry(comments="javascript:a()"), "comments", ""),
        (Entry(image="HTTPS://a.example/b.jpg"), "image", "https://a.example/b.jpg"),
        (Entry(image="data:image/gif;base64,R0"), "image", ""),
        (Entry(origin=" A <b>\x00\n News\u200b "), "origin", "A <b> News"),  # plain: no markup is read in it
        (Entry(), "enclosures", ()),
        (Entry(content="<p>By Jane Doe</p><p>GUANGZHOU, Feb. 19 (Xinhua) -- It opened.</p>"), "authors", ("Jane Doe",)),
        (Entry(content="<p>By Jane Doe</p><p>GUANGZHOU, Feb. 19 (Xinhua) -- It opened.</p>"), "html",
         "<p>GUANGZHOU, Feb. 19 (Xinhua) -- It opened.</p>"),
        (Entry(content="<p>GUANGZHOU, Feb. 19 (Xinhua) -- It opened.</p>"), "place", "GUANGZHOU"),
        (Entry(content="<p>GUANGZHOU, Feb. 19 (Xinhua) -- It opened.</p>"), "origin", "Xinhua"),
        (Entry(content="GUANGZHOU, Feb. 19 (Xinhua) -- It opened.", origin="A Daily"), "origin", "A Daily"),
        (Entry(content="<p>本报讯（记者邓少军）大桥开通。</p><p>来源：江门日报</p>"), "origin", "江门日报"),
        (Entry(content="<p>大桥开通。</p><p>文/记者 张三</p>", authors=("编辑部",)), "authors", ("编辑部", "张三")),
        (Entry(content="<p>大桥开通。</p><p>文/记者 张三</p>"), "text", "大桥开通。"),
        (Entry(title="CafÃ© opens", content="<p>lâ€™Ã©tÃ©</p>"), "title", "Café opens"),
        (Entry(title="CafÃ© opens", content="<p>lâ€™Ã©tÃ©</p>"), "text", "l’été"),
        (Entry(title="CafÃ© opens", content="<p>lâ€™Ã©tÃ©</p>"), "html", "<p>l’été</p>"),
        (Entry(content="Write &amp;quot;a&amp;quot; &lt;x&gt;"), "title", 'Write "a" <x>'),
        (Entry(enclosures=(Enclosure("https://a.example/b.mp3", " audio/mpeg\n", 7), Enclosure("https://a.example/b.mp3"),
                           Enclosure("magnet:?xt=a"), Enclosure("/c.pdf", ""))), "enclosures",
         (Enclosure("https://a.example/b.mp3", "audio/mpeg", 7), Enclosure("https://www.example.com/c.pdf"))),
    ],
)  # fmt: skip
def test_field(entry: Entry, field: str, value: object) -> None:
    assert getattr(item_of(entry), field) == value


def test_a_source_switches_a_rule_off() -> None:
    entry = Entry(content="<p>By Jane Doe</p><p>HONG KONG (AP) — It opened.</p><p>Advertisement</p><p>Read more</p>")
    left = item_of(entry, replace(SOURCE, rules_off=("byline", "advertisement", "agency-dateline")))
    assert left.text == "By Jane Doe\nHONG KONG (AP) — It opened.\nAdvertisement"
    assert (left.authors, left.place, left.origin) == ((), "", "")


def test_a_source_without_images_has_none() -> None:
    entry = Entry(
        content='<p>a</p><figure><a href="/b"><img src="/b.png"></a></figure><p>c</p>', image="https://a.example/b"
    )
    item = item_of(entry, replace(SOURCE, images=False))
    assert (item.html, item.text, item.image) == ("<p>a</p><p>c</p>", "a\nc", "")
    assert ' loading="lazy"' in item_of(entry).html and item_of(entry).image


def test_guid_of_an_entry_without_guid_and_url_is_its_text() -> None:
    first, again, other = (item_of(Entry(title=title, content="It opened.")).guid for title in ("a", "a", "b"))
    assert first.startswith("hash:")
    assert first == again != other


_WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "<p>",
        "</div><b>",
        "&#0;&#1;&amp;lt;",
        "\ud800",
        "‘);\n}",
        "#a #b",
        "2024-13-45",
        "[…]",
        "javascript:",
        "https://[",
        "<!--",
    ]
)
_TEXTS = st.lists(_WORDS, max_size=4).map(" ".join)
_LABELS = st.lists(_TEXTS, max_size=3).map(tuple)
_ENTRIES = st.builds(
    Entry,
    guid=st.none() | _TEXTS,
    url=st.none() | _TEXTS,
    title=_TEXTS,
    summary=_TEXTS,
    content=_TEXTS,
    authors=_LABELS,
    tags=_LABELS,
    language=st.none() | _TEXTS,
    published=st.none() | _TEXTS,
    updated=st.none() | _TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(_ENTRIES)
def test_normalize_never_raises_and_leaves_no_control_character(entry: Entry) -> None:
    item = item_of(entry)
    assert item.guid
    assert not [c for c in item.text if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    assert not [c for c in item.title if unicodedata.category(c) in {"Cc", "Cs"}]
    for value in (item.guid, item.html, *item.tags, *item.authors):
        value.encode()
    assert "<script" not in item.html and (not item.url or item.url.startswith("http"))


def test_every_real_entry_comes_out_whole() -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("no corpus beside the project")
    documents = sorted((folder / "feeds" / "real-world").iterdir(), key=lambda path: path.stat().st_size)[:40]
    items = [item_of(entry) for path in documents for entry in entries_of(path.read_bytes())]
    assert len(items) > 200
    for item in items:
        assert item.title and "\n" not in item.title
        assert item.published_at <= FETCHED
        assert "<script" not in item.html and " onclick=" not in item.html


@pytest.mark.parametrize(
    "canonical, url, elsewhere",
    [
        (None, "https://www.example.com/a?id=1", ""),
        ("https://www.example.com/2024/02/20/bridge", "https://www.example.com/2024/02/20/bridge", ""),
        ("https://origin.example/b/12345", "https://www.example.com/a?id=1", "https://origin.example/b/12345"),
    ],
)
def test_what_a_page_says_of_its_address_makes_no_other_item_of_it(
    canonical: str | None, url: str, elsewhere: str
) -> None:
    item = item_of(Entry(url="https://www.example.com/a?id=1&utm_source=rss", title="A bridge", canonical=canonical))
    assert (item.guid, item.url, item.canonical) == ("https://www.example.com/a?id=1", url, elsewhere)
