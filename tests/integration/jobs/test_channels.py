"""An edition on its way by mail, chat and webhook: each gets it once, whatever becomes of the others."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.jobs.deliver import send_due
from feedwatch.jobs.links import open_links
from tests.httpserver import Document, FeedServer, unavailable
from tests.integration.jobs.newsroom import Newsroom, open_newsroom, subscriber

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ALL = ["mail", "newsroom", "archive"]


@asynccontextmanager
async def opened(store: Store, folder: Path, server: FeedServer, channels: list[str]) -> AsyncIterator[Newsroom]:
    """A newsroom with a chat at /chat and a webhook at /hook of the server."""
    named = {
        "newsroom": {"apprise": f"json://127.0.0.1:{server.port}/chat"},
        "archive": {"webhook": server.url("/hook"), "secret": SECRET},
    }
    server.documents |= {"/chat": Document(b""), "/hook": Document(b"")}
    ada = subscriber("ada", {"channels": channels})
    web = {"public_url": "https://watch.example.org"}
    async with open_newsroom(store, folder, ada, channels=named, web=web) as newsroom:
        yield newsroom


async def tell(newsroom: Newsroom, *titles: str) -> None:
    newsroom.publish("aa", *titles)
    newsroom.clock.pass_time(days=1)
    await newsroom.tick()
    await send_due(newsroom.context)


def states(newsroom: Newsroom) -> dict[str, str]:
    """Of the last edition's deliveries, by address: for another channel than mail its name."""
    rows = newsroom.deliveries()
    return {row.address: row.state for row in rows if row.edition_id == rows[-1].edition_id}


def posted(server: FeedServer, path: str) -> list[Any]:
    return [json.loads(request.body) for request in server.requests_for(path)]


def mails(folder: Path) -> int:
    return len(list(folder.glob("outbox/*.eml")))


async def test_each_channel_gets_the_edition_in_its_own_words(store: Store, tmp_path: Path, server: FeedServer) -> None:
    async with opened(store, tmp_path, server, ALL) as newsroom:
        await tell(newsroom, "Greater Bay Area grows", "A bridge opens")
        assert states(newsroom) == {"ada@example.org": "sent", "newsroom": "sent", "archive": "sent"}
    (document,) = posted(server, "/hook")
    titles = [story["title"] for section in document["sections"] for story in section["stories"]]
    assert sorted(titles) == ["A bridge opens", "Greater Bay Area grows"]
    assert document["subscriber"] == {"name": "Ada", "address": "ada@example.org"}
    (message,) = posted(server, "/chat")
    assert "Greater Bay Area grows" in message["message"]
    assert "\uf0f0" not in json.dumps([document, message], ensure_ascii=False)
    assert mails(tmp_path) == 1


async def test_what_others_read_links_to_nothing_of_the_subscribers(
    sqlite_store: Store, tmp_path: Path, server: FeedServer
) -> None:
    async with opened(sqlite_store, tmp_path, server, ALL) as newsroom:
        await tell(newsroom, "A bridge opens")
        links = open_links(sqlite_store, newsroom.context.settings, newsroom.clock.now)
    view = links.shared(1)
    (document,) = posted(server, "/hook")
    assert document["links"] == {"view": view, "archive": f"{view}/all"}
    (message,) = posted(server, "/chat")
    assert re.findall(r"https://watch\.example\.org\S*", message["message"]) == [view]
    assert "ada@example.org" not in message["message"]


async def test_no_mail_where_none_is_wanted(store: Store, tmp_path: Path, server: FeedServer) -> None:
    async with opened(store, tmp_path, server, ["archive"]) as newsroom:
        await tell(newsroom, "A bridge opens")
        assert states(newsroom) == {"archive": "sent"}
    assert mails(tmp_path) == 0


async def test_a_channel_in_trouble_holds_up_no_other_and_is_tried_again(
    store: Store, tmp_path: Path, server: FeedServer
) -> None:
    async with opened(store, tmp_path, server, ALL) as newsroom:
        server.documents |= {"/chat": unavailable(500), "/hook": unavailable(503)}
        await tell(newsroom, "A bridge opens")
        assert states(newsroom) == {"ada@example.org": "sent", "newsroom": "retry", "archive": "retry"}
        server.documents |= {"/chat": Document(b""), "/hook": Document(b"")}
        newsroom.clock.pass_time(hours=1)
        await send_due(newsroom.context)
        assert set(states(newsroom).values()) == {"sent"}
    first, second = server.requests_for("/hook")
    assert (first.body, first.header("webhook-id")) == (second.body, second.header("webhook-id"))
    assert mails(tmp_path) == 1


async def test_the_receiver_says_when_to_come_again(sqlite_store: Store, tmp_path: Path, server: FeedServer) -> None:
    async with opened(sqlite_store, tmp_path, server, ["archive"]) as newsroom:
        server.documents["/hook"] = unavailable(429, "7200")
        await tell(newsroom, "A bridge opens")
        server.documents["/hook"] = Document(b"")
        newsroom.clock.pass_time(minutes=119)
        await send_due(newsroom.context)
        assert len(server.requests_for("/hook")) == 1
        newsroom.clock.pass_time(minutes=2)
        await send_due(newsroom.context)
        assert states(newsroom) == {"archive": "sent"}


async def test_a_receiver_that_wants_no_more_is_left_alone(
    sqlite_store: Store, tmp_path: Path, server: FeedServer
) -> None:
    async with opened(sqlite_store, tmp_path, server, ["archive"]) as newsroom:
        server.documents["/hook"] = Document(b"gone", status=410)
        await tell(newsroom, "A bridge opens")
        assert states(newsroom) == {"archive": "dead"}


async def test_a_channel_that_is_configured_no_more_is_told(
    sqlite_store: Store,
    tmp_path: Path,
    server: FeedServer,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(sqlite_store, tmp_path, server, ALL) as newsroom:
        context = newsroom.context
        context.settings = context.settings.model_copy(update={"channels": {}})
        await tell(newsroom, "A bridge opens")
        assert states(newsroom) == {"ada@example.org": "sent"}
    said = capsys.readouterr().out + caplog.text  # wherever the tests before this one have led the log
    assert re.search("channel'?[=:] ?'newsroom'", said)
