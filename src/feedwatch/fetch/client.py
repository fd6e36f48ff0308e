"""The HTTP client: conditional GETs, bounded in time, size, redirects and concurrency."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from weakref import WeakValueDictionary

import httpx

from feedwatch.errors import FetchError
from feedwatch.fetch.answer import DOCUMENTS, Fetched, header_values, retry_after, status_line
from feedwatch.fetch.caching import fresh_for
from feedwatch.fetch.coding import Body, too_large
from feedwatch.fetch.cookies import fingerprint, keep_cookies
from feedwatch.fetch.explain import EXPLAINED, explain
from feedwatch.fetch.guard import Guard
from feedwatch.fetch.headers import request_headers, user_agent, validators
from feedwatch.fetch.links import hub_and_topic
from feedwatch.fetch.names import Names
from feedwatch.fetch.redirects import REDIRECTS, Step, first_step, next_step
from feedwatch.fetch.route import route_to
from feedwatch.fetch.transport import GuardedTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.fetch.request import FetchRequest
    from feedwatch.settings import FetchSettings


class Fetcher:
    """One client for the whole process and one event loop; use it as an asynchronous context.

    Nothing is remembered from one fetch to the next but open connections and the addresses of names. What a fetch
    costs: tests/bench/fetch.py.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._limit = settings.timeout.total_seconds()
        self._proxy = settings.proxy.get_secret_value() if settings.proxy is not None else None
        self._agent = user_agent(settings.contact)
        self._slots = asyncio.Semaphore(settings.concurrency)
        # Weak: a host's slots last as long as somebody waits for them or holds one, not as long as the daemon.
        self._slots_by_host: WeakValueDictionary[bytes, asyncio.Semaphore] = WeakValueDictionary()
        connect_seconds = settings.connect_timeout.total_seconds()
        self._names = Names(connect_seconds)
        self._guard = Guard(self._names, settings.allow_private_hosts)
        self._transport = GuardedTransport(self._guard, most_idle=settings.concurrency, connect_seconds=connect_seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._names.forget()
        await self._transport.aclose()

    async def fetch(self, request: FetchRequest) -> Fetched:
        """Get the document, or learn that it has not changed.

        Each redirect waits for free slots as the first request does: of its host, then of all. The time limit counts
        what lies between. Raises FetchError, whose text says what happened in words for the admin.
        """
        step = first_step(request.url)
        jar: httpx.Cookies | None = None
        spent = 0.0
        while True:
            # The host's slot first: who waits for a busy host must not hold a place that another could use.
            async with self._slots_of(step.url.raw_host), self._slots:
                begun = time.monotonic() - spent
                try:
                    async with asyncio.timeout(self._limit - spent):
                        came = await self._ask(request, step, jar, begun)
                except EXPLAINED as error:
                    problem = explain(error, self._settings)
                    problem.elapsed_ms = _ms_since(begun)
                    raise problem from None
            if isinstance(came, Fetched):
                return came
            step, jar = came
            spent = time.monotonic() - begun

    def _slots_of(self, host: bytes) -> asyncio.Semaphore:
        slots = self._slots_by_host.get(host)
        if slots is None:
            slots = self._slots_by_host[host] = asyncio.Semaphore(self._settings.per_host)
        return slots

    async def _ask(
        self, request: FetchRequest, step: Step, jar: httpx.Cookies | None, begun: float
    ) -> Fetched | tuple[Step, httpx.Cookies | None]:
        """One request: its answer, or where it sends us and the cookies to take along."""
        conditions = validators(request, step)
        headers = request_headers(self._agent, request, step, conditions, jar)
        route = await route_to(step.url, request.access.proxy or self._proxy, self._guard)
        outgoing = httpx.Request("GET", route.url, headers=[*route.headers, *headers], extensions=route.extensions)
        response = await self._transport.handle_async_request(outgoing)
        try:
            values = header_values(response.headers.raw)
            if response.status_code in REDIRECTS and (location := values.get("location", "").strip()):
                jar = keep_cookies(jar, step.url, response)
                most = self._settings.max_redirects
                return next_step(step, response.status_code, location, fingerprint(jar), most), jar
            names = {name for name, _ in conditions}
            _check_status(response, values, is_conditional=bool(names), is_delta=b"A-IM" in names)
            body = b"" if response.status_code == HTTPStatus.NOT_MODIFIED else await self._read(response, values)
            return _fetched(request, step, response.status_code, values, body, _ms_since(begun))
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, values: Mapping[str, str]) -> bytes:
        limit = int(self._settings.max_body)
        try:
            if int(values.get("content-length") or 0) > limit:
                raise too_large(limit)
            body = Body(values.get("content-encoding", ""), limit)
            async for chunk in response.aiter_raw():
                body.feed(chunk)
            return body.finish()
        except FetchError as error:
            error.status = response.status_code
            raise


def _check_status(response: httpx.Response, values: Mapping[str, str], *, is_conditional: bool, is_delta: bool) -> None:
    status = response.status_code
    if status in DOCUMENTS:
        return
    why = ""
    if status == HTTPStatus.NOT_MODIFIED:
        if is_conditional:
            return
        why = ", though it was not asked whether anything has changed"
    elif status == HTTPStatus.IM_USED:
        if is_delta and values.get("im", "feed").strip().lower() == "feed":
            return
        why = ", of which only `IM: feed` to a request for it can be read"
    elif status in REDIRECTS:
        why = " without saying where to (Location)"
    raise FetchError(
        f"answered HTTP {status_line(status, response.reason_phrase)}{why}",
        status=status,
        retry_after=retry_after(values.get("retry-after"), datetime.now(UTC)),
    )


def _fetched(
    request: FetchRequest, step: Step, status: int, values: Mapping[str, str], body: bytes, elapsed_ms: int
) -> Fetched:
    url = str(step.url) if step.seen else request.url
    hub, topic = hub_and_topic(values["link"], url) if "link" in values else (None, None)
    return Fetched(
        status=status,
        url=url,
        moved_to=step.moved_to if step.moved_to != str(step.home) else None,
        body=body,
        content_type=values.get("content-type"),
        etag=values.get("etag") or None,
        last_modified=values.get("last-modified") or None,
        fresh_for=fresh_for(values, datetime.now(UTC)),
        hub=hub,
        topic=topic,
        elapsed_ms=elapsed_ms,
    )


def _ms_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
