"""A subscriber's settings, shown and changed by whoever holds the link of their mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog

from feedwatch.errors import StoreError
from feedwatch.jobs.pages import read_token
from feedwatch.jobs.provision import due_after
from feedwatch.store import pages, subscriber_changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.jobs.context import JobContext
    from feedwatch.store.subscriber_changes import SubscriberState, SubscriptionState

log = structlog.get_logger("feedwatch.pages")

Deed = Literal["pause", "resume", "words", "change", "unsubscribe", "unsubscribe_all", "resubscribe"]


@dataclass(frozen=True, slots=True)
class ShownSettings:
    """A subscriber, and what they may choose from."""

    state: SubscriberState
    watchlists: Sequence[str]
    """Names of those that are looked for now."""
    may_have_all: bool
    """Whether they may have every watchlist, those too that are yet to come."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed; what is None stays as it is."""

    deed: Deed
    subscription_id: int | None = None
    """For `change`, `unsubscribe` and `resubscribe`."""
    schedule: str | None = None
    watchlists: tuple[str, ...] | None = None
    """Names; all watchlists where empty."""
    locale: str | None = None
    timezone: str | None = None


async def show_settings(context: JobContext, token: str) -> ShownSettings | None:
    """The settings of the subscriber of a token."""

    def show() -> ShownSettings | None:
        subscriber_id = read_token(context, "settings", token)[1]
        if subscriber_id is None:
            return None
        with context.store.read() as session:
            return _settings(context, session, subscriber_id)

    return await context.for_page(show)


async def change_settings(context: JobContext, token: str, change: Change) -> bool:
    """Change what the subscriber of a token asks for; False for a token that nobody has.

    Raises StoreError for what cannot be: another's subscription, what the configuration declares, a watchlist that is
    not offered.
    """

    def write() -> bool:
        subscriber_id = read_token(context, "settings", token)[1]
        if subscriber_id is None:
            return False
        with context.store.begin() as session:
            shown = _settings(context, session, subscriber_id)
            if shown is None:
                return False
            _apply(session, shown, change, context.clock())
        log.info("settings changed", subscriber=subscriber_id, change=change.deed)
        return True

    return await context.for_page(write)


def _settings(context: JobContext, session: Session, subscriber_id: int) -> ShownSettings | None:
    """They may choose every watchlist; where signups are offered some of them alone, those and what they have."""
    state = subscriber_changes.subscriber_of(session, subscriber_id)
    if state is None:
        return None
    every = pages.offered_watchlists(session, ())
    signup = context.settings.web.signup
    if signup is None or not signup.watchlists or any(not one.watchlists for one in state.subscriptions):
        return ShownSettings(state, every, may_have_all=True)
    allowed = {name.casefold() for name in signup.watchlists}
    allowed |= {name.casefold() for one in state.subscriptions for name in one.watchlists}
    return ShownSettings(state, [name for name in every if name.casefold() in allowed], may_have_all=False)


def _apply(session: Session, shown: ShownSettings, change: Change, now: datetime) -> None:
    state = shown.state
    match change.deed:
        case "pause" | "resume":
            subscriber_changes.set_paused(session, state.id, change.deed == "pause")
        case "words":
            subscriber_changes.change_subscriber(
                session, state.id, now=now, next_due=due_after, timezone=change.timezone, locale=change.locale
            )
        case "unsubscribe_all":
            for one in state.subscriptions:
                subscriber_changes.unsubscribe(session, one.id, now)
        case "unsubscribe":
            subscriber_changes.unsubscribe(session, _named(state, change).id, now)
        case "resubscribe":
            subscriber_changes.resubscribe(session, _named(state, change).id, now, due_after)
        case "change":
            one = _named(state, change)
            subscriber_changes.change_subscription(
                session,
                one.id,
                now=now,
                next_due=due_after,
                schedule=change.schedule,
                watchlists=_allowed(shown, one, change.watchlists),
            )


def _named(state: SubscriberState, change: Change) -> SubscriptionState:
    for one in state.subscriptions:
        if one.id == change.subscription_id:
            return one
    raise StoreError(f"{state.email} has no subscription {change.subscription_id}")


def _allowed(shown: ShownSettings, one: SubscriptionState, wanted: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The watchlists that were chosen, and those that could not be: one that is switched off is kept."""
    if wanted is None:
        return None
    if not wanted and shown.may_have_all:
        return ()
    unseen = tuple(name for name in one.watchlists if name not in shown.watchlists)
    if not wanted or any(name not in shown.watchlists for name in wanted):
        raise StoreError("no watchlist was chosen, or one that is not offered")
    return wanted + unseen
