"""A watchlist followed by a feed reader: by feedparser and by our own parser, from a real server."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import feedparser
import httpx
import pytest
import uvicorn

from feedwatch.jobs.poll import take_pushed
from feedwatch.jobs.watchlist_feed import feed_path
from feedwatch.parse import parse
from feedwatch.settings import WebSettings
from feedwatch.store.watchlist_feed import feed_token, stop_feed
from feedwatch.web import make_app
from tests.integration.jobs.newsroom import Newsroom, open_newsroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.applications import Starlette

    from feedwatch.jobs.watchlist_feed import Form
    from feedwatch.store import Store

PUBLIC = "https://watch.example.org"
TEXT = "The Greater Bay Area grows, say those who know. "
LONG = TEXT + "More of it is expected. " * 20


@dataclass(frozen=True)
class Reader:
    """A newsroom that is served, and a reader of its feeds."""

    newsroom: Newsroom
    client: httpx.AsyncClient

    def path(self, form: Form = "atom", watchlist: str = "Bay Area", *, renew: bool = False) -> str:
        with self.newsroom.store.begin() as session:
            return feed_path(feed_token(session, watchlist, renew=renew), form)

    async def get(self, form: Form = "atom", headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.client.get(self.path(form), headers=headers)

    async def entries(self) -> list[Any]:
        read = feedparser.parse((await self.get()).content)
        assert (read.bozo, read.version) == (False, "atom10")
        entries: list[Any] = read.entries
        return entries


@asynccontextmanager
async def _open(store: Store, folder: Path) -> AsyncIterator[Reader]:
    async with open_newsroom(store, folder) as newsroom:
        web = WebSettings(public_url=PUBLIC)
        newsroom.context.settings = newsroom.context.settings.model_copy(update={"web": web})
        async with (
            _served(make_app(newsroom.context, take_pushed)) as url,
            httpx.AsyncClient(base_url=url) as client,
        ):
            yield Reader(newsroom, client)


@pytest.fixture
async def reader(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Reader]:
    """What HTTP decides is the same on every database."""
    async with _open(sqlite_store, tmp_path) as opened:
        yield opened


@pytest.fixture
async def anywhere(store: Store, tmp_path: Path) -> AsyncIterator[Reader]:
    """On both databases."""
    async with _open(store, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def _served(app: Starlette) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def test_feedparser_follows_it(reader: Reader) -> None:
    reader.newsroom.publish(
        "aa", "Greater Bay Area & <b>bridges</b>", text=f"{LONG}大湾区 in the end.", tags=("policy",)
    )
    read = feedparser.parse((await reader.get()).content)
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.title == "Bay Area"
    (link,) = [link.href for link in read.feed.links if link.rel == "self"]
    assert link == PUBLIC + reader.path()
    (entry,) = read.entries
    assert entry.title == "Greater Bay Area & <b>bridges</b>"
    assert entry.link.startswith("https://aa.example/")
    assert entry.published == "2026-03-02T09:30:00Z"
    assert (entry.author, entry.source.title) == ("AA", "AA")
    assert [tag.term for tag in entry.tags] == ["Bay Area", "policy"]
    assert (
        "<strong>Greater Bay Area</strong> grows" in entry.content[0].value
        or "<strong>大湾区</strong>" in entry.content[0].value
    )


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("atom", "application/atom+xml; charset=utf-8"), ("json", "application/feed+json")],
)
async def test_our_own_parser_follows_it(form: Form, content_type: str, reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area", text=LONG)
    reader.newsroom.publish("bb", "大湾区 grows", language="zh-Hans")
    response = await reader.get(form)
    assert response.headers["Content-Type"] == content_type
    document = parse(response.content, content_type=content_type, url=PUBLIC)
    assert (document.title, document.warnings) == ("Bay Area", ())
    first, second = document.entries
    assert [entry.title for entry in (first, second)] == ["大湾区 grows", "Greater Bay Area"]
    assert (first.authors, first.language, first.published) == (("BB",), "zh-Hans", "2026-03-02T09:30:00Z")
    assert "<strong>Greater Bay Area</strong>" in second.content
    assert first.guid != second.guid


async def test_both_forms_have_the_same_entries(reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area", "Greater Bay Area again")
    reader.newsroom.publish("bb", "Greater Bay Area")
    document = json.loads((await reader.get("json")).content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert (document["title"], document["feed_url"]) == ("Bay Area", PUBLIC + reader.path("json"))
    ids = [entry.id for entry in await reader.entries()]
    assert [item["id"] for item in document["items"]] == ids
    assert len(set(ids)) == len(ids) == 2  # a copy is no entry


async def test_an_entry_stays_itself_whatever_comes(anywhere: Reader) -> None:
    newsroom = anywhere.newsroom
    newsroom.publish("aa", "Greater Bay Area")
    (before,) = await anywhere.entries()
    newsroom.clock.pass_time(hours=1)
    newsroom.publish("bb", "Greater Bay Area")
    (copied,) = await anywhere.entries()
    assert 'Also in:</p><ul><li><a href="https://bb.example/' in copied.content[0].value
    newsroom.clock.pass_time(hours=1)
    newsroom.publish("aa", "Greater Bay Area", text=f"{LONG}And so it went.", updated_at=newsroom.clock())
    (revised,) = await anywhere.entries()
    assert "<strong>Greater Bay Area</strong> grows" in revised.content[0].value
    assert {before.id, copied.id, revised.id} == {before.id}
    assert before.id.startswith("urn:uuid:")
    assert revised.updated > before.updated


async def test_it_shows_fifty(anywhere: Reader) -> None:
    anywhere.newsroom.publish("aa", *(f"Greater Bay Area, part {number}" for number in range(30)))
    anywhere.newsroom.clock.pass_time(minutes=1)
    anywhere.newsroom.publish("aa", *(f"Greater Bay Area, part {number}" for number in range(30, 60)))
    entries = await anywhere.entries()
    shown = [*range(30, 60), *range(20)]  # of what came at one time, what its source lists first
    assert [entry.title for entry in entries] == [f"Greater Bay Area, part {number}" for number in shown]


async def test_hostile_text_is_text(anywhere: Reader) -> None:
    title = "Greater Bay Area <script>alert(1)</script> \x0b\ufffe ]]>"
    anywhere.newsroom.publish("aa", title, text=f"{title} & more", url="javascript:alert(1)")
    (entry,) = await anywhere.entries()
    assert "javascript:" not in (await anywhere.get()).text
    assert "<script" not in entry.content[0].value
    (item,) = json.loads((await anywhere.get("json")).content)["items"]
    assert item["title"] == title
    assert "<script" not in item["content_html"]
    assert "url" not in item


async def test_a_feed_of_nothing_is_a_feed(anywhere: Reader) -> None:
    assert await anywhere.entries() == []
    assert json.loads((await anywhere.get("json")).content)["items"] == []


async def test_what_every_answer_says(reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area")
    response = await reader.get()
    assert response.headers["Cache-Control"] == "private, max-age=300"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(r'W/"[\w.-]+"', response.headers["ETag"])
    assert response.headers["Last-Modified"] == "Mon, 02 Mar 2026 09:30:00 GMT"
    head = await reader.client.head(reader.path())
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize(
    "condition",
    [
        {"If-None-Match": "{etag}"},
        {"If-None-Match": '"other", {etag}'},
        {"If-None-Match": "{strong}"},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "{modified}"},
        {"If-None-Match": "{etag}", "If-Modified-Since": "Mon, 02 Mar 2020 09:30:00 GMT"},
    ],
    ids=str,
)
async def test_nothing_new_is_304(condition: dict[str, str], reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area")
    given = await reader.get()
    etag = given.headers["ETag"]
    values = {"etag": etag, "strong": etag.removeprefix("W/"), "modified": given.headers["Last-Modified"]}
    asked = {name: value.format(**values) for name, value in condition.items()}
    answer = await reader.get(headers=asked)
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    reader.newsroom.clock.pass_time(minutes=1)
    reader.newsroom.publish("bb", "Greater Bay Area anew")
    assert (await reader.get(headers=asked)).status_code == (304 if asked == {"If-None-Match": "*"} else 200)


@pytest.mark.parametrize(
    "condition",
    [
        {"If-None-Match": '"other"'},
        {"If-None-Match": "nonsense"},
        {"If-None-Match": '"other"', "If-Modified-Since": "Mon, 02 Mar 2026 09:30:00 GMT"},
        {"If-Modified-Since": "Mon, 02 Mar 2026 09:29:59 GMT"},
        {"If-Modified-Since": "yesterday"},
    ],
    ids=str,
)
async def test_a_reader_that_has_something_else_gets_the_feed(condition: dict[str, str], reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area")
    answer = await reader.get(headers=condition)
    assert (answer.status_code, answer.content[:5]) == (200, b"<?xml")


async def test_the_two_forms_are_not_taken_for_each_other(reader: Reader) -> None:
    atom = await reader.get("atom")
    assert (await reader.get("json", {"If-None-Match": atom.headers["ETag"]})).status_code == 200


@pytest.mark.parametrize("path", ["/f/unknown.atom", "/f/.atom", f"/f/{'A' * 32}.json", "/f/%00.atom", "/f/a%2Fb.atom"])
async def test_an_unknown_token_leads_nowhere(path: str, reader: Reader) -> None:
    reader.path()
    assert (await reader.client.get(path)).status_code == 404


async def test_a_url_that_was_ended_leads_nowhere(reader: Reader) -> None:
    first = reader.path()
    second = reader.path(renew=True)
    assert [(await reader.client.get(path)).status_code for path in (first, second)] == [404, 200]
    with reader.newsroom.store.begin() as session:
        stop_feed(session, "Bay Area")
    assert (await reader.client.get(second)).status_code == 404


async def test_a_watchlist_has_its_own_feed(reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area", "A bridge opens")
    answer = await reader.client.get(reader.path(watchlist="Bridges"))
    assert [entry.title for entry in feedparser.parse(answer.content).entries] == ["A bridge opens"]


async def test_many_readers_at_once_are_all_answered(reader: Reader) -> None:
    reader.newsroom.publish("aa", "Greater Bay Area")
    answers = await asyncio.gather(*(reader.get() for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
