"""A subscriber forgotten: the address, the subscriptions and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store.tables import (
    Bounce,
    Delivery,
    Edition,
    EditionCut,
    EditionStory,
    Signup,
    Subscriber,
    Subscription,
    SubscriptionWatchlist,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def remove_subscriber(session: Session, subscriber_id: int) -> int:
    """Delete a subscriber that was added, with every row that knows of them; returns how many editions that were.

    What the editions said stays, as long as it is said to others too. Raises StoreError for a declared subscriber, who
    would be back with the next start, and for an unknown one.
    """
    subscriber = session.get(Subscriber, subscriber_id)
    if subscriber is None:
        raise StoreError(f"there is no subscriber {subscriber_id}; see 'feedwatch subscribers list'")
    if subscriber.declared:
        raise StoreError(f"{subscriber.email} is declared in the configuration, and removed there")
    subscriptions = sa.select(Subscription.id).where(Subscription.subscriber_id == subscriber_id).scalar_subquery()
    editions = sa.select(Edition.id).where(Edition.subscription_id.in_(subscriptions)).scalar_subquery()
    signups = sa.select(Signup.id).where(Signup.email_key == subscriber.email_key).scalar_subquery()
    edition_count = session.scalar(
        sa.select(sa.func.count()).select_from(Edition).where(Edition.subscription_id.in_(subscriptions))
    )
    for deletion in (
        sa.delete(Delivery).where(sa.or_(Delivery.edition_id.in_(editions), Delivery.signup_id.in_(signups))),
        sa.delete(EditionStory).where(EditionStory.edition_id.in_(editions)),
        sa.delete(EditionCut).where(EditionCut.edition_id.in_(editions)),
        sa.delete(Edition).where(Edition.subscription_id.in_(subscriptions)),
        sa.delete(SubscriptionWatchlist).where(SubscriptionWatchlist.subscription_id.in_(subscriptions)),
        sa.delete(Subscription).where(Subscription.subscriber_id == subscriber_id),
        sa.delete(Signup).where(Signup.email_key == subscriber.email_key),
        sa.delete(Bounce).where(Bounce.address_key == subscriber.email_key),
        sa.delete(Subscriber).where(Subscriber.id == subscriber_id),
    ):
        session.execute(deletion.execution_options(synchronize_session=False))
    session.expire_all()
    return edition_count or 0
