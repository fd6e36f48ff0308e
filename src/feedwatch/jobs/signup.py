"""Self-subscription: a question by mail, and a subscription when its owner says yes to it (double opt-in).

Nobody learns whether an address is known, and nobody can have it flooded: one question to an address a day, and so many
an hour from one network and in all.
"""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Literal

import structlog

from feedwatch.jobs.pages import read_token
from feedwatch.jobs.provision import due_after
from feedwatch.store import signups
from feedwatch.store.bodies import store_bodies
from feedwatch.store.deliveries import add_delivery
from feedwatch.store.pages import find_subscription, offered_watchlists

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.jobs.context import JobContext
    from feedwatch.model import Body
    from feedwatch.store import Store
    from feedwatch.store.signups import SignupRow, SignupSpec

log = structlog.get_logger("feedwatch.signup")

VALID = timedelta(days=7)
"""How long a question can be answered."""
ONE_QUESTION_EACH = timedelta(days=1)
PER_HOUR = 100
"""Signups of everybody, in the database: it holds for several processes, and over a restart."""
PER_HOUR_AND_NETWORK = 10
_HOUR = timedelta(hours=1)
_MOST_NETWORKS = 10_000

Taken = Literal["asked", "too_many"]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The subscription that a signup has become."""

    subscription: str
    settings_url: str
    """Of its subscriber; "" where the signup had been confirmed before."""


@dataclass(slots=True)
class Networks:
    """How often each network has signed somebody up in the last hour; in memory, and of bounded size."""

    _times: defaultdict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, client: str, now: datetime) -> bool:
        """Whether one more from there is taken; counts it if so. For an IPv6 address its /64 counts."""
        network = _network(client)
        if network not in self._times and len(self._times) >= _MOST_NETWORKS:
            self._forget(now)
            if len(self._times) >= _MOST_NETWORKS:
                return False
        times = self._times[network]
        while times and now - times[0] >= _HOUR:
            times.popleft()
        if len(times) >= PER_HOUR_AND_NETWORK:
            return False
        times.append(now)
        return True

    def _forget(self, now: datetime) -> None:
        for network in [network for network, times in self._times.items() if now - times[-1] >= _HOUR]:
            del self._times[network]


def _network(client: str) -> str:
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)


async def offered(context: JobContext) -> list[str] | None:
    """The names of the watchlists that are offered; None where nobody may subscribe by themselves."""
    signup = context.settings.web.signup
    if signup is None:
        return None

    def read() -> list[str]:
        with context.store.read() as session:
            return offered_watchlists(session, signup.watchlists)

    return await context.for_page(read)


async def ask(context: JobContext, wanted: SignupSpec, question: Body) -> Taken:
    """Put the question into the outbox.

    `asked` too where the address was asked within the last day, and nothing is sent.
    question: with the placeholder `confirm_url`; the mail is the only one that an unconfirmed address gets.
    """

    def take() -> Taken:
        now = context.clock()
        with context.store.begin() as session:
            if signups.count_signups(session, now - ONE_QUESTION_EACH, wanted.email):
                log.info("asked already")
                return "asked"
            if signups.count_signups(session, now - _HOUR) >= PER_HOUR:
                log.warning("signups refused: too many in an hour", most=PER_HOUR)
                return "too_many"
            signup_id = signups.add_signup(session, wanted, now)
            add_delivery(
                session,
                edition_id=None,
                signup_id=signup_id,
                body_id=store_bodies(session, [question])[question],
                address=wanted.email,
                message_id=f"<{uuid.uuid4()}@{context.settings.mail.list_domain}>",
                now=now,
            )
        log.info("signup", signup=signup_id)
        return "asked"

    return await context.for_page(take)


async def show_signup(context: JobContext, token: str) -> SignupRow | None:
    """The signup of a token; None where it is unknown, too old, or nobody may subscribe any more. Changes nothing."""

    def show() -> SignupRow | None:
        signup_id = read_token(context, "confirm", token)[1]
        if signup_id is None:
            return None
        with context.store.read() as session:
            return _valid(context, session, signup_id)

    return await context.for_page(show)


async def confirm(context: JobContext, token: str, name: str) -> Confirmed | None:
    """Begin the subscription that was asked for; None as for `show_signup`.

    name: what it is called. Said twice, it is done once.
    """

    def say_yes() -> Confirmed | None:
        links, signup_id = read_token(context, "confirm", token)
        signup = context.settings.web.signup
        if signup_id is None or signup is None:
            return None
        now = context.clock()
        with context.store.begin() as session:
            asked = _valid(context, session, signup_id)
            if asked is None:
                return None
            if asked.confirmed_at is not None:
                return Confirmed(name, "")
            every = offered_watchlists(session, signup.watchlists)
            chosen = [each for each in every if each in asked.wanted.watchlists]
            if not chosen and signup.watchlists:  # all that is offered, which is not all that there is
                chosen = every
            subscription_id = signups.confirm_signup(session, asked, chosen, name, now, due_after)
            told = find_subscription(session, subscription_id)
        log.info("signup confirmed", signup=signup_id, subscription=subscription_id)
        return None if told is None else Confirmed(told.subscription, links.settings(told.subscriber_id))

    return await context.for_page(say_yes)


def forget_old(store: Store, now: datetime) -> int:
    """Forget the questions that nobody can answer any more; returns how many. Some hundreds at a time."""
    with store.begin() as session:
        return signups.forget_signups(session, now - VALID)


def _valid(context: JobContext, session: Session, signup_id: int) -> SignupRow | None:
    found = signups.find_signup(session, signup_id)
    if found is None or context.settings.web.signup is None or context.clock() - found.asked_at >= VALID:
        return None
    return found
