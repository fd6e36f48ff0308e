"""What the world meets where feedwatch listens: hubs, busy times, and strangers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest

from feedwatch.errors import FeedwatchError
from feedwatch.jobs.poll import PollOutcome, take_pushed
from feedwatch.settings import WebSettings
from feedwatch.store import tables
from feedwatch.store.polls import PollResult
from feedwatch.web import make_app, protocol, serve, websub
from tests.httpserver import FeedServer
from tests.hub import Hub, sign
from tests.integration.web.room import Room, atom, open_room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.jobs.context import JobContext
    from feedwatch.store import Store

NEWS = atom("A bridge")


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


class Taker:
    """Takes pushes as the real one does, or waits, or fails."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.begun = asyncio.Semaphore(0)
        """Released once for each."""
        self.problem: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, _context: JobContext, _source_id: int, body: bytes, _type: str | None) -> PollOutcome:
        self.taken.append(body)
        self.begun.release()
        await self.open.wait()
        if self.problem is not None:
            raise self.problem
        return PollOutcome("rthk", "new", None, None, 0, len(body), PollResult("new"))


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
async def room(sqlite_store: Store, tmp_path: Path, server: FeedServer, hub: Hub, taker: Taker) -> AsyncIterator[Room]:
    """With a verified subscription; what is pushed to it goes to the `taker`."""
    async with open_room(sqlite_store, tmp_path, server, take=taker, fetch={"max_body": "20kB"}) as opened:
        opened.want(hub)
        await opened.ask()
        await hub.settled()
        assert opened.lease().state == "active"
        yield opened


def signed(room: Room, body: bytes = NEWS) -> dict[str, str]:
    return {"X-Hub-Signature": sign(body, room.secret())}


class TestVerification:
    async def test_echoes_the_challenge_as_text_that_no_browser_obeys(
        self, room: Room, client: aiohttp.ClientSession
    ) -> None:
        query = {"hub.mode": "subscribe", "hub.topic": room.topic(), "hub.challenge": "<script>1</script>"}
        async with client.get(room.callback(), params=query | {"hub.lease_seconds": "60"}) as answer:
            assert (answer.status, await answer.text()) == (200, "<script>1</script>")
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Server"] == "feedwatch"
            assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize(
        "changed",
        [
            {"hub.mode": "unsubscribe"},  # not asked for
            {"hub.mode": "publish"},
            {"hub.mode": ""},
            {"hub.topic": "https://other.example/"},
            {"hub.topic": ""},
            {"hub.challenge": ""},
            {"hub.mode": "denied", "hub.topic": "https://other.example/"},
        ],
    )
    async def test_of_what_was_not_asked_for_is_not_found(
        self, room: Room, client: aiohttp.ClientSession, changed: dict[str, str]
    ) -> None:
        before = room.lease()
        query = {"hub.mode": "subscribe", "hub.topic": room.topic(), "hub.challenge": "c"} | changed
        async with client.get(room.callback(), params=query) as answer:
            assert answer.status == 404
        assert room.lease() == before

    @pytest.mark.parametrize("state", ["wanted", "denied", "unwanted"])
    async def test_of_what_is_not_pending_is_not_found(
        self, room: Room, client: aiohttp.ClientSession, state: str
    ) -> None:
        room.change(tables.HubLease, state=state)
        query = {"hub.mode": "subscribe", "hub.topic": room.topic(), "hub.challenge": "c"}
        async with client.get(room.callback(), params=query) as answer:
            assert answer.status == 404
        assert room.lease().state == state


