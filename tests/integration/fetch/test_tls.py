"""TLS with real certificates, and HTTP/2 where the server offers it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher, error_of

openssl = shutil.which("openssl") or ""
pytestmark = pytest.mark.skipif(not openssl, reason="the openssl command, which makes the certificate, is missing")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost in one file, signed by itself."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path


def server_side(certificate: Path, protocol: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols([protocol])
    return context


@asynccontextmanager
async def http2_server(certificate: Path, body: bytes, etag: str) -> AsyncIterator[tuple[int, list[dict[str, str]]]]:
    """Answers every request with the body, or 304; gives its port and the heads of the requests."""
    heads: list[dict[str, str]] = []

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="latin-1"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while received := await reader.read(65536):
            for event in connection.receive_data(received):
                if isinstance(event, h2.events.RequestReceived) and event.stream_id and event.headers:
                    heads.append({str(name): str(value) for name, value in event.headers})
                    is_known = heads[-1].get("if-none-match") == etag
                    head = [(":status", "304" if is_known else "200"), ("etag", etag)]
                    connection.send_headers(event.stream_id, head, end_stream=is_known)
                    if not is_known:
                        connection.send_data(event.stream_id, body, end_stream=True)
            writer.write(connection.data_to_send())
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0, ssl=server_side(certificate, "h2"))
    yield server.sockets[0].getsockname()[1], heads
    server.close()


async def test_http2_is_spoken_where_the_server_offers_it(
    certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with http2_server(certificate, b"<rss/>", 'W/"v1"') as (port, heads):
        fetcher = make_fetcher(allow_private_hosts=["localhost"])
        first = await fetcher.fetch(FetchRequest(f"https://localhost:{port}/a"))
        again = await fetcher.fetch(FetchRequest(f"https://localhost:{port}/a", etag=first.etag))
        await fetcher.__aexit__()
    assert (first.status, first.body, first.etag) == (200, b"<rss/>", 'W/"v1"')
    assert again.is_not_modified
    assert [(head[":path"], head[":authority"]) for head in heads] == [("/a", f"localhost:{port}")] * 2


async def test_http2_is_not_offered_when_switched_off(
    certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with http2_server(certificate, b"<rss/>", 'W/"v1"') as (port, heads):
        fetcher = make_fetcher(allow_private_hosts=["localhost"], http2=False)
        await error_of(fetcher.fetch(FetchRequest(f"https://localhost:{port}/a")))
    assert heads == []


async def test_http1_over_tls(certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate, "http/1.1")) as server:
        fetcher = make_fetcher(allow_private_hosts=["localhost"])
        assert (await fetcher.fetch(FetchRequest(server.url("/a", "localhost")))).body == b"<rss/>"


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, make_fetcher: MakeFetcher) -> None:
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate, "http/1.1")) as server:
        fetcher = make_fetcher(allow_private_hosts=["localhost"])
        error = await error_of(fetcher.fetch(FetchRequest(server.url("/a", "localhost"))))
    assert str(error).startswith("has no valid TLS certificate: self")
    assert server.requests == []


async def test_a_certificate_for_another_host_is_refused(
    certificate: Path, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate, "http/1.1")) as server:
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
