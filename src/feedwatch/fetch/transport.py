"""httpx's transport over aiohttp's connections, with the guard under it and bounds around it.

Beside what the transport does anyway: the URL goes out byte for byte as httpx has it, headers may hold bytes that are
no UTF-8, and a request may name its proxy.
"""

from __future__ import annotations

import ssl
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    import asyncio
    import socket

    from aiohttp.client_reqrep import ConnectionKey
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

    from feedwatch.fetch.guard import Guard

_IDLE_SECONDS = 5.0
_LONGEST_HEADER = 65_536
_MOST_HEADERS = 200
_READ_AT_ONCE = 65_536


class GuardedTransport(AiohttpTransport):
    """Sends one request as it stands: no redirects, cookies, decompression or proxies of the environment.

    A request's `extensions` may hold `proxy` (a URL), and `sni_hostname`: the name that the server's certificate is
    for, where the URL has an address in its place. Raises httpx's and aiohttp's exceptions, and FetchError.
    """

    def __init__(self, guard: Guard, *, most_idle: int, connect_seconds: float) -> None:
        super().__init__(verify=ssl.create_default_context(), client=self._open)
        self._guard = guard
        self._most_idle = most_idle
        # Of the whole way to a connection: every address, TLS and a proxy's answer. What follows has no limit here.
        self._timeout = aiohttp.ClientTimeout(total=None, connect=connect_seconds)

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_BoundedConnector(
                self._most_idle,
                resolver=_GuardedResolver(self._guard),
                use_dns_cache=False,
                socket_factory=self._guard.socket_for,
                ssl=self.ssl_context,
                limit=0,  # the fetcher's slots are the limit
                keepalive_timeout=_IDLE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_ByteExactRequest,
            auto_decompress=False,
            trust_env=False,
            read_bufsize=_READ_AT_ONCE,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request (it has no body) and read the answer's head; the body is the response's stream."""
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client = self._open()
        with map_aiohttp_exceptions():
            answer = await self.client.request(
                request.method,
                URL(str(request.url), encoded=True),  # else aiohttp would write its escapes anew
                headers=CIMultiDict((k.decode("ascii"), v.decode("latin-1")) for k, v in request.headers.raw),
                allow_redirects=False,
                timeout=self._timeout,
                proxy=request.extensions.get("proxy"),
                server_hostname=request.extensions.get("sni_hostname"),
            )
        return httpx.Response(
            answer.status,
            headers=list(answer.raw_headers),
            stream=_Stream(answer),
            request=request,
            extensions={
                "http_version": b"HTTP/1.1",
                "reason_phrase": (answer.reason or "").encode("latin-1", "replace"),
            },
        )


class _Stream(AiohttpResponseStream):
    CHUNK_SIZE = _READ_AT_ONCE


class _GuardedResolver(AbstractResolver):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = 0) -> list[ResolveResult]:  # type: ignore[assignment]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in await self._guard.addresses(host)
        ]

    async def close(self) -> None:
        pass


class _BoundedConnector(aiohttp.TCPConnector):
    """Keeps so many idle connections at the most, and none on which something came that nobody had asked for.

    aiohttp bounds the connections in use alone; at a thousand hosts a second the idle ones would use up all that a
    process may open.
    """

    def __init__(self, most_idle: int, **options: Any) -> None:
        super().__init__(**options)
        conversation: type[ResponseHandler] = _Conversation
        self._factory = partial(conversation, loop=self._loop)
        self._most_idle = most_idle

    async def _get(self, key: ConnectionKey, traces: list[Trace]) -> Connection | None:
        while (kept := await super()._get(key, traces)) is not None:
            if kept.protocol is not None and not kept.protocol.should_close:
                return kept
            kept.close()
        return None

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        is_full = sum(map(len, self._conns.values())) >= self._most_idle
        super()._release(key, protocol, should_close=should_close or is_full)


class _Conversation(ResponseHandler):
    """Passes over what some servers send after the head of a 304, which has no body (RFC 9110, 15.4.5).

    aiohttp would read it as the next answer, and the whole as broken.
    """

    def data_received(self, data: bytes) -> None:
        is_304 = data.startswith(b"HTTP/1.") and data[9:12] == b"304"
        if is_304 and (self._payload is None or self._payload.is_eof()):
            head, end, rest = data.partition(b"\r\n\r\n")
            if rest:
                self.force_close()
                data = head + end
        super().data_received(data)


class _ByteExactRequest(aiohttp.ClientRequest):
    """Headers as latin-1: each character is one byte. aiohttp itself would write them as UTF-8."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        protocol = conn.protocol
        transport = protocol.transport if protocol is not None else None
        if protocol is None or transport is None or all(value.isascii() for value in self.headers.values()):
            return await super().send(conn)
        protocol.transport = cast("asyncio.Transport", _Latin1Writer(transport))
        try:
            return await super().send(conn)  # has no body, so that all is written before it returns
        finally:
            protocol.transport = transport


class _Latin1Writer:
    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, head: bytes) -> None:
        self._transport.write(head.decode("utf-8").encode("latin-1"))

    def is_closing(self) -> bool:
        return self._transport.is_closing()
