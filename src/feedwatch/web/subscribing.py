"""Subscribing by oneself: a form, and a mail that asks whether its owner meant it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from feedwatch.digest.personal import PLACEHOLDERS
from feedwatch.jobs import signup
from feedwatch.jobs.links import has_pages
from feedwatch.kinds import Address
from feedwatch.model import Body
from feedwatch.store.signups import SignupSpec
from feedwatch.web.body import read_form
from feedwatch.web.fields import (
    USUAL_ZONE,
    chosen_schedule,
    field,
    is_zone,
    show_schedule,
    wanted_schedule,
    wanted_watchlists,
    weekdays,
    zones_by_area,
)
from feedwatch.web.origin import is_ours
from feedwatch.web.schedule_form import ChosenSchedule
from feedwatch.web.site import form_route, words_of
from feedwatch.web.words import NAMES, Words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from feedwatch.web.site import Site

_ADDRESS = TypeAdapter[str](Address)
_LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, without the brackets."""
_NOT_IN_NAMES = re.compile(r"[:/@<>{}\\]|www\.", re.IGNORECASE)
"""A name is for the greeting of mails: nobody's advertisement goes out by it."""
_LONGEST_NAME = 60
_AGAIN_S = 3600


@dataclass(frozen=True, slots=True)
class _Given:
    """The form as it was filled in, to be shown again where something in it cannot be."""

    email: str
    name: str
    watchlists: tuple[str, ...]
    schedule: ChosenSchedule
    locale: str
    timezone: str


def routes(site: Site) -> list[Route]:
    """GET and POST /subscribe; 404 where nobody may subscribe by themselves."""
    networks = signup.Networks()

    async def show(request: Request) -> Response:
        choices, said = await _choices(site), words_of(request)
        given = _Given("", "", (), ChosenSchedule("daily"), said.locale, USUAL_ZONE[said.locale])
        return _form(site, request, choices, given)

    async def take(request: Request) -> Response:
        choices = await _choices(site)
        if not is_ours(request.headers, site.context.settings.web.public_url):
            raise HTTPException(403)
        form = await read_form(request)
        wanted = _wanted(form, choices, words_of(request))
        if isinstance(wanted, str):
            return _form(site, request, choices, _given(form, choices, words_of(request)), wanted)
        if not field(form, "website"):  # which people do not see, and programs fill in
            client = request.client.host if request.client is not None else ""
            if not networks.admit(client, site.context.clock()):
                raise HTTPException(429, headers={"Retry-After": str(_AGAIN_S)})
            if await signup.ask(site.context, wanted, _question(site, wanted)) == "too_many":
                raise HTTPException(429, headers={"Retry-After": str(_AGAIN_S)})
        return site.page(request, "asked", words(wanted.locale))

    return [form_route("/subscribe", show, take)]


async def _choices(site: Site) -> Sequence[str]:
    """What is offered. Raises HTTPException where nothing is, or where the mail could not lead back here."""
    choices = await signup.offered(site.context)
    if choices is None or not has_pages(site.context.settings):
        raise HTTPException(404)
    return choices


def _form(site: Site, request: Request, choices: Sequence[str], given: _Given, wrong: str = "") -> Response:
    said = words_of(request)
    parts = {
        "choices": choices,
        "given": given,
        "wrong": wrong,
        "weekdays": weekdays(said),
        "zones_by_area": zones_by_area(),
    }
    return site.page(request, "subscribe", said, parts, status=422 if wrong else 200)


def _given(form: FormData, choices: Sequence[str], said: Words) -> _Given:
    locale, zone = field(form, "locale"), field(form, "timezone")
    return _Given(
        email=field(form, "email")[:_LONGEST_ADDRESS],
        name=field(form, "name")[:_LONGEST_NAME],
        watchlists=wanted_watchlists(form, choices),
        schedule=chosen_schedule(form),
        locale=locale if locale in NAMES else said.locale,
        timezone=zone if is_zone(zone) else USUAL_ZONE[said.locale],
    )


def _wanted(form: FormData, choices: Sequence[str], said: Words) -> SignupSpec | str:
    """What is asked for; or, as a sentence, what is wrong with it."""
    given, email, name = _given(form, choices, said), field(form, "email"), field(form, "name")
    schedule = wanted_schedule(form)
    try:
        _ADDRESS.validate_python(email)
    except ValidationError:
        return said("This is no mail address: {address}", address=email[:_LONGEST_ADDRESS])
    if len(email) > _LONGEST_ADDRESS or not email.isprintable():
        return said("This is no mail address: {address}", address=email[:_LONGEST_ADDRESS])
    if len(name) > _LONGEST_NAME or not name.isprintable() or _NOT_IN_NAMES.search(name):
        return said("Please give a shorter, plain name, or none.")
    if schedule is None:
        return said("Please choose how often, and a time such as 08:00.")
    return SignupSpec(email, name, given.timezone, given.locale, schedule, given.watchlists)


def _question(site: Site, wanted: SignupSpec) -> Body:
    """The mail that asks. Nothing that the form's sender wrote is in it: they may be anybody."""
    said = words(wanted.locale)
    parts = {
        "topics": said(", ").join(wanted.watchlists),
        "schedule": show_schedule(wanted.schedule, said).told,
        "personal": PLACEHOLDERS,
    }
    subject, html, text = (site.render(f"confirm.{kind}.j2", said, parts) for kind in ("subject.txt", "html", "txt"))
    return Body(" ".join(subject.split()), html, text.strip("\n") + "\n")
