from __future__ import annotations

import pytest

from feedwatch.errors import DocumentError
from feedwatch.parse.survey import FeedLink, Survey, looks_like_feed, survey

URL = "https://a.example/news/"
RSS = (
    "<rss version='2.0'><channel><title>News</title><item><title>A</title>"
    "<pubDate>Mon, 19 Feb 2024 08:00:00 GMT</pubDate></item><item><title>B</title></item></channel></rss>"
)
NAMED, LINKED = "named by the page", "linked from the page"


def look(text: str) -> Survey:
    return survey(text.encode(), None, URL)


def links(html: str) -> list[tuple[str, str, str]]:
    return [(link.url, link.title, link.why) for link in look(f"<html><body>{html}</body></html>").links]


@pytest.mark.parametrize(
    "document, expected",
    [
        (RSS, Survey("feed", "News", 2, ("Mon, 19 Feb 2024 08:00:00 GMT",))),
        ('{"version": "https://jsonfeed.org/version/1", "title": "J", "items": []}', Survey("feed", "J")),
        (
            "<urlset><url><loc>https://a.example/1</loc><lastmod>2024-02-19</lastmod></url></urlset>",
            Survey("sitemap", "", 1, ("2024-02-19",)),
        ),
        (
            "<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>",
            Survey("sitemap", "", sitemaps=("https://a.example/1.xml",)),
        ),
        ("https://a.example/1\nhttps://a.example/2", Survey("sitemap", "", 2)),
        ("<!DOCTYPE html><title>A page</title><p>x", Survey("page", "A page")),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", Survey("page", "")),
        (
            "<!doctype html><link rel=alternate type=application/rss+xml href=/f title=F>",
            Survey("page", "", links=(FeedLink("https://a.example/f", "F", NAMED),)),
        ),
    ],
)
def test_what_a_document_is(document: str, expected: Survey) -> None:
    assert look(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        "",
        "%PDF-1.7",
        "not found",
        '{"a": 1}',
        "<opml version='2.0'/>",
        "<urlset><url><loc>x",
        "<svg><a href=/feed>x</a></svg>",
        '["<p>x</p>"]',
    ],
)
def test_what_is_none_of_them(document: str) -> None:
    with pytest.raises(DocumentError):
        look(document)


@pytest.mark.parametrize(
    "html, expected",
    [
        ("<link rel='alternate' type='application/rss+xml' title='All news' href='/feed'>", ("feed", "All news")),
        ("<LINK REL='Alternate Home' TYPE='Application/Atom+XML; charset=utf-8' HREF='feed'>", ("news/feed", "")),
        ("<link rel=alternate type=application/feed+json href=/feed.json>", ("feed.json", "")),
        ("<link rel=feed href=/f title=F>", ("f", "F")),
        ("<link rel=alternate type=text/xml href=/rss.xml>", ("rss.xml", "")),
        ("<base href=/x/><link rel=alternate type=application/rss+xml href=feed>", ("x/feed", "")),
        ("<link rel=alternate hreflang=zh href=/zh/>", None),
        ("<link rel=alternate type=text/html media=handheld href=/m/>", None),
        ("<link rel=stylesheet type=application/rss+xml href=/f>", None),
        ("<link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2>", None),
        ("<link rel=alternate type=application/json+oembed href=/oembed?url=x>", None),
        ("<link rel=alternate type=application/rss+xml href='javascript:x'>", None),
        ("<link rel=alternate type=application/rss+xml href=''>", None),  # the page itself
    ],
)
def test_feeds_that_the_page_names(html: str, expected: tuple[str, str] | None) -> None:
    assert links(html) == ([(f"https://a.example/{expected[0]}", expected[1], NAMED)] if expected else [])


@pytest.mark.parametrize(
    "url, is_feed",
    [
        ("https://a.example/feed", True),
        ("https://a.example/news/feed/", True),
        ("https://a.example/rss/local.aspx", True),
        ("https://a.example/rss", True),
        ("https://a.example/rss.xml", True),
        ("https://a.example/e_rss.xml", True),
        ("https://a.example/news.rss", True),
        ("https://a.example/hk_rss20.xml", True),
        ("https://a.example/atom.xml", True),
        ("https://a.example/?feed=rss2", True),
        ("https://a.example/list?id=3&format=rss", True),
        ("https://feeds.example.org/x", True),
        ("https://rss.example.org/", True),
        ("https://a.example/feedback", False),
        ("https://a.example/newsfeed-policy", False),
        ("https://a.example/atomic-energy", False),
        ("https://a.example/sitemap.xml", False),
        ("https://a.example/carss", False),
        ("https://a.example/wp-json/feed", False),
        ("https://a.example/", False),
    ],
)
def test_addresses_that_look_like_feeds(url: str, is_feed: bool) -> None:
    assert looks_like_feed(url) is is_feed
    assert links(f"<a href='{url}'>T</a>") == ([(url, "T", LINKED)] if is_feed else [])


def test_named_before_linked_and_comments_last() -> None:
    html = (
        "<a href=/rss>RSS</a><link rel=alternate type=application/rss+xml title='Comments Feed' href=/comments/feed/>"
        "<link rel=alternate type=application/rss+xml title='News' href=/feed/><a href=/feed/>Again</a>"
    )
    assert links(html) == [
        ("https://a.example/feed/", "News", NAMED),
        ("https://a.example/rss", "RSS", LINKED),
        ("https://a.example/comments/feed/", "Comments Feed", NAMED),
    ]


def test_at_most_twenty() -> None:
    assert len(links("".join(f"<a href=/rss/{n}.xml>T</a>" for n in range(50)))) == 20
