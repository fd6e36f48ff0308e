"""Discovery against a real server: what is named, in which order, and with how many requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from feedwatch.errors import DocumentError, FetchError
from feedwatch.fetch import Fetcher
from feedwatch.parse.survey import Survey, survey
from feedwatch.sources.discovery import MOST_REQUESTS, Candidate, discover
from tests.httpserver import Document, FeedServer, redirect, unavailable


async def read(body: bytes, content_type: str | None, url: str) -> Survey:
    return survey(body, content_type, url)


def feed(title: str = "News", *dates: str) -> Document:
    items = "".join(f"<item><title>x</title><pubDate>{date}</pubDate></item>" for date in dates)
    return Document(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode())


def page(html: str, title: str = "Page") -> Document:
    return Document(f"<!DOCTYPE html><html><title>{title}</title>{html}</html>".encode(), content_type="text/html")


def named(*paths: str) -> str:
    return "".join(f"<link rel=alternate type=application/rss+xml title='{path}' href='{path}'>" for path in paths)


def told(candidates: list[Candidate], server: FeedServer) -> list[tuple[str, str, str]]:
    return [(found.url.removeprefix(server.url("")), found.kind, found.why) for found in candidates]


async def test_a_feed_is_its_own_only_candidate(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents["/f"] = feed("News", "Mon, 19 Feb 2024 08:00:00 GMT", "Tue, 20 Feb 2024 08:00:00 +0800", "never")
    assert await discover(fetcher.fetch, server.url("/f"), read=read) == [
        Candidate(
            server.url("/f"), "feed", "News", "the address itself", entries=3, newest=datetime(2024, 2, 20, tzinfo=UTC)
        )
    ]
    assert len(server.requests) == 1


async def test_a_sitemap_index_too(server: FeedServer, fetcher: Fetcher) -> None:
    index = b"<sitemapindex><sitemap><loc>https://a.example/1</loc></sitemap></sitemapindex>"
    server.documents["/s.xml"] = Document(index)
    (found,) = await discover(fetcher.fetch, server.url("/s.xml"), read=read)
    assert (found.kind, found.entries, found.sitemaps) == ("sitemap", 0, 1)


async def test_what_the_page_names_is_looked_at(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents |= {
        "/": page(named("/all.xml", "/gone.xml", "/login") + "<a href=/rss/local.xml>Local</a>"),
        "/all.xml": feed(""),
        "/login": page("log in"),
        "/rss/local.xml": feed("Local news"),
        "/feed": feed("never asked for"),
    }
    found = await discover(fetcher.fetch, server.url("/"), read=read)
    assert told(found, server) == [
        ("/all.xml", "feed", "named by the page"),
        ("/rss/local.xml", "feed", "linked from the page"),
    ]
    assert [candidate.title for candidate in found] == ["/all.xml", "Local news"]  # the page's name where it has none
    assert server.requests_for("/feed") == []


async def test_a_page_that_lists_feeds_is_gone_through(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents |= {
        "/": page("<a href=/rss/>RSS</a>"),
        "/rss/": page("<a href=/rss/hk.xml>Hong Kong</a><a href=/rss/gba.xml>Bay Area</a><a href=/rss/more/>More</a>"),
        "/rss/hk.xml": feed("HK"),
        "/rss/gba.xml": feed("GBA"),
        "/rss/more/": page("<a href=/rss/third.xml>x</a>"),
    }
    found = await discover(fetcher.fetch, server.url("/"), read=read)
    assert [candidate.title for candidate in found] == ["HK", "GBA"]
    assert server.requests_for("/rss/third.xml") == []


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/rss", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json"])
async def test_usual_places_where_the_page_names_none(server: FeedServer, fetcher: Fetcher, path: str) -> None:
    server.documents |= {"/": page("hello"), path: feed()}
    found = await discover(fetcher.fetch, server.url("/"), read=read)
    assert told(found, server) == [(path, "feed", "found at a usual place")]


async def test_below_the_page_first(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents |= {"/blog/": page("hello"), "/blog/feed": feed("Blog"), "/feed": feed("Site")}
    found = await discover(fetcher.fetch, server.url("/blog/"), read=read)
    assert [candidate.title for candidate in found] == ["Blog"]


async def test_sitemaps_that_robots_names_news_first(server: FeedServer, fetcher: Fetcher) -> None:
    urlset = b"<urlset><url><loc>https://a.example/1</loc><lastmod>2024-02-19</lastmod></url></urlset>"
    robots = f"User-agent: *\nsitemap: /a.xml\nSitemap: {server.url('/b.xml')}\nSitemap:{server.url('/news.xml')} # x\n"
    server.documents |= {
        "/": page(named("/feed")),
        "/feed": feed(),
        "/robots.txt": Document(robots.encode(), content_type="text/plain"),
        "/a.xml": Document(urlset),
        "/b.xml": Document(urlset),
        "/news.xml": Document(urlset),
    }
    found = await discover(fetcher.fetch, server.url("/"), read=read)
    assert told(found, server) == [
        ("/feed", "feed", "named by the page"),
        ("/news.xml", "sitemap", "named by robots.txt"),
        ("/a.xml", "sitemap", "named by robots.txt"),
    ]
    assert found[1].newest == datetime(2024, 2, 19, tzinfo=UTC)


async def test_one_document_under_two_addresses_is_one(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents |= {
        "/": page(named("/a", "/b")),
        "/a": redirect("/feed"),
        "/b": redirect("/feed"),
        "/feed": feed(),
    }
    found = await discover(fetcher.fetch, server.url("/"), read=read)
    assert told(found, server) == [("/a", "feed", "named by the page")]


@pytest.mark.parametrize("count", [0, 30])
async def test_never_more_than_twelve_requests_and_one_at_a_time(
    server: FeedServer, fetcher: Fetcher, count: int
) -> None:
    server.documents["/"] = page(named(*(f"/{n}.xml" for n in range(count))))
    assert await discover(fetcher.fetch, server.url("/"), read=read, bridges=[server.url("/x"), server.url("/y")]) == []
    assert len(server.requests) <= MOST_REQUESTS
    assert len(server.requests_for("/robots.txt")) == 1  # kept for, however many the page names
    assert server.most_at_once() == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_to_be_left_alone_is(server: FeedServer, fetcher: Fetcher, status: int) -> None:
    server.documents |= {"/": page(named("/a", "/b", "/c")), "/a": unavailable(status)}
    assert await discover(fetcher.fetch, server.url("/"), read=read) == []
    assert [request.path for request in server.requests] == ["/", "/a"]


async def test_rss_bridge_where_the_page_names_none(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.url("/people/li")
    question = f"/bridge/?action=findfeed&format=Atom&url={url.replace(':', '%3A').replace('/', '%2F')}"
    answer = [{"url": "http://x/?action=display&bridge=B&format=Atom", "bridgeMeta": {"name": "B"}}]
    server.documents |= {
        "/people/li": page("hello"),
        question: Document(json.dumps(answer).encode(), content_type="application/json"),
        "/bridge/?action=display&bridge=B&format=Atom": feed("Li"),
        "/feed": feed("Site"),
    }
    found = await discover(fetcher.fetch, url, read=read, bridges=[server.url("/bridge")])
    assert told(found, server) == [
        ("/bridge/?action=display&bridge=B&format=Atom", "feed", "made by RSS-Bridge (B)"),
    ]


async def test_rsshub_where_the_page_names_none(server: FeedServer, fetcher: Fetcher) -> None:
    rules = {"_name": "L", ".": [{"title": "People", "source": ["/people/:id"], "target": "/l/:id"}]}
    server.documents |= {
        "/people/li": page("hello"),
        "/hub/api/radar/rules/localhost": Document(json.dumps(rules).encode(), content_type="application/json"),
        "/hub/l/li": feed("Li"),
    }
    url = server.url("/people/li", host="localhost")
    found = await discover(fetcher.fetch, url, read=read, bridges=[server.url("/hub")])
    assert told(found, server) == [("/hub/l/li", "feed", "made by RSSHub (People)")]


async def test_bridges_are_not_asked_where_the_page_names_a_feed(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents |= {"/": page(named("/feed")), "/feed": feed()}
    await discover(fetcher.fetch, server.url("/"), read=read, bridges=[server.url("/bridge")])
    assert not any(request.path.startswith("/bridge") for request in server.requests)


async def test_an_address_that_cannot_be_had_is_told(server: FeedServer, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="404"):
        await discover(fetcher.fetch, server.url("/gone"), read=read)
    server.documents["/x.pdf"] = Document(b"%PDF-1.7", content_type="application/pdf")
    with pytest.raises(DocumentError, match="PDF"):
        await discover(fetcher.fetch, server.url("/x.pdf"), read=read)