@pytest.mark.parametrize("token", ["x" * 43, "x", "%2e%2e%2fetc", "x" * 5000, "%00" * 43, "é" * 43])
async def test_a_stranger_learns_nothing(room: Room, client: aiohttp.ClientSession, taker: Taker, token: str) -> None:
    query = {"hub.mode": "subscribe", "hub.topic": room.topic(), "hub.challenge": "c"}
    async with client.get(f"{room.url}/websub/{token}", params=query) as answer:
        assert (answer.status, await answer.text()) == (404, "nothing was asked for here")
    async with client.post(f"{room.url}/websub/{token}", data=NEWS) as answer:
        assert (answer.status, await answer.text()) == (410, "nothing is wanted here")
    assert taker.taken == []


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("POST", "/healthz", 405),
        ("GET", "/nothing", 404),
        ("GET", "/healthz/", 404),
        ("GET", "/websub/", 404),
        ("PUT", "/websub/token", 405),
        ("DELETE", "/websub/token", 405),
        ("HEAD", "/websub/token", 405),
    ],
)
async def test_routes(room: Room, client: aiohttp.ClientSession, method: str, path: str, status: int) -> None:
    async with client.request(method, room.url + path) as answer:
        assert answer.status == status
        assert answer.headers["Server"] == "feedwatch"
        assert answer.content_type == "text/plain"


class TestAPush:
    async def test_is_taken_byte_for_byte(self, room: Room, client: aiohttp.ClientSession, taker: Taker) -> None:
        body = NEWS + bytes(range(256))
        async with client.post(room.callback(), data=body, headers=signed(room, body)) as answer:
            assert (answer.status, await answer.read()) == (204, b"")
        assert taker.taken == [body]

    async def test_is_stored_when_it_is_answered(
        self, sqlite_store: Store, tmp_path: Path, server: FeedServer, hub: Hub, client: aiohttp.ClientSession
    ) -> None:
        async with open_room(sqlite_store, tmp_path, server, take=take_pushed) as real:
            real.want(hub)
            async with client.post(real.callback(), data=NEWS, headers=signed(real)) as answer:
                assert answer.status == 204
            assert real.titles() == real.matched_titles() == ["A bridge"]

    @pytest.mark.parametrize("is_chunked", [False, True])
    async def test_that_is_too_large_is_refused(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker, is_chunked: bool
    ) -> None:
        body = b" " * 20_001

        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(body), 5000):
                yield body[at : at + 5000]

        sent = chunks() if is_chunked else body
        async with client.post(room.callback(), data=sent, headers=signed(room, body)) as answer:
            assert answer.status == 413
        assert taker.taken == []

    async def test_as_large_as_a_document_may_be_is_taken(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker
    ) -> None:
        body = b" " * 20_000
        async with client.post(room.callback(), data=body, headers=signed(room, body)) as answer:
            assert answer.status == 204
        assert taker.taken == [body]

    async def test_that_is_compressed_is_refused(self, room: Room, client: aiohttp.ClientSession, taker: Taker) -> None:
        headers = signed(room) | {"Content-Encoding": "gzip"}
        async with client.post(room.callback(), data=NEWS, headers=headers) as answer:
            assert answer.status == 415
        assert taker.taken == []

    async def test_that_drips_is_given_up(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(websub, "_BODY_WITHIN", timedelta(seconds=0.5))

        async def drip() -> AsyncIterator[bytes]:
            for number in range(100):
                await asyncio.sleep(0.1)
                yield NEWS[number : number + 1]

        async with client.post(room.callback(), data=drip(), headers=signed(room)) as answer:
            assert answer.status == 408
        assert taker.taken == []

    async def test_that_breaks_off_is_not_taken(self, room: Room, taker: Taker) -> None:
        host, port = room.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        path = room.callback().removeprefix(room.url)
        headers = signed(room) | {"Host": "x", "Content-Length": str(len(NEWS))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + NEWS[:-1])
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.3)
        assert taker.taken == []

    async def test_beside_too_many_others_is_to_come_later(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker
    ) -> None:
        taker.open.clear()

        async def push() -> int:
            async with client.post(room.callback(), data=NEWS, headers=signed(room)) as answer:
                return answer.status

        pushing = [asyncio.create_task(push()) for _ in range(websub.AT_ONCE)]
        for _ in pushing:
            await taker.begun.acquire()
        async with client.post(room.callback(), data=NEWS, headers=signed(room)) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        taker.open.set()
        assert await asyncio.gather(*pushing) == [204] * websub.AT_ONCE
        assert await push() == 204
        assert len(taker.taken) == websub.AT_ONCE + 1

    async def test_that_cannot_be_stored_is_to_come_again_and_does_not_say_why(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker
    ) -> None:
        taker.problem = RuntimeError("the database at db.internal is full")
        async with client.post(room.callback(), data=NEWS, headers=signed(room)) as answer:
            assert (answer.status, await answer.text()) == (503, "cannot be taken now, come again later")
            assert answer.headers["Retry-After"] == "60"
        assert room.lease().last_pushed_at is None

    async def test_that_is_unsigned_is_answered_like_any_other(
        self, room: Room, client: aiohttp.ClientSession, taker: Taker
    ) -> None:
        async with client.post(room.callback(), data=NEWS) as unsigned:
            pass
        async with client.post(room.callback(), data=NEWS, headers=signed(room)) as right:
            pass
        assert unsigned.status == right.status
        assert {*unsigned.headers} == {*right.headers}
        assert taker.taken == [NEWS]


