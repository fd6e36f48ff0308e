"""Bounds: how many fetches run at once, in all and to one host, and how long connecting may take."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from dataclasses import replace

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer, redirect
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


@pytest.mark.parametrize("concurrency", [1, 2])
async def test_redirects_between_busy_hosts_wait_for_each_other_without_end_never(
    server: FeedServer, make_fetcher: MakeFetcher, concurrency: int
) -> None:
    for host, other in (BOTH, reversed(BOTH)):
        server.documents[f"/{host}"] = redirect(server.url(f"/{host}/end", other))
        server.documents[f"/{host}/end"] = Document(b"<rss/>", delay=0.02)
    fetcher = make_fetcher(concurrency=concurrency, per_host=1, allow_private_hosts=BOTH)
    urls = [server.url(f"/{host}", host) for host in BOTH for _ in range(4)]
    fetched = await asyncio.wait_for(asyncio.gather(*(fetcher.fetch(FetchRequest(url)) for url in urls)), 10)
    assert [answer.status for answer in fetched] == [200] * len(urls)
    assert server.most_at_once() <= concurrency
    assert max(server.most_at_once(host) for host in BOTH) == 1


async def test_a_redirect_takes_a_slot_of_the_host_that_it_leads_to(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = redirect(server.url("/b", "localhost"))
    server.documents["/b"] = Document(b"<rss/>", delay=0.1)
    fetcher = make_fetcher(per_host=2, allow_private_hosts=BOTH)
    await asyncio.gather(*(fetcher.fetch(FetchRequest(server.url("/a"))) for _ in range(6)))
    assert server.most_at_once("localhost") == 2


async def test_the_time_limit_holds_for_all_redirects_together(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    for number in range(5):
        server.documents[f"/{number}"] = replace(redirect(f"/{number + 1}"), delay=0.3)
    error = await error_of(make_fetcher(timeout="0.8s").fetch(FetchRequest(server.url("/0"))))
    assert str(error) == "did not finish within 0.8 s"
    assert 700 <= error.elapsed_ms < 5000


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
        ("http:///feed", "leads to a URL without a host: http:/feed"),
        ("http://example.org:99999/", "leads to a port that does not exist: http://example.org:99999/"),
    ],
)
async def test_url_that_leads_nowhere(make_fetcher: MakeFetcher, url: str, sentence: str) -> None:
    assert str(await error_of(make_fetcher().fetch(FetchRequest(url)))) == sentence
