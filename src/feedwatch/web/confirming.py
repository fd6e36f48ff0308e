"""Saying yes to a signup: a page that asks once more, as mail scanners follow every link, and then a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from feedwatch.jobs import signup
from feedwatch.web.fields import show_schedule
from feedwatch.web.origin import is_ours
from feedwatch.web.site import form_route, words_of
from feedwatch.web.words import words_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from feedwatch.web.site import Site


def routes(site: Site) -> list[Route]:
    """GET and POST /confirm/{token}; 404 where nobody may subscribe by themselves any more."""

    async def ask(request: Request) -> Response:
        asked = await signup.show_signup(site.context, request.path_params["token"])
        if asked is None:
            raise HTTPException(404)
        wanted, said = asked.wanted, words_for(asked.wanted.locale)
        topics, schedule = said(", ").join(wanted.watchlists), show_schedule(wanted.schedule, said).told
        return site.page(request, "confirm", said, {"topics": topics, "schedule": schedule})

    async def begin(request: Request) -> Response:
        if not is_ours(request.headers, site.context.settings.web.public_url):
            raise HTTPException(403)
        token = request.path_params["token"]
        asked = await signup.show_signup(site.context, token)
        said = words_for(asked.wanted.locale) if asked is not None else words_of(request)
        confirmed = await signup.confirm(site.context, token, said("Digest"))
        if confirmed is None:
            raise HTTPException(404)
        parts = {"subscription": confirmed.subscription, "settings_url": confirmed.settings_url, "is_new": True}
        return site.page(request, "subscribed", said, parts)

    return [form_route("/confirm/{token}", ask, begin)]
