"""The application: its routes, and what holds for every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feedwatch.web import bounces, confirming, editions, feeds, settings_page, subscribing, unsubscribing, websub
from feedwatch.web.site import Site

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.pushes import TakePushed

log = structlog.get_logger("feedwatch.web")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""Of every answer that does not say otherwise."""
_PAGES = ("/e/", "/s/", "/u/", "/confirm/", "/subscribe")
"""Where people come to; everything else is for programs, and is answered in text."""
_AGAIN_S = 60


def make_app(context: JobContext, take: TakePushed) -> Starlette:
    """Everything that feedwatch serves. `take` stores what hubs push."""
    site = Site(context)

    async def show_home(request: Request) -> Response:
        return site.page(request, "home")

    async def say_problem(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise TypeError from error
        if _is_for_programs(request):
            return PlainTextResponse(error.detail, error.status_code, error.headers)
        return site.problem(request, error.status_code, error.headers)

    app = Starlette(
        routes=[
            Route("/", show_home),
            Route("/healthz", _is_alive),
            *websub.routes(context, take),
            *editions.routes(site),
            *unsubscribing.routes(site),
            *settings_page.routes(site),
            *subscribing.routes(site),
            *confirming.routes(site),
            *feeds.routes(context),
            *bounces.routes(context),
        ],
        middleware=[Middleware(_EveryAnswer, site=site)],
        exception_handlers={HTTPException: say_problem},
    )
    app.router.redirect_slashes = False  # it would lead to wherever the request says that we are
    return app


async def _is_alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


def _is_for_programs(request: Request) -> bool:
    path = request.scope["path"]
    return (
        path not in ("", "/") and not path.startswith(_PAGES) and "text/html" not in request.headers.get("Accept", "")
    )


class _EveryAnswer:
    """Sets the headers of every answer, and answers what fails inside: the log has it, the caller comes again."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        has_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("request failed", method=scope["method"], route=_route(scope))
            if has_begun:
                raise
            await self._come_again(scope)(scope, receive, send_with_headers)

    def _come_again(self, scope: Scope) -> Response:
        request, later = Request(scope), {"Retry-After": str(_AGAIN_S)}
        if _is_for_programs(request):
            return PlainTextResponse("cannot be taken now, come again later", 503, later)
        try:
            return self._site.problem(request, 503, later)
        except Exception:  # noqa: BLE001 - a page that cannot be rendered: what failed may be just that
            return PlainTextResponse("That does not work just now. Come back in some minutes.", 503, later)


def _route(scope: Scope) -> str:
    """The route, without the token that its path may hold."""
    route = scope.get("route")
    return route.path if isinstance(route, Route) else ""
