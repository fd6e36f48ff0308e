"""`python -m tests.bench.poll.peers.aiohttp_child URLS AT_ONCE`, then a word a line: poll."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import ClientSession, TCPConnector


async def _fetch_all(session: ClientSession, urls: list[str], etags: dict[str, str], at_once: int) -> int:
    waiting = iter(urls)

    async def fetch_next() -> int:
        read = 0
        for url in waiting:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with session.get(url, headers=headers) as response:
                read += len(await response.read())
                if etag := response.headers.get("ETag"):
                    etags[url] = etag
        return read

    return sum(await asyncio.gather(*(fetch_next() for _ in range(at_once))))


async def _run(urls: list[str], at_once: int) -> None:
    etags: dict[str, str] = {}
    print(json.dumps({"ready": True}), flush=True)
    for _ in iter(sys.stdin.readline, ""):
        async with ClientSession(connector=TCPConnector(limit=at_once)) as session:
            print(json.dumps({"bytes": await _fetch_all(session, urls, etags, at_once)}), flush=True)


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]).read_text().splitlines(), int(sys.argv[2])))
