"""A real HTTP/1.1 server on 127.0.0.1 that serves what a test puts on its paths, and misbehaves on request.

    with FeedServer() as server:
        server.documents["/a.xml"] = Document(body=feed, etag='"v1"')
        ...                                     # fetch server.url("/a.xml") from any thread or event loop
        assert server.requests[-1].header("If-None-Match") == '"v1"'
        server.documents["/a.xml"] = unavailable(retry_after="120")     # replaced while the server runs

It runs in a thread of its own, so that synchronous and asynchronous tests use it alike; documents may be replaced and
requests read at any time.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, Self

import brotli  # type: ignore[import-untyped]
import zstandard

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

_PACKERS = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}
_ETAG = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Document:
    """What a path answers. Given validators, a conditional GET that still holds is answered with 304."""

    body: bytes = b""
    status: int = 200
    content_type: str | None = "application/xml"
    etag: str | None = None
    """With its quotes: `"v1"` or `W/"v1"`; characters up to U+00FF are sent as the byte of the same number."""
    last_modified: str | None = None
    """As it is sent, an HTTP date or not."""
    headers: tuple[tuple[str, str], ...] = ()
    encoding: Literal["gzip", "br", "zstd"] | None = None
    """Compresses `body` and says so in Content-Encoding."""
    delay: float = 0
    """Seconds from the request to the first byte of the answer."""
    drip: float = 0
    """Seconds before each byte of the body."""
    endless: bool = False
    """Repeats `body` until the client leaves."""
    closes_after: int | None = None
    """Breaks the connection off after so many bytes of the body, of which Content-Length promised all."""
    raw: bytes | None = None
    """Sent instead of an HTTP answer, after which the connection is closed; but for the next three and `delay`,
    everything else is then ignored."""
    raw_repeated: bytes = b""
    """Sent after `raw`, over and over until the client leaves."""
    raw_later: bytes = b""
    """Sent after `raw` and a tenth of a second."""
    stays_open: bool = False
    """Whether the connection is left open after `raw`, for the next request."""


def redirect(location: str, status: int = 302) -> Document:
    """An answer that sends the client to `location`, relative or absolute."""
    return Document(status=status, content_type=None, headers=(("Location", location),))


def unavailable(status: int = 503, retry_after: str | None = None) -> Document:
    """An answer that asks the client to come again later."""
    headers = (("Retry-After", retry_after),) if retry_after is not None else ()
    return Document(body=b"later", status=status, content_type="text/plain", headers=headers)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    """The request target: path and query."""
    headers: tuple[tuple[str, str], ...]
    """In the order and spelling sent, bytes as latin-1."""
    at: float
    """time.monotonic() at which its head was complete."""
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name in any spelling, or None."""
        return next((value for key, value in self.headers if key.casefold() == name.casefold()), None)


