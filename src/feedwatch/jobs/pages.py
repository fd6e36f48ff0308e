"""What the pages show and do that a mail links to: a token says whose, and is all that is asked for.

A token that is broken, of another purpose, signed with a key that was dropped, or of something that is gone is None,
and nobody learns which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.digest.personal import fill, without_own
from feedwatch.jobs.links import links_by
from feedwatch.jobs.provision import due_after
from feedwatch.store import pages, subscriber_changes
from feedwatch.store.signing_keys import signing_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.deliver.tokens import Purpose
    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.links import Links
    from feedwatch.store.pages import EditionPage, StoryLine, Told

log = structlog.get_logger("feedwatch.pages")

MOST_STORIES = 2000
"""As many as the page of an edition lists; about 600 KB."""


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """An edition as it was sent."""

    told: Told
    html: str
    """Filled in; empty where it is kept no more, or was sent as text alone."""
    text: str
    archive_url: str
    settings_url: str
    """Empty where it is shown to others than its subscriber."""


@dataclass(frozen=True, slots=True)
class ShownArchive:
    """Every story of an edition."""

    told: Told
    window_start: datetime
    window_end: datetime
    stories: Sequence[StoryLine]
    story_count: int
    """Of all; more than `stories` where those are cut."""
    edition_url: str


@dataclass(frozen=True, slots=True)
class ShownSubscription:
    """A subscription that is to end, or has ended."""

    told: Told
    settings_url: str


async def show_edition(context: JobContext, token: str) -> ShownEdition | None:
    """The edition of a token, with what is personal filled in.

    The address is shown as `l…@example.org`: whoever is given the page's URL learns no more. The token of a link that
    was sent to a room, or to a program, shows the edition alone: no name, no address, no way to its subscriber's pages.
    """

    def show() -> ShownEdition | None:
        links, edition, is_shared = _edition(context, token)
        if edition is None:
            return None
        return _to_others(edition, links) if is_shared else _to_subscriber(edition, links)

    return await context.for_page(show)


def _to_subscriber(edition: EditionPage, links: Links) -> ShownEdition:
    told = edition.told
    personal = links.personal(
        name=told.subscriber,
        address=masked(told.address),
        subscriber_id=told.subscriber_id,
        subscription_id=told.subscription_id,
        subscription=told.subscription,
        edition_id=edition.id,
    )
    return ShownEdition(
        told,
        html=fill(edition.html, personal, is_html=True),
        text=fill(edition.text, personal),
        archive_url=personal.archive_url,
        settings_url=personal.settings_url,
    )


def _to_others(edition: EditionPage, links: Links) -> ShownEdition:
    home = f"{links.base}/"  # where an admin's own template shows such a link outside what it marks as own
    nobody = links.shared_by(name="…", address="…", edition_id=edition.id)
    nobody = replace(nobody, settings_url=home, unsubscribe_url=home)
    return ShownEdition(
        edition.told,
        html=fill(without_own(edition.html), nobody, is_html=True),
        text=fill(without_own(edition.text), nobody),
        archive_url=nobody.archive_url,
        settings_url="",
    )


async def show_archive(context: JobContext, token: str) -> ShownArchive | None:
    """All stories of the edition of a token, those too that its limits cut."""

    def show() -> ShownArchive | None:
        links, edition, is_shared = _edition(context, token)
        if edition is None:
            return None
        edition_url = links.shared(edition.id) if is_shared else links.edition(edition.id)
        with context.store.read() as session:
            stories, count = pages.stories_of_edition(session, edition.id, limit=MOST_STORIES)
        return ShownArchive(edition.told, edition.window_start, edition.window_end, stories, count, edition_url)

    return await context.for_page(show)


async def show_subscription(context: JobContext, token: str) -> ShownSubscription | None:
    """The subscription that a token can end. Changes nothing: links are followed by scanners too."""
    return await context.for_page(partial(_subscription, context, token, None))


async def unsubscribe(context: JobContext, token: str) -> ShownSubscription | None:
    """End the subscription of a token; what has ended stays so."""

    def end(session: Session, subscription_id: int) -> None:
        if subscriber_changes.unsubscribe(session, subscription_id, context.clock()):
            log.info("unsubscribed", subscription=subscription_id)

    return await context.for_page(partial(_subscription, context, token, end))


async def resubscribe(context: JobContext, token: str) -> ShownSubscription | None:
    """Take an unsubscription back."""

    def begin(session: Session, subscription_id: int) -> None:
        if subscriber_changes.resubscribe(session, subscription_id, context.clock(), due_after):
            log.info("subscribed again", subscription=subscription_id)

    return await context.for_page(partial(_subscription, context, token, begin))


def masked(address: str) -> str:
    """An address that its owner recognises, and that nobody can write to: `l…@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}…@{domain}"


def read_token(context: JobContext, purpose: Purpose, token: str) -> tuple[Links, int | None]:
    """The links of the keys in force, and the id that a token holds; None for one that no key has signed for this.

    The keys are read each time: one that is dropped is believed no more from that moment. None is made here, as the
    asker may be anybody.
    """
    with context.store.read() as session:
        keys = signing_keys(session)
    links = links_by(keys, context.settings)
    return links, links.tokens.read(purpose, token) if keys else None


def _edition(context: JobContext, token: str) -> tuple[Links, EditionPage | None, bool]:
    """The links, the edition of a token, and whether it is shown to others than its subscriber."""
    links, edition_id = read_token(context, "edition", token)
    is_shared = edition_id is None
    if is_shared:
        links, edition_id = read_token(context, "shared", token)
    if edition_id is None:
        return links, None, is_shared
    with context.store.read() as session:
        return links, pages.find_edition(session, edition_id), is_shared


def _subscription(
    context: JobContext, token: str, change: Callable[[Session, int], None] | None
) -> ShownSubscription | None:
    links, subscription_id = read_token(context, "unsubscribe", token)
    if subscription_id is None:
        return None
    with context.store.read() if change is None else context.store.begin() as session:
        told = pages.find_subscription(session, subscription_id)
        if told is None:
            return None
        if change is not None:
            change(session, subscription_id)
            told = pages.find_subscription(session, subscription_id)
    return None if told is None else ShownSubscription(told, links.settings(told.subscriber_id))
