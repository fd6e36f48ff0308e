"""The HTTP client: conditional GETs, bounded in time, size, redirects and concurrency."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from weakref import WeakValueDictionary

import httpx

from feedwatch import __version__
from feedwatch.errors import FetchError
from feedwatch.fetch.coding import ACCEPTED, decode, too_large
from feedwatch.fetch.guard import guarded_transport

if TYPE_CHECKING:
    from feedwatch.settings import FetchSettings

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_CHUNK = 65536
_KEPT_ALIVE = 8
"""Idle connections kept. The pool's cost grows with the square of their number, and sources of many hosts seldom
meet again on one within its five seconds."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A conditional GET. The validators are sent back byte for byte as they came (RFC 9110, 13.1)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: 200 with a body, or 304 without one."""

    status: int
    url: str
    """Where the redirects ended."""
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    elapsed_ms: int = 0
    """From the request to the end of the body, waiting for a free slot left out."""

    @property
    def is_not_modified(self) -> bool:
        """The server says that nothing has changed."""
        return self.status == HTTPStatus.NOT_MODIFIED


class Fetcher:
    """One client for the whole process; use it as an asynchronous context."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.concurrency)
        # Weak: a host's slots last as long as somebody waits for them or holds one, not as long as the daemon.
        self._slots_by_host: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        agent = f"feedwatch/{__version__} (news feed monitor"
        connect = settings.connect_timeout.total_seconds()
        self._client = httpx.AsyncClient(
            transport=guarded_transport(
                verify=ssl.create_default_context(),
                http2=settings.http2,
                limits=httpx.Limits(max_connections=settings.concurrency, max_keepalive_connections=_KEPT_ALIVE),
                allowed_hosts=settings.allow_private_hosts,
            ),
            headers={
                "User-Agent": f"{agent}; {settings.contact})" if settings.contact else f"{agent})",
                "Accept": _ACCEPT,
                "Accept-Encoding": ACCEPTED,
            },
            timeout=httpx.Timeout(settings.timeout.total_seconds(), connect=connect),
            follow_redirects=True,
            max_redirects=settings.max_redirects,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._client.aclose()

    async def fetch(self, request: FetchRequest) -> Fetched:
        """Get the document, or learn that it has not changed.

        Waits for a free slot of the host, then of all; the time limit counts from there. Raises FetchError, whose
        text says what happened in words for the admin.
        """
        try:
            host = httpx.URL(request.url).host
        except httpx.InvalidURL as error:
            raise FetchError(f"not a URL: {request.url} ({error})") from None
        limit = self._settings.timeout.total_seconds()
        # The host's slot first: a task that waits for a busy host must not hold a place that another could use.
        async with self._slots_of(host), self._slots:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(limit):
                    fetched = await self._get(request)
            except FetchError as error:
                problem = error
            except TimeoutError:
                problem = FetchError(f"did not finish within {limit:g} s")
            except httpx.HTTPError as error:
                problem = _explain(error, time.monotonic() - begun, self._settings)
            except (httpx.InvalidURL, ValueError) as error:
                problem = FetchError(f"answered in a way that cannot be read: {error}")
            else:
                return replace(fetched, elapsed_ms=_ms(begun))
            problem.elapsed_ms = _ms(begun)
            raise problem

    def _slots_of(self, host: str) -> asyncio.Semaphore:
        slots = self._slots_by_host.get(host)
        if slots is None:
            slots = self._slots_by_host[host] = asyncio.Semaphore(self._settings.per_host)
        return slots

    async def _get(self, request: FetchRequest) -> Fetched:
        headers: dict[bytes, bytes] = {}
        if request.etag:
            headers[b"If-None-Match"] = request.etag.encode("latin-1")
        if request.last_modified:
            headers[b"If-Modified-Since"] = request.last_modified.encode("latin-1")
        async with self._client.stream("GET", request.url, headers=headers) as response:
            if response.status_code == HTTPStatus.NOT_MODIFIED and headers:
                return Fetched(status=response.status_code, url=str(response.url))
            if response.status_code != HTTPStatus.OK:
                phrase = response.reason_phrase or _phrase(response.status_code)
                raise FetchError(
                    f"answered HTTP {response.status_code} {phrase}".rstrip(),
                    status=response.status_code,
                    retry_after=_retry_after(response.headers.get("Retry-After")),
                )
            return Fetched(
                status=response.status_code,
                url=str(response.url),
                body=await self._read(response),
                content_type=response.headers.get("Content-Type"),
                etag=_raw(response, b"etag"),
                last_modified=_raw(response, b"last-modified"),
            )

    async def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        limit = int(self._settings.max_body)
        try:
            async for chunk in response.aiter_raw(_CHUNK):
                body += chunk
                if len(body) > limit:
                    raise too_large(limit)
            return decode(bytes(body), response.headers.get("Content-Encoding", ""), limit)
        except FetchError as error:
            error.status = response.status_code
            raise


def _ms(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def _raw(response: httpx.Response, wanted: bytes) -> str | None:
    """A header's bytes as they came; latin-1 keeps each of them."""
    for name, value in response.headers.raw:
        if name.lower() == wanted:
            return value.decode("latin-1")
    return None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, from seconds or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _explain(error: httpx.HTTPError, seconds: float, settings: FetchSettings) -> FetchError:
    """httpx's exceptions in words for the admin."""
    if isinstance(error, httpx.TooManyRedirects):
        return FetchError(f"redirects more than {settings.max_redirects} times")
    if isinstance(error, httpx.ConnectTimeout):
        return FetchError(f"did not accept a connection within {settings.connect_timeout.total_seconds():g} s")
    if isinstance(error, httpx.TimeoutException):
        return FetchError(f"did not answer within {seconds:.0f} s")
    if isinstance(error, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        why = str(error).partition("verify failed: ")[2].partition(" (_ssl")[0]
        return FetchError(f"has no valid TLS certificate: {why or error}")
    if isinstance(error, httpx.ConnectError) and "SSL" in str(error):
        return FetchError(f"could not agree on a secure (TLS) connection: {error}")
    if isinstance(error, httpx.ConnectError):
        return FetchError("refused the connection or could not be reached")
    if isinstance(error, httpx.UnsupportedProtocol):
        return FetchError("leads to a URL that is neither http:// nor https://")
    return FetchError(f"broke off the exchange: {error or type(error).__name__}")
