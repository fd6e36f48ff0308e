"""A request's body, bounded in size and time: byte for byte as it came, or as the fields of a form."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.types import Message

FORM_BYTES = 32_768
"""A form with every watchlist of a large installation ticked is smaller."""
_FORM_WITHIN = timedelta(seconds=10)
_FIELDS = 1000


async def read_body(request: Request, limit: int, within: timedelta) -> bytes:
    """The whole body, `limit` bytes at the most.

    Raises HTTPException: 413, 408 for one that does not come, 400 for one that breaks off, and 415 for a compressed
    one: the signature of a hub is of the bytes as they are sent, and hubs do not compress.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise HTTPException(415, "compressed bodies are not taken", {"Accept-Encoding": "identity"})
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit:
        raise HTTPException(413, f"more than {limit} bytes are not taken")
    body = bytearray()
    try:
        async with asyncio.timeout(within.total_seconds()):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413, f"more than {limit} bytes are not taken")
    except TimeoutError:
        raise HTTPException(408, f"the body did not come within {within.total_seconds():g} s") from None
    except ClientDisconnect:
        raise HTTPException(400, "the body broke off") from None
    return bytes(body)


async def read_form(request: Request) -> FormData:
    """The fields of a form, urlencoded or multipart; empty where the body is neither.

    Raises HTTPException as `read_body` does, and 400 for a multipart body that cannot be read or has a file in it.
    """
    body = await read_body(request, FORM_BYTES, _FORM_WITHIN)

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return await Request(request.scope, replay).form(max_files=0, max_fields=_FIELDS, max_part_size=FORM_BYTES)
