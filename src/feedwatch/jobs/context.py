"""The parts that jobs work with, opened once for a daemon or a command."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.fetch import Fetcher
from feedwatch.jobs.workers import Workers
from feedwatch.store import Store

if TYPE_CHECKING:
    from feedwatch.settings import Settings

Clock = Callable[[], datetime]
Result = TypeVar("Result")


def utc_now() -> datetime:
    """The clock of everything but tests."""
    return datetime.now(UTC)


def process_name() -> str:
    """Who holds a lease: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class JobContext:
    """What a job is given. `settings` alone changes, when the configuration is reloaded."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    workers: Workers
    renderer: Renderer
    owner: str
    clock: Clock = utc_now
    chance: Callable[[], float] = random.random
    store_thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
    )

    async def in_store(self, work: Callable[[], Result]) -> Result:
        """Run database work beside the event loop: one piece at a time, in the order asked for."""
        return await asyncio.get_running_loop().run_in_executor(self.store_thread, work)


@asynccontextmanager
async def open_context(settings: Settings, store: Store) -> AsyncIterator[JobContext]:
    """Start the workers and the HTTP client for the time of a block. The store stays its opener's to close."""
    with Workers(settings.poll) as workers:
        async with Fetcher(settings.fetch) as fetcher:
            context = JobContext(
                settings=settings,
                store=store,
                fetcher=fetcher,
                workers=workers,
                renderer=Renderer(shipped_templates(), settings.digest.templates),
                owner=process_name(),
            )
            try:
                yield context
            finally:
                context.store_thread.shutdown(wait=True)
