"""The hook for bounces: a mail server hands over the mails themselves, a mail service what it knows as JSON."""

from __future__ import annotations

import hmac
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feedwatch.jobs.bounces import TakenMail, Told, take_mail, take_told, tell_recorded
from feedwatch.strict import Strict
from feedwatch.web.body import read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from feedwatch.jobs.context import JobContext

MOST_BYTES = 1_048_576
_BODY_WITHIN = timedelta(seconds=20)
_AS_MAIL = frozenset({"message/rfc822", "message/global", "application/octet-stream", "text/plain"})
_AS_JSON = "application/json"


class BouncePost(Strict):
    """What a mail service tells of one recipient."""

    address: str = Field(min_length=3, max_length=320, pattern=r"^[^\s\x00-\x1f\x7f]+@[^\s\x00-\x1f\x7f]+$")
    status: str = Field(max_length=16, pattern=r"^(?:[245]\.\d{1,3}\.\d{1,3}|complaint)$")
    """The enhanced status code (RFC 3463), or `complaint`."""
    reason: str = Field(default="", max_length=2000)
    message_id: str | None = Field(default=None, max_length=250, pattern=r"^<?[^<>\s\x00-\x1f\x7f]+>?$")


def routes(context: JobContext) -> list[Route]:
    """POST /bounces/{token}, for whoever knows mail.bounces.hook_token."""

    async def take(request: Request) -> Response:
        if not _knows_token(context, str(request.path_params["token"])):
            raise HTTPException(404, "nothing is taken here")
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != _AS_JSON and kind not in _AS_MAIL:
            raise HTTPException(415, "expected a mail as message/rfc822, or what is known of it as application/json")
        body = await read_body(request, MOST_BYTES, _BODY_WITHIN)
        bounces, now = context.settings.mail.bounces, context.clock()
        if kind == _AS_JSON:
            taken = await _in_store(context, partial(take_told, told=_read_post(body), bounces=bounces, now=now))
        else:
            taken = await _in_store(context, partial(take_mail, message=body, bounces=bounces, now=now))
        for recorded in taken.recorded:
            tell_recorded(recorded)
        if taken.what == "something else":
            raise HTTPException(422, "this is no bounce that can be read; nothing was recorded")
        outcomes = [f"{recorded.address}: {recorded.outcome}, {recorded.why}\n" for recorded in taken.recorded]
        return PlainTextResponse("".join(outcomes) or f"{taken.what}: nothing to record\n")

    return [Route("/bounces/{token}", take, methods=["POST"])]


def _knows_token(context: JobContext, token: str) -> bool:
    wanted = context.settings.mail.bounces.hook_token
    if wanted is None or not wanted.get_secret_value():
        return False
    return hmac.compare_digest(token.encode(), wanted.get_secret_value().encode())


async def _in_store(context: JobContext, take: Callable[[Session], TakenMail]) -> TakenMail:
    def work() -> TakenMail:
        with context.store.begin() as session:
            return take(session)

    return await context.in_store(work)


def _read_post(body: bytes) -> Told:
    """Raises HTTPException that says which key is wrong."""
    try:
        post = BouncePost.model_validate_json(body)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'the body'}: {one['msg']}" for one in error.errors())
        raise HTTPException(400, "; ".join(problems)) from None
    message_id = f"<{post.message_id.strip('<>')}>" if post.message_id else None
    return Told(post.address, post.status, post.reason, message_id)
