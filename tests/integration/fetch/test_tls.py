"""TLS with real certificates."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher, error_of, server_side


async def test_https(certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate)) as server:
        fetcher = make_fetcher(allow_private_hosts=["localhost"])
        assert (await fetcher.fetch(FetchRequest(server.url("/a", "localhost")))).body == b"<rss/>"


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, make_fetcher: MakeFetcher) -> None:
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate)) as server:
        fetcher = make_fetcher(allow_private_hosts=["localhost"])
        error = await error_of(fetcher.fetch(FetchRequest(server.url("/a", "localhost"))))
    assert str(error).startswith("has no valid TLS certificate: self")
    assert server.requests == []


async def test_a_certificate_for_another_host_is_refused(
    certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate)) as server:
        error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"))))
    assert str(error) == (
        "has no valid TLS certificate: IP address mismatch, certificate is not valid for '127.0.0.1'."
    )


async def test_https_to_a_port_that_speaks_plain_http(make_fetcher: MakeFetcher) -> None:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await error_of(make_fetcher().fetch(FetchRequest(f"https://127.0.0.1:{port}/a")))
    server.close()
    assert str(error).startswith("could not agree on a secure (TLS) connection: ")
