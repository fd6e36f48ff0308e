"""What a fetch costs this process: CPU time a request, of the Fetcher and of the clients that it could be built on.

    python -m tests.bench.fetch --requests 4000 --at-once 64 --loop asyncio

304s (the Fetcher sends the validators of what it has), and documents of 80 KB, on connections that are kept open; the
server runs in a process of its own, whose time is not counted. uvloop has to be installed for `--loop uvloop`.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from feedwatch.fetch import Fetcher, FetchRequest
from feedwatch.settings import FetchSettings
from tests.bench.feedserver import feed_server

Fetch = Callable[[str, str | None], Awaitable[int]]
"""Takes a URL and an ETag, and gives the length of the document."""

DOCUMENT = b"<rss>" + b"<item><title>News</title></item>" * 2500 + b"</rss>"
FEEDS = 200
HEADERS = {
    "User-Agent": "feedwatch-bench",
    "Accept": "application/rss+xml, application/atom+xml, */*;q=0.1",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}


def _with_etag(etag: str | None) -> dict[str, str]:
    return HEADERS if etag is None else {**HEADERS, "If-None-Match": etag}


def _by_aiohttp(session: aiohttp.ClientSession) -> Fetch:
    async def fetch(url: str, etag: str | None) -> int:
        async with session.get(url, headers=_with_etag(etag)) as response:
            return len(await response.read())

    return fetch


def _by_transport(transport: httpx.AsyncBaseTransport) -> Fetch:
    async def fetch(url: str, etag: str | None) -> int:
        response = await transport.handle_async_request(httpx.Request("GET", url, headers=_with_etag(etag)))
        body = await response.aread()
        await response.aclose()
        return len(body)

    return fetch


def _by_fetcher(fetcher: Fetcher) -> Fetch:
    async def fetch(url: str, etag: str | None) -> int:
        return len((await fetcher.fetch(FetchRequest(url, etag=etag))).body)

    return fetch


async def _measure(name: str, fetch: Fetch, base: str, requests: int, at_once: int) -> None:
    for case, size in (("304", 0), ("80 KB", len(DOCUMENT))):

        async def worker(first: int, count: int, case: str = case, size: int = size) -> None:
            for number in range(first, count, at_once):
                feed = number % FEEDS
                etag = f'"{feed}"' if case == "304" else None
                assert await fetch(f"{base}/feed/{feed}", etag) == size

        await asyncio.gather(*(worker(first, 4 * at_once) for first in range(at_once)))  # opens the connections
        cpu, begun = time.process_time(), time.perf_counter()
        await asyncio.gather(*(worker(first, requests) for first in range(at_once)))
        cpu, elapsed = time.process_time() - cpu, time.perf_counter() - begun
        print(f"{name:24} {case:6} {cpu / requests * 1000:7.3f} ms CPU {requests / elapsed:8.0f}/s", flush=True)


async def _run(base: str, requests: int, at_once: int) -> None:
    settings = FetchSettings.model_validate(
        {"concurrency": at_once, "per_host": at_once, "allow_private_hosts": ["127.0.0.1"]}
    )
    async with (
        Fetcher(settings) as fetcher,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once), auto_decompress=False) as session,
        httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=at_once)) as own,
    ):
        contenders = (
            ("feedwatch's Fetcher", _by_fetcher(fetcher), 1),
            ("aiohttp alone", _by_aiohttp(session), 1),
            ("httpx-aiohttp transport", _by_transport(AiohttpTransport(client=session)), 1),
            ("httpx's own transport", _by_transport(own), 8),
        )
        for name, fetch, slower in contenders:
            await _measure(name, fetch, base, requests // slower, at_once)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--loop", choices=["asyncio", "uvloop"], default="asyncio")
    arguments = parser.parse_args()
    with feed_server([DOCUMENT]) as base:
        running = _run(base, arguments.requests, arguments.at_once)
        if arguments.loop == "uvloop":
            import uvloop  # type: ignore[import-not-found,unused-ignore]

            uvloop.run(running)
        else:
            asyncio.run(running)


if __name__ == "__main__":
    main()
