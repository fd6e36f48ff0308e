"""Making editions: what is due becomes editions and deliveries, a batch in one transaction, or is skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.jobs.composing import compose_batch
from feedwatch.jobs.edition_batch import (
    MadeEdition,
    Step,
    begin_step,
    render_mail,
    render_step,
    store_steps,
    with_edition,
)
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
_BATCH = 100
_PART = 20
"""What of a batch is rendered, and then stored, at once: between two such steps polls and deliveries get their turn at
the database."""


async def make_due_editions(context: JobContext) -> list[MadeEdition]:
    """Make every edition that is due, a batch after the other. Each tells of the time until now, as one edition,
    however many due times were missed. One subscription's fault is logged, put off, and stops no other.
    """
    made: list[MadeEdition] = []
    handled: set[int] = set()
    pool = StoryPool()
    now = context.clock()
    while batch := await context.in_store(partial(_due, context, now, handled)):
        handled |= {subscription.id for subscription in batch}
        made += await _make_all(context, pool, batch, now)
        pool.make_room()
    return made


def _due(context: JobContext, now: datetime, handled: Collection[int]) -> list[DueSubscription]:
    """The next to be handled, one of each subscriber: what the first of two tells, the second must know."""
    with context.store.read() as session:
        due = due_subscriptions(session, now, limit=_BATCH)
    first_of: dict[int, DueSubscription] = {}
    for subscription in due:
        if subscription.id not in handled:
            first_of.setdefault(subscription.subscriber_id, subscription)
    return list(first_of.values())


async def _make_all(
    context: JobContext, pool: StoryPool, batch: Sequence[DueSubscription], now: datetime
) -> list[MadeEdition]:
    """Compose a batch at once, then render and store it part by part. Nothing of a part that fails is stored."""
    try:
        steps = await context.in_store(partial(_compose, context.store, pool, context.settings, batch, now))
    except Exception:
        if len(batch) == 1:
            log.exception("digest not made", to=batch[0].address, subscription=batch[0].name)
        return await _make_apart(context, pool, batch, now)
    made: list[MadeEdition] = []
    for start in range(0, len(steps), _PART):
        part = steps[start : start + _PART]
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


def _compose(
    store: Store, pool: StoryPool, settings: Settings, subscriptions: Iterable[DueSubscription], now: datetime
) -> list[Step]:
    """How each goes on, with its edition where it has one to tell."""
    steps = [begin_step(subscription, now) for subscription in subscriptions]
    telling = [step.subscription for step in steps if not step.why]
    if not telling:
        return steps
    with store.read() as session:
        composed = {one.subscription.id: one for one in compose_batch(session, pool, settings.digest, telling, now)}
    return [step if step.why else with_edition(step, composed[step.subscription.id]) for step in steps]


def _render(steps: Iterable[Step], pool: StoryPool, renderer: Renderer, settings: Settings) -> list[Step]:
    return [render_step(step, pool, renderer, settings) for step in steps]


def make_edition(
    store: Store, renderer: Renderer, settings: Settings, subscription: DueSubscription, now: datetime
) -> MadeEdition | None:
    """The edition of one due subscription: stored with its deliveries and the subscription's next due time, or nothing.

    None when there is nothing to tell, or when another process has made it. Raises whatever keeps it from being made.
    """
    pool = StoryPool()
    steps = _compose(store, pool, settings, [subscription], now)
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
