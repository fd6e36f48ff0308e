from __future__ import annotations

import socket
import time
from dataclasses import replace

import pytest

from feedwatch.errors import DocumentError
from feedwatch.model import Entry
from feedwatch.parse.article import Article, complete, read_article
from feedwatch.parse.fragment import plain
from tests.corpus import corpus_dir
from tests.unit.parse.articles import CHINESE, CHINESE_PARAGRAPHS, ENGLISH, ENGLISH_PARAGRAPHS

URL = "https://harbour.example/news/bridge-economy?from=feed"


def read(html: str, url: str = URL, language: str | None = None) -> Article:
    return read_article(html.encode(), content_type="text/html", url=url, language=language)


def page(head: str = "", body: str = "", root: str = "<html>") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in ENGLISH_PARAGRAPHS)
    return f"<!DOCTYPE html>{root}<head>{head}</head><body>{body}<article>{paragraphs}</article></body></html>"


def test_an_english_page() -> None:
    article = read(ENGLISH)
    for paragraph in ENGLISH_PARAGRAPHS:
        assert f"<p>{paragraph}</p>" in article.html
    assert '<a href="https://harbour.example/news/second-lane">second freight lane</a>' in article.html
    for stray in ("Markets", "Most read", "Share on", "comment", "Copyright", "tracked", "lifts trade across"):
        assert stray not in article.html
    assert replace(article, html="") == Article(
        title="Bridge economy lifts trade",
        html="",
        published="2024-02-19T08:00:00+08:00",
        authors=("Chan Siu Ming", "Maria Sousa"),
        canonical_url="https://harbour.example/news/bridge-economy",
        image="https://harbour.example/pictures/bridge.jpg",
        language="en-HK",
    )


def test_a_chinese_page_in_its_own_encoding() -> None:
    article = read_article(
        CHINESE.encode("gbk"), content_type=None, url="https://www.city.example/1.html", language="zh-Hans"
    )
    assert [plain(paragraph) for paragraph in article.html.split("</p>")] == [*CHINESE_PARAGRAPHS, ""]
    for stray in ("政务公开", "浏览次数", "打印本页", "ICP"):
        assert stray not in article.html
    assert (article.title, article.published) == ("蓬江区召开高质量发展推进大会", "2024-02-20 09:12")
    assert (article.authors, article.language) == (("邓少军",), "zh-Hans")


@pytest.mark.parametrize(
    "head, body, published",
    [
        ('<meta property="article:published_time" content="2024-02-19T08:00+08:00">', "", "2024-02-19T08:00+08:00"),
        ('<meta name="PubDate" content="2024-02-19 08:00">', "", "2024-02-19 08:00"),
        ('<meta name="publishdate" content="2024-02-19">', "<time datetime=2020-01-01>x</time>", "2024-02-19"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-02-19"}</script>'
            '<meta name="date" content="2020-01-01">',
            "",
            "2024-02-19",
        ),
        ("", "<time itemprop=datePublished datetime=2024-02-19>x</time>", "2024-02-19"),
        ("", "<time datetime='2024-02-19T08:00Z'>19 February</time>", "2024-02-19T08:00Z"),
        ("", "<div class='pubTime'>发布时间：2024年02月19日 08:30 来源：本站</div>", "2024年02月19日 08:30"),
        ("", "<span class=date>2024-02-19</span>", "2024-02-19"),
        ("", "<span class=date>Monday</span>", None),
        ('<meta name="date" content="">', "", None),
        (f'<meta name="date" content="{"2" * 100}">', "", None),
        ("", "", None),
    ],
)
def test_dates_stand_as_written(head: str, body: str, published: str | None) -> None:
    assert read(page(head, body)).published == published


@pytest.mark.parametrize(
    "head, body, title",
    [
        ('<title>T | Site</title><meta property="og:title" content="T &amp; U">', "<h1>Other</h1>", "T & U"),
        ("<title>T | Site</title>", "<h1>The <b>headline</b></h1>", "The headline"),
        ("<title>T | Site</title>", "<h1>Site</h1><h1>T</h1>", "T | Site"),  # which of the two is not known
        ("", "", ""),
    ],
)
def test_titles(head: str, body: str, title: str) -> None:
    assert read(page(head, body)).title == title


@pytest.mark.parametrize(
    "head, canonical",
    [
        ('<link rel="canonical" href="https://harbour.example/1">', "https://harbour.example/1"),
        ("<link rel='canonical' href='/1'>", "https://harbour.example/1"),
        ('<link rel="shortlink canonical" href="1">', "https://harbour.example/news/1"),
        ('<meta property="og:url" content="https://harbour.example/2">', "https://harbour.example/2"),
        ('<link rel="canonical" href="/"><meta property="og:url" content="/2">', "https://harbour.example/2"),
        ('<link rel="canonical" href="https://harbour.example/?p=7">', "https://harbour.example/?p=7"),
        ('<link rel="canonical" href="javascript:x">', None),
        ('<link rel="canonical" href="https://harbour.example">', None),  # a template's mistake
        ('<link rel="canonical">', None),
    ],
)
def test_canonical_url(head: str, canonical: str | None) -> None:
    assert read(page(head)).canonical_url == canonical


