"""Sending what waits in the outbox, and deciding what becomes of each mail."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from feedwatch.deliver import FolderSender, Sender, SmtpSender, build_message, plan_retry
from feedwatch.digest.personal import fill
from feedwatch.errors import DeliveryError
from feedwatch.jobs.links import open_links
from feedwatch.model import OutgoingMail
from feedwatch.store import deliveries

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.links import Links
    from feedwatch.settings import Settings
    from feedwatch.store.deliveries import ClaimedDelivery

log = structlog.get_logger("feedwatch.deliver")

LEASE = timedelta(minutes=15)
_BATCH = 10
_SAFE = LEASE / 2
"""How far into a lease a mail may still be begun: what is left covers the slowest server that SmtpSender bears."""


@dataclass(slots=True)
class DeliveryReport:
    """What came of emptying the outbox."""

    states: Counter[str] = field(default_factory=Counter)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    """(address, where it went) of what was sent."""
    errors: list[tuple[str, str]] = field(default_factory=list)
    """(address, why) of what was not."""

    def __add__(self, other: DeliveryReport) -> DeliveryReport:
        return DeliveryReport(self.states + other.states, self.receipts + other.receipts, self.errors + other.errors)


def open_sender(settings: Settings) -> Sender:
    """SMTP where a server is configured, else the folder of .eml files."""
    if settings.mail.smtp is not None:
        return SmtpSender(settings.mail.smtp)
    return FolderSender(settings.outbox)


async def send_due(context: JobContext) -> DeliveryReport:
    """Send everything that waits. Each mail's end is committed before the next is sent.

    Between the server's acceptance and that commit lies the one moment in which a crash leads to a second copy,
    with the same Message-ID.
    """
    report = DeliveryReport()
    async with open_sender(context.settings) as sender:
        while True:
            begun = context.clock()
            claimed = await context.in_store(partial(_claim, context))
            if not claimed:
                return report
            links = await context.in_store(partial(open_links, context.store, context.settings, begun))
            for delivery in claimed:
                if context.clock() - begun >= _SAFE:
                    await context.in_store(partial(_give_back, context))
                    break
                await _to_its_end(_send(context, sender, links, delivery, report))


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Let a mail that has begun end, even when told to stop: half way it may be accepted and not yet recorded."""
    sending = asyncio.ensure_future(work)
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        await sending
        raise


def _claim(context: JobContext) -> list[ClaimedDelivery]:
    with context.store.read() as session:  # most ticks find nothing: no need to take the writer's lock for that
        if not deliveries.has_due(session, context.clock()):
            return []
    with context.store.begin() as session:
        return deliveries.claim_deliveries(session, owner=context.owner, now=context.clock(), lease=LEASE, limit=_BATCH)


def _give_back(context: JobContext) -> None:
    """Let go of what is still claimed, to be claimed anew: behind a slow server the lease would end unnoticed."""
    with context.store.begin() as session:
        deliveries.release_deliveries(session, {context.owner})


async def _send(
    context: JobContext, sender: Sender, links: Links, delivery: ClaimedDelivery, report: DeliveryReport
) -> None:
    try:
        message = build_message(_mail(delivery, context.settings, links))
        receipt = await sender.send(message, delivery.address, delivery.id)
    except DeliveryError as error:
        await _not_sent(context, delivery, error, report)
        return
    except Exception as error:
        log.exception("mail not sent, for a reason that feedwatch does not know", to=delivery.address)
        await _not_sent(context, delivery, DeliveryError(f"{type(error).__name__}: {error}", permanent=False), report)
        return
    now = context.clock()

    def mark() -> None:
        with context.store.begin() as session:
            deliveries.mark_sent(session, delivery.id, owner=context.owner, receipt=receipt, now=now)

    await context.in_store(mark)
    report.states["sent"] += 1
    report.receipts.append((delivery.address, receipt))
    log.info("sent", to=delivery.address, delivery=delivery.id, receipt=receipt)


async def _not_sent(
    context: JobContext, delivery: ClaimedDelivery, error: DeliveryError, report: DeliveryReport
) -> None:
    again_at = None
    if not error.permanent:
        again_at = plan_retry(
            delivery.attempts + 1, delivery.waiting_since, context.clock(), context.settings.mail.give_up_after
        )

    def mark() -> None:
        with context.store.begin() as session:
            if again_at is None:
                deliveries.mark_dead(session, delivery.id, owner=context.owner, error=str(error))
            else:
                deliveries.mark_retry(session, delivery.id, owner=context.owner, error=str(error), again_at=again_at)

    await context.in_store(mark)
    state = "dead" if again_at is None else "retry"
    report.states[state] += 1
    report.errors.append((delivery.address, str(error)))
    write = log.error if again_at is None else log.warning
    write("not sent", to=delivery.address, delivery=delivery.id, error=str(error), state=state, again_at=again_at)


def _mail(delivery: ClaimedDelivery, settings: Settings, links: Links) -> OutgoingMail:
    personal = links.personal(
        name=delivery.subscriber,
        address=delivery.address,
        subscriber_id=delivery.subscriber_id,
        subscription_id=delivery.subscription_id,
        subscription=delivery.subscription,
        edition_id=delivery.edition_id,
    )
    return OutgoingMail(
        message_id=delivery.message_id,
        sent_by=settings.mail.sender,
        to_name=delivery.subscriber,
        to_address=delivery.address,
        subject=delivery.subject,
        html=fill(delivery.html, personal, is_html=True),
        text=fill(delivery.text, personal),
        dated=delivery.created_at,
        list_id=f"subscription-{delivery.subscription_id}.{settings.mail.list_domain}",
        list_name=delivery.subscription,
        unsubscribe_mailto=settings.mail.unsubscribe,
        unsubscribe_url=personal.unsubscribe_url if links.base else None,
    )
