"""A request's body, bounded in size and time, byte for byte as it came."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from datetime import timedelta


async def read_body(request: web.Request, limit: int, within: timedelta) -> bytes:
    """The whole body, `limit` bytes at the most.

    Raises web.HTTPRequestEntityTooLarge, web.HTTPRequestTimeout, web.HTTPBadRequest for one that breaks off, and
    web.HTTPUnsupportedMediaType for a compressed one: the signature is of the bytes as they are sent, and hubs do not
    compress.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise web.HTTPUnsupportedMediaType(
            text="compressed bodies are not taken", headers={"Accept-Encoding": "identity"}
        )
    if (request.content_length or 0) > limit:
        raise web.HTTPRequestEntityTooLarge(limit, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(within.total_seconds()):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise web.HTTPRequestEntityTooLarge(limit, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the body did not come within {within.total_seconds():g} s") from None
    except (ConnectionError, web.RequestPayloadError):
        raise web.HTTPBadRequest(text="the body broke off") from None
    return bytes(body)
