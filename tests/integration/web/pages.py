"""A newsroom whose pages are served: subscribers, a clock that stands still, and a browser without scripts."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import sqlalchemy as sa

from feedwatch.jobs.links import Links, open_links
from feedwatch.jobs.poll import take_pushed
from feedwatch.settings import SignupSettings, WebSettings
from feedwatch.store import tables
from feedwatch.web import make_app, serve
from tests.integration.jobs.newsroom import open_newsroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from feedwatch.store import Store
    from tests.integration.jobs.newsroom import Newsroom

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""The body of RFC 8058, 3.1, before it is encoded."""


@dataclass(slots=True)
class Pages:
    """The newsroom, what it serves, and who looks at it."""

    room: Newsroom
    client: httpx.AsyncClient
    url: str

    @property
    def store(self) -> Store:
        return self.room.store

    @property
    def links(self) -> Links:
        """With the keys of the moment."""
        return open_links(self.store, self.room.context.settings, self.room.clock.now)

    async def get(self, url: str, **headers: str) -> httpx.Response:
        return await self.client.get(url, headers=headers)

    async def post(self, url: str, fields: Mapping[str, Any] | None = None, /, **headers: str) -> httpx.Response:
        """As a form of our own page is sent by a browser of today."""
        sent = {"Sec-Fetch-Site": "same-origin", "Origin": "null"} | headers
        return await self.client.post(url, data={**(fields or {})}, headers=sent)

    def set_web(self, **changes: Any) -> None:
        """As if the configuration had said so at the start."""
        context = self.room.context
        web = context.settings.web.model_copy(update=changes)
        context.settings = context.settings.model_copy(update={"web": web})

    def set_bodies(self, *, html: str, text: str = "") -> None:
        """As if every edition had said this."""
        with self.store.begin() as session:
            session.execute(sa.update(tables.Body).values(html=html, text=text))

    def rows(self, table: type[tables.Base], *columns: str) -> list[tuple[Any, ...]]:
        """What these columns hold, by id."""
        named = [getattr(table, column) for column in columns]
        with self.store.read() as session:
            return [tuple(row) for row in session.execute(sa.select(*named).order_by(table.id))]  # type: ignore[attr-defined]

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.store.read() as session:
            return {
                table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
                for table in tables.Base.metadata.sorted_tables
            }


def told(answer: httpx.Response) -> str:
    """What a page says: its text, without tags."""
    without = re.sub(r"<style.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(without.replace("&#39;", "'").replace("&#34;", '"').split())


@asynccontextmanager
async def open_pages(
    store: Store, folder: Path, *subscribers: dict[str, Any], signup: SignupSettings | None = None, **settings: Any
) -> AsyncIterator[Pages]:
    """A newsroom and its pages on a port of their own; `signup` lets people subscribe by themselves."""
    async with open_newsroom(store, folder, *subscribers, **settings) as room:
        listening = await serve(make_app(room.context, take_pushed), WebSettings(listen="127.0.0.1:0"))
        assert listening is not None
        url = f"http://127.0.0.1:{listening.ports[0]}"
        async with httpx.AsyncClient(timeout=20) as client:
            pages = Pages(room, client, url)
            room.context.settings = room.context.settings.model_copy(
                update={"web": WebSettings(listen="127.0.0.1:8080", public_url=url, signup=signup)}
            )
            open_links(store, room.context.settings, room.clock.now)  # makes the first key, as the first mail would
            try:
                yield pages
            finally:
                await listening.stop()
