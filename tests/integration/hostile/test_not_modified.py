"""304s that are not what they should be."""

from __future__ import annotations

import asyncio

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher

FEED = b"<rss/>"
HEAD = b"HTTP/1.1 304 Not Modified\r\n"
CHANGED = b"<rss>changed</rss>"

WITH_A_BODY: list[tuple[str, Document]] = [
    ("its length, as is right", Document(raw=HEAD + b"Content-Length: 18\r\n\r\n", stays_open=True)),
    ("a body", Document(raw=HEAD + b"Content-Length: 18\r\n\r\n" + CHANGED, stays_open=True)),
    ("a body without its length", Document(raw=HEAD + b"\r\n" + CHANGED, stays_open=True)),
    ("a body in chunks", Document(raw=HEAD + b"Transfer-Encoding: chunked\r\n\r\n12\r\n%b\r\n0\r\n\r\n" % CHANGED)),
    ("a body later", Document(raw=HEAD + b"\r\n", raw_later=CHANGED, stays_open=True)),
    ("a compressed body", Document(raw=HEAD + b"Content-Encoding: gzip\r\nContent-Length: 18\r\n\r\n" + CHANGED)),
    ("the end of the connection", Document(raw=HEAD + b"\r\n")),
    ("another ETag", Document(raw=HEAD + b'ETag: "v2"\r\n\r\n', stays_open=True)),
]


@pytest.mark.parametrize("document", [row[1] for row in WITH_A_BODY], ids=[row[0] for row in WITH_A_BODY])
async def test_a_304_says_that_nothing_changed_whatever_comes_with_it(
    server: FeedServer, make_fetcher: MakeFetcher, document: Document
) -> None:
    server.documents["/304"] = document
    server.documents["/"] = Document(FEED)
    fetcher = make_fetcher()
    for _ in range(2):
        fetched = await fetcher.fetch(FetchRequest(server.url("/304"), etag='"v1"'))
        assert (fetched.status, fetched.is_not_modified, fetched.body) == (304, True, b"")
        await asyncio.sleep(0.15 if document.raw_later else 0)
        assert (await fetcher.fetch(FetchRequest(server.url()))).body == FEED