@pytest.mark.parametrize(
    "head, authors",
    [
        ('<meta name="author" content="Li Na">', ("Li Na",)),
        ('<meta property="article:author" content="https://facebook.example/x">', ()),
        (
            '<script type="application/ld+json">[{"@type":"BlogPosting","author":{"name":["A","B","A"]}}]</script>',
            ("A", "B"),
        ),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":"C\nD"}</script>', ("C D",)),
        ('<script type="application/ld+json">{"@type":"Organization","author":"C"}</script>', ()),
    ],
)
def test_authors(head: str, authors: tuple[str, ...]) -> None:
    assert read(page(head)).authors == authors


@pytest.mark.parametrize(
    "script", ["{", "[" * 100_000, "null", '{"@graph": 1}', '{"@type": {"x": []}}', '"x"', "{}" * 9]
)
def test_json_ld_that_cannot_be_read_is_passed_over(script: str) -> None:
    article = read(page(f'<script type="application/ld+json">{script}</script><meta name=author content=A>'))
    assert article.authors == ("A",)


@pytest.mark.parametrize(
    "root, head, language",
    [
        ("<html lang=zh-CN>", "", "zh-CN"),
        ("<html>", '<meta property="og:locale" content="zh_HK">', "zh-HK"),
        ("<html lang=''>", "", "pt"),  # as given
        ("<html lang='not a tag'>", "", "pt"),
    ],
)
def test_language(root: str, head: str, language: str) -> None:
    assert read(page(head, root=root), language="pt").language == language


@pytest.mark.parametrize(
    "html, sentence",
    [
        ("", "No text of an article can be found in this page without a title"),
        (
            "<title>Log in</title><body><form><input name=user></form>",
            "No text of an article can be found in this page (title “Log in”)",
        ),
        ("x" * 1_000_001, "A page of 1,000,001 characters beside its scripts, which is no article; not read"),
        ("<div>" * 2000, "An HTML page of 2,000 nested blocks, which no page needs; not read"),
    ],
)
def test_no_article(html: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(html)
    assert str(caught.value) == sentence


def test_scripts_do_not_make_a_page_too_large() -> None:
    assert ENGLISH_PARAGRAPHS[0] in read(page(f"<script>{'x' * 2_000_000}</script>")).html


@pytest.mark.parametrize("name", ["iframe.html", "img.html"])
def test_pages_of_frames_and_pictures_alone(name: str) -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("the corpus of feed documents is not here")
    body = (folder / "feeds" / "miniflux" / "scraper" / "testdata" / name).read_bytes()
    with pytest.raises(DocumentError, match=r"^No text of an article"):
        read_article(body, content_type="text/html", url=URL)


def test_reading_is_repeatable_and_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    once = read(ENGLISH)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    read(CHINESE)
    assert read(ENGLISH) == once


@pytest.mark.parametrize(
    "html",
    [
        "<p>some words</p>" * 20_000,
        "<table>" + "<tr><td>cell text</td></tr>" * 8_000,
        "<a href=x>y</a>" * 20_000,
        "<b>" * 90_000,
    ],
)
def test_large_pages_end_soon(html: str) -> None:
    begun = time.process_time()
    try:
        read(html)
    except DocumentError as error:
        assert "No text of an article" in str(error)
    assert time.process_time() - begun < 6


ARTICLE = Article(
    title="T & U",
    html="<p>A text of some length.</p>",
    published="2024-02-19",
    authors=("A",),
    canonical_url="https://a.example/canonical",
    image="https://a.example/1.jpg",
    language="en",
)


@pytest.mark.parametrize(
    "entry, completed",
    [
        (  # a plain sitemap's
            Entry(url=URL, updated="2024-02-20"),
            Entry(
                url=URL,
                updated="2024-02-20",
                title="T &amp; U",
                content="<p>A text of some length.</p>",
                published="2024-02-19",
                authors=("A",),
                image="https://a.example/1.jpg",
                canonical="https://a.example/canonical",
            ),
        ),
        (  # a feed's with a teaser: what it says of itself stays
            Entry(guid="1", url=URL, title="Own", summary="<p>A text</p>", published="1999", authors=("B",), image="x"),
            Entry(
                guid="1",
                url=URL,
                title="Own",
                summary="<p>A text</p>",
                content="<p>A text of some length.</p>",
                published="1999",
                authors=("B",),
                image="x",
                canonical="https://a.example/canonical",
            ),
        ),
    ],
)
def test_completing(entry: Entry, completed: Entry) -> None:
    assert complete(entry, ARTICLE) == completed


@pytest.mark.parametrize(
    "entry",
    [
        Entry(content="<p>A text that is longer than the page's.</p>"),
        Entry(summary="A text that is longer than the page's."),
        Entry(content="<p>A text of some length.</p>"),  # as long: the feed's own stays
    ],
)
def test_the_longer_text_stays(entry: Entry) -> None:
    assert complete(entry, ARTICLE).content == entry.content


def test_markup_is_no_length() -> None:
    own = '<p class="with many attributes" style="color: red">Short.</p>'
    assert complete(Entry(content=own), ARTICLE).content == ARTICLE.html
