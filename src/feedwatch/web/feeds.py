"""GET /f/{token}.atom and .json: a watchlist as a feed, at a URL that is its only key."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feedwatch.jobs.watchlist_feed import FORMS, PATH, Form, read_feed

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from feedwatch.jobs.context import JobContext

_TYPES: dict[Form, str] = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json"}
_AT_ONCE = 4
"""How many feeds are read and made at one time; the others wait."""
_FRESH_S = 300
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_ETAG = re.compile(r'"[^"]*"')


def routes(context: JobContext) -> list[Route]:
    """A route for each form. Reading does not wait for the jobs' database work: it has threads of its own."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def follow(request: Request, form: Form) -> Response:
        token = request.path_params["token"]
        feed = None
        if _TOKEN.fullmatch(token):
            async with slots:
                has = partial(_has, request)
                feed = await run_in_threadpool(read_feed, context.store, context.settings, token, form, has)
        if feed is None:
            return PlainTextResponse("there is no such feed; ask whoever gave you its URL for the present one", 404)
        headers = {
            "ETag": feed.etag,
            "Last-Modified": _http_date(feed.changed_at),
            "Cache-Control": f"private, max-age={_FRESH_S}",
            "X-Robots-Tag": "noindex",
        }
        if feed.body is None:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(feed.body, headers=headers, media_type=_TYPES[form])

    return [Route(f"{PATH}{{token}}.{form}", partial(follow, form=form), methods=["GET"]) for form in FORMS]


def _has(request: Request, etag: str, changed_at: datetime) -> bool:
    """Whether the reader's copy is the present one (RFC 9110, 13.1: the ETag outranks the time).

    The time has to be the very one: what is withdrawn from a feed may take its time back to an earlier one.
    """
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or etag.removeprefix("W/") in _ETAG.findall(tags)
    return request.headers.get("If-Modified-Since", "").strip() == _http_date(changed_at)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
