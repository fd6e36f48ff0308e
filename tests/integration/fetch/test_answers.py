"""What a server may answer, and what the admin reads beside the source when it is not a document."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any, Literal

import pytest

from feedwatch import __version__
from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer, redirect, unavailable
from tests.integration.fetch.conftest import MakeFetcher, error_of

FEED = b"<rss>" + "新聞".encode() * 5000 + b"</rss>"


@pytest.mark.parametrize("encoding", [None, "gzip", "br", "zstd"])
async def test_body_is_decompressed(
    server: FeedServer, make_fetcher: MakeFetcher, encoding: Literal["gzip", "br", "zstd"] | None
) -> None:
    server.documents["/a"] = Document(FEED, encoding=encoding, content_type="application/rss+xml; charset=utf-8")
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a")))
    assert fetched.body == FEED
    assert fetched.content_type == "application/rss+xml; charset=utf-8"


async def test_every_request_says_who_asks_and_what_is_understood(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(FEED)
    await make_fetcher(contact="https://example.org/bot").fetch(FetchRequest(server.url("/a")))
    await make_fetcher().fetch(FetchRequest(server.url("/a")))
    named, unnamed = server.requests
    assert named.header("User-Agent") == f"feedwatch/{__version__} (news feed monitor; https://example.org/bot)"
    assert unnamed.header("User-Agent") == f"feedwatch/{__version__} (news feed monitor)"
    assert named.header("Accept-Encoding") == "gzip, deflate, br, zstd"
    assert "application/rss+xml" in (named.header("Accept") or "")
    assert {name.lower() for name, _ in named.headers} == {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_page_is_asked_for_as_a_page(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(b"<html></html>")
    await make_fetcher().fetch(FetchRequest(server.url("/a"), accept="page"))
    assert (server.requests[0].header("Accept") or "").startswith("text/html,")


@pytest.mark.parametrize(
    "path", ["/%7Ea/%2f%c3%a9?q=a%20b&c=%2B+d;e&&", "/a?=", "/a//b/;p=1", "/%E4%B8%AD%zz%?x=|{}", "/a?x=\\"]
)
async def test_the_url_is_asked_for_as_it_is_written(server: FeedServer, make_fetcher: MakeFetcher, path: str) -> None:
    server.documents[path] = Document(FEED)
    await make_fetcher().fetch(FetchRequest(server.url(path)))
    assert [request.path for request in server.requests] == [path]


@pytest.mark.parametrize(
    "url, path",
    [("/新聞?q=灣 區", "/%E6%96%B0%E8%81%9E?q=%E7%81%A3%20%E5%8D%80"), ("/a#part", "/a"), ("/a/../b/./c", "/b/c")],
)
async def test_what_no_url_may_hold_is_escaped(
    server: FeedServer, make_fetcher: MakeFetcher, url: str, path: str
) -> None:
    server.documents[path] = Document(FEED)
    fetched = await make_fetcher().fetch(FetchRequest(server.url(url)))
    assert [request.path for request in server.requests] == [path]
    assert fetched.url == server.url(url)


@pytest.mark.parametrize("status", [200, 203])
async def test_what_a_document_is(server: FeedServer, make_fetcher: MakeFetcher, status: int) -> None:
    server.documents["/a"] = Document(FEED, status=status)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a")))
    assert (fetched.status, fetched.body, fetched.is_partial, fetched.is_not_modified) == (status, FEED, False, False)


@pytest.mark.parametrize("validators", [{}, {"etag": '"v1"'}], ids=["200", "304"])
async def test_what_an_answer_says_of_itself(
    server: FeedServer, make_fetcher: MakeFetcher, validators: dict[str, str]
) -> None:
    link = '<https://hub.example/>; rel="hub", </self>; rel="self"'
    headers = (("Cache-Control", "max-age=600"), ("Age", "60"), ("Link", link))
    server.documents["/a"] = Document(FEED, etag='"v1"', headers=headers)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a"), **validators))  # type: ignore[arg-type]
    assert fetched.status == (304 if validators else 200)
    assert fetched.fresh_for == timedelta(seconds=540)
    assert (fetched.hub, fetched.topic) == ("https://hub.example/", server.url("/self"))
    assert (fetched.etag, fetched.moved_to) == ('"v1"', None)


ANSWERS: list[tuple[str, Document, dict[str, Any], str, int | None]] = [
    ("gone", Document(status=410), {}, "answered HTTP 410 Gone", 410),
    ("forbidden", Document(b"no", status=403), {}, "answered HTTP 403 Forbidden", 403),
    ("of its own", Document(status=599), {}, "answered HTTP 599", 599),
    ("unnamed", Document(raw=b"HTTP/1.1 521 \r\nContent-Length: 0\r\n\r\n"), {}, "answered HTTP 521", 521),
    ("no content", Document(status=204), {}, "answered HTTP 204 No Content", 204),
    ("forbidden redirect", redirect("/b"), {"max_redirects": 0}, "redirects more than 0 times", None),
    ("choices", Document(status=300, headers=(("Location", "/b"),)), {}, "answered HTTP 300 Multiple Choices", 300),
    ("reset content", Document(status=205), {}, "answered HTTP 205 Reset Content", 205),
    ("a part", Document(b"<r", status=206), {}, "answered HTTP 206 Partial Content", 206),
    (
        "new entries unasked",
        Document(b"<rss/>", status=226),
        {},
        "answered HTTP 226 IM Used, of which only `IM: feed` to a request for it can be read",
        226,
    ),
    ("large", Document(b"x" * 1001), {"max_body": 1000}, "is larger than 0.001 MB; see fetch.max_body", 200),
    (
        "bomb",
        Document(bytes(5_000_000), encoding="gzip"),
        {"max_body": "1MB"},
        "is larger than 1 MB; see fetch.max_body",
        200,
    ),
    (
        "endless",
        Document(b"x" * 999, endless=True),
        {"max_body": "2MB"},
        "is larger than 2 MB; see fetch.max_body",
        200,
    ),
    (
        "no gzip",
        Document(b"<rss/>", headers=(("Content-Encoding", "gzip"),)),
        {},
        "sent a body that cannot be decompressed (gzip): Error -3 while decompressing data: incorrect header check",
        200,
    ),
    (
        "half a gzip",
        Document(gzip.compress(FEED)[:-20], headers=(("Content-Encoding", "gzip"),)),
        {},
        "sent a body that is cut off (gzip)",
        200,
    ),
    ("slow", Document(FEED, delay=30), {"timeout": "1s"}, "did not finish within 1 s", None),
    ("drip", Document(FEED, drip=0.05), {"timeout": "1s"}, "did not finish within 1 s", None),
]


@pytest.mark.parametrize(
    "document, settings, sentence, status", [row[1:] for row in ANSWERS], ids=[r[0] for r in ANSWERS]
)
async def test_what_the_admin_reads(
    server: FeedServer,
    make_fetcher: MakeFetcher,
    document: Document,
    settings: dict[str, Any],
    sentence: str,
    status: int | None,
) -> None:
    server.documents["/a"] = document
    error = await error_of(make_fetcher(**settings).fetch(FetchRequest(server.url("/a"))))
    assert (str(error), error.status) == (sentence, status)


@pytest.mark.parametrize("encoding", [None, "gzip"])
async def test_just_as_large_as_may_be_is_read(
    server: FeedServer, make_fetcher: MakeFetcher, encoding: Literal["gzip"] | None
) -> None:
    server.documents["/a"] = Document(bytes(100_000), encoding=encoding)
    fetched = await make_fetcher(max_body=100_000).fetch(FetchRequest(server.url("/a")))
    assert len(fetched.body) == 100_000


def http_date(hours: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)


def rfc850_date(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%A, %d-%b-%y %H:%M:%S GMT")


@pytest.mark.parametrize(
    "retry_after, seconds",
    [
        ("120", 120),
        ("0", 0),
        (partial(http_date, 1), 3600),
        (partial(rfc850_date, 1), 3600),
        (partial(http_date, -1), 0),
        ("9" * 400, float("inf")),
        ("-5", None),
        ("1.5", None),
        ("\xb2", None),  # a digit to Unicode, none to HTTP
        ("soon", None),
        ("Wed, 99 Nov 99999 08:00:00 GMT", None),
        (None, None),
    ],
)
async def test_retry_after(
    server: FeedServer, make_fetcher: MakeFetcher, retry_after: str | Callable[[], str] | None, seconds: float | None
) -> None:
    fetcher = make_fetcher()
    for status in (429, 503, 403):
        server.documents["/a"] = unavailable(status, retry_after() if callable(retry_after) else retry_after)
        error = await error_of(fetcher.fetch(FetchRequest(server.url("/a"))))
        assert error.status == status
        assert error.retry_after == (None if seconds is None else pytest.approx(seconds, abs=60))


async def test_a_failure_tells_how_long_it_took(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(status=500, delay=0.2)
    server.documents["/b"] = Document(b"<rss/>", delay=0.2)
    fetcher = make_fetcher()
    error = await error_of(fetcher.fetch(FetchRequest(server.url("/a"))))
    fetched = await fetcher.fetch(FetchRequest(server.url("/b")))
    assert 190 <= error.elapsed_ms < 5000
    assert 190 <= fetched.elapsed_ms < 5000
