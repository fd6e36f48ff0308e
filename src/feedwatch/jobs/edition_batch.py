"""A batch of editions made together: composed from one reading of the database, rendered, stored in one transaction.

Nothing is locked while stories are chosen and rendered. That no edition is made twice, and no story told twice, is held
by the transaction that stores the batch: each subscription must still be due as it was when it was read, and the
database takes no story twice for one subscriber.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import structlog

from feedwatch.digest import next_due, parse_schedule
from feedwatch.digest.as_json import json_body
from feedwatch.digest.quiet import quiet_until
from feedwatch.jobs.links import has_pages
from feedwatch.store.bodies import store_bodies
from feedwatch.store.due import DueSubscription, take_due
from feedwatch.store.editions import NewDelivery, NewEdition, add_editions
from feedwatch.store.store import lock_writers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from feedwatch.digest import Renderer
    from feedwatch.jobs.composing import Composed
    from feedwatch.jobs.story_pool import StoryPool
    from feedwatch.model import Body, Edition, RenderedEdition
    from feedwatch.settings import Settings
    from feedwatch.store import Store

log = structlog.get_logger("feedwatch.digest")

MAIL = "mail"


@dataclass(frozen=True, slots=True)
class MadeEdition:
    """An edition that was made and waits in the outbox."""

    id: int
    address: str
    subscription: str
    story_count: int
    subject: str


@dataclass(frozen=True, slots=True)
class Step:
    """How a due subscription goes on, and what is told on the way."""

    subscription: DueSubscription
    next_due_at: datetime | None
    window_start: datetime | None
    """Where its next window begins; None where this one stays open."""
    why: str = ""
    """Why nothing is told; empty where something is."""
    composed: Composed | None = None
    mail: RenderedEdition | None = None
    bodies: Sequence[tuple[str, Body]] = ()
    """By channel."""


def begin_step(subscription: DueSubscription, now: datetime) -> Step:
    """When it is due again. An alert in quiet hours is put off to their end; woken before, it is put off once more.

    Raises ScheduleError, and ZoneInfoNotFoundError for an unknown zone.
    """
    if parse_schedule(subscription.schedule).is_instant:
        until = quiet_until(subscription.quiet_hours, subscription.timezone, now)
        if until is not None:
            return Step(subscription, until, None, why="quiet hours")
    return Step(subscription, _due_again(subscription.schedule, subscription.timezone, now), now)


@lru_cache(maxsize=1024)
def _due_again(schedule: str, timezone: str, now: datetime) -> datetime | None:
    """A batch has few schedules and zones, and a cron line takes a while."""
    return next_due(parse_schedule(schedule), timezone, now)


def with_edition(step: Step, composed: Composed) -> Step:
    """The step with its edition, or with why nothing is told."""
    subscription, count = step.subscription, len(composed.stories)
    is_alert = parse_schedule(subscription.schedule).is_instant
    if not count and (subscription.skip_if_empty or is_alert):
        return replace(step, why="nothing to tell")
    if 0 < count < subscription.min_stories:
        return replace(step, why="too few stories", window_start=None)
    return replace(step, composed=composed)


def render_step(step: Step, pool: StoryPool, renderer: Renderer, settings: Settings) -> Step:
    """The step with its edition rendered for each of its channels.

    Editions that say the same are rendered once. Raises what `Renderer.render` does.
    """
    if step.composed is None:
        return step
    mail = render_mail(step.composed, pool, renderer, settings)
    return replace(step, mail=mail, bodies=tuple(_bodies(step.composed, mail, pool, renderer, settings)))


def render_mail(composed: Composed, pool: StoryPool, renderer: Renderer, settings: Settings) -> RenderedEdition:
    """The edition as a mail and as a page."""
    key = _said(composed.edition)
    if (mail := pool.mails.get(key)) is None:
        mail, faults = renderer.render(composed.edition, has_pages=has_pages(settings))
        _log_faults(faults)
        pool.mails[key] = mail
    return mail


def _bodies(
    composed: Composed, mail: RenderedEdition, pool: StoryPool, renderer: Renderer, settings: Settings
) -> Iterable[tuple[str, Body]]:
    for channel in composed.subscription.channels:
        if channel == MAIL:
            yield channel, mail.body
        elif (configured := settings.channels.get(channel)) is not None:
            kind: Literal["chat", "webhook"] = "chat" if configured.apprise is not None else "webhook"
            key = (kind, _said(composed.edition))
            if key not in pool.short_bodies:
                pool.short_bodies[key] = _short_body(kind, composed.edition, renderer, settings)
            yield channel, pool.short_bodies[key]
        else:
            log.error(
                "no such channel in the configuration: nothing is sent on it",
                channel=channel,
                to=composed.subscription.address,
                subscription=composed.subscription.name,
            )


def _short_body(kind: Literal["chat", "webhook"], edition: Edition, renderer: Renderer, settings: Settings) -> Body:
    if kind == "webhook":
        return json_body(edition)
    body, faults = renderer.render_short(edition, has_pages=has_pages(settings))
    _log_faults(faults)
    return body


def _log_faults(faults: Iterable[str]) -> None:
    for fault in faults:
        log.error("template passed over", fault=fault)


def _said(edition: Edition) -> object:
    """Equal for editions that say the same.

    Stories are compared by identity: a run has each in the same words once, and keeps them as long as this is kept.
    """
    sections = tuple((section.watchlist, section.more, tuple(map(id, section.stories))) for section in edition.sections)
    return replace(edition, sections=()), sections


def store_steps(store: Store, settings: Settings, steps: Sequence[Step], now: datetime) -> list[MadeEdition]:
    """Take every step in one transaction, but for those that another process has taken; returns the editions made."""
    with store.begin() as session:
        lock_writers(session)  # polls wake alerts: two that lock rows in another order would wait for each other
        taken = [step for step in steps if _take(session, step)]
        told = [step for step in taken if step.mail is not None]
        bodies = {step.mail.body for step in told if step.mail} | {body for step in told for _, body in step.bodies}
        ids = store_bodies(session, bodies)
        new = [_new_edition(step, ids, settings, now) for step in told]
        edition_ids = add_editions(session, new)
    made = [_made(step, edition, number) for step, edition, number in zip(told, new, edition_ids, strict=True)]
    for step in taken:
        if step.why:
            log.info(step.why, to=step.subscription.address, subscription=step.subscription.name)
    return made


def _take(session: Session, step: Step) -> bool:
    return take_due(session, step.subscription, next_due_at=step.next_due_at, window_start=step.window_start)


def _new_edition(step: Step, body_ids: Mapping[Body, int], settings: Settings, now: datetime) -> NewEdition:
    if step.composed is None or step.mail is None:
        raise ValueError("a step without an edition")
    shown = set(step.mail.story_ids)
    return NewEdition(
        subscription=step.subscription,
        window_end=now,
        body_id=body_ids[step.mail.body],
        stories=[
            story._replace(shown=False) if story.shown and story.story_id not in shown else story
            for story in step.composed.stories
        ],
        terms=step.composed.terms,
        deliveries=[
            NewDelivery(
                channel=channel,
                address=step.subscription.address if channel == MAIL else channel,
                body_id=body_ids[body],
                message_id=f"<{uuid.uuid4()}@{settings.mail.list_domain}>",
            )
            for channel, body in step.bodies
        ],
    )


def _made(step: Step, edition: NewEdition, edition_id: int) -> MadeEdition:
    count = sum(story.shown for story in edition.stories)
    subscription = step.subscription
    log.info(
        "edition",
        to=subscription.address,
        subscription=subscription.name,
        edition=edition_id,
        stories=count,
        more=len(edition.stories) - count,
    )
    subject = step.mail.body.subject if step.mail else ""
    return MadeEdition(edition_id, subscription.address, subscription.name, count, subject)
