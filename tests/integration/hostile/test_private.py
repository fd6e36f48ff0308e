"""Nothing that a server says leads to a private address, in whatever words (design, promise 5)."""

from __future__ import annotations

import asyncio

import pytest

from feedwatch.fetch import FetchRequest, names
from feedwatch.fetch.guard import is_public
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of

PRIVATE = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.2/",
    "http://[::1]/",
    "http://[::]/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.100.100.200/",
    "http://2130706434/",  # 127.0.0.2 as one number
    "http://0x7f000002/",
    "http://0x7f.0.0.2/",
    "http://127.2/",
    "http://017700000002/",
    "http://[::ffff:127.0.0.2]/",
    "http://[::ffff:7f00:2]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:2::]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "https://127.0.0.2/",
    "//127.0.0.2/",
]
NOT_READ = [
    "http://[fe80::1%25eth0]/",
    "http://0177.0.0.2/",
    "http://127.0.0.2./",
    "http://①②⑦.0.0.2/",
    "http://127.0.0.2%2f/",
    "http://127.0.0.1\\@127.0.0.2/",
    "http://127。0。0。2/",
]
NOT_HTTP = ["file:///etc/passwd", "gopher://127.0.0.1/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/", "data:,x"]


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("location", PRIVATE)
async def test_a_redirect_to_a_private_address_is_refused(
    server: FeedServer, make_fetcher: MakeFetcher, location: str, status: int
) -> None:
    server.documents["/"] = redirect(location, status)
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url())))
    assert "leads to the private address" in str(error)
    assert "fetch.allow_private_hosts" in str(error)
    assert error.elapsed_ms < 3000  # nobody was waited for


@pytest.mark.parametrize("location", [*NOT_READ, *NOT_HTTP])
async def test_a_redirect_to_what_is_no_web_address_is_refused(
    server: FeedServer, make_fetcher: MakeFetcher, location: str
) -> None:
    server.documents["/"] = redirect(location.encode().decode("latin-1"))
    await error_of(make_fetcher().fetch(FetchRequest(server.url())))
    assert len(server.requests) == 1


async def test_a_name_that_answers_otherwise_the_second_time_reaches_nothing(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def rebinding(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("192.0.2.1",) if len(asked) == 1 else ("127.0.0.1",)

    server.documents["/"] = Document(b"secret")
    monkeypatch.setattr(names, "look_up", rebinding)
    monkeypatch.setattr("feedwatch.fetch.guard.is_public", lambda ip: ip == "192.0.2.1" or is_public(ip))
    fetcher = make_fetcher(connect_timeout="0.3s")
    url = server.url("/", "rebinding.example")
    assert "private" not in str(await error_of(fetcher.fetch(FetchRequest(url))))  # 192.0.2.1 answers nobody
    assert asked == ["rebinding.example"]  # the connection took the address that was checked
    monkeypatch.setattr(names, "_KEPT_SECONDS", -1.0)
    fetcher = make_fetcher(connect_timeout="0.3s")
    error = await error_of(fetcher.fetch(FetchRequest(url)))
    assert str(error).startswith("rebinding.example leads to the private address 127.0.0.1;")
    assert server.connections == 0


async def test_a_name_that_turns_private_between_check_and_connection_reaches_nothing(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no time at all for which an answer is kept, the connection asks again: and that answer is checked too."""
    asked: list[str] = []

    async def rebinding(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("192.0.2.1",) if len(asked) % 2 else ("127.0.0.1",)

    server.documents["/"] = Document(b"secret")
    monkeypatch.setattr(names, "look_up", rebinding)
    monkeypatch.setattr(names, "_KEPT_SECONDS", -1.0)
    monkeypatch.setattr("feedwatch.fetch.guard.is_public", lambda ip: ip == "192.0.2.1" or is_public(ip))
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/", "rebinding.example"))))
    assert str(error).startswith("rebinding.example leads to the private address 127.0.0.1;")
    assert len(asked) == 2
    assert server.connections == 0


async def test_the_socket_itself_refuses_what_the_check_of_the_name_let_pass(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second line: what if the first were not there."""

    async def unchecked(_host: str, **_options: object) -> tuple[str, ...]:
        return ("127.0.0.1",)

    server.documents["/"] = Document(b"secret")
    fetcher = make_fetcher(allow_private_hosts=[])
    monkeypatch.setattr(fetcher._guard, "addresses", unchecked)
    for host in ("127.0.0.1", "any.example"):
        error = await error_of(fetcher.fetch(FetchRequest(server.url("/", host))))
        assert str(error) == "leads to the private address 127.0.0.1"
    assert server.connections == 0


async def test_an_allowed_host_opens_no_door_to_another_at_the_same_address(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/"] = redirect(server.url("/secret", "localhost"))
    server.documents["/ok"] = Document(b"<rss/>")
    server.documents["/secret"] = Document(b"secret")
    fetcher = make_fetcher(allow_private_hosts=["127.0.0.1"])
    await fetcher.fetch(FetchRequest(server.url("/ok")))  # the connection to 127.0.0.1 is kept
    errors = await asyncio.gather(
        *(
            error_of(fetcher.fetch(FetchRequest(server.url(path, host))))
            for path, host in (
                ("/", "127.0.0.1"),
                ("/secret", "localhost"),
                ("/secret", "127.1"),
            )
        )
    )
    assert all("leads to the private address" in str(error) for error in errors)
    assert not server.requests_for("/secret")
