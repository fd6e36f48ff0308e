"""A digest sent for a look: what a subscriber would get now, to an address of one's own. Nothing is stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedwatch.deliver import build_message
from feedwatch.deliver.dkim import read_key, signed
from feedwatch.jobs.deliver import open_sender
from feedwatch.jobs.digest import preview_editions
from feedwatch.jobs.links import open_links
from feedwatch.jobs.outgoing import outgoing_mail
from feedwatch.store.due import subscriptions_of
from feedwatch.store.outbox import MAIL, ClaimedDelivery, EditionFacts

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.digest import Renderer
    from feedwatch.settings import Settings
    from feedwatch.store import Store

_NOBODY = 0
"""No subscriber's id: the trial's links look like those of a digest, and change nothing for the one it is made for."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    of: str
    """Whose digest it is."""
    subscription: str
    receipt: str | None
    """Where it went; None where there is nothing to tell."""


async def send_trial(
    store: Store, renderer: Renderer, settings: Settings, *, to: str, of: str | None, now: datetime
) -> Trial | None:
    """Render what `of`, or the first active subscriber, would get now, and send it to `to`.

    None where there is no such subscriber. Raises DeliveryError where it is not taken.
    """
    if of is None:
        with store.read() as session:
            first = subscriptions_of(session, None, now)[:1]
        if not first:
            return None
        of = first[0].address
    previews = preview_editions(store, renderer, settings, email=of, now=now)
    if not previews:
        return None
    subscription, rendered = next((each for each in previews if each[1] is not None), previews[0])
    if rendered is None:
        return Trial(subscription.address, subscription.name, None)
    delivery = ClaimedDelivery(
        id=_NOBODY,
        channel=MAIL,
        message_id=f"<{uuid.uuid4()}@{settings.mail.list_domain}>",
        attempts=0,
        created_at=now,
        waiting_since=now,
        lease_until=now,
        address=to,
        body=replace(rendered.body, subject=f"[Test] {rendered.body.subject}"),
        edition=EditionFacts(_NOBODY, _NOBODY, subscription.subscriber, to, _NOBODY, subscription.name),
        signup_id=None,
        signup_name="",
        unwanted=None,
    )
    message = build_message(outgoing_mail(delivery, settings, open_links(store, settings, now)))
    if settings.mail.dkim is not None:
        message = signed(message, read_key(settings.mail.dkim))
    async with open_sender(settings) as sender:
        receipt = await sender.send(message, to, delivery.id)
    return Trial(subscription.address, subscription.name, receipt)
