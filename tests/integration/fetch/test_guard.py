"""feedwatch never connects to a private address unless the admin allowed that host by name (design, promise 5)."""

from __future__ import annotations

import asyncio
import socket

import pytest

from feedwatch.fetch import FetchRequest
from feedwatch.fetch.names import look_up
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "0.0.0.0",  # reaches this machine
        "127.1",  # short, hexadecimal and decimal spellings of 127.0.0.1
        "0x7f.0.0.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_this_machine_is_refused_in_every_spelling(
    server: FeedServer, make_fetcher: MakeFetcher, host: str
) -> None:
    server.documents["/"] = Document(b"secret")
    error = await error_of(make_fetcher(allow_private_hosts=[]).fetch(FetchRequest(server.url("/", host))))
    assert "leads to the private address" in str(error)
    assert server.connections == 0


@pytest.mark.parametrize(
    "host", ["localhost.", "0177.0.0.1", "127.0.0.1.", "127.0.0.1%2f", "①②⑦.0.0.1", "lo\u00adcalhost"]
)
async def test_a_doubtful_spelling_of_this_machine_reaches_nothing(
    server: FeedServer, make_fetcher: MakeFetcher, host: str
) -> None:
    server.documents["/"] = Document(b"secret")
    await error_of(make_fetcher(allow_private_hosts=[]).fetch(FetchRequest(server.url("/", host))))
    assert server.connections == 0


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[64:ff9b::7f00:1]"])
async def test_private_network_is_refused(make_fetcher: MakeFetcher, address: str) -> None:
    error = await error_of(make_fetcher(allow_private_hosts=[]).fetch(FetchRequest(f"http://{address}/latest")))
    bare = address.strip("[]")
    assert str(error) == (
        f"{bare} leads to the private address {bare}; if that is meant, add '{bare}' to fetch.allow_private_hosts"
    )


@pytest.mark.parametrize(
    "allowed, host, is_reached",
    [
        (["127.0.0.1"], "127.0.0.1", True),
        (["localhost"], "localhost", True),
        (["LocalHost"], "localhost", True),
        (["localhost"], "LOCALHOST", True),
        (["localhost"], "127.0.0.1", False),  # the name is what is allowed, not what it leads to
        (["127.0.0.1"], "localhost", False),
        (["[::ffff:127.0.0.1]"], "[::ffff:127.0.0.1]", True),
        (["::ffff:127.0.0.1"], "[::ffff:127.0.0.1]", True),
        (["example.org"], "127.0.0.1", False),
    ],
)
async def test_allowed_by_name(
    server: FeedServer, make_fetcher: MakeFetcher, allowed: list[str], host: str, is_reached: bool
) -> None:
    server.documents["/"] = Document(b"<rss/>")
    fetching = make_fetcher(allow_private_hosts=allowed).fetch(FetchRequest(server.url("/", host)))
    if is_reached:
        assert (await fetching).body == b"<rss/>"
    else:
        assert "leads to the private address" in str(await error_of(fetching))
    assert server.connections == int(is_reached)


async def test_redirect_from_an_allowed_host_to_a_private_one_is_refused(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = redirect(server.url("/b", "localhost"))
    server.documents["/b"] = Document(b"secret")
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"))))
    assert str(error).startswith("localhost leads to the private address")
    assert [request.path for request in server.requests] == ["/a"]


async def test_proxies_of_the_environment_are_no_way_around(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url())
    monkeypatch.setenv("all_proxy", server.url())
    error = await error_of(make_fetcher().fetch(FetchRequest("http://10.0.0.1/")))
    assert "leads to the private address 10.0.0.1" in str(error)
    assert server.connections == 0


def answer_in_turn(monkeypatch: pytest.MonkeyPatch, *answers: list[str] | Exception | float) -> list[str]:
    """Let *.example resolve to these answers, one a look-up (a number: seconds of silence); returns the look-ups."""
    asked: list[str] = []

    async def in_turn(host: str) -> tuple[str, ...]:
        if not host.endswith(".example"):
            return await look_up(host)
        asked.append(host)
        answer = answers[min(len(asked), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return tuple(answer if isinstance(answer, list) else await asyncio.sleep(answer, []))

    monkeypatch.setattr("feedwatch.fetch.names.look_up", in_turn)
    return asked


async def test_the_address_connected_to_is_the_one_that_was_checked(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.documents["/"] = Document(b"secret")
    asked = answer_in_turn(monkeypatch, ["192.0.2.1"], ["127.0.0.1"])
    monkeypatch.setattr("feedwatch.fetch.guard.is_public", lambda address: address == "192.0.2.1")
    fetching = make_fetcher(connect_timeout="0.3s").fetch(FetchRequest(server.url("/", "rebinding.example")))
    await error_of(fetching)  # 192.0.2.1 (documentation) answers nobody
    assert asked == ["rebinding.example"]
    assert server.connections == 0


async def test_one_private_address_among_public_ones_is_enough_to_refuse(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_in_turn(monkeypatch, ["1.1.1.1", "127.0.0.1"])
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/", "mixed.example"))))
    assert str(error).startswith("mixed.example leads to the private address 127.0.0.1;")
    assert server.connections == 0


async def test_the_next_address_is_tried_where_the_first_refuses(
    server: FeedServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.documents["/"] = Document(b"<rss/>")
    answer_in_turn(monkeypatch, ["127.0.0.2", "127.0.0.1"])  # the server listens on the second alone
    fetcher = make_fetcher(allow_private_hosts=["two.example"])
    assert (await fetcher.fetch(FetchRequest(server.url("/", "two.example")))).body == b"<rss/>"


@pytest.mark.parametrize(
    "answer, sentence",
    [
        ([], "the host name odd.example has no address (DNS)"),
        (socket.gaierror(-2, "Name or service not known"), "the host name odd.example is not known (DNS)"),
        (30.0, "the host name odd.example could not be looked up in 0.2 s (DNS)"),
    ],
)
async def test_a_name_that_does_not_resolve(
    make_fetcher: MakeFetcher,
    monkeypatch: pytest.MonkeyPatch,
    answer: list[str] | Exception | float,
    sentence: str,
) -> None:
    answer_in_turn(monkeypatch, answer)
    fetching = make_fetcher(connect_timeout="0.2s").fetch(FetchRequest("http://odd.example/"))
    assert str(await error_of(fetching)) == sentence
