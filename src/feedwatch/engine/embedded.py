"""The daemon in one process: a first cycle, then APScheduler's ticks, until a signal ends it.

The clock knows seven ticks and no source: when something is due stands in the database, so that a restart loses
nothing and 100,000 sources cost no more memory than ten.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from feedwatch import config
from feedwatch.errors import ConfigError
from feedwatch.jobs.bounces import BoxWatch
from feedwatch.jobs.context import JobContext, open_context, utc_now
from feedwatch.jobs.deliver import DeliveryReport, send_due
from feedwatch.jobs.digest import MadeEdition, make_due_editions
from feedwatch.jobs.housekeeping import keep_house
from feedwatch.jobs.poll import CycleReport, OnOutcome, PollOutcome, poll_due, take_pushed
from feedwatch.jobs.provision import provision, release_dead_leases
from feedwatch.jobs.watchlists import watch_watchlists
from feedwatch.jobs.websub import ask_hubs
from feedwatch.store import Store
from feedwatch.store.claims import count_due_sources
from feedwatch.web import make_app, serve

if TYPE_CHECKING:
    from pathlib import Path


log = structlog.get_logger("feedwatch")

_TICK_S = 2
_WATCHLISTS_S = 0.5
_HUBS_S = 10
_BOUNCES_S = 5
_HOUSEKEEPING_S = 3600
_PATIENCE_S = 10
"""How long work under way may go on after a request to stop."""


@dataclass(frozen=True, slots=True)
class FirstCycle:
    """What the first cycle came to, for the summary."""

    polled: CycleReport
    editions: list[MadeEdition]
    delivered: DeliveryReport


class Onlooker(Protocol):
    """Who watches the first cycle: a progress bar and a summary, or nobody."""

    def begin(self, total: int) -> None:
        """The first cycle begins, with so many sources to visit."""

    def visited(self, outcome: PollOutcome) -> None:
        """One of them is done."""

    def end(self, cycle: FirstCycle | None) -> None:
        """The first cycle is done; None if it was given up."""


async def run_daemon(loaded: config.Config, *, onlooker: Onlooker, once: bool = False) -> None:
    """Run until SIGINT or SIGTERM (or, with `once`, until the first cycle is done).

    SIGHUP reads the configuration again. Raises StoreError when the database cannot be used.
    """
    store = Store(loaded.settings.database_url)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)  # a second Ctrl-C does not wait

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask_to_stop)
    try:
        before, after = store.upgrade()
        if before != after:
            log.info("database upgraded", before=before, after=after)
        provisioned = provision(store, loaded.settings, utc_now())
        log.info("configuration", file=str(loaded.path), changes=str(provisioned))
        async with open_context(loaded.settings, store) as context:
            await watch_watchlists(context)
            context.workers.start()
            if released := release_dead_leases(store, context.owner):
                log.info("leases of a former run released", count=released)
            reloads: set[asyncio.Task[None]] = set()
            loop.add_signal_handler(
                signal.SIGHUP, lambda: reloads.add(asyncio.ensure_future(_reload(context, loaded.path)))
            )
            listening = await serve(make_app(context, take_pushed), loaded.settings.web)
            if listening is not None:
                context.opened.push_async_callback(listening.stop)
            with store.read() as session:
                onlooker.begin(count_due_sources(session, context.clock()))
            finished = None
            try:
                finished = await _until(stop, _first_cycle(context, onlooker.visited))
            finally:
                onlooker.end(finished)
            if not once and not stop.is_set():
                await _tick(context, stop)
            release_dead_leases(store, context.owner)  # ours too: what was given up is free for the next
    finally:
        store.close()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)
    log.info("stopped")


async def _first_cycle(context: JobContext, on_outcome: OnOutcome) -> FirstCycle:
    """Everything once, in order, so that the first digest tells of the first poll; what waited before goes first."""
    left_over = await send_due(context)
    polled = await poll_due(context, on_outcome=on_outcome)
    editions = await make_due_editions(context)
    return FirstCycle(polled, editions, left_over + await send_due(context))


async def _until(stop: asyncio.Event, work: Awaitable[FirstCycle]) -> FirstCycle | None:
    """Do the work, unless a signal comes first: then None, with the work given up. What it stored stays."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return await working
        return None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


async def _tick(context: JobContext, stop: asyncio.Event) -> None:
    """Run the clock until the signal, then let what is under way end."""
    running: set[asyncio.Task[object]] = set()

    def tick(name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            task = asyncio.ensure_future(work())
            running.add(task)
            try:
                await task
            except asyncio.CancelledError:
                raise
            except Exception:
                # The database away for a moment, say. The next tick tries again; nothing was lost.
                log.exception("tick failed", tick=name)
            finally:
                running.discard(task)

        return run

    jobs: dict[str, tuple[float, Callable[[], Awaitable[object]]]] = {
        "watchlists": (_WATCHLISTS_S, partial(watch_watchlists, context)),
        "polls": (_TICK_S, partial(poll_due, context)),
        "digests": (_TICK_S, partial(make_due_editions, context)),
        "deliveries": (_TICK_S, partial(send_due, context)),
        "hubs": (_HUBS_S, partial(ask_hubs, context)),
        "bounces": (_BOUNCES_S, BoxWatch(context).look_when_due),
        "housekeeping": (_HOUSEKEEPING_S, partial(keep_house, context)),
    }
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    for name, (seconds, work) in jobs.items():
        scheduler.add_job(tick(name, work), "interval", seconds=seconds, id=name, misfire_grace_time=None)
    scheduler.start()
    try:
        await stop.wait()
    finally:
        log.info("stopping", under_way=len(running))
        scheduler.pause()  # not shutdown, which would cancel what is under way
        under_way = set(running)
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=_PATIENCE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        scheduler.shutdown(wait=False)


async def _reload(context: JobContext, path: Path) -> None:
    """Take the configuration as it stands now; one that cannot be used changes nothing, and says why."""
    try:
        loaded = await asyncio.to_thread(config.load, path)
        if loaded.settings.database_url != context.settings.database_url:
            raise ConfigError(["another database needs a restart"])
        provisioned = await context.in_store(partial(provision, context.store, loaded.settings, context.clock()))
    except ConfigError as error:
        _keep_former(error.problems)
        return
    except Exception as error:
        log.exception("reload failed")
        _keep_former([str(error)])
        return
    if late := await context.use_settings(loaded.settings):
        log.warning("takes effect at the next start", keys=late)
    log.info("configuration reloaded", file=str(path), changes=str(provisioned))


def _keep_former(problems: list[str]) -> None:
    log.error("configuration not reloaded, the former one stays in force", problems=problems)
