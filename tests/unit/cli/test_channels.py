"""`feedwatch channels`, and what `feedwatch check` says of them: everything but their secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.httpserver import Document, FeedServer, unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.cli.conftest import Call

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PAGE = Path(__file__).parents[3] / "docs" / "channels.md"
CONFIG = """
channels:
  newsroom: {apprise: "${CHAT_URL}"}
  archive: {webhook: "${HOOK_URL}", secret: "${HOOK_SECRET}"}
subscribers:
  - {name: A, email: a@example.org, subscriptions: [{channels: [newsroom, mail]}, {name: B, channels: [newsroom]}]}
"""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture(autouse=True)
def configured(nowhere: Path, server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "config.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("CHAT_URL", f"json://127.0.0.1:{server.port}/hidden-token")
    monkeypatch.setenv("HOOK_URL", server.url("/hook"))
    monkeypatch.setenv("HOOK_SECRET", SECRET)


def test_the_configuration_of_the_page_is_one(feedwatch: Call, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (written,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (nowhere / "config.yaml").write_text(written, encoding="utf-8")
    monkeypatch.setenv("SLACK_TOKENS", "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    answer = feedwatch("check")
    assert (answer.code, answer.err) == (0, "")


def test_list(feedwatch: Call) -> None:
    answer = feedwatch("channels", "list")
    assert answer.out.splitlines() == ["newsroom\tapprise:json\t2\tready", "archive\twebhook\t0\tready"]
    assert json.loads(feedwatch("channels", "list", "--json").out) == [
        {"name": "newsroom", "kind": "apprise:json", "subscriptions": 2, "problem": None},
        {"name": "archive", "kind": "webhook", "subscriptions": 0, "problem": None},
    ]


def test_a_list_of_none(feedwatch: Call, nowhere: Path) -> None:
    (nowhere / "config.yaml").write_text("log: {level: info}", encoding="utf-8")
    assert feedwatch("channels", "list").out.startswith("No channels yet: digests go by mail.")


def test_channels_that_can_work_are_fine(feedwatch: Call) -> None:
    assert feedwatch("check").out.startswith("config.yaml is fine")


def test_channels_that_cannot_work_are_told_with_their_lines(feedwatch: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_URL", "slakc://hidden-token")
    monkeypatch.setenv("HOOK_SECRET", "hidden")
    answer = feedwatch("check")
    assert (answer.code, answer.out) == (1, "")
    first, chat, hook = answer.err.splitlines()
    assert first == "feedwatch: the configuration cannot be used; 2 problems:"
    assert chat.startswith(
        "config.yaml:3: channels.newsroom: the Apprise URL slakc://... is of no service that Apprise"
    )
    assert hook == (
        "config.yaml:4: channels.archive: the webhook's secret is too short: give it 24 random bytes or more"
    )
    assert "hidden" not in answer.err + feedwatch("channels", "list").out


def test_a_test_message_to_a_chat(feedwatch: Call, server: FeedServer) -> None:
    server.documents["/hidden-token"] = Document(b"")
    answer = feedwatch("channels", "test", "newsroom")
    assert (answer.code, answer.out) == (0, "newsroom: Sent JSON POST notification.\n")
    (request,) = server.requests
    assert json.loads(request.body)["message"] == "Digests that are sent to the channel newsroom arrive here."


def test_a_test_message_to_a_webhook(feedwatch: Call, server: FeedServer) -> None:
    server.documents["/hook"] = Document(b"thanks", content_type="text/plain")
    answer = feedwatch("channels", "test", "archive")
    assert (answer.code, answer.out) == (0, "archive: 200 OK: thanks\n")
    (request,) = server.requests
    document = json.loads(request.body)
    assert (document["type"], document["channel"]) == ("channel.test", "archive")


def test_a_test_message_that_is_not_taken(feedwatch: Call, server: FeedServer) -> None:
    server.documents["/hook"] = unavailable(503)
    answer = feedwatch("channels", "test", "archive")
    told = "feedwatch: archive: the webhook answered 503 Service Unavailable: later\n"
    assert (answer.code, answer.out, answer.err) == (1, "", told)


def test_a_channel_that_there_is_not(feedwatch: Call) -> None:
    answer = feedwatch("channels", "test", "newroom")
    told = "feedwatch: the configuration has no channel named 'newroom'; did you mean 'newsroom'?\n"
    assert (answer.code, answer.err) == (2, told)
