"""Sending what waits in the outbox: several mails at one time, each to its end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from feedwatch.deliver import FolderSender, Sender, SmtpSender
from feedwatch.errors import StoreError
from feedwatch.jobs.dispatch import DeliveryReport, Dispatch
from feedwatch.jobs.links import open_links
from feedwatch.store import outbox
from feedwatch.store.deliveries import release_deliveries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from feedwatch.jobs.context import JobContext
    from feedwatch.settings import Settings
    from feedwatch.store.outbox import ClaimedDelivery

log = structlog.get_logger("feedwatch.deliver")

__all__ = ["LEASE", "DeliveryReport", "open_sender", "send_due"]

LEASE = timedelta(minutes=15)
_BATCH = 100
_WORTH_A_CONNECTION = 10
"""How many mails more open one connection more."""
_CHANNELS_AT_ONCE = 4


def open_sender(settings: Settings) -> Sender:
    """SMTP where a server is configured, else the folder of .eml files."""
    if settings.mail.smtp is not None:
        return SmtpSender(settings.mail.smtp)
    return FolderSender(settings.outbox)


async def send_due(context: JobContext) -> DeliveryReport:
    """Send everything that waits and may go now. Each mail's end is committed before its connection sends another.

    Between the server's acceptance and that commit lies the one moment in which a crash leads to a second copy,
    with the same Message-ID.
    """
    report = DeliveryReport()
    context.pace.use(context.settings.mail.smtp)
    if not await context.in_store(partial(_has_due, context)):
        return report
    links = await context.in_store(partial(open_links, context.store, context.settings, context.clock()))
    async with AsyncExitStack() as opened:
        sender = await opened.enter_async_context(open_sender(context.settings))
        dispatch = Dispatch(context, sender, links, report, opened, LEASE)
        try:
            await _together(
                _empty(context, dispatch.send_mail, at_once=sender.capacity, mail=True),
                _empty(context, dispatch.send_by_channel, at_once=_CHANNELS_AT_ONCE, mail=False),
            )
        except BaseException:
            with suppress(StoreError):  # then the leases end by themselves
                await context.in_store(partial(_give_back, context))
            raise
        if dispatch.server_down is not None:
            await context.in_store(partial(_give_up, context, dispatch.server_down))
    return report


def _give_up(context: JobContext, why: str) -> None:
    """While a server is down nobody's mail is tried, and none may wait for longer than it would be."""
    with context.store.begin() as session:
        too_old = context.clock() - context.settings.mail.give_up_after
        if count := outbox.give_up_waiting(session, waiting_since=too_old, error=why):
            log.error("given up", count=count, error=why)


def _has_due(context: JobContext) -> bool:
    with context.store.read() as session:  # most ticks find nothing: no need to take the writer's lock for that
        return outbox.has_due(session, context.clock())


def _give_back(context: JobContext) -> None:
    with context.store.begin() as session:
        release_deliveries(session, {context.owner})


async def _empty(
    context: JobContext, send: Callable[[ClaimedDelivery], Coroutine[Any, Any, None]], *, at_once: int, mail: bool
) -> None:
    """Send what is due by mail, or by the other channels, until nothing is or may go."""
    while claimed := await context.in_store(partial(_claim, context, mail=mail)):
        waiting: asyncio.Queue[ClaimedDelivery | None] = asyncio.Queue(_BATCH // 2)
        count = min(at_once, 1 + len(claimed) // _WORTH_A_CONNECTION)
        feeding = _feed(waiting, claimed, partial(context.in_store, partial(_claim, context, mail=mail)), count)
        await _together(feeding, *(_work(waiting, send) for _ in range(count)))


async def _feed(
    waiting: asyncio.Queue[ClaimedDelivery | None],
    claimed: list[ClaimedDelivery],
    claim: Callable[[], Awaitable[list[ClaimedDelivery]]],
    worker_count: int,
) -> None:
    """Claim more as soon as there is room, so that no connection waits for the slowest of a batch."""
    while claimed:
        for delivery in claimed:
            await waiting.put(delivery)
        claimed = await claim()
    for _ in range(worker_count):
        await waiting.put(None)


async def _work(
    waiting: asyncio.Queue[ClaimedDelivery | None], send: Callable[[ClaimedDelivery], Coroutine[Any, Any, None]]
) -> None:
    while (delivery := await waiting.get()) is not None:
        await _to_its_end(send(delivery))


def _claim(context: JobContext, *, mail: bool) -> list[ClaimedDelivery]:
    now = context.clock()
    limit = context.pace.allowed(now, _BATCH) if mail else _BATCH
    if not limit:
        return []
    with context.store.begin() as session:
        return outbox.claim_deliveries(session, owner=context.owner, now=now, lease=LEASE, limit=limit, mail=mail)


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """Run them all; the first that fails ends the others. Raises what it raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Let a mail that has begun end, even when told to stop: half way it may be accepted and not yet recorded."""
    sending = asyncio.ensure_future(work)
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        await sending
        raise
