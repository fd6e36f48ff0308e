"""A webhook: each edition as JSON by POST, signed as Standard Webhooks 1.0 has it.

The specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import httpx

from feedwatch.digest.as_json import fill_json
from feedwatch.errors import DeliveryError
from feedwatch.fetch.answer import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwatch.digest.personal import Personal
    from feedwatch.model import Body

TIMEOUT = timedelta(seconds=30)
"""For one POST in all: the specification advises 15 to 30 seconds."""
_PREFIX = "whsec_"
_FEWEST_BYTES = 24
"""Of a secret, as the specification asks."""
_MOST_BYTES = 2_000
"""Of an answer that are read: a receiver says in a line what is wrong."""
_LONGEST_WORDS = 200
_FOR_GOOD = frozenset(
    [
        HTTPStatus.GONE,
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ]
)
"""The receiver wants no more, or refuses this very document, which stays the same at every try. Any other refusal (a
wrong address or login, a server that is down) can be mended while the delivery waits."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def utc_now() -> datetime:
    """The clock of everything but tests."""
    return datetime.now(UTC)


class WebhookChannel:
    """Posts to one URL; use it as an asynchronous context. Redirects are not followed."""

    def __init__(
        self, url: str, secret: str, *, timeout: timedelta = TIMEOUT, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._url = url
        self._secret = secret
        self._timeout = timeout
        self._clock = clock
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def send(self, body: Body, personal: Personal, *, message_id: str) -> str:
        """POST the JSON. Returns the answer's status and first words; raises DeliveryError."""
        if problem := check_secret(self._secret):
            raise DeliveryError(problem, permanent=False)
        document = fill_json(body.text, personal).encode()
        moment = self._clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "feedwatch",
            **signature_headers(document, webhook_id(message_id), int(moment.timestamp()), self._secret),
        }
        status, retries, words = await self._post(document, headers, moment)
        said = f"{_status_line(status)}{f': {words}' if words else ''}"
        if HTTPStatus(200) <= status < HTTPStatus(300):
            return said
        is_redirect = HTTPStatus(300) <= status < HTTPStatus(400)
        hint = "; redirects are not followed, name the new URL in the configuration" if is_redirect else ""
        raise DeliveryError(f"the webhook answered {said}{hint}", permanent=status in _FOR_GOOD, retry_after=retries)

    async def _post(self, document: bytes, headers: Mapping[str, str], now: datetime) -> tuple[int, float | None, str]:
        """The answer's status, the seconds it asks us to wait, and its first words."""
        seconds = self._timeout.total_seconds()
        if self._client is None:
            # Environment variables name proxies and .netrc a login: a webhook is asked as the configuration says.
            self._client = httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False)
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream("POST", self._url, content=document, headers=headers) as response,
            ):
                waits = retry_after(response.headers.get("Retry-After"), now)
                return response.status_code, waits, await _first_words(response)
        except (TimeoutError, httpx.TimeoutException):
            raise DeliveryError(f"the webhook gave no answer within {seconds:g} seconds", permanent=False) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = _plain(str(error)) or type(error).__name__
            raise DeliveryError(f"the webhook cannot be reached: {why}", permanent=False) from None


def webhook_id(message_id: str) -> str:
    """What names the delivery at every try: its Message-ID without the brackets, and with - for each full stop, which
    parts what is signed."""
    return message_id.strip("<>").replace(".", "-")


def signature_headers(document: bytes, delivery: str, timestamp: int, secret: str) -> dict[str, str]:
    """The three headers that tell the receiver who sends, when, and that nothing was changed."""
    signed = b".".join((delivery.encode(), str(timestamp).encode(), document))
    signature = base64.b64encode(hmac.new(_key(secret), signed, sha256).digest()).decode()
    return {"webhook-id": delivery, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{signature}"}


def check_secret(secret: str) -> str | None:
    """What is wrong with a webhook's secret; None where nothing is."""
    try:
        size = len(_key(secret))
    except (binascii.Error, ValueError):
        return f"the webhook's secret begins with {_PREFIX}, but what follows is not Base64; make a new one"
    if size < _FEWEST_BYTES:
        return f"the webhook's secret is too short: give it {_FEWEST_BYTES} random bytes or more"
    return None


def _key(secret: str) -> bytes:
    """The bytes after `whsec_` in Base64, as the specification writes secrets; any other secret as it stands."""
    if secret.startswith(_PREFIX):
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return secret.encode()


async def _first_words(response: httpx.Response) -> str:
    read = b""
    try:
        async for chunk in response.aiter_bytes(_MOST_BYTES):
            read += chunk
            if len(read) >= _MOST_BYTES:
                break
    except httpx.DecodingError:
        return ""
    return _plain(read.decode("utf-8", "replace"))


def _plain(text: str) -> str:
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + "…"


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
