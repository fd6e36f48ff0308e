"""One request to a hub: a form by POST, under the same guard as every fetch."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
import yarl

from feedwatch.errors import FetchError
from feedwatch.fetch.answer import retry_after
from feedwatch.fetch.explain import EXPLAINED, explain
from feedwatch.fetch.guard import Guard
from feedwatch.fetch.headers import user_agent
from feedwatch.fetch.names import Names
from feedwatch.fetch.redirects import Step, first_step, next_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.settings import FetchSettings

_FOLLOWED = frozenset([HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT])
"""The redirects that keep the method and the form (RFC 9110, 15.4); the only ones that hubs use (WebSub, 5.1.2)."""
_MOST_BYTES = 2048
"""Of an answer: hubs say in a line what is wrong."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered to a form, good or bad."""

    status: int
    retry_after: float | None
    """Seconds that it asked us to wait."""
    text: str
    """The beginning of its answer."""


async def post_form(url: str, fields: Mapping[str, str], settings: FetchSettings) -> Posted:
    """Send the fields to `url` within `settings.timeout`, redirects included.

    A redirect that would turn it into a GET is not followed, nor one from https to http: the form holds secrets.
    Raises FetchError where no answer came.
    """
    step = first_step(url)
    try:
        async with asyncio.timeout(settings.timeout.total_seconds()):
            while True:
                came = await _post(step, fields, settings)
                if isinstance(came, Posted):
                    return came
                step = came
    except EXPLAINED as error:
        raise explain(error, settings) from None


async def _post(step: Step, fields: Mapping[str, str], settings: FetchSettings) -> Posted | Step:
    connect_seconds = settings.connect_timeout.total_seconds()
    # A guard for this request alone: what it admits for one host is not open to the host of a redirect.
    guard = Guard(Names(connect_seconds), settings.allow_private_hosts)
    await guard.addresses(step.url.raw_host.decode("ascii"))
    proxy = settings.proxy.get_secret_value() if settings.proxy is not None else None
    if proxy is not None:
        await guard.addresses(yarl.URL(proxy).raw_host or "", what="the proxy ")
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=guard.socket_for, use_dns_cache=False, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent(settings.contact).decode("ascii"), "Accept": "text/plain, */*;q=0.1"},
            skip_auto_headers=["Accept-Encoding"],
            auto_decompress=False,
            trust_env=False,
        ) as session,
        session.post(
            yarl.URL(str(step.url), encoded=True), data=dict(fields), allow_redirects=False, proxy=proxy
        ) as response,
    ):
        location = response.headers.get("Location", "").strip()
        if response.status in _FOLLOWED and location:
            return _followed(step, response.status, location, settings)
        waits = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        return Posted(response.status, waits, await _read(response))


def _followed(step: Step, status: int, location: str, settings: FetchSettings) -> Step:
    following = next_step(step, status, location, None, settings.max_redirects)
    if step.url.scheme == "https" and following.url.scheme == "http":
        raise FetchError(f"redirects from https to http, where secrets are not sent: {following.url}")
    return following


async def _read(response: aiohttp.ClientResponse) -> str:
    body = b""
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) >= _MOST_BYTES:
            break
    return body[:_MOST_BYTES].decode("utf-8", "replace")
