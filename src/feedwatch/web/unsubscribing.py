"""Ending a subscription: by one click in the mail program (RFC 8058), or by a page that asks first.

A GET changes nothing: mail scanners and previews follow every link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from feedwatch.jobs import pages
from feedwatch.web.body import read_form
from feedwatch.web.origin import is_ours
from feedwatch.web.site import form_route
from feedwatch.web.words import words_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from feedwatch.jobs.pages import ShownSubscription
    from feedwatch.web.site import Site

_ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""RFC 8058, 3.1."""


def routes(site: Site) -> list[Route]:
    """GET and POST /u/{token}, and POST /u/{token}/undo."""

    async def ask(request: Request) -> Response:
        shown = await pages.show_subscription(site.context, request.path_params["token"])
        if shown is None:
            raise HTTPException(404)
        if shown.told.unsubscribed_at is not None:
            return _ended(site, request, shown)
        return site.page(request, "unsubscribe", words_for(shown.told.locale), _parts(shown))

    async def end(request: Request) -> Response:
        form = await read_form(request)
        is_one_click = str(form.get(_ONE_CLICK[0], "")).strip().casefold() == _ONE_CLICK[1].casefold()
        if not is_one_click and not is_ours(request.headers, site.context.settings.web.public_url):
            raise HTTPException(403)
        shown = await pages.unsubscribe(site.context, request.path_params["token"])
        if shown is None:
            raise HTTPException(404)
        return PlainTextResponse("unsubscribed") if is_one_click else _ended(site, request, shown)

    async def undo(request: Request) -> Response:
        if not is_ours(request.headers, site.context.settings.web.public_url):
            raise HTTPException(403)
        shown = await pages.resubscribe(site.context, request.path_params["token"])
        if shown is None:
            raise HTTPException(404)
        return site.page(request, "subscribed", words_for(shown.told.locale), {**_parts(shown), "is_new": False})

    # The page of an undo may be loaded again by its address, which asks like the other.
    return [form_route("/u/{token}", ask, end), form_route("/u/{token}/undo", ask, undo)]


def _ended(site: Site, request: Request, shown: ShownSubscription) -> Response:
    # Relative, as everything on the pages is: it holds under whatever path a proxy puts them.
    undo_url = "undo" if request.scope["path"].endswith("/undo") else f"{request.path_params['token']}/undo"
    return site.page(request, "unsubscribed", words_for(shown.told.locale), {**_parts(shown), "undo_url": undo_url})


def _parts(shown: ShownSubscription) -> dict[str, object]:
    return {"subscription": shown.told.subscription, "settings_url": shown.settings_url}
