"""WebSub, our part: asking hubs to push what sources publish, and to go on before their leases end.

Polling goes on whatever a hub does: nothing is lost without it, it only comes later.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

from feedwatch.errors import FetchError
from feedwatch.jobs.hub_plan import LEASE_ASKED, TO_VERIFY, wait_after, wait_as_told
from feedwatch.jobs.hubclient import Posted, post_form
from feedwatch.store.hubs import HubRequest, claim_hubs, has_due_hubs, record_request

if TYPE_CHECKING:
    from datetime import timedelta

    from feedwatch.jobs.context import JobContext
    from feedwatch.settings import WebSettings

log = structlog.get_logger("feedwatch.websub")

_BATCH = 200
_HUBS_AT_ONCE = 8
_SHOWN = 200
"""Characters of a hub's own words that the admin sees."""


@dataclass(slots=True)
class HubReport:
    """What came of asking hubs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """`accepted` (to be verified by the hub) or `refused`."""
    errors: list[tuple[str, str]] = field(default_factory=list)
    """(source, why) of what was refused."""


def is_pushable(web: WebSettings) -> bool:
    """Whether hubs can reach us: somewhere is listened, and the world knows where."""
    return web.listen is not None and web.public_url is not None


def callback_url(web: WebSettings, token: str) -> str:
    """Where a hub verifies and pushes; capability URL, unique for each subscription (WebSub, 5.1)."""
    return f"{(web.public_url or '').rstrip('/')}/websub/{token}"


async def ask_hubs(context: JobContext) -> HubReport:
    """Send every request to a hub that is due, until none is left; nothing where hubs could not reach us.

    Hubs are asked side by side, each one thing after the other. One that cannot be reached is asked once a round: its
    other requests wait as if they had failed too.
    """
    report = HubReport()
    while is_pushable(context.settings.web):
        claimed = await context.in_store(partial(_claim, context))
        if not claimed:
            break
        requests_by_hub: defaultdict[str, list[HubRequest]] = defaultdict(list)
        for request in claimed:
            requests_by_hub[request.hub].append(request)
        slots = asyncio.Semaphore(_HUBS_AT_ONCE)
        await asyncio.gather(*(_ask_hub(context, each, slots, report) for each in requests_by_hub.values()))
    return report


def _claim(context: JobContext) -> list[HubRequest]:
    with context.store.read() as session:  # most ticks find nothing: no need to take the writer's lock for that
        if not has_due_hubs(session, context.clock()):
            return []
    with context.store.begin() as session:
        return claim_hubs(session, context.clock(), limit=_BATCH, wait=wait_after)


async def _ask_hub(
    context: JobContext, requests: list[HubRequest], slots: asyncio.Semaphore, report: HubReport
) -> None:
    problem: str | None = None
    async with slots:
        for request in requests:
            wait = wait_after(request.attempt)
            if problem is None:
                try:
                    posted = await _post(context, request)
                except FetchError as error:
                    problem = f"the hub {request.hub} {error}"
                    error_text: str | None = problem
                else:
                    error_text, wait = _read(request, posted)
            else:
                error_text = problem
            await _record(context, request, error_text, wait, report)


async def _post(context: JobContext, request: HubRequest) -> Posted:
    fields = {
        "hub.mode": request.mode,
        "hub.topic": request.topic,
        "hub.callback": callback_url(context.settings.web, request.token),
    }
    if request.mode == "subscribe":
        fields |= {"hub.secret": request.secret, "hub.lease_seconds": str(int(LEASE_ASKED.total_seconds()))}
    return await post_form(request.hub, fields, context.settings.fetch)


def _read(request: HubRequest, posted: Posted) -> tuple[str | None, timedelta]:
    """What is wrong with a hub's answer, if anything, and how long to wait until it is asked again.

    It should be 202 (WebSub, 5.1.2); older hubs answer 204.
    """
    if HTTPStatus.OK <= posted.status < HTTPStatus.MULTIPLE_CHOICES:
        return None, max(wait_after(request.attempt), TO_VERIFY)
    said = in_one_line(posted.text)
    error = f"the hub {request.hub} answered HTTP {posted.status}" + (f": {said}" if said else "")
    return error, wait_as_told(request.attempt, posted.retry_after)


def in_one_line(text: str) -> str:
    """A hub's own words, short and without what a terminal would obey."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:_SHOWN]


async def _record(
    context: JobContext, request: HubRequest, error: str | None, wait: timedelta, report: HubReport
) -> None:
    again_at = context.clock() + wait

    def record() -> None:
        with context.store.begin() as session:
            record_request(session, request, error=error, again_at=again_at)

    await context.in_store(record)
    asked = {"source": request.source, "hub": request.hub, "mode": request.mode}
    if error is None:
        report.outcomes["accepted"] += 1
        log.info("hub asked", **asked)
    else:
        report.outcomes["refused"] += 1
        report.errors.append((request.source, error))
        log.warning("hub not asked", **asked, error=error, again_at=again_at)
