"""What went wrong on the way, in words for the admin."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import aiohttp
import httpx
from aiohttp.http_exceptions import LineTooLong

from feedwatch.errors import FetchError
from feedwatch.fetch.answer import status_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.settings import FetchSettings

EXPLAINED = (FetchError, aiohttp.ClientError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, EOFError)
"""What the client and its transport raise."""


def explain(error: BaseException, settings: FetchSettings) -> FetchError:
    """The exception of a request as one sentence.

    The deepest cause that says something is what counts: httpx's transport keeps one type for many of aiohttp's, and
    aiohttp one for many of the system's.
    """
    for cause in reversed(list(_chain(error))):
        if isinstance(cause, FetchError):
            return cause
        if (sentence := _connecting(cause, settings) or _conversing(cause)) is not None:
            return FetchError(sentence)
    if isinstance(error, TimeoutError):
        return FetchError(f"did not finish within {settings.timeout.total_seconds():g} s")
    return FetchError(f"broke off the exchange: {str(error) or type(error).__name__}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _connecting(error: BaseException, settings: FetchSettings) -> str | None:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return f"did not accept a connection within {settings.connect_timeout.total_seconds():g} s"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy did not let us through: HTTP {status_line(error.status, error.message)}"
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return f"the proxy {error.host} refused the connection or could not be reached"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "refused the connection or could not be reached"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has no valid TLS certificate: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"could not agree on a secure (TLS) connection: {error}"
    return None


def _conversing(error: BaseException) -> str | None:
    if isinstance(error, LineTooLong):
        return "sent a header that is too long to be meant"
    if isinstance(error, aiohttp.ClientResponseError):
        if "Too many headers" in error.message:
            return "sent more headers than can be meant"
        first = error.message.strip().partition("\n")[0].rstrip(":")
        return f"does not answer as HTTP has it: {first or 'unreadable'}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "broke off the exchange: the document is cut off"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "broke off the exchange: it closed the connection without an answer"
    if isinstance(error, ConnectionResetError):
        return "broke off the exchange: it reset the connection"
    if isinstance(error, aiohttp.InvalidURL):
        return f"not a URL: {error.url}"
    return None
