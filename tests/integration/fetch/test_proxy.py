"""Proxies: named by the source or for all, and no way around the guard."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feedwatch.fetch import Access, FetchRequest
from feedwatch.fetch.names import look_up
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of, server_side
from tests.integration.fetch.proxy import Proxy, running_proxy

BOTH = ["127.0.0.1", "localhost"]


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with running_proxy() as running:
        yield running


async def test_http_goes_by_the_proxy(server: FeedServer, proxy: Proxy, make_fetcher: MakeFetcher) -> None:
    server.documents["/a?x=%7e"] = Document(b"<rss/>", etag='"v1"')
    fetcher = make_fetcher()
    request = FetchRequest(server.url("/a?x=%7e"), access=Access(proxy=proxy.url("us%20er:p%40ss@")))
    assert (await fetcher.fetch(request)).body == b"<rss/>"
    assert proxy.asked == [f"GET {server.url('/a?x=%7e')}"]
    assert proxy.logins == ["Basic dXMgZXI6cEBzcw=="]
    assert server.requests[0].header("Host") == f"127.0.0.1:{server.port}"


async def test_https_goes_by_a_tunnel_to_the_address_that_was_checked(
    proxy: Proxy, make_fetcher: MakeFetcher, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate)) as server:
        fetcher = make_fetcher(allow_private_hosts=BOTH)
        request = FetchRequest(server.url("/a", "localhost"), access=Access(proxy=proxy.url("user:pass@")))
        fetched = await fetcher.fetch(request)
        again = await fetcher.fetch(request)
        assert (fetched.body, again.body, fetched.url) == (b"<rss/>", b"<rss/>", request.url)
        assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port}"]  # once: the tunnel is kept
        assert proxy.logins == ["Basic dXNlcjpwYXNz"]
        assert [asked.header("Host") for asked in server.requests] == [f"localhost:{server.port}"] * 2
        assert [asked.header("Proxy-Authorization") for asked in server.requests] == [None, None]


async def test_the_certificate_is_checked_for_the_name_within_the_tunnel(
    proxy: Proxy, make_fetcher: MakeFetcher, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async def everything_is_here(host: str) -> tuple[str, ...]:
        return ("127.0.0.1",) if host == "other.example" else await look_up(host)

    monkeypatch.setattr("feedwatch.fetch.names.look_up", everything_is_here)
    with FeedServer({"/a": Document(b"<rss/>")}, tls=server_side(certificate)) as server:
        fetcher = make_fetcher(allow_private_hosts=[*BOTH, "other.example"])
        request = FetchRequest(server.url("/a", "other.example"), access=Access(proxy=proxy.url()))
        error = await error_of(fetcher.fetch(request))
    assert str(error).startswith("has no valid TLS certificate: Hostname mismatch")
    assert server.requests == []


async def test_two_names_at_one_address_share_no_tunnel(
    proxy: Proxy, make_fetcher: MakeFetcher, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    asked: list[str | None] = []
    context = server_side(certificate)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    async def everything_is_here(_host: str) -> tuple[str, ...]:
        return ("127.0.0.1",)

    monkeypatch.setattr("feedwatch.fetch.names.look_up", everything_is_here)
    with FeedServer({"/a": Document(b"<rss/>")}, tls=context) as server:
        fetcher = make_fetcher(allow_private_hosts=[*BOTH, "other.example"])
        await fetcher.fetch(FetchRequest(server.url("/a", "localhost"), access=Access(proxy=proxy.url())))
        await error_of(fetcher.fetch(FetchRequest(server.url("/a", "other.example"), access=Access(proxy=proxy.url()))))
    assert asked == ["localhost", "other.example"]
    assert len(server.requests) == 1


async def test_the_proxy_for_all_gives_way_to_that_of_the_source(
    server: FeedServer, proxy: Proxy, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(b"<rss/>")
    async with running_proxy() as other:
        fetcher = make_fetcher(proxy=other.url())
        await fetcher.fetch(FetchRequest(server.url("/a")))
        await fetcher.fetch(FetchRequest(server.url("/a"), access=Access(proxy=proxy.url())))
        assert (len(other.asked), len(proxy.asked)) == (1, 1)


async def test_redirects_go_by_the_proxy_too(server: FeedServer, proxy: Proxy, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = redirect(server.url("/b", "localhost"))
    server.documents["/b"] = Document(b"<rss/>")
    fetcher = make_fetcher(allow_private_hosts=BOTH)
    await fetcher.fetch(FetchRequest(server.url("/a"), access=Access(proxy=proxy.url())))
    assert proxy.asked == [f"GET {server.url('/a')}", f"GET {server.url('/b', 'localhost')}"]


async def test_a_private_proxy_must_be_allowed_by_name(
    server: FeedServer, proxy: Proxy, make_fetcher: MakeFetcher
) -> None:
    fetcher = make_fetcher(allow_private_hosts=["localhost"])
    request = FetchRequest(server.url("/a", "localhost"), access=Access(proxy=proxy.url("user:secret@")))
    assert str(await error_of(fetcher.fetch(request))) == (
        "the proxy 127.0.0.1 leads to the private address 127.0.0.1; if that is meant, add '127.0.0.1' to "
        "fetch.allow_private_hosts"
    )
    assert proxy.asked == []


@pytest.mark.parametrize("url", ["http://localhost/a", "https://localhost/a", "http://10.0.0.1/", "https://[::1]/"])
async def test_a_proxy_is_not_asked_for_a_private_host(proxy: Proxy, make_fetcher: MakeFetcher, url: str) -> None:
    error = await error_of(make_fetcher().fetch(FetchRequest(url, access=Access(proxy=proxy.url()))))
    assert "leads to the private address" in str(error)
    assert proxy.asked == []


async def test_a_redirect_by_the_proxy_to_a_private_host_is_refused(
    server: FeedServer, proxy: Proxy, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = redirect("http://169.254.169.254/latest/meta-data/")
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"), access=Access(proxy=proxy.url()))))
    assert str(error).startswith("169.254.169.254 leads to the private address")
    assert len(proxy.asked) == 1


REFUSAL = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "url, sentence, status",
    [
        ("https://127.0.0.1:9/", "the proxy did not let us through: HTTP 407 Proxy Authentication Required", None),
        ("http://127.0.0.1:9/", "answered HTTP 407 Proxy Authentication Required", 407),
    ],
)
async def test_a_proxy_that_refuses(
    proxy: Proxy, make_fetcher: MakeFetcher, url: str, sentence: str, status: int | None
) -> None:
    proxy.refuses = REFUSAL
    error = await error_of(make_fetcher().fetch(FetchRequest(url, access=Access(proxy=proxy.url("user:secret@")))))
    assert (str(error), error.status) == (sentence, status)


async def test_a_proxy_that_is_not_there(make_fetcher: MakeFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    request = FetchRequest("http://127.0.0.1/", access=Access(proxy=f"http://user:secret@127.0.0.1:{port}"))
    error = await error_of(make_fetcher().fetch(request))
    assert str(error) == "the proxy 127.0.0.1 refused the connection or could not be reached"