class TestAConnection:
    @pytest.fixture
    def address(self, room: Room) -> tuple[str, int]:
        host, port = room.url.removeprefix("http://").split(":")
        return host, int(port)

    @pytest.mark.parametrize(
        "garbage",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS where there is none\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000,
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(2500)),
            b"GET / HTTP/1.1\r\n\r\n",
        ],
    )
    async def test_with_garbage_is_closed_without_talk(self, address: tuple[str, int], garbage: bytes) -> None:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(garbage)
        answer = await asyncio.wait_for(reader.read(), 5)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"cannot be read" in answer
        assert b"server: feedwatch\r\n" in answer
        assert b"uvicorn" not in answer
        assert b"h11" not in answer
        writer.close()

    @pytest.mark.parametrize("said", [b"", b"GET /hea"])
    async def test_that_says_nothing_is_closed(
        self, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch, said: bytes
    ) -> None:
        monkeypatch.setattr(protocol, "HEAD_WITHIN_S", 0.3)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(said)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()

    async def test_that_is_used_is_kept(self, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(protocol, "HEAD_WITHIN_S", 0.2)
        reader, writer = await asyncio.open_connection(*address)
        for _ in range(3):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\nok"), 5)
            assert answer.startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(0.2)
        writer.close()


class TestListening:
    async def test_where_nothing_is_configured_is_not_done(self, room: Room, taker: Taker) -> None:
        assert await serve(make_app(room.context, taker), WebSettings(listen=None)) is None

    async def test_where_another_listens_says_so(self, room: Room, taker: Taker) -> None:
        at = room.url.removeprefix("http://")
        with pytest.raises(FeedwatchError) as caught:
            await serve(make_app(room.context, taker), WebSettings(listen=at))
        assert str(caught.value) == (
            f"cannot listen at {at}: Address already in use; end the program that does, or choose another web.listen"
        )

    async def test_works_on_ipv6(self, room: Room, taker: Taker, client: aiohttp.ClientSession) -> None:
        listening = await serve(make_app(room.context, taker), WebSettings(listen="[::1]:0"))
        assert listening is not None
        async with client.get(f"http://[::1]:{listening.ports[0]}/healthz") as answer:
            assert await answer.text() == "ok"
        await listening.stop()

    async def test_ends_when_what_is_under_way_has_ended(
        self, room: Room, taker: Taker, client: aiohttp.ClientSession
    ) -> None:
        listening = await serve(make_app(room.context, taker), WebSettings(listen="127.0.0.1:0"))
        assert listening is not None
        taker.open.clear()
        url = room.callback().replace(room.url, f"http://127.0.0.1:{listening.ports[0]}")
        pushing = asyncio.create_task(client.post(url, data=NEWS, headers=signed(room)).__aenter__())
        await taker.begun.acquire()
        ending = asyncio.create_task(listening.stop())
        await asyncio.sleep(0.1)
        taker.open.set()
        assert (await pushing).status == 204
        await ending
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.get(url)
