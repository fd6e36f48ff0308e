from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch import names
from feedwatch.fetch.names import Names

Answers = Callable[..., list[str]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Let every name resolve to the same, after some seconds; gives the list that the names asked for are put into."""

    def set_answer(found: tuple[str, ...] | Exception = ("192.0.2.1",), seconds: float = 0) -> list[str]:
        asked: list[str] = []

        async def look_up(host: str) -> tuple[str, ...]:
            asked.append(host)
            await asyncio.sleep(seconds)
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(names, "look_up", look_up)
        return asked

    return set_answer


async def test_an_answer_is_kept(answer: Answers) -> None:
    asked = answer(("192.0.2.1", "192.0.2.2"))
    kept = Names(1)
    for _ in range(3):
        assert await kept.addresses("a.example") == ("192.0.2.1", "192.0.2.2")
        await kept.addresses("b.example")
    assert asked == ["a.example", "b.example"]


async def test_an_answer_is_kept_for_a_minute_and_no_longer(answer: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer()
    now = 1000.0
    monkeypatch.setattr("feedwatch.fetch.names.time.monotonic", lambda: now)
    kept = Names(1)
    for later, times in ((0.0, 1), (59.0, 1), (61.0, 2)):
        now = 1000.0 + later
        await kept.addresses("a.example")
        assert len(asked) == times


async def test_so_many_answers_are_kept_and_the_oldest_leave_first(
    answer: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer()
    monkeypatch.setattr(names, "_MOST_KEPT", 2)
    kept = Names(1)
    for host in ("a", "b", "c", "b", "c", "a"):
        await kept.addresses(host)
    assert asked == ["a", "b", "c", "a"]


async def test_those_who_ask_at_once_share_one_look_up(answer: Answers) -> None:
    asked = answer(seconds=0.05)
    kept = Names(1)
    found = await asyncio.gather(*(kept.addresses("a.example") for _ in range(5)))
    assert found == [("192.0.2.1",)] * 5
    assert asked == ["a.example"]


async def test_who_gives_up_takes_the_answer_from_nobody(answer: Answers) -> None:
    answer(seconds=0.1)
    kept = Names(1)
    leaving, staying = (asyncio.create_task(kept.addresses("a.example")) for _ in range(2))
    await asyncio.sleep(0.01)
    leaving.cancel()
    assert await staying == ("192.0.2.1",)


@pytest.mark.parametrize(
    "found, seconds, sentence",
    [
        (socket.gaierror(-2, "Name or service not known"), 0, "the host name a.example is not known (DNS)"),
        (UnicodeError("label too long"), 0, "the host name a.example is not known (DNS)"),
        ((), 0, "the host name a.example has no address (DNS)"),
        (("192.0.2.1",), 5, "the host name a.example could not be looked up in 0.1 s (DNS)"),
    ],
)
async def test_a_failure_is_told_and_not_kept(
    answer: Answers, found: tuple[str, ...] | Exception, seconds: float, sentence: str
) -> None:
    asked = answer(found, seconds)
    kept = Names(0.1)
    with pytest.raises(FetchError) as caught:
        await kept.addresses("a.example")
    assert str(caught.value) == sentence
    kept.forget()
    await asyncio.sleep(0)
    answer()
    await asyncio.sleep(0)
    assert await kept.addresses("a.example") == ("192.0.2.1",)
    assert asked == ["a.example"]


@pytest.mark.parametrize(
    "host, address",
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
    ],
)
async def test_an_address_stands_for_itself_in_every_spelling(host: str, address: str) -> None:
    assert await Names(5).addresses(host) == (address,)
