"""The subscriber that a command is given by the address, and where the configuration declares them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from feedwatch.cli.common import CallError
from feedwatch.store.subscriber_changes import subscriber_at
from feedwatch.store.subscribers import list_subscribers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.config import Config
    from feedwatch.store.subscriber_changes import SubscriberState, SubscriptionState

_ALIKE = 0.85
"""Addresses of one domain are alike in much of their length."""


def subscriber_named(session: Session, email: str, loaded: Config) -> SubscriberState:
    """The subscriber with this address, its case not minded. Raises CallError, which names the nearest."""
    state = subscriber_at(session, email.strip())
    if state is not None:
        return state
    if place := declared_at(loaded, email):
        raise CallError(f"{email} is declared, and taken over when the daemon starts or gets SIGHUP:\n  {place}")
    known = {row.email.casefold(): row.email for row in list_subscribers(session)}
    near = get_close_matches(email.strip().casefold(), known, n=1, cutoff=_ALIKE)
    meant = f"did you mean {known[near[0]]}?" if near else "see 'feedwatch subscribers list'"
    raise CallError(f"there is no subscriber with the address {email}; {meant}")


def subscription_named(state: SubscriberState, name: str | None) -> SubscriptionState:
    """The subscription of this name, or the only one. Raises CallError, which names those that there are."""
    names = ", ".join(repr(one.name) for one in state.subscriptions) or "none"
    if name is None:
        if len(state.subscriptions) == 1:
            return state.subscriptions[0]
        raise CallError(f"--subscription: say which of {state.email}'s subscriptions: {names}")
    for one in state.subscriptions:
        if one.name.casefold() == name.casefold():
            return one
    raise CallError(f"--subscription {name!r}: {state.email} has no such subscription; there are: {names}")


def declared_at(loaded: Config, email: str) -> str:
    """`config.yaml:140: subscribers[0]` where the configuration declares them; else empty."""
    for number, subscriber in enumerate(loaded.settings.subscribers):
        if subscriber.email.casefold() == email.strip().casefold():
            return loaded.place(("subscribers", number))
    return ""
