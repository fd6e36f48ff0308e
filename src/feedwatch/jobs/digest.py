"""Making editions: what is due becomes an edition and a delivery in one transaction, or is skipped when empty."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.cluster import representative
from feedwatch.digest import Composed, Renderer, compose, next_due, parse_schedule
from feedwatch.jobs.links import has_pages
from feedwatch.store import editions
from feedwatch.store.bodies import store_bodies
from feedwatch.store.deliveries import add_delivery
from feedwatch.store.relations import related_stories
from feedwatch.store.subscribers import DueSubscription, due_subscriptions, set_due, subscriptions_of, take_due

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.jobs.context import JobContext
    from feedwatch.model import RenderedEdition
    from feedwatch.settings import Settings
    from feedwatch.store import Store

log = structlog.get_logger("feedwatch.digest")

_AFTER_A_FAULT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class MadeEdition:
    """An edition that was made and waits in the outbox."""

    id: int
    address: str
    subscription: str
    story_count: int
    subject: str


async def make_due_editions(context: JobContext) -> list[MadeEdition]:
    """Make every edition that is due. One subscription's fault is logged, put off, and stops no other."""
    made: list[MadeEdition] = []
    handled: set[int] = set()
    while True:
        now = context.clock()
        due = await context.in_store(partial(_due, context, now))
        due = [subscription for subscription in due if subscription.id not in handled]
        if not due:
            return made
        for subscription in due:
            handled.add(subscription.id)
            try:
                edition = await context.in_store(
                    partial(make_edition, context.store, context.renderer, context.settings, subscription, now)
                )
            except Exception:
                log.exception("digest not made", to=subscription.address, subscription=subscription.name)
                await context.in_store(partial(_put_off, context, subscription, now))
                continue
            if edition is not None:
                made.append(edition)


def _due(context: JobContext, now: datetime) -> list[DueSubscription]:
    with context.store.read() as session:
        return due_subscriptions(session, now)


def _put_off(context: JobContext, subscription: DueSubscription, now: datetime) -> None:
    with context.store.begin() as session:
        take_due(session, subscription, next_due_at=now + _AFTER_A_FAULT, window_start=None)


def make_edition(
    store: Store, renderer: Renderer, settings: Settings, subscription: DueSubscription, now: datetime
) -> MadeEdition | None:
    """The edition of one due subscription: stored with its delivery and the subscription's next due time, or nothing.

    None when there is nothing to tell, or when another process has made it.
    """
    schedule = parse_schedule(subscription.schedule)
    due_again = next_due(schedule, subscription.timezone, now)
    with store.begin() as session:
        if not take_due(session, subscription, next_due_at=due_again, window_start=now):
            return None
        composed = _compose(session, settings, subscription, now)
        if not composed.shown:
            log.info("nothing to tell", to=subscription.address, subscription=subscription.name)
            return None
        rendered = _render(renderer, settings, composed)
        shown = [pair for pair in composed.shown if pair[0] in rendered.story_ids]
        cut = [*composed.cut, *(pair for pair in composed.shown if pair[0] not in rendered.story_ids)]
        body_id = store_bodies(session, [rendered.body])[rendered.body]
        edition_id = editions.add_edition(session, subscription, body_id, window_end=now, shown=shown, cut=cut)
        add_delivery(
            session,
            edition_id=edition_id,
            body_id=body_id,
            address=subscription.address,
            message_id=f"<{uuid.uuid4()}@{settings.mail.list_domain}>",
            now=now,
        )
    log.info(
        "edition",
        to=subscription.address,
        subscription=subscription.name,
        edition=edition_id,
        stories=len(shown),
        more=len(cut),
    )
    return MadeEdition(edition_id, subscription.address, subscription.name, len(shown), rendered.body.subject)


def preview_editions(
    store: Store, renderer: Renderer, settings: Settings, *, email: str | None, now: datetime
) -> list[tuple[DueSubscription, RenderedEdition | None]]:
    """What each active subscription would get now; nothing is stored. None for one that would be empty."""
    previews: list[tuple[DueSubscription, RenderedEdition | None]] = []
    with store.read() as session:
        for subscription in subscriptions_of(session, email, now):
            composed = _compose(session, settings, subscription, now)
            rendered = _render(renderer, settings, composed) if composed.shown else None
            previews.append((subscription, rendered))
    return previews


def send_now(
    store: Store, renderer: Renderer, settings: Settings, *, email: str | None, now: datetime
) -> list[tuple[DueSubscription, MadeEdition | None, str | None]]:
    """Make the editions of one subscriber, or of all, before their time; the schedule goes on as it was.

    With each subscription comes what was made, if there was anything to tell, and what went wrong, if something did:
    then it stays due, for the daemon to try again, and stops no other.
    """
    with store.begin() as session:
        subscriptions = [set_due(session, subscription, now) for subscription in subscriptions_of(session, email, now)]
    outcomes: list[tuple[DueSubscription, MadeEdition | None, str | None]] = []
    for subscription in subscriptions:
        try:
            outcomes.append((subscription, make_edition(store, renderer, settings, subscription, now), None))
        except Exception as error:
            log.exception("digest not made", to=subscription.address, subscription=subscription.name)
            outcomes.append((subscription, None, str(error)))
    return outcomes


def _compose(session: Session, settings: Settings, subscription: DueSubscription, now: datetime) -> Composed:
    candidates = editions.untold_matches(session, subscription)
    story_ids = {candidate.story_id for candidate in candidates}
    return compose(
        subscription,
        candidates,
        editions.items_of_stories(session, story_ids),
        related_stories(session, story_ids, representative),
        window_end=now,
        stories_per_watchlist=settings.digest.stories_per_watchlist,
        previous_story_count=editions.last_story_count(session, subscription.id),
    )


def _render(renderer: Renderer, settings: Settings, composed: Composed) -> RenderedEdition:
    rendered, faults = renderer.render(composed.edition, has_pages=has_pages(settings))
    for fault in faults:
        log.error("template passed over", fault=fault)
    return rendered
