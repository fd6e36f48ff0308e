"""The callback of WebSub hubs: GET verifies or denies a subscription, POST pushes what is new."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from feedwatch.jobs.pushes import HubCall, disbelieve, end_lease, hear_hub, is_over, lease_of, take_push
from feedwatch.web.body import read_body
from feedwatch.web.signature import problem_of
from feedwatch.web.site import form_route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.pushes import TakePushed
    from feedwatch.store.hub_leases import LeaseRow

AT_ONCE = 4
"""Pushes read and stored at one time: each may hold a whole document in memory."""
_BODY_WITHIN = timedelta(seconds=20)
_BUSY_AGAIN_S = 30
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def routes(context: JobContext, take: TakePushed) -> list[Route]:
    """GET and POST /websub/{token}; a token with anything in it is a token, and unknown."""
    callback = Callback(context, take)
    route = form_route("/websub/{token:path}", callback.verify, callback.push)
    route.methods = {"GET", "POST"}  # not HEAD: what a hub asks for is an answer's body
    return [route]


class Callback:
    """The handlers of one route; they share how many pushes are being taken."""

    def __init__(self, context: JobContext, take: TakePushed) -> None:
        self._context = context
        self._take = take
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def verify(self, request: Request) -> Response:
        """GET (WebSub, 5.2 and 5.3): echoes the challenge of what we have asked for; 404 for everything else."""
        query = request.query_params
        call = HubCall(
            mode=query.get("hub.mode"),
            topic=query.get("hub.topic"),
            challenge=query.get("hub.challenge"),
            lease_seconds=query.get("hub.lease_seconds"),
            reason=query.get("hub.reason"),
        )
        lease = await self._lease(request)
        answer = await hear_hub(self._context, lease, call) if lease is not None else None
        if answer is None:
            raise HTTPException(404, "nothing was asked for here")
        return PlainTextResponse(answer)

    async def push(self, request: Request) -> Response:
        """POST (WebSub, 7): 204 once it is stored, or ignored for its signature; 410 where nothing is wanted.

        A hub that meets any other answer pushes again later.
        """
        lease = await self._lease(request)
        if lease is None:
            raise HTTPException(410, "nothing is wanted here")
        if is_over(lease):
            await end_lease(self._context, lease)
            raise HTTPException(410, "nothing is wanted here any more")
        if self._slots.locked():
            raise HTTPException(503, "busy, push again later", {"Retry-After": str(_BUSY_AGAIN_S)})
        async with self._slots:
            body = await read_body(request, int(self._context.settings.fetch.max_body), _BODY_WITHIN)
            wrong = problem_of(body, request.headers.get("X-Hub-Signature"), lease.secret)
            if wrong is not None:  # answered like any other, so that nobody can try signatures out
                await disbelieve(self._context, lease, wrong)
            else:
                await take_push(self._context, lease, body, request.headers.get("Content-Type"), self._take)
        return Response(status_code=204)

    async def _lease(self, request: Request) -> LeaseRow | None:
        token = str(request.path_params["token"])
        return await lease_of(self._context, token) if _TOKEN.fullmatch(token) else None
