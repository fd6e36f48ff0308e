"""Chats and push services by Apprise, against servers of our own: what arrives, and what is said where it does not."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.deliver.channels import open_channel
from feedwatch.deliver.chat import ChatChannel
from feedwatch.digest.personal import PLACEHOLDERS, Personal
from feedwatch.errors import DeliveryError
from feedwatch.model import Body
from feedwatch.settings import ChannelSettings
from tests.httpserver import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.httpserver import FeedServer

TOKEN = "3ccdd113474722377935511fc85d3dd4"
ADA = Personal("Ada", "ada@example.org", view_url="https://watch.example.org/e/1")
BODY = Body("Brief: 2 stories", "", f"The bay grows & grows\n<b>Bridges</b> @everyone\n{PLACEHOLDERS['view_url']}\n")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the root logger's handlers are given, as the program's own is: debug lines too."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


async def send(url: str, body: Body = BODY, *, within: timedelta = timedelta(seconds=20)) -> str:
    async with ChatChannel(url, timeout=within) as channel:
        return await channel.send(body, ADA, message_id="<1@watch.example.org>")


async def refused(url: str, **options: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await send(url, **options)
    assert not raised.value.permanent
    return raised.value


def sent(server: FeedServer) -> list[Any]:
    return [json.loads(request.body) for request in server.requests]


async def test_title_and_text_arrive_filled_in(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"")
    assert await send(f"json://127.0.0.1:{server.port}/hook") == "Sent JSON POST notification."
    (message,) = sent(server)
    assert message["title"] == "Brief: 2 stories"
    assert message["message"].splitlines() == [
        "The bay grows & grows",
        "<\u2060b>Bridges<\u2060/b> @\u2060everyone",
        "https://watch.example.org/e/1",
    ]


async def test_a_push_service(server: FeedServer) -> None:
    server.documents["/"] = Document(b"{}", content_type="application/json")
    assert "ntfy" in await send(f"ntfy://127.0.0.1:{server.port}/bay-topic")
    (message,) = sent(server)
    assert (message["topic"], message["title"]) == ("bay-topic", "Brief: 2 stories")


async def test_a_long_text_goes_in_parts(server: FeedServer) -> None:
    server.documents[f"/hooks/{TOKEN}"] = Document(b"ok")
    lines = [f"{number}. Headline of some length, as they are" for number in range(150)]
    await send(f"mmost://127.0.0.1:{server.port}/{TOKEN}", Body("Brief", "", "\n".join(lines)))
    messages = [message["text"] for message in sent(server)]
    assert len(messages) > 1
    assert all(len(message) <= 4000 for message in messages)
    assert "".join("".join(messages).split()) == "Brief" + "".join("".join(lines).split())


async def test_the_url_may_say_that_a_long_text_is_cut(server: FeedServer) -> None:
    server.documents[f"/hooks/{TOKEN}"] = Document(b"ok")
    await send(f"mmost://127.0.0.1:{server.port}/{TOKEN}?overflow=truncate", Body("Brief", "", "line\n" * 2000))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Document(b'{"message":"the disk is full"}', status=500), ["500", "the disk is full"]),
        (Document(b"no such channel", status=404), ["404", "no such channel"]),
        (Document(b"slow down", status=429), ["429", "slow down"]),
        (Document(f"{TOKEN} is no token of ours".encode(), status=401), ["401", "… is no token of ours"]),
        (Document(raw=b""), ["Connection error"]),
    ],
    ids=["500", "404", "429", "401", "closes"],
)
async def test_the_servers_words_are_told_and_the_token_is_not(
    answer: Document,
    words: list[str],
    server: FeedServer,
    log: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    server.documents[f"/hooks/{TOKEN}"] = answer
    told = str(await refused(f"mmost://127.0.0.1:{server.port}/{TOKEN}"))
    assert [word for word in words if word not in told] == []
    assert TOKEN not in told + log.getvalue() + "".join(capfd.readouterr())


async def test_nobody_listens(unused_tcp_port: int) -> None:
    told = str(await refused(f"mmost://127.0.0.1:{unused_tcp_port}/{TOKEN}"))
    assert "Connection refused" in told
    assert TOKEN not in told


async def test_the_url_may_say_how_long_a_service_is_waited_for(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"", delay=3)
    assert "timed out" in str(await refused(f"json://127.0.0.1:{server.port}/hook?rto=0.2"))


async def test_a_server_that_drips_holds_nobody_up(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"x" * 400, drip=0.02)
    error = await refused(f"json://127.0.0.1:{server.port}/hook", within=timedelta(seconds=0.3))
    assert str(error) == "no answer within 0.3 seconds"


async def test_a_wrong_url_is_told_at_the_first_message() -> None:
    error = await refused("slack://T1JJ3T3L2/hidden-token")
    assert str(error) == (
        "the Apprise URL slack://... cannot be used: An invalid Slack (second) Token (…) was specified."
    )


async def test_the_settings_open_it(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"")
    settings = ChannelSettings.model_validate({"apprise": f"json://127.0.0.1:{server.port}/hook"})
    async with open_channel(settings) as channel:
        for _ in range(2):
            await channel.send(BODY, ADA, message_id="<1@watch.example.org>")
    assert len(server.requests) == 2
