"""A webhook: what its receiver gets, and what becomes of each of its answers."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedwatch.deliver.channels import open_channel
from feedwatch.deliver.webhook import WebhookChannel
from feedwatch.digest.personal import PLACEHOLDERS, Personal
from feedwatch.errors import DeliveryError
from feedwatch.model import Body
from feedwatch.settings import ChannelSettings
from tests.httpserver import Document, FeedServer, Request, redirect, unavailable

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
BODY = Body("Brief", "", f'{{"name":"{PLACEHOLDERS["name"]}","url":"{PLACEHOLDERS["view_url"]}","title":"大湾区"}}')
ADA = Personal('Ada "A." Lovelace', "ada@example.org", view_url="https://watch.example.org/e/1")
MESSAGE_ID = "<0b7c-1@watch.example.org>"
PAGE = Path(__file__).parents[3] / "docs" / "channels.md"


async def send(url: str, *, within: timedelta = timedelta(seconds=10), secret: str = SECRET) -> str:
    async with WebhookChannel(url, secret, timeout=within, clock=lambda: NOW) as channel:
        return await channel.send(BODY, ADA, message_id=MESSAGE_ID)


async def refused(url: str, **options: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await send(url, **options)
    return raised.value


def document(request: Request) -> Any:
    return json.loads(request.body)


async def test_the_receiver_gets_signed_json(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"taken, thanks", content_type="text/plain")
    assert await send(server.url("/hook")) == "200 OK: taken, thanks"
    (request,) = server.requests
    assert (request.method, request.header("Content-Type")) == ("POST", "application/json")
    assert document(request) == {"name": 'Ada "A." Lovelace', "url": "https://watch.example.org/e/1", "title": "大湾区"}
    assert request.header("webhook-id") == "0b7c-1@watch-example-org"
    assert request.header("webhook-timestamp") == str(int(NOW.timestamp()))


async def test_the_receiver_of_the_page_believes_it_and_nothing_else(server: FeedServer) -> None:
    """The lines of Python in docs/channels.md, as they stand."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    server.documents["/hook"] = Document(b"")
    await send(server.url("/hook"))
    (request,) = server.requests
    headers = {name.lower(): value for name, value in request.headers}
    at = NOW.timestamp()
    is_genuine = names["is_genuine"]
    assert is_genuine(headers, request.body, SECRET, at + 299)
    for wrong in (
        is_genuine(headers, request.body + b" ", SECRET, at),
        is_genuine(headers | {"webhook-id": "another"}, request.body, SECRET, at),
        is_genuine(headers, request.body, "whsec_" + "A" * 32, at),
        is_genuine(headers, request.body, SECRET, at + 301),
    ):
        assert not wrong


async def test_every_try_has_the_same_id_and_its_own_time(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"")
    now = NOW
    async with WebhookChannel(server.url("/hook"), SECRET, clock=lambda: now) as channel:
        for _ in range(2):
            await channel.send(BODY, ADA, message_id=MESSAGE_ID)
            now += timedelta(minutes=1)
    first, second = server.requests
    assert first.header("webhook-id") == second.header("webhook-id")
    assert int(second.header("webhook-timestamp") or 0) - int(first.header("webhook-timestamp") or 0) == 60
    assert first.header("webhook-signature") != second.header("webhook-signature")
    assert server.connections == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_taken(status: int, server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"", status=status)
    assert (await send(server.url("/hook"))).startswith(str(status))


@pytest.mark.parametrize(
    ("status", "is_permanent"),
    [
        (410, True),  # the receiver wants no more
        (400, True),  # this document, which stays the same
        (413, True),
        (415, True),
        (422, True),
        (401, False),  # whoever set it up can mend it
        (403, False),
        (404, False),
        (409, False),
        (429, False),
        (500, False),
        (503, False),
        (599, False),
    ],
)
async def test_not_taken(status: int, is_permanent: bool, server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"no\r\n\x1b[31mroom", status=status, content_type="text/plain")
    error = await refused(server.url("/hook"))
    assert error.permanent is is_permanent
    assert re.fullmatch(rf"the webhook answered {status}( [\w '-]+)?: no \[31mroom", str(error))


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [("120", 120), ("Mon, 02 Mar 2026 09:40:15 GMT", 600), (None, None), ("soon", None)],
)
async def test_the_receiver_says_when_to_come_again(
    sent: str | None, seconds: float | None, server: FeedServer
) -> None:
    server.documents["/hook"] = unavailable(429, sent)
    assert (await refused(server.url("/hook"))).retry_after == seconds


async def test_redirects_are_not_followed(server: FeedServer) -> None:
    server.documents["/hook"] = redirect("/elsewhere", 307)
    error = await refused(server.url("/hook"))
    assert (error.permanent, "name the new URL in the configuration" in str(error)) == (False, True)
    assert [request.path for request in server.requests] == ["/hook"]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Document(b"late", delay=30), "the webhook gave no answer within 0.3 seconds"),
        (Document(b"drip" * 100, drip=0.05), "the webhook gave no answer within 0.3 seconds"),
        (Document(raw=b""), "the webhook cannot be reached: Server disconnected without sending a response."),
        (Document(raw=b"HTTP/1.1 what?\r\n\r\n"), "the webhook cannot be reached: illegal status line"),
    ],
    ids=["slow", "drips", "closes", "babbles"],
)
async def test_a_receiver_in_trouble_is_asked_again(answer: Document, problem: str, server: FeedServer) -> None:
    server.documents["/hook"] = answer
    error = await refused(server.url("/hook"), within=timedelta(seconds=0.3))
    assert (str(error)[: len(problem)], error.permanent) == (problem, False)


async def test_nobody_listens(unused_tcp_port: int) -> None:
    error = await refused(f"http://127.0.0.1:{unused_tcp_port}/hook")
    assert (str(error), error.permanent) == ("the webhook cannot be reached: All connection attempts failed", False)


async def test_an_endless_answer_is_left(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"x" * 1000, endless=True, content_type="text/plain")
    said = await send(server.url("/hook"))
    assert len(said) < 250
    assert server.sent_bytes < 2_000_000


async def test_a_secret_that_is_too_short_sends_nothing(server: FeedServer) -> None:
    error = await refused(server.url("/hook"), secret="short")
    assert (error.permanent, "too short" in str(error)) == (False, True)
    assert server.requests == []


async def test_the_settings_open_it(server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"")
    settings = ChannelSettings.model_validate({"webhook": server.url("/hook"), "secret": SECRET})
    async with open_channel(settings) as channel:
        assert await channel.send(BODY, ADA, message_id=MESSAGE_ID) == "200 OK"
