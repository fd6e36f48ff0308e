"""Connections that are kept: for the next request to the same host, so many, so long, and only clean ones."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack

import pytest

from feedwatch.fetch import Fetcher, FetchRequest
from feedwatch.settings import FetchSettings
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of

FEED = b"<rss/>"
UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<old/>"


async def test_a_connection_serves_more_than_one_request(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(FEED, etag='"v1"')
    server.documents["/b"] = redirect("/a")
    fetcher = make_fetcher()
    for _ in range(3):
        await fetcher.fetch(FetchRequest(server.url("/a")))
        await fetcher.fetch(FetchRequest(server.url("/b")))
        assert (await fetcher.fetch(FetchRequest(server.url("/a"), etag='"v1"'))).is_not_modified
    assert (len(server.requests), server.connections) == (12, 1)


async def test_another_name_for_the_same_server_has_a_connection_of_its_own(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(FEED)
    fetcher = make_fetcher(allow_private_hosts=["127.0.0.1", "localhost"])
    for host in ("127.0.0.1", "localhost", "127.0.0.1", "localhost"):
        await fetcher.fetch(FetchRequest(server.url("/a", host)))
    assert server.connections == 2


async def test_no_more_idle_connections_are_kept_than_fetches_may_run_at_once(make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(concurrency=3)
    with ExitStack() as running:
        servers = [running.enter_context(FeedServer({"/a": Document(FEED)})) for _ in range(5)]
        for _ in range(2):
            for server in servers:
                await fetcher.fetch(FetchRequest(server.url("/a")))
        assert [server.connections for server in servers] == [1, 1, 1, 2, 2]


async def test_an_idle_connection_is_closed_after_some_seconds(make_fetcher: MakeFetcher) -> None:
    closed = asyncio.Event()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        if not await reader.read(1):
            closed.set()
        writer.close()

    listening = await asyncio.start_server(converse, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    await make_fetcher().fetch(FetchRequest(f"http://127.0.0.1:{port}/"))
    assert not closed.is_set()
    await asyncio.wait_for(closed.wait(), 20)
    listening.close()


@pytest.mark.parametrize(
    "document",
    [
        Document(raw=b"HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n", raw_later=UNASKED, stays_open=True),
        Document(raw=b"HTTP/1.1 304 Not Modified\r\n\r\n", raw_later=b"<rss>changed</rss>", stays_open=True),
        Document(raw=b"HTTP/1.1 304 Not Modified\r\n\r\n" + UNASKED, stays_open=True),
    ],
    ids=["an answer later", "a body later", "an answer at once"],
)
async def test_what_comes_unasked_is_not_taken_for_the_next_answer(
    server: FeedServer, make_fetcher: MakeFetcher, document: Document
) -> None:
    server.documents["/304"] = document
    server.documents["/a"] = Document(FEED)
    fetcher = make_fetcher()
    assert (await fetcher.fetch(FetchRequest(server.url("/304"), etag='"v1"'))).is_not_modified
    await asyncio.sleep(0.2)
    assert (await fetcher.fetch(FetchRequest(server.url("/a")))).body == FEED
    assert server.connections == 2


async def test_a_document_given_up_leaves_no_rest_for_the_next(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/large"] = Document(b"x" * 300_000)
    server.documents["/missing"] = Document(b"y" * 300_000, status=404)
    server.documents["/a"] = Document(FEED)
    fetcher = make_fetcher(max_body=1000)
    for path in ("/large", "/missing"):
        await error_of(fetcher.fetch(FetchRequest(server.url(path))))
        assert (await fetcher.fetch(FetchRequest(server.url("/a")))).body == FEED


async def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
    fetcher = make_fetcher()
    for _ in range(3):
        assert (await fetcher.fetch(FetchRequest(server.url("/a")))).body == FEED
    assert server.connections == 3


async def test_closing_waits_for_nothing(server: FeedServer) -> None:
    server.documents["/a"] = Document(FEED)
    server.documents["/slow"] = Document(FEED, delay=30)
    fetcher = Fetcher(FetchSettings.model_validate({"allow_private_hosts": ["127.0.0.1"]}))
    async with fetcher:
        await fetcher.fetch(FetchRequest(server.url("/a")))
        waiting = asyncio.create_task(fetcher.fetch(FetchRequest(server.url("/slow"))))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
    assert time.monotonic() - begun < 1
    await error_of(asyncio.wait_for(waiting, 5))


async def test_a_fetcher_that_fetched_nothing_is_closed_as_well() -> None:
    async with Fetcher(FetchSettings()):
        pass
