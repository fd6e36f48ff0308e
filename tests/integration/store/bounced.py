"""Mails that were sent, and what comes back of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store import tables
from tests.integration.store.examples import DAY, MINUTE, NOW, due, tell
from tests.unit.deliver.bounce_samples import OURS, postfix

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.store import Store

ADA = "ada@example.org"
UNKNOWN = "550 5.1.1 User unknown"


def send(store: Store, at: datetime, *, email: str = ADA) -> str:
    """A mail made and accepted at that time; returns its Message-ID."""
    subscription = next(one for one in due(store, NOW + 999 * DAY) if one.address == email)
    of_edition = tables.Delivery.edition_id == tell(store, subscription, due_at=at)
    with store.begin() as session:
        sent = {"state": "sent", "created_at": at, "sent_at": at + MINUTE}
        session.execute(sa.update(tables.Delivery).where(of_edition).values(sent))
        return session.scalars(sa.select(tables.Delivery.message_id).where(of_edition)).one()


def returned(message_id: str, email: str = ADA, *, status: str = "5.1.1", words: str = UNKNOWN) -> bytes:
    """The report that a mail did not arrive."""
    report = postfix(status, words).replace(OURS.encode(), message_id.encode())
    return report.replace(b"ada@example.net", email.encode())


def blocked_why(store: Store, email: str = ADA) -> str | None:
    """Why an address gets no mail; None for one that does."""
    with store.read() as session:
        return session.scalar(sa.select(tables.Subscriber.blocked_why).where(tables.Subscriber.email_key == email))
