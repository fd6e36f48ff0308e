"""A feedwatch that listens: sources on a server of the test's, a clock that stands still, and callbacks for hubs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from feedwatch.jobs.context import JobContext, open_context
from feedwatch.jobs.poll import CycleReport, poll_due, take_pushed
from feedwatch.jobs.provision import provision
from feedwatch.jobs.websub import HubReport, ask_hubs
from feedwatch.settings import Settings, WebSettings
from feedwatch.store import hubs, tables
from feedwatch.web import make_app, serve
from tests.httpserver import Document
from tests.integration.jobs.newsroom import NOW, PLAIN_LOG, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.jobs.pushes import TakePushed
    from feedwatch.store import Store
    from tests.httpserver import FeedServer
    from tests.hub import Hub


def atom(*titles: str, hub: str | None = None, topic: str = "") -> bytes:
    """A feed with an entry for each title, which names its hub and itself where given."""
    links = f'<link rel="self" href="{topic}"/>' + (f'<link rel="hub" href="{hub}"/>' if hub else "")
    entries = "".join(
        f"<entry><id>urn:{title}</id><title>{title}</title><updated>2026-03-02T09:00:00Z</updated>"
        f'<link href="https://rthk.example/{title.replace(" ", "-")}"/>'
        f"<summary>{title}, say those who know, and more of it is expected.</summary></entry>"
        for title in titles
    )
    head = f"<title>RTHK</title><id>urn:rthk</id><updated>2026-03-02T09:00:00Z</updated>{links}"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


@dataclass(frozen=True, slots=True)
class _Visit:
    source_id: int
    hub: hubs.Hub | None


@dataclass(slots=True)
class Room:
    """The parts, and what tests do with them. Its sources are /rthk and /scmp of `server`."""

    context: JobContext
    clock: Clock
    server: FeedServer
    url: str
    """Of what listens, without a path."""

    @property
    def store(self) -> Store:
        return self.context.store

    def topic(self, name: str = "rthk") -> str:
        return self.server.url(f"/{name}")

    def serve(self, *titles: str, hub: Hub | None, name: str = "rthk") -> bytes:
        """Let a source's server answer with a feed of these titles; returns it."""
        body = atom(*titles, hub=hub.url if hub is not None else None, topic=self.topic(name))
        self.server.documents[f"/{name}"] = Document(body, content_type="application/atom+xml")
        return body

    def want(self, hub: Hub, *names: str) -> None:
        """What a poll does whose documents name the hub, without the poll."""
        ids = {"rthk": 1, "scmp": 2}
        named = [_Visit(ids[name], hubs.Hub(hub.url, self.topic(name))) for name in names or ["rthk"]]
        with self.store.begin() as session:
            hubs.want_hubs(session, named, self.clock.now)

    async def poll(self, *names: str) -> CycleReport:
        return await poll_due(self.context, names=names or ["rthk"])

    async def ask(self) -> HubReport:
        return await ask_hubs(self.context)

    def titles(self) -> list[str]:
        """Of every item, the first first."""
        with self.store.read() as session:
            return list(session.scalars(sa.select(tables.Item.title).order_by(tables.Item.id)))

    def matched_titles(self) -> list[str]:
        query = sa.select(tables.Item.title).join(tables.Match, tables.Match.item_id == tables.Item.id)
        with self.store.read() as session:
            return list(session.scalars(query.order_by(tables.Item.id)))

    def lease(self, source_id: int = 1) -> hubs.HubStatus:
        with self.store.read() as session:
            shown = hubs.show_hub(session, source_id)
        assert shown is not None
        return shown

    def has_lease(self, source_id: int = 1) -> bool:
        with self.store.read() as session:
            return hubs.show_hub(session, source_id) is not None

    def callback(self, source_id: int = 1) -> str:
        """The callback's URL; secret, which is why nothing shows it but this."""
        return f"{self.url}/websub/{self._secrets(source_id)[0]}"

    def secret(self, source_id: int = 1) -> str:
        return self._secrets(source_id)[1]

    def _secrets(self, source_id: int) -> tuple[str, str]:
        columns = tables.HubLease.token, tables.HubLease.secret
        with self.store.read() as session:
            token, secret = session.execute(sa.select(*columns).where(tables.HubLease.source_id == source_id)).one()
        return token, secret

    def change(self, table: type[tables.Base], **values: Any) -> None:
        """Write to every row of a table."""
        with self.store.begin() as session:
            session.execute(sa.update(table).values(values))


@asynccontextmanager
async def open_room(
    store: Store,
    folder: Path,
    server: FeedServer,
    *,
    take: TakePushed = take_pushed,
    is_served: bool = True,
    fetch: dict[str, Any] | None = None,
) -> AsyncIterator[Room]:
    """A room whose callbacks store by `take`; with `is_served` false, one that the world cannot reach."""
    structlog.configure(processors=PLAIN_LOG)
    said = {
        "data_dir": str(folder),
        "sources": [{"name": name, "url": server.url(f"/{name}")} for name in ("rthk", "scmp")],
        "watchlists": [{"name": "Bridges", "terms": ["bridge"]}],
        "fetch": {"allow_private_hosts": ["127.0.0.1"], "timeout": "5s"} | (fetch or {}),
        "poll": {"workers": 1},
    }
    settings = Settings.model_validate(said)
    clock = Clock(NOW)
    provision(store, settings, clock())
    async with open_context(settings, store) as context:
        context.clock = clock
        listening = await serve(make_app(context, take), WebSettings(listen="127.0.0.1:0"))
        assert listening is not None
        try:
            url = f"http://127.0.0.1:{listening.ports[0]}"
            if is_served:
                web = WebSettings(listen="127.0.0.1:0", public_url=url)
                context.settings = settings.model_copy(update={"web": web})
            yield Room(context, clock, server, url)
        finally:
            await listening.stop()
    structlog.reset_defaults()
