"""What services that read Markdown or tags of their own are sent: whole URLs, and no link or mention of a feed's."""

from __future__ import annotations

import json
import re
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.deliver.chat import ChatChannel
from feedwatch.digest.personal import PLACEHOLDERS, Personal
from feedwatch.model import Body
from tests.httpserver import Document, FeedServer
from tests.smtpserver import make_certificate

if TYPE_CHECKING:
    from pathlib import Path

VIEW = "https://watch.example.org/e/1.A-b_c-D"
URL = "https://news.example.com/a_b-c/2026_11_25?x=1#frag_(1)"
HOSTILE = "[free](https://evil.example) <https://evil.example|free> <!channel> <users/all> @all .@everyone <img src=x>"
BODY = Body(f"Brief {HOSTILE}", "", f"- Bay grows {HOSTILE} (Harbour Post)\n  {URL}\n{PLACEHOLDERS['view_url']}\n")
TOKEN = "3ccdd113474722377935511fc85d3dd4"
SERVICES = {
    "mattermost": (f"mmost://127.0.0.1:{{port}}/{TOKEN}", f"/hooks/{TOKEN}", None),
    "rocket.chat": (f"rocket://{TOKEN}/{TOKEN}@127.0.0.1:{{port}}/%23news", f"/hooks/{TOKEN}/{TOKEN}", None),
    "slack": (
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/%23news",
        "/to/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "slack.NotifySlack.webhook_url",
    ),
    "telegram": (
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "/to123456789:abcdefg_hijklmnop/sendMessage",
        "telegram.NotifyTelegram.notify_url",
    ),
    "discord": (
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3d",
        "/to/4174216298/JHMHI8qBe7bk2ZwO5U711o3d",
        "discord.NotifyDiscord.notify_url",
    ),
    "google chat": ("gchat://room/key/token", "/to?token=token&key=key", "google_chat.NotifyGoogleChat.notify_url"),
}
"""A URL of each, the path that it posts to, and where Apprise holds the service's own address, if no URL can say it."""


async def sent_to(server: FeedServer, url: str, path: str) -> str:
    """All the words that arrived there."""
    server.documents[path] = Document(b"ok", content_type="text/plain")
    async with ChatChannel(url) as channel:
        await channel.send(BODY, Personal("Ada", "ada@example.org", view_url=VIEW), message_id="<1@watch.example.org>")
    (request,) = server.requests
    return "\n".join(words_in(json.loads(request.body)))


def words_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [words for each in value for words in words_in(each)]
    return [value] if isinstance(value, str) else []


def check(words: str) -> None:
    assert "Bay grows" in words
    assert {URL, VIEW} <= set(re.split(r"\s+", words))
    assert re.search(r"\]\(|<(?!b>|/b>)[^\s\u2060]|@(?!\u2060)|\\", words) is None


@pytest.mark.parametrize("service", SERVICES)
async def test_urls_stay_whole_and_a_feed_links_and_calls_nowhere(
    service: str, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, path, address = SERVICES[service]
    if address is not None:
        monkeypatch.setattr(f"apprise.plugins.{address}", server.url("/to"))
    check(await sent_to(server, url.format(port=server.port), path))


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
async def test_as_a_card_for_teams(tmp_path: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*make_certificate(tmp_path))
    with FeedServer(tls=tls) as server:
        url = f"workflows://127.0.0.1:{server.port}/flow/{TOKEN}?verify=no"
        path = "/workflows/flow/triggers/manual/paths/invoke"
        query = f"api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={TOKEN}"
        check(await sent_to(server, url, f"{path}?{query}"))
