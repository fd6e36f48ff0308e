"""A subscriber's story of a feed with a hub: what it pushes is in the mail seconds later, without a poll."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from time import monotonic

from tests.e2e.daemon import PATIENCE_S, Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.hub import Hub
from tests.smtpserver import SmtpServer

OLD = ("a-1", "Peel harvest begins", "Growers in Xinhui bring in the harvest of mandarin peel.")
NEW = ("a-2", "Greater Bay Area bridge opens", "A bridge of the Greater Bay Area opened to cars on Monday.")
WITHIN_S = 10
"""From the push to the mail; a poll would come after an hour."""


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


def _naming(hub: Hub, topic: str, *items: tuple[str, str, str]) -> bytes:
    links = "".join(
        f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='{rel}' href='{href}'/>"
        for rel, href in (("hub", hub.url), ("self", topic))
    )
    return feed("News", *items).replace(b"</title>", b"</title>" + links.encode(), 1)


async def _until(daemon: Daemon, event: str) -> None:
    """Wait beside the hub, which answers in the same loop."""
    await asyncio.to_thread(daemon.wait_for_events, 1, event)


async def test_what_a_hub_pushes_is_in_the_mail_within_seconds(tmp_path: Path) -> None:
    port = _free_port()
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp:
        async with Hub() as hub:
            topic = feeds.url("/news.xml")
            feeds.documents["/news.xml"] = Document(body=_naming(hub, topic, OLD), etag='"one"')
            settings = base_settings(smtp.port)
            settings["poll"] |= {"interval": "1h", "min_interval": "1h", "max_interval": "1h"}
            settings["web"] = {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}"}
            settings["sources"] = [{"name": "news", "title": "The News", "url": topic}]
            settings["subscribers"] = [subscriber("reader@example.org")]
            daemon = Daemon(tmp_path / "daemon", settings).start()
            try:
                await _until(daemon, "hub pushes")
                shown = await asyncio.to_thread(daemon.command, "sources", "show", "news")
                assert f"{hub.url}: pushes until 2" in shown.stdout, shown.stdout + shown.stderr
                assert smtp.mails() == []

                begun = monotonic()
                assert await hub.publish(topic, _naming(hub, topic, NEW, OLD), content_type="application/rss+xml") == [
                    204
                ]
                await asyncio.to_thread(daemon.wait_for, lambda: bool(smtp.mails()), "the mail")
                assert monotonic() - begun < WITHIN_S
                told = smtp.mails()[0].message.get_body(("plain",))
                assert told is not None
                assert NEW[1] in told.get_content()
                assert OLD[1] not in told.get_content()
                assert len(feeds.requests_for("/news.xml")) == 1, "the push was enough"

                assert await hub.publish(topic, _naming(hub, topic, NEW, OLD), content_type="application/rss+xml") == [
                    204
                ]
                forged = _naming(hub, topic, ("a-3", "Greater Bay Area for sale", "Forged."))
                await hub.publish(topic, forged, secret="guessed")
                await _until(daemon, "push ignored")
                shown = await asyncio.to_thread(daemon.command, "sources", "show", "news")
                assert "last push 2" in shown.stdout
                assert "wrong signature" in shown.stdout
                items = await asyncio.to_thread(daemon.command, "items")
                assert len(items.stdout.splitlines()) == 2, items.stdout
                assert len(smtp.mails()) == 1
            finally:
                code = await asyncio.wait_for(asyncio.to_thread(daemon.stop), PATIENCE_S)
            assert code == 0
