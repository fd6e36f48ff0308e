"""Bounds: how many fetches run at once, in all and to one host, and how long connecting may take."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher, error_of

BOTH = ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    "concurrency, per_host, most, most_of_a_host",
    [
        (32, 4, 8, 4),
        (32, 1, 2, 1),
        (5, 100, 5, 5),
        (1, 4, 1, 1),
    ],
)
async def test_no_more_run_at_once_than_the_settings_say(
    server: FeedServer, make_fetcher: MakeFetcher, concurrency: int, per_host: int, most: int, most_of_a_host: int
) -> None:
    server.documents["/a"] = Document(b"<rss/>", delay=0.25)
    fetcher = make_fetcher(concurrency=concurrency, per_host=per_host, allow_private_hosts=BOTH)
    urls = [server.url("/a", host) for host in BOTH for _ in range(most_of_a_host + 1)]
    fetched = await asyncio.gather(*(fetcher.fetch(FetchRequest(url)) for url in urls))
    assert [answer.status for answer in fetched] == [200] * len(urls)
    assert server.most_at_once() == most
    assert max(server.most_at_once(host) for host in BOTH) == most_of_a_host


async def test_a_busy_host_holds_up_no_other(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/slow"] = Document(b"<rss/>", delay=0.5)
    server.documents["/fast"] = Document(b"<rss/>")
    fetcher = make_fetcher(concurrency=2, per_host=1, allow_private_hosts=BOTH)
    waiting = [asyncio.create_task(fetcher.fetch(FetchRequest(server.url("/slow")))) for _ in range(3)]
    await asyncio.sleep(0.1)
    await asyncio.wait_for(fetcher.fetch(FetchRequest(server.url("/fast", "localhost"))), 5)
    assert len(server.requests_for("/slow")) == 1
    assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)


async def test_waiting_for_a_slot_is_not_counted_against_the_time_limit(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(b"<rss/>", delay=0.6)
    fetcher = make_fetcher(per_host=1, timeout="1.5s")
    fetched = await asyncio.gather(*(fetcher.fetch(FetchRequest(server.url("/a"))) for _ in range(3)))
    assert all(answer.elapsed_ms < 1500 for answer in fetched)


async def test_a_failed_fetch_gives_its_slot_back(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/drip"] = Document(b"x" * 100, drip=1)
    server.documents["/large"] = Document(b"x" * 2000)
    server.documents["/a"] = Document(b"<rss/>")
    fetcher = make_fetcher(concurrency=1, per_host=1, timeout="0.3s", max_body=1000)
    for _ in range(2):
        await error_of(fetcher.fetch(FetchRequest(server.url("/drip"))))
        await error_of(fetcher.fetch(FetchRequest(server.url("/large"))))
    assert (await fetcher.fetch(FetchRequest(server.url("/a")))).status == 200


async def test_connecting_has_a_limit_of_its_own(make_fetcher: MakeFetcher) -> None:
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # fill the queue of those who wait to be accepted: the next connection gets no answer
            knocking = stack.enter_context(socket.socket())
            knocking.setblocking(False)
            knocking.connect_ex(deaf.getsockname())
        fetcher = make_fetcher(connect_timeout="0.5s", timeout="30s")
        begun = time.monotonic()
        error = await error_of(fetcher.fetch(FetchRequest(f"http://127.0.0.1:{deaf.getsockname()[1]}/")))
        assert str(error) == "did not accept a connection within 0.5 s"
        assert time.monotonic() - begun < 10


async def test_nobody_listens(make_fetcher: MakeFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = await error_of(make_fetcher().fetch(FetchRequest(f"http://127.0.0.1:{port}/")))
    assert str(error) == "refused the connection or could not be reached"


@pytest.mark.parametrize(
    "url, sentence",
    [
        (f"http://{'a' * 64}.example/", f"the host name {'a' * 64}.example is not known (DNS)"),  # too long a label
        ("file:///etc/passwd", "leads to a URL that is neither http:// nor https://"),
        ("ftp://example.org/feed", "leads to a URL that is neither http:// nor https://"),
        ("http://[::1/feed", "not a URL: http://[::1/feed (Invalid port: ':1')"),
        ("//example.org/feed", "leads to a URL that is neither http:// nor https://"),
        ("", "leads to a URL that is neither http:// nor https://"),
    ],
)
async def test_url_that_leads_nowhere(make_fetcher: MakeFetcher, url: str, sentence: str) -> None:
    assert str(await error_of(make_fetcher().fetch(FetchRequest(url)))) == sentence
