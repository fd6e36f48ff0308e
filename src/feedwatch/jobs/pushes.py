"""WebSub, the hub's part: it verifies what we asked for, denies it, or pushes what a source has published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.jobs.hub_plan import AFTER_DENIAL, lease_granted, renew_after
from feedwatch.jobs.websub import in_one_line
from feedwatch.store.hub_leases import (
    LeaseRow,
    confirm_lease,
    deny_lease,
    find_lease,
    forget_lease,
    record_disbelief,
    record_push,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.poll import PollOutcome

log = structlog.get_logger("feedwatch.websub")

TakePushed = Callable[["JobContext", int, bytes, str | None], Awaitable["PollOutcome"]]
"""What stores a pushed document: context, the source's id, the body, its Content-Type."""


@dataclass(frozen=True, slots=True)
class HubCall:
    """What a hub's GET says (WebSub, 5.2 and 5.3), as it stands in the query; None for what is missing."""

    mode: str | None
    topic: str | None
    challenge: str | None = None
    lease_seconds: str | None = None
    reason: str | None = None


def answer_to(lease: LeaseRow, call: HubCall) -> str | None:
    """What a hub is told: its challenge where we agree, nothing ("") where it denies; None where we do not agree.

    We agree with what we have asked for, of the topic that we asked for, and with nothing else.
    """
    if call.topic != lease.topic:
        return None
    is_wanted = lease.is_enabled and lease.state != "unwanted"
    if call.mode == "denied" and is_wanted:
        return ""
    if call.mode == "subscribe" and is_wanted and lease.state in {"asked", "active"}:
        return call.challenge or None
    if call.mode == "unsubscribe" and lease.state == "unwanted":
        return call.challenge or None
    return None


async def lease_of(context: JobContext, token: str) -> LeaseRow | None:
    """The lease that a callback belongs to."""

    def find() -> LeaseRow | None:
        with context.store.read() as session:
            return find_lease(session, token)

    return await context.in_store(find)


async def hear_hub(context: JobContext, lease: LeaseRow, call: HubCall) -> str | None:
    """Take over what the hub says; returns the body of our answer, or None where we do not agree (404)."""
    answer = answer_to(lease, call)
    if answer is None:
        log.warning("hub not agreed with", source=lease.source, state=lease.state, mode=in_one_line(call.mode or ""))
        return None
    now = context.clock()
    if call.mode == "denied":
        reason = in_one_line(call.reason or "") or "it gave no reason"
        error = f"the hub {lease.hub} will not push: {reason}"
        await _write(context, partial(deny_lease, token=lease.token, reason=error, again_at=now + AFTER_DENIAL))
        log.warning("hub denies", source=lease.source, hub=lease.hub, reason=reason)
    elif call.mode == "unsubscribe":
        await _write(context, partial(forget_lease, token=lease.token))
        log.info("hub let go", source=lease.source, hub=lease.hub)
    else:
        granted = lease_granted(call.lease_seconds)
        confirm = partial(
            confirm_lease, token=lease.token, lease_until=now + granted, renew_at=now + renew_after(granted)
        )
        if not await _write(context, confirm):
            return None  # no longer wanted since we looked
        log.info("hub pushes", source=lease.source, hub=lease.hub, until=now + granted)
    return answer


def is_over(lease: LeaseRow) -> bool:
    """Whether nothing is to be pushed any more, which the hub learns from a 410 (WebSub, 7)."""
    return lease.state == "unwanted" or not lease.is_enabled


async def end_lease(context: JobContext, lease: LeaseRow) -> None:
    """Forget a lease whose hub is being told that it is over."""
    await _write(context, partial(forget_lease, token=lease.token))
    log.info("hub told that it is over", source=lease.source, hub=lease.hub)


async def disbelieve(context: JobContext, lease: LeaseRow, why: str) -> None:
    """Ignore what came without the hub's signature (WebSub, 7.1.2), and let the admin know."""
    error = f"something was pushed that {why}, and was ignored (WebSub, 7.1)"
    await _write(context, partial(record_disbelief, token=lease.token, error=error))
    log.warning("push ignored", source=lease.source, hub=lease.hub, why=why)


async def take_push(
    context: JobContext, lease: LeaseRow, body: bytes, content_type: str | None, take: TakePushed
) -> None:
    """Store what the hub pushed; returns when it is committed. Raises what storing it raises.

    What cannot be read is no reason for the hub to push it again: its source is polled as if it had no hub, until a
    push can be read.
    """
    outcome = await take(context, lease.source_id, body, content_type)
    pushed_at = None if outcome.error else context.clock()
    await _write(context, partial(record_push, token=lease.token, pushed_at=pushed_at, error=outcome.error))
    log.info("pushed", source=lease.source, hub=lease.hub, bytes=len(body), new=outcome.result.new_items)


async def _write(context: JobContext, work: Callable[[Session], bool | None]) -> bool | None:
    def write() -> bool | None:
        with context.store.begin() as session:
            return work(session)

    return await context.in_store(write)
