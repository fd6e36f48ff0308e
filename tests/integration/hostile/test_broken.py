"""Answers that are slow, cut off or no HTTP at all: one sentence each, in time, and never half a document."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from typing import Any

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher, error_of

FEED = b"<rss>" + "新聞".encode() * 2000 + b"</rss>"
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
IN_TIME = "did not finish within 1 s"
CUT_OFF = "broke off the exchange: the document is cut off"
UNREADABLE = "does not answer as HTTP has it: "

SLOW: list[tuple[str, Document]] = [
    ("answer", Document(FEED, delay=30)),
    ("drip of the body", Document(FEED, drip=0.05)),
    ("drip of a compressed body", Document(FEED, encoding="gzip", drip=0.05)),
    ("drip of chunks", Document(b"x", endless=True, drip=0.05)),
    ("drip of the head", Document(raw=OK, raw_repeated=b"X: y\r\n", drip=0.05)),
    ("drip of one header", Document(raw=OK + b"X: ", raw_repeated=b"y", drip=0.05)),
    ("drip of early answers", Document(raw=b"", raw_repeated=b"HTTP/1.1 100 Continue\r\n\r\n", drip=0.05)),
    ("drip of a chunk's extension", Document(raw=CHUNKED + b"\r\n5;", raw_repeated=b"x", drip=0.05)),
    ("drip of trailers", Document(raw=CHUNKED + b"\r\n0\r\n", raw_repeated=b"X: y\r\n", drip=0.05)),
]


@pytest.mark.parametrize("document", [row[1] for row in SLOW], ids=[row[0] for row in SLOW])
async def test_the_time_limit_holds(server: FeedServer, make_fetcher: MakeFetcher, document: Document) -> None:
    server.documents["/"] = document
    error = await error_of(make_fetcher(timeout="1s").fetch(FetchRequest(server.url())))
    assert str(error) == IN_TIME
    assert 900 <= error.elapsed_ms < 6000


BROKEN: list[tuple[str, Document, str]] = [
    ("closed at once", Document(raw=b""), "broke off the exchange: it closed the connection without an answer"),
    (
        "closed within the head",
        Document(raw=OK + b"Content-Type: text/xml\r\nX-Half"),
        "broke off the exchange: it closed the connection without an answer",
    ),
    ("a shorter body than announced", Document(FEED, closes_after=99), CUT_OFF),
    ("no body though announced", Document(FEED, closes_after=0), CUT_OFF),
    ("a shorter compressed body", Document(FEED, encoding="gzip", closes_after=20), CUT_OFF),
    ("no last chunk", Document(raw=CHUNKED + b"\r\n5\r\n<rss>\r\n"), CUT_OFF),
    ("half a chunk", Document(raw=CHUNKED + b"\r\n6\r\n<rss>"), CUT_OFF),
    ("half a chunk's length", Document(raw=CHUNKED + b"\r\n5\r\n<rss>\r\n1"), CUT_OFF),
    (
        "a whole transfer of half a gzip",
        Document(gzip.compress(FEED)[:-20], headers=(("Content-Encoding", "gzip"),)),
        "sent a body that is cut off (gzip)",
    ),
    (
        "half a gzip until the connection closes",
        Document(raw=OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(FEED)[:-20]),
        "sent a body that is cut off (gzip)",
    ),
    ("a chunk's length in letters", Document(raw=CHUNKED + b"\r\nzz\r\n"), f"{UNREADABLE}Invalid character"),
    ("a chunk's length too large", Document(raw=CHUNKED + b"\r\n" + b"f" * 30 + b"\r\n"), UNREADABLE),
    ("a chunk longer than its length", Document(raw=CHUNKED + b"\r\n2\r\n<rss>\r\n0\r\n\r\n"), UNREADABLE),
    ("a length in letters", Document(raw=OK + b"Content-Length: x\r\n\r\n"), UNREADABLE),
    ("a negative length", Document(raw=OK + b"Content-Length: -1\r\n\r\n"), UNREADABLE),
    ("two lengths", Document(raw=OK + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\n<rss>"), UNREADABLE),
    ("a length and chunks", Document(raw=CHUNKED + b"Content-Length: 5\r\n\r\n5\r\n<rss>\r\n0\r\n\r\n"), UNREADABLE),
    ("HTTP/0.9", Document(raw=b"<rss>no head</rss>"), UNREADABLE),
    ("another protocol", Document(raw=b"220 mail.example ESMTP\r\n\r\n"), UNREADABLE),
    ("SSH", Document(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), UNREADABLE),
    ("TLS where plain HTTP was asked for", Document(raw=b"\x15\x03\x01\x00\x02\x02\x46"), UNREADABLE),
    ("HTTP/2", Document(raw=b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"), UNREADABLE),
    ("noise", Document(raw=bytes(range(256)) * 40), UNREADABLE),
    ("NULs", Document(raw=bytes(10_000)), UNREADABLE),
    ("a NUL in a header's value", Document(raw=OK + b'ETag: "a\x00b"\r\nContent-Length: 0\r\n\r\n'), UNREADABLE),
    ("a NUL in a header's name", Document(raw=OK + b"E\x00Tag: b\r\nContent-Length: 0\r\n\r\n"), UNREADABLE),
    ("a status of two digits", Document(raw=b"HTTP/1.1 20 OK\r\n\r\n"), UNREADABLE),
    ("a status in letters", Document(raw=b"HTTP/1.1 OK\r\n\r\n"), UNREADABLE),
    (
        "switching protocols",
        Document(raw=b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
        "answered HTTP 101",
    ),
    ("nothing", Document(status=204), "answered HTTP 204 No Content"),
    ("a bare status", Document(status=418), "answered HTTP 418 I'm a Teapot"),
]


@pytest.mark.parametrize("document, sentence", [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
async def test_what_is_broken_is_told_in_a_sentence(
    server: FeedServer, make_fetcher: MakeFetcher, document: Document, sentence: str
) -> None:
    server.documents["/"] = document
    server.documents["/a"] = Document(FEED)
    fetcher = make_fetcher()
    error = await error_of(fetcher.fetch(FetchRequest(server.url())))
    assert str(error).startswith(sentence)
    assert "\n" not in str(error)
    assert len(str(error)) < 200
    assert error.elapsed_ms < 5000
    assert (await fetcher.fetch(FetchRequest(server.url("/a")))).body == FEED  # and nothing is left of it


READ_ALL_THE_SAME: list[tuple[str, bytes]] = [
    ("HTTP/1.0 without a length", b"HTTP/1.0 200 OK\r\n\r\n" + FEED),
    ("no length", OK + b"\r\n" + FEED),
    ("bare line feeds", b"HTTP/1.1 200 OK\nContent-Type: text/xml\n\n" + FEED),
    ("an answer that is none yet", b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"\r\n" + FEED),
    ("bytes beyond ASCII", OK + b"X-City: \xbb\xb6\xd3\xad\r\nX-Town: Z\xfcrich\r\n\r\n" + FEED),
    ("a header of 20 KB", OK + b"X-Policy: " + b"x" * 20_000 + b"\r\n\r\n" + FEED),
    ("a hundred headers", OK + b"X-A: b\r\n" * 100 + b"\r\n" + FEED),
    ("a header without a value", OK + b"X-Empty:\r\n\r\n" + FEED),
    ("an unknown coding", OK + b"Content-Encoding: utf-8\r\n\r\n" + FEED),
    ("no phrase", b"HTTP/1.1 200\r\n\r\n" + FEED),
    ("trailers", CHUNKED + b"\r\n%x\r\n%b\r\n0\r\nX-Trailer: a\r\n\r\n" % (len(FEED), FEED)),
]


@pytest.mark.parametrize("raw", [row[1] for row in READ_ALL_THE_SAME], ids=[row[0] for row in READ_ALL_THE_SAME])
async def test_what_is_odd_and_clear_is_read(server: FeedServer, make_fetcher: MakeFetcher, raw: bytes) -> None:
    server.documents["/"] = Document(raw=raw)
    assert (await make_fetcher().fetch(FetchRequest(server.url()))).body == FEED


async def test_a_body_of_nuls_is_handed_on_as_it_came(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/"] = Document(b"<rss>\x00\x00</rss>\x00")
    assert (await make_fetcher().fetch(FetchRequest(server.url()))).body == b"<rss>\x00\x00</rss>\x00"


async def test_a_login_page_is_handed_on_with_where_it_was_found(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/feed"] = Document(status=302, headers=(("Location", "/login?next=/feed"),))
    server.documents["/login?next=/feed"] = Document(b"<html><form></form></html>", content_type="text/html")
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/feed"), etag='"v1"'))
    assert (fetched.url, fetched.content_type) == (server.url("/login?next=/feed"), "text/html")
    assert fetched.moved_to is None
    assert server.requests[1].header("If-None-Match") is None


@pytest.mark.parametrize(
    "sent_before, sentence",
    [
        (b"", "it reset the connection"),
        (OK, "it reset the connection"),
        (OK + b"Content-Length: 50\r\n\r\n<rss>", "the document is cut off"),
    ],
    ids=["before the answer", "within the head", "within the body"],
)
async def test_a_connection_that_is_reset(make_fetcher: MakeFetcher, sent_before: bytes, sentence: str) -> None:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent_before)
        await writer.drain()
        await asyncio.sleep(0.1)
        connection: Any = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST in place of FIN
        writer.transport.abort()

    listening = await asyncio.start_server(converse, "127.0.0.1", 0)
    error = await error_of(
        make_fetcher().fetch(FetchRequest(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"))
    )
    listening.close()
    assert str(error) == f"broke off the exchange: {sentence}"
