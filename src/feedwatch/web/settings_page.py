"""A subscriber's settings: what comes, when, in which language, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from feedwatch.errors import StoreError
from feedwatch.jobs.pages import masked
from feedwatch.jobs.subscriber_settings import Change, change_settings, show_settings
from feedwatch.web.body import read_form
from feedwatch.web.fields import chosen_schedule, field, is_zone, show_schedule, wanted_schedule, weekdays, zones_with
from feedwatch.web.origin import is_ours
from feedwatch.web.schedule_form import OWN
from feedwatch.web.site import form_route
from feedwatch.web.words import NAMES, Words, words_for

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from feedwatch.jobs.subscriber_settings import ShownSettings
    from feedwatch.web.site import Site

_LONGEST_ID = 19
_SAVED, _REFUSED = "saved", "refused"


def routes(site: Site) -> list[Route]:
    """GET and POST /s/{token}."""

    async def show(request: Request) -> Response:
        shown = await show_settings(site.context, request.path_params["token"])
        if shown is None:
            raise HTTPException(404)
        return _page(site, request, shown)

    async def take(request: Request) -> Response:
        if not is_ours(request.headers, site.context.settings.web.public_url):
            raise HTTPException(403)
        form, token = await read_form(request), request.path_params["token"]
        shown = await show_settings(site.context, token)
        if shown is None:
            raise HTTPException(404)
        try:
            await change_settings(site.context, token, _change(form, words_for(shown.state.locale)))
        except StoreError:
            return _back(_REFUSED)
        return _back(_SAVED)

    return [form_route("/s/{token}", show, take)]


def _back(what: str) -> Response:
    """To the same page, which is relative: it holds under whatever path a proxy puts it."""
    return RedirectResponse(f"?{what}", 303)


def _page(site: Site, request: Request, shown: ShownSettings) -> Response:
    state, said = shown.state, words_for(shown.state.locale)
    active = [one for one in state.subscriptions if one.unsubscribed_at is None]
    parts = {
        "state": state,
        "address": masked(state.email),
        "active": active,
        "ended": [one for one in state.subscriptions if one.unsubscribed_at is not None],
        "is_silent": bool(active) and (state.paused or state.blocked_at is not None),
        "schedules": {one.id: show_schedule(one.schedule, said) for one in state.subscriptions},
        "choices": shown.watchlists,
        "may_have_all": shown.may_have_all,
        "weekdays": weekdays(said),
        "zones_by_area": zones_with(state.timezone),
        "language_name": NAMES[said.locale],
        "said": said("Saved.") if _SAVED in request.query_params else "",
        "wrong": said("That cannot be: nothing was changed.") if _REFUSED in request.query_params else "",
    }
    return site.page(request, "settings", said, parts)


def _change(form: FormData, said: Words) -> Change:
    """What one of the page's buttons asks for. Raises StoreError where it makes no sense."""
    number = field(form, "id")
    subscription_id = int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST_ID else None
    match deed := field(form, "do"):
        case "pause" | "resume" | "unsubscribe_all":
            return Change(deed)
        case "unsubscribe" | "resubscribe":
            return Change(deed, subscription_id)
        case "words":
            locale, zone = field(form, "locale"), field(form, "timezone")
            if locale not in NAMES or not is_zone(zone):
                raise StoreError("the form names no language or time zone that there is")
            # A locale that is shown in the same words, such as zh-HK, is kept as it is.
            return Change(deed, locale=None if locale == said.locale else locale, timezone=zone)
        case "change":
            return Change(deed, subscription_id, schedule=_schedule(form), watchlists=_watchlists(form))
    raise StoreError("the form names nothing that can be done")


def _schedule(form: FormData) -> str | None:
    """None where the one that there is shall stay."""
    if chosen_schedule(form).kind == OWN:
        return None
    schedule = wanted_schedule(form)
    if schedule is None:
        raise StoreError("the form names no schedule that there is")
    return schedule


def _watchlists(form: FormData) -> tuple[str, ...] | None:
    """None where the page asked for none; the boxes stand behind a field that says that they are there."""
    if not field(form, "boxes"):
        return None
    if field(form, "everything"):
        return ()
    ticked = tuple(str(value) for value in form.getlist("watchlist"))
    if not ticked:
        raise StoreError("no watchlist is ticked")
    return ticked
