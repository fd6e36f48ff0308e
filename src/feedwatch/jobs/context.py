"""The parts that jobs work with, opened once for a daemon or a command."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from feedwatch.deliver.pace import Pace
from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.fetch import Access, Fetcher
from feedwatch.jobs.access import access_by_name, access_to
from feedwatch.jobs.workers import Workers, rest_collector
from feedwatch.sources.robots import Robots
from feedwatch.store import Store

if TYPE_CHECKING:
    from feedwatch.settings import Settings
    from feedwatch.store.claims import ClaimedSource

Clock = Callable[[], datetime]
Result = TypeVar("Result")

_OF_WORKERS = ("workers", "worker_timeout", "worker_memory")


def utc_now() -> datetime:
    """The clock of everything but tests."""
    return datetime.now(UTC)


def process_name() -> str:
    """Who holds a lease: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class JobContext:
    """What a job is given. When the configuration is reloaded, `use_settings` replaces what depends on it."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    workers: Workers
    robots: Robots
    renderer: Renderer
    owner: str
    access: Mapping[str, Access] = field(default_factory=dict)
    """Of the sources that are not asked like any other, by name."""
    clock: Clock = utc_now
    chance: Callable[[], float] = random.random
    store_thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
    )
    page_threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=2, thread_name_prefix="page")
    )

    pace: Pace = field(default_factory=Pace)
    """Of mail: it outlasts each emptying of the outbox."""
    opened: AsyncExitStack = field(default_factory=AsyncExitStack)
    """What is closed with the context."""

    async def use_settings(self, settings: Settings) -> list[str]:
        """Work with other settings from now on; returns the keys that take effect at the next start alone.

        Fetches under way end with the former client, which is closed with the context.
        """
        former, self.settings = self.settings, settings
        self.renderer = Renderer(shipped_templates(), settings.digest.templates)
        self.access = access_by_name(settings)
        if former.fetch != settings.fetch:
            self.fetcher = await self.opened.enter_async_context(Fetcher(settings.fetch))
            self.robots = Robots(self.fetcher.fetch, clock=monotonic)
        late = [f"poll.{key}" for key in _OF_WORKERS if getattr(former.poll, key) != getattr(settings.poll, key)]
        return late + [key for key in ("log", "web") if getattr(former, key) != getattr(settings, key)]

    def access_to(self, source: ClaimedSource, url: str) -> Access:
        """How a document of the source is asked for."""
        return access_to(url, source.name, source.traits.url, self.access)

    async def in_store(self, work: Callable[[], Result]) -> Result:
        """Run database work beside the event loop: one piece at a time, in the order asked for."""
        return await asyncio.get_running_loop().run_in_executor(self.store_thread, work)

    async def for_page(self, work: Callable[[], Result]) -> Result:
        """Run a page's few statements beside the event loop, and beside what waits for the store's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self.page_threads, work)


@asynccontextmanager
async def open_context(settings: Settings, store: Store) -> AsyncIterator[JobContext]:
    """Start the workers and the HTTP client for the time of a block. The store stays its opener's to close."""
    # Names are looked up in threads, of which the default has six on two cores: few slow ones would hold up all others.
    resolving = ThreadPoolExecutor(max_workers=settings.fetch.concurrency, thread_name_prefix="resolve")
    asyncio.get_running_loop().set_default_executor(resolving)
    async with AsyncExitStack() as opened:
        fetcher = await opened.enter_async_context(Fetcher(settings.fetch))
        context = JobContext(
            settings=settings,
            store=store,
            workers=opened.enter_context(Workers(settings.poll)),
            fetcher=fetcher,
            robots=Robots(fetcher.fetch, clock=monotonic),
            access=access_by_name(settings),
            renderer=Renderer(shipped_templates(), settings.digest.templates),
            owner=process_name(),
            opened=opened,
        )
        opened.callback(context.store_thread.shutdown, wait=True)
        opened.callback(context.page_threads.shutdown, wait=True)
        rest_collector()
        yield context