@dataclass
class FeedServer:
    """The server, running while its context is open. A path without a document answers 404."""

    documents: dict[str, Document] = field(default_factory=dict)
    by_cookie: dict[str, Callable[[str | None], Document]] = field(default_factory=dict)
    """Paths whose document depends on the Cookie header; they come before `documents`."""
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._at_once: Counter[str] = Counter()
        self._most_at_once: Counter[str] = Counter()
        self._connections = 0
        self._sent_bytes = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="FeedServer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the server did not start"
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The URL of a path; `host` may be another name that leads to 127.0.0.1, such as `localhost`."""
        return f"{'http' if self.tls is None else 'https'}://{host}:{self.port}{path}"

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in order of arrival; a copy."""
        with self._lock:
            return list(self._requests)

    def requests_for(self, path: str) -> list[Request]:
        """The requests of one path, query included."""
        return [request for request in self.requests if request.path == path]

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._connections

    @property
    def sent_bytes(self) -> int:
        """How much of the repeated parts of answers (`endless`, `raw_repeated`) clients have taken so far."""
        return self._sent_bytes

    def most_at_once(self, host: str | None = None) -> int:
        """The most requests that were being answered at one time, of all or of one host name."""
        with self._lock:
            return self._most_at_once[host or ""]

    def forget(self) -> None:
        """Forget the requests seen so far."""
        with self._lock:
            self._requests.clear()
            self._most_at_once.clear()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0, ssl=self.tls)
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()  # what is still being answered is cancelled as the loop ends

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            while (request := await self._read(reader)) is not None:
                if not await self._answer(request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has left
        except asyncio.CancelledError:
            pass  # the server stops; the streams of asyncio would report a cancelled conversation as an error
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = tuple((name, value.strip(" ")) for name, _, value in (line.partition(":") for line in lines))
        request = Request(method, path, headers, time.monotonic())
        request = replace(request, body=await reader.readexactly(int(request.header("Content-Length") or 0)))
        with self._lock:
            self._requests.append(request)
        return request

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Send what the path says. False when the connection is to be closed."""
        counted = ("", (request.header("Host") or "").partition(":")[0])
        with self._lock:
            self._at_once.update(counted)
            self._most_at_once |= self._at_once
        try:
            document = self.documents.get(request.path, Document(b"nothing here", 404, "text/plain"))
            if (by_cookie := self.by_cookie.get(request.path)) is not None:
                document = by_cookie(request.header("Cookie"))
            await asyncio.sleep(document.delay)
            return await self._send(document, request, writer)
        finally:
            with self._lock:
                self._at_once.subtract(counted)

    async def _send(self, document: Document, request: Request, writer: asyncio.StreamWriter) -> bool:
        if document.raw is not None:
            writer.write(document.raw)
            await writer.drain()
            if document.raw_later:
                await asyncio.sleep(0.1)
                writer.write(document.raw_later)
                await writer.drain()
            if document.raw_repeated:
                await self._repeat(document.raw_repeated, document.drip, writer)
            return document.stays_open
        if document.status == HTTPStatus.OK and _still_holds(document, request):
            writer.write(_head(HTTPStatus.NOT_MODIFIED, [*_validators(document), *document.headers]))
            await writer.drain()
            return True
        body = _PACKERS[document.encoding](document.body) if document.encoding else document.body
        headers = [*_validators(document), *document.headers]
        if document.content_type is not None:
            headers.append(("Content-Type", document.content_type))
        if document.encoding:
            headers.append(("Content-Encoding", document.encoding))
        headers.append(("Transfer-Encoding", "chunked") if document.endless else ("Content-Length", str(len(body))))
        writer.write(_head(document.status, headers))
        await writer.drain()
        if request.method == "HEAD":
            return True
        if document.endless:
            await self._repeat(b"%x\r\n%b\r\n" % (len(body), body), document.drip, writer)
        sent = body[: document.closes_after]
        for piece in (sent[at : at + 1] for at in range(len(sent))) if document.drip else (sent,):
            await asyncio.sleep(document.drip)
            writer.write(piece)
            await writer.drain()
        return document.closes_after is None

    async def _repeat(self, piece: bytes, pause: float, writer: asyncio.StreamWriter) -> None:
        while True:
            await asyncio.sleep(pause)
            writer.write(piece)
            await writer.drain()
            self._sent_bytes += len(piece)


def _still_holds(document: Document, request: Request) -> bool:
    """Whether the client's copy is the current one (RFC 9110, 13.2.2: If-None-Match outranks If-Modified-Since)."""
    tags = request.header("If-None-Match")
    if tags is not None:
        known = {tags, *_ETAG.findall(tags)}  # whole, too: some servers send an ETag without quotes
        known |= {tag.removeprefix("W/") for tag in known}
        return document.etag is not None and (tags == "*" or document.etag.removeprefix("W/") in known)
    since = request.header("If-Modified-Since")
    if since is None or document.last_modified is None:
        return False
    try:
        return parsedate_to_datetime(document.last_modified) <= parsedate_to_datetime(since)
    except ValueError:
        return since == document.last_modified


def _validators(document: Document) -> list[tuple[str, str]]:
    named = (("ETag", document.etag), ("Last-Modified", document.last_modified))
    return [(name, value) for name, value in named if value is not None]


def _head(status: int, headers: list[tuple[str, str]]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")
