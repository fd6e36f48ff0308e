"""Making editions: what is due becomes editions and deliveries, a batch in one transaction, or is skipped."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.errors import FeedwatchError
from feedwatch.jobs.composing import compose_batch
from feedwatch.jobs.edition_batch import (
    MadeEdition,
    Step,
    render_mail,
    render_step,
    store_steps,
)
from feedwatch.jobs.making import PART, MadeBatch, compose_steps, for_workers, make_batch
from feedwatch.jobs.story_pool import StoryPool
from feedwatch.store.due import DueSubscription, due_subscriptions, set_due, subscriptions_of, take_due

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from feedwatch.digest import Renderer
    from feedwatch.jobs.context import JobContext
    from feedwatch.model import RenderedEdition
    from feedwatch.settings import Settings
    from feedwatch.store import Store

__all__ = ["MadeEdition", "make_due_editions", "make_edition", "preview_editions", "send_now"]

log = structlog.get_logger("feedwatch.digest")

_AFTER_A_FAULT = timedelta(minutes=10)
_BATCH = 200
"""How many are made from one reading of the database."""
_ROUND = 10_000
"""How many of those that are due are looked at together, in memory."""
_FEW = 200
"""So many are made here: workers would have to read first what the stories of the day are."""


async def make_due_editions(context: JobContext) -> list[MadeEdition]:
    """Make every edition that is due. Each tells of the time until now, as one edition, however many due times were
    missed. One subscription's fault is logged, put off, and stops no other.

    Few are made here, batch by batch; many by the worker processes, so that mails leave meanwhile.
    """
    made: list[MadeEdition] = []
    handled: set[int] = set()
    now = context.clock()
    while due := await context.in_store(partial(_due, context, now, handled)):
        handled |= {subscription.id for subscription in due}
        batches = [due[start : start + _BATCH] for start in range(0, len(due), _BATCH)]
        if len(due) > _FEW:
            made += await _make_beside(context, batches, now)
            continue
        pool = StoryPool()
        for batch in batches:
            made += await _make_all(context, pool, batch, now)
            pool.make_room()
    return made


def _due(context: JobContext, now: datetime, handled: Collection[int]) -> list[DueSubscription]:
    """The next to be handled, one of each subscriber: what the first of two tells, the second must know."""
    with context.store.read() as session:
        due = due_subscriptions(session, now, limit=_ROUND + len(handled))
    first_of: dict[int, DueSubscription] = {}
    for subscription in due:
        if subscription.id not in handled:
            first_of.setdefault(subscription.subscriber_id, subscription)
    return list(first_of.values())


async def _make_beside(
    context: JobContext, batches: Sequence[Sequence[DueSubscription]], now: datetime
) -> list[MadeEdition]:
    """Make batches in the worker processes, one in each at a time. What fails there is made again here.

    Neighbours are of one language and zone. Each worker begins in a place of its own, so that it puts stories into
    words that no other does; one that has come to an end helps the one that has most left.
    """
    url = context.store.url.render_as_string(hide_password=False)
    settings = for_workers(context.settings)
    count = context.workers.count
    shares = [deque(batches[len(batches) * at // count : len(batches) * (at + 1) // count]) for at in range(count)]
    made: list[MadeEdition] = []

    async def keep_busy(own: deque[Sequence[DueSubscription]]) -> None:
        while share := own or max(shares, key=len):
            batch = share.popleft() if share is own else share.pop()
            try:
                done = await context.workers.run(make_batch, url, settings, batch, now)
            except FeedwatchError as error:
                log.warning("editions are made without a worker", why=str(error), count=len(batch))
                done = MadeBatch(failed=list(batch))
            for line in done.logged:
                values = dict(line)
                log.log(getattr(logging, values.pop("level").upper()), values.pop("event"), **values)
            made.extend(done.made)
            if done.failed:
                made.extend(await _make_all(context, StoryPool(), done.failed, now))

    await asyncio.gather(*map(keep_busy, shares))
    return made


async def _make_all(
    context: JobContext, pool: StoryPool, batch: Sequence[DueSubscription], now: datetime
) -> list[MadeEdition]:
    """Compose a batch at once, then render and store it part by part. Nothing of a part that fails is stored."""
    try:
        steps = await context.in_store(partial(compose_steps, context.store, pool, context.settings, batch, now))
    except Exception:
        if len(batch) == 1:
            log.exception("digest not made", to=batch[0].address, subscription=batch[0].name)
        return await _make_apart(context, pool, batch, now)
    made: list[MadeEdition] = []
    for start in range(0, len(steps), PART):
        part = steps[start : start + PART]
        try:
            made += await _finish(context, pool, part, now)
        except Exception:
            together = [step.subscription for step in part]
            if len(part) == 1:
                log.exception("digest not made", to=together[0].address, subscription=together[0].name)
            made += await _make_apart(context, pool, together, now)
    return made


async def _finish(context: JobContext, pool: StoryPool, steps: Sequence[Step], now: datetime) -> list[MadeEdition]:
    settings = context.settings
    rendered = await context.in_store(partial(_render, steps, pool, context.renderer, settings))
    return await context.in_store(partial(store_steps, context.store, settings, rendered, now))


async def _make_apart(
    context: JobContext, pool: StoryPool, batch: Sequence[DueSubscription], now: datetime
) -> list[MadeEdition]:
    """Make in halves what failed together, until what is at fault is alone: that is put off."""
    if len(batch) == 1:
        await context.in_store(partial(_put_off, context.store, batch[0], now))
        return []
    middle = len(batch) // 2
    made = await _make_all(context, pool, batch[:middle], now)
    return made + await _make_all(context, pool, batch[middle:], now)


def _put_off(store: Store, subscription: DueSubscription, now: datetime) -> None:
    with store.begin() as session:
        take_due(session, subscription, next_due_at=now + _AFTER_A_FAULT, window_start=None)


def _render(steps: Iterable[Step], pool: StoryPool, renderer: Renderer, settings: Settings) -> list[Step]:
    return [render_step(step, pool, renderer, settings) for step in steps]


def make_edition(
    store: Store, renderer: Renderer, settings: Settings, subscription: DueSubscription, now: datetime
) -> MadeEdition | None:
    """The edition of one due subscription: stored with its deliveries and the subscription's next due time, or nothing.

    None when there is nothing to tell, or when another process has made it. Raises whatever keeps it from being made.
    """
    pool = StoryPool()
    steps = compose_steps(store, pool, settings, [subscription], now)
    made = store_steps(store, settings, _render(steps, pool, renderer, settings), now)
    return made[0] if made else None


def preview_editions(
    store: Store, renderer: Renderer, settings: Settings, *, email: str | None, now: datetime
) -> list[tuple[DueSubscription, RenderedEdition | None]]:
    """What each active subscription would tell now; nothing is stored.

    None for one without a story, unless it is sent empty too. Few stories are shown even where the subscription would
    wait for more.
    """
    previews: list[tuple[DueSubscription, RenderedEdition | None]] = []
    pool = StoryPool()
    with store.read() as session:
        for subscription in subscriptions_of(session, email, now):
            (composed,) = compose_batch(session, pool, settings.digest, [subscription], now)
            is_shown = composed.stories or not subscription.skip_if_empty
            rendered = render_mail(composed, pool, renderer, settings) if is_shown else None
            previews.append((subscription, rendered))
            pool.make_room()
    return previews


def send_now(
    store: Store, renderer: Renderer, settings: Settings, *, email: str | None, now: datetime
) -> list[tuple[DueSubscription, MadeEdition | None, str | None]]:
    """Make the editions of one subscriber, or of all, before their time; the schedule goes on as it was.

    Quiet hours and too few stories hold nothing back. With each subscription comes what was made, if there was anything
    to tell, and what went wrong, if something did: then it stays due, for the daemon to try again, and stops no other.
    """
    with store.begin() as session:
        subscriptions = [set_due(session, subscription, now) for subscription in subscriptions_of(session, email, now)]
    outcomes: list[tuple[DueSubscription, MadeEdition | None, str | None]] = []
    for subscription in subscriptions:
        asked_for = replace(subscription, quiet_hours="", min_stories=1)
        try:
            outcomes.append((subscription, make_edition(store, renderer, settings, asked_for, now), None))
        except Exception as error:
            log.exception("digest not made", to=subscription.address, subscription=subscription.name)
            outcomes.append((subscription, None, str(error)))
    return outcomes
