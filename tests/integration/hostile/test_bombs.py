"""Little that becomes much: no document costs more memory than the largest allowed, or is read on past it."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher, error_of
from tests.integration.hostile.conftest import memory_of_less_than

LIMIT = 2_000_000
MEMORY = 16_000_000
"""The document, zstd's window (8 MB), and what the libraries keep for themselves."""
TOO_LARGE = "is larger than 2 MB; see fetch.max_body"
PIECE = bytes(1_000_000)
PIECES = 200


def gzip_bomb() -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(stream.compress(PIECE) for _ in range(PIECES)) + stream.flush()


def br_bomb() -> bytes:
    stream = brotli.Compressor(quality=5)
    return b"".join(stream.process(PIECE) for _ in range(PIECES)) + bytes(stream.finish())


def zstd_bomb() -> bytes:
    stream = zstandard.ZstdCompressor(level=5).compressobj()
    return b"".join(stream.compress(PIECE) for _ in range(PIECES)) + stream.flush()


def nested() -> bytes:
    return gzip.compress(gzip.compress(gzip_bomb()))


def mixed() -> bytes:
    return bytes(brotli.compress(zstandard.compress(gzip_bomb())))


BOMBS: list[tuple[str, Callable[[], bytes]]] = [
    ("gzip", gzip_bomb),
    ("br", br_bomb),
    ("zstd", zstd_bomb),
    ("gzip, gzip, gzip", nested),
    ("gzip, zstd, br", mixed),
]


@pytest.mark.parametrize("coding, make", BOMBS, ids=[coding for coding, _ in BOMBS])
async def test_a_bomb_ends_early(
    server: FeedServer, make_fetcher: MakeFetcher, coding: str, make: Callable[[], bytes]
) -> None:
    server.documents["/bomb"] = Document(make(), headers=(("Content-Encoding", coding),))
    server.documents["/"] = Document(b"<rss/>")
    fetcher = make_fetcher(max_body=LIMIT, timeout="60s")
    await fetcher.fetch(FetchRequest(server.url()))
    begun = time.process_time()
    with memory_of_less_than(MEMORY):
        error = await error_of(fetcher.fetch(FetchRequest(server.url("/bomb"))))
    assert (str(error), error.status) == (TOO_LARGE, 200)
    assert time.process_time() - begun < 2


def test_the_bombs_are_bombs() -> None:
    assert len(zlib.decompress(gzip_bomb(), zlib.MAX_WBITS | 16)) == len(PIECE) * PIECES
    assert len(gzip_bomb()) < 300_000


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def endless_gzip() -> tuple[bytes, bytes]:
    """The head of a gzip stream, and a block of it that can follow itself for ever."""
    stream = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    head = stream.flush(zlib.Z_FULL_FLUSH)
    return head, stream.compress(PIECE) + stream.flush(zlib.Z_FULL_FLUSH)


@pytest.mark.parametrize("is_packed", [True, False], ids=["gzip", "plain"])
async def test_a_body_without_end_is_left(server: FeedServer, make_fetcher: MakeFetcher, is_packed: bool) -> None:
    head, block = endless_gzip() if is_packed else (b"<rss>", b"<item/>" * 1000)
    coding = b"Content-Encoding: gzip\r\n" if is_packed else b""
    server.documents["/"] = Document(
        raw=b"HTTP/1.1 200 OK\r\n%bTransfer-Encoding: chunked\r\n\r\n%b" % (coding, chunk(head)),
        raw_repeated=chunk(block),
    )
    with memory_of_less_than(MEMORY):
        error = await error_of(make_fetcher(max_body=LIMIT).fetch(FetchRequest(server.url())))
    assert (str(error), error.status) == (TOO_LARGE, 200)
    await asyncio.sleep(0.2)
    sent = server.sent_bytes
    assert sent < 20_000_000  # what the system's buffers and the limit hold
    await asyncio.sleep(0.2)
    assert server.sent_bytes == sent


async def test_a_body_that_is_announced_as_too_large_is_not_read(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/"] = Document(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", stays_open=True)
    error = await error_of(make_fetcher(max_body=LIMIT).fetch(FetchRequest(server.url())))
    assert (str(error), error.status) == (TOO_LARGE, 200)
    assert error.elapsed_ms < 5000


async def test_the_body_of_an_error_is_not_read(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.documents["/"] = Document(raw=head, raw_repeated=chunk(b"x" * 65536))
    with memory_of_less_than(MEMORY):
        error = await error_of(make_fetcher().fetch(FetchRequest(server.url())))
    assert (str(error), error.status) == ("answered HTTP 404 Not Found", 404)


async def test_headers_without_end_are_left(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher()
    for piece, sentence in (
        (b"X-More: and more\r\n", "sent more headers than can be meant"),
        (b"and more ", "sent a header that is too long to be meant"),
    ):
        server.documents["/"] = Document(raw=b"HTTP/1.1 200 OK\r\nX-Begin: ", raw_repeated=piece * 500)
        with memory_of_less_than(MEMORY):
            error = await error_of(fetcher.fetch(FetchRequest(server.url())))
        assert str(error) == sentence
        assert error.elapsed_ms < 5000


async def test_a_status_line_without_end_is_left(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/"] = Document(raw=b"HTTP/1.1 200 ", raw_repeated=b"OK" * 4000)
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url())))
    assert str(error) == "sent a header that is too long to be meant"


async def test_answers_that_are_none_yet_end_with_the_time(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/"] = Document(raw=b"", raw_repeated=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 200)
    with memory_of_less_than(MEMORY):
        error = await error_of(make_fetcher(timeout="1s").fetch(FetchRequest(server.url())))
    assert str(error) == "did not finish within 1 s"
    assert error.elapsed_ms < 5000
