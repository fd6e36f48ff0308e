"""A small feedwatch with a clock of its own: sources that publish when told, watchlists, subscribers."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from feedwatch.cluster import story_keys, text_hash
from feedwatch.jobs.context import JobContext, open_context
from feedwatch.jobs.digest import MadeEdition, make_due_editions
from feedwatch.jobs.provision import provision
from feedwatch.match import Matcher
from feedwatch.model import Item, MatchedItem
from feedwatch.settings import Settings
from feedwatch.store import tables
from feedwatch.store.deliveries import DeliveryRow, list_deliveries
from feedwatch.store.editions import EditionRow, list_editions
from feedwatch.store.polls import PollRecord, record_polls
from feedwatch.store.watchlists import active_watchlists

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""When a newsroom opens: a Monday, an hour and a half after the daily digest's time."""

SETTINGS: dict[str, Any] = {
    "sources": [
        {"name": name, "title": name.upper(), "url": f"https://{name}.example/"} for name in ("aa", "bb", "cc")
    ],
    "watchlists": [
        {"name": "Bay Area", "terms": ["Greater Bay Area", "大湾区"]},
        {"name": "Bridges", "terms": ["bridge"]},
        {"name": "Chips", "terms": ["semiconductor"]},
    ],
    "mail": {"sender": "feedwatch <watch@example.org>", "list_domain": "watch.example.org"},
}


PLAIN_LOG: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.format_exc_info,
    structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
]
"""Tracebacks as Python writes them: what structlog does by itself takes seconds."""


def subscriber(name: str, *subscriptions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A subscriber `name@example.org`; without subscriptions named, to a daily digest of everything."""
    named = [
        {"name": "Digest", "first_edition": "on_schedule"} | subscription for subscription in subscriptions or ({},)
    ]
    return {"name": name.title(), "email": f"{name}@example.org", "subscriptions": named} | fields


@dataclass(slots=True)
class Clock:
    """Time that stands still until it is told to move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass(slots=True)
class Newsroom:
    """The parts, and what tests do with them."""

    context: JobContext
    clock: Clock

    @property
    def store(self) -> Store:
        return self.context.store

    def publish(self, source: str, *titles: str, **parts: Any) -> None:
        """A visit to the source that finds an item for each title, the words of its text, or those in `parts`."""
        with self.store.begin() as session:
            matcher = Matcher(active_watchlists(session))
            source_id = session.scalars(sa.select(tables.Source.id).where(tables.Source.name == source)).one()
            items = tuple(_item(source, title, self.clock.now, parts) for title in titles)
            matched = (MatchedItem(item, story_keys(item), text_hash(item), matcher.match(item)) for item in items)
            record_polls(session, [_record(source_id, tuple(matched), self.clock.now)], self.clock.now)

    async def tick(self) -> list[MadeEdition]:
        """Make what is due."""
        return await make_due_editions(self.context)

    def editions(self) -> list[EditionRow]:
        """Every edition, the first first."""
        with self.store.read() as session:
            return list_editions(session, limit=1000)[::-1]  # type: ignore[return-value]

    def deliveries(self) -> list[DeliveryRow]:
        """Every delivery, the first first."""
        with self.store.read() as session:
            return list_deliveries(session, limit=1000)[::-1]  # type: ignore[return-value]

    def subscription(self, name: str = "Digest") -> tuple[datetime | None, datetime]:
        """When its next edition is due, and where that one's window begins."""
        columns = tables.Subscription.next_due_at, tables.Subscription.window_start
        with self.store.read() as session:
            next_due_at, window_start = session.execute(
                sa.select(*columns).where(tables.Subscription.name == name)
            ).one()
        return next_due_at, window_start

    def count(self, table: type[tables.Base]) -> int:
        """How many rows a table has."""
        with self.store.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    def execute(self, statement: str, **parameters: object) -> None:
        """Do to the database what nobody should."""
        with self.store.begin() as session:
            session.execute(sa.text(statement), parameters)


@asynccontextmanager
async def open_newsroom(
    store: Store, folder: Path, *subscribers: dict[str, Any], opens_at: datetime = NOW, **settings: dict[str, Any]
) -> AsyncIterator[Newsroom]:
    """A newsroom whose mail goes into `folder`/outbox; `settings` are added to the sections of SETTINGS."""
    structlog.configure(processors=PLAIN_LOG)
    sections = {key: SETTINGS.get(key, {}) | added for key, added in settings.items()}
    said = SETTINGS | {"data_dir": str(folder), "subscribers": subscribers} | sections
    loaded = Settings.model_validate(said)
    clock = Clock(opens_at)
    provision(store, loaded, clock())
    async with open_context(loaded, store) as context:
        context.clock = clock
        yield Newsroom(context, clock)
    structlog.reset_defaults()


def _item(source: str, title: str, now: datetime, parts: dict[str, Any]) -> Item:
    key = hashlib.sha256(title.encode()).hexdigest()[:12]
    text = (
        f"{title}, say those who know. " + f"More of it is expected in the week {key} by everybody who was asked. " * 3
    )
    values: dict[str, Any] = {
        "guid": f"{source}-{key}", "url": f"https://{source}.example/{key}", "title": title, "text": text, "html": "",
        "authors": (), "tags": (), "language": "en", "published_at": now, "published_from": "published",
    }  # fmt: skip
    return Item(**values | parts)


def _record(source_id: int, items: tuple[MatchedItem, ...], now: datetime) -> PollRecord:
    return PollRecord(
        source_id=source_id, owner="newsroom", at=now, error=None, status=200, elapsed_ms=1, body_bytes=1,
        state=None, items=items, warnings=(), failures=0, next_poll_at=now, next_poll_why="",
    )  # fmt: skip
