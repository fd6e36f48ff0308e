"""What a delivery says to the one it goes to: links and names filled in, and the mail around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwatch.digest.personal import Personal, fill
from feedwatch.model import OutgoingMail
from feedwatch.store.outbox import MAIL

if TYPE_CHECKING:
    from feedwatch.jobs.links import Links
    from feedwatch.settings import Settings
    from feedwatch.store.outbox import ClaimedDelivery


def personal_of(delivery: ClaimedDelivery, links: Links) -> Personal:
    """What is filled in: of an edition its links, of a signup's question the link that says yes.

    By another channel than mail, whoever is in the room reads it: its links are to pages that are nobody's own.
    """
    edition = delivery.edition
    if edition is None:
        confirm_url = links.confirm(delivery.signup_id) if delivery.signup_id is not None else ""
        return Personal(delivery.signup_name, delivery.address, confirm_url=confirm_url)
    if delivery.channel != MAIL:
        return links.shared_by(name=edition.subscriber, address=edition.address, edition_id=edition.id)
    return links.personal(
        name=edition.subscriber,
        address=delivery.address,
        subscriber_id=edition.subscriber_id,
        subscription_id=edition.subscription_id,
        subscription=edition.subscription,
        edition_id=edition.id,
    )


def outgoing_mail(delivery: ClaimedDelivery, settings: Settings, links: Links) -> OutgoingMail:
    """The mail of a delivery: an edition with all that a list owes its readers, a question with nothing of a list."""
    personal = personal_of(delivery, links)
    edition, mail = delivery.edition, settings.mail
    return OutgoingMail(
        message_id=delivery.message_id,
        sent_by=mail.sender,
        to_name=personal.name,
        to_address=delivery.address,
        subject=fill(delivery.body.subject, personal),
        html=fill(delivery.body.html, personal, is_html=True),
        text=fill(delivery.body.text, personal),
        dated=delivery.created_at,
        list_id="" if edition is None else f"subscription-{edition.subscription_id}.{mail.list_domain}",
        list_name="" if edition is None else edition.subscription,
        unsubscribe_mailto=mail.unsubscribe,
        unsubscribe_url=personal.unsubscribe_url if links.base else None,
        bounces_to=mail.bounces.address or "",
    )
