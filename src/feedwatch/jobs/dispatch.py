"""One delivery sent, or not, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from feedwatch.deliver import ServerDown, build_message, plan_retry
from feedwatch.deliver.channels import open_channel
from feedwatch.deliver.dkim import is_slow, read_key, signed
from feedwatch.errors import DeliveryError, DocumentError
from feedwatch.jobs.bounces import heed_refusal
from feedwatch.jobs.ends import Ends
from feedwatch.jobs.outgoing import outgoing_mail, personal_of
from feedwatch.store.outbox import End

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from contextlib import AsyncExitStack
    from datetime import datetime

    from feedwatch.deliver import Message, Sender
    from feedwatch.deliver.channels import Channel
    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.links import Links
    from feedwatch.store.outbox import ClaimedDelivery

log = structlog.get_logger("feedwatch.deliver")


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


class Dispatch:
    """Sends deliveries and records their ends, for one emptying of the outbox."""

    def __init__(
        self,
        context: JobContext,
        sender: Sender,
        links: Links,
        report: DeliveryReport,
        opened: AsyncExitStack,
        lease: timedelta,
    ) -> None:
        self._context = context
        self._sender = sender
        self._links = links
        self._report = report
        self._opened = opened
        self._half_lease = lease / 2
        self._ends = Ends(context)
        self._channels: dict[str, Channel] = {}
        self.server_down: str | None = None
        """Why no mail could be sent, where that was so."""
        dkim = context.settings.mail.dkim
        self._key = read_key(dkim) if dkim is not None else None

    async def send_mail(self, delivery: ClaimedDelivery) -> None:
        """By mail, unless it must wait for the server or for its domain."""
        now, pace = self._context.clock(), self._context.pace
        if delivery.unwanted is None:
            # Half of a lease must be left: it covers the slowest server that a connection bears.
            if now >= delivery.lease_until - self._half_lease or not pace.allowed(now, 1):
                await self._put_back(delivery, None)
                return
            if wait := pace.wait_for(delivery.address, now):
                await self._put_back(delivery, now + wait)
                return
        await self._send(delivery, self._mailed(delivery))

    async def send_by_channel(self, delivery: ClaimedDelivery) -> None:
        """By the channel that it names."""
        if delivery.unwanted is None and self._context.clock() >= delivery.lease_until - self._half_lease:
            await self._put_back(delivery, None)
            return
        await self._send(delivery, self._told(delivery))

    async def _send(self, delivery: ClaimedDelivery, sending: Awaitable[str]) -> None:
        try:
            receipt = await sending
        except ServerDown as error:
            await self._server_down(delivery, error)
        except DeliveryError as error:
            await self._not_sent(delivery, error)
        except Exception as error:
            log.exception("not sent, for a reason that feedwatch does not know", to=delivery.address)
            await self._not_sent(delivery, DeliveryError(f"{type(error).__name__}: {error}", permanent=False))
        else:
            await self._ends.record(End(delivery.id, "sent", receipt=receipt))
            self._report.states["sent"] += 1
            self._report.receipts.append((delivery.address, receipt))
            log.info("sent", to=delivery.address, delivery=delivery.id, receipt=receipt)

    async def _mailed(self, delivery: ClaimedDelivery) -> str:
        _refuse_unwanted(delivery)
        message = build_message(outgoing_mail(delivery, self._context.settings, self._links))
        receipt = await self._sender.send(await self._signed(message), delivery.address, delivery.id)
        self._context.pace.revive()
        return receipt

    async def _signed(self, message: Message) -> Message:
        if self._key is None:
            return message
        if not is_slow(self._key):
            return signed(message, self._key)
        try:
            return await self._context.workers.run(signed, message, self._key)
        except DocumentError as error:  # as workers tell of everything that stops them
            raise DeliveryError(f"the mail could not be signed: signing {error}", permanent=False) from error

    async def _told(self, delivery: ClaimedDelivery) -> str:
        _refuse_unwanted(delivery)
        channel = await self._channel(delivery.channel)
        return await channel.send(delivery.body, personal_of(delivery, self._links), message_id=delivery.message_id)

    async def _channel(self, name: str) -> Channel:
        if name not in self._channels:
            settings = self._context.settings.channels.get(name)
            if settings is None:
                raise DeliveryError(f"not sent: no channel {name!r} is configured any more", permanent=True)
            self._channels[name] = await self._opened.enter_async_context(open_channel(settings))
        return self._channels[name]

    async def _put_back(self, delivery: ClaimedDelivery, again_at: datetime | None) -> None:
        """Untried: for another time, or to keep its turn."""
        state = "retry" if delivery.attempts else "pending"
        await self._ends.record(End(delivery.id, state, is_try=False, again_at=again_at))

    async def _server_down(self, delivery: ClaimedDelivery, error: ServerDown) -> None:
        """Nobody's mail can go: the server rests, and each delivery keeps its turn for as long as it may be tried."""
        now = self._context.clock()
        rests_until = self._context.pace.rest(now)
        oldest = now - self._context.settings.mail.give_up_after
        state = "dead" if delivery.waiting_since < oldest else "retry"
        await self._ends.record(End(delivery.id, state, is_try=False, error=str(error)))
        self.server_down = str(error)
        self._tell(delivery, state, str(error), again_at=rests_until)

    async def _not_sent(self, delivery: ClaimedDelivery, error: DeliveryError) -> None:
        again_at = None
        if not error.permanent:
            again_at = _again_at(delivery, error, self._context.clock(), self._context.settings.mail.give_up_after)
        state = "dead" if again_at is None else "retry"
        is_try = delivery.unwanted is None
        await self._ends.record(End(delivery.id, state, is_try=is_try, error=str(error), again_at=again_at))
        self._tell(delivery, state, str(error), again_at=again_at)
        if error.permanent and is_try and delivery.channel == "mail":
            refused = {"address": delivery.address, "message_id": delivery.message_id, "words": str(error)}
            await heed_refusal(self._context, **refused)

    def _tell(self, delivery: ClaimedDelivery, state: str, error: str, **facts: object) -> None:
        self._report.states[state] += 1
        self._report.errors.append((delivery.address, error))
        write = log.error if state == "dead" else log.warning
        write("not sent", to=delivery.address, delivery=delivery.id, error=error, state=state, **facts)


def _refuse_unwanted(delivery: ClaimedDelivery) -> None:
    if delivery.unwanted is not None:
        raise DeliveryError(delivery.unwanted, permanent=True)


def _again_at(
    delivery: ClaimedDelivery, error: DeliveryError, now: datetime, give_up_after: timedelta
) -> datetime | None:
    """When it is tried again, not before the other side wants it; None when it was tried for long enough."""
    again_at = plan_retry(delivery.attempts + 1, delivery.waiting_since, now, give_up_after)
    if again_at is None or error.retry_after is None:
        return again_at
    return max(again_at, min(now + timedelta(seconds=error.retry_after), delivery.waiting_since + give_up_after))
