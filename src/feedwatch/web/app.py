"""The application: its routes, and what holds for every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from feedwatch.web.websub import Callback

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.pushes import TakePushed

log = structlog.get_logger("feedwatch.web")

_HEADERS = {
    "Server": "feedwatch",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
_AGAIN_S = 60


def make_app(context: JobContext, take: TakePushed) -> web.Application:
    """GET and POST /websub/{token}, and GET /healthz. `take` stores what hubs push."""
    callback = Callback(context, take)
    app = web.Application(middlewares=[_in_plain_words])
    app.router.add_get("/websub/{token}", callback.verify, allow_head=False)
    app.router.add_post("/websub/{token}", callback.push)
    app.router.add_get("/healthz", _is_alive)
    app.on_response_prepare.append(_set_headers)
    return app


async def _is_alive(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _set_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


@web.middleware
async def _in_plain_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever fails inside is ours to know: the log has it, the caller is asked to come again."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("request failed", method=request.method, route=_route(request))
        raise web.HTTPServiceUnavailable(
            text="cannot be taken now, come again later", headers={"Retry-After": str(_AGAIN_S)}
        ) from None


def _route(request: web.Request) -> str:
    """The route, without the token that its path may hold."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
