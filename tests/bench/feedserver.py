"""A quick HTTP server for benchmarks: real feed documents by the thousand, on loopback, in a process of its own.

`/feed/N` is document N modulo the number of documents. The mode is one of MODES; `/mode/NAME` sets it.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MODES = ("plain", "no-validators", "one-new-item")
_NEW_RSS = (
    b"<item><title>High-quality development of the Greater Bay Area, part %d</title><guid>bench-new-%d</guid>"
    b"<link>http://news.example/%d</link><description>The Greater Bay Area grows by %d more.</description></item>"
)
_NEW_ATOM = (
    b"<entry><title>High-quality development of the Greater Bay Area, part %d</title><id>bench-new-%d</id>"
    b'<link href="http://news.example/%d"/><summary>The Greater Bay Area grows by %d more.</summary></entry>'
)


def real_documents(folder: Path) -> list[bytes]:
    """The documents of a corpus folder that a new item can be put into."""
    bodies = (path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return [body for body in bodies if b"<item" in body or b"<entry" in body]


def with_new_item(body: bytes, number: int) -> bytes:
    """The document with one more item at its head, in which both watchlists of the benchmark find something."""
    for tag, template in ((b"<item", _NEW_RSS), (b"<entry", _NEW_ATOM)):
        at = body.find(tag)
        if at >= 0:
            return body[:at] + template % ((number,) * 4) + body[at:]
    return body


@dataclass
class _State:
    documents: list[bytes]
    mode: str = "plain"
    changed: dict[int, bytes] = field(default_factory=dict)


class _Connection(asyncio.Protocol):
    def __init__(self, state: _State) -> None:
        self._state = state
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head, self._waiting = self._waiting[:end], self._waiting[end + 4 :]
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1]
        kind, _, value = path.strip(b"/").partition(b"/")
        if kind == b"mode":
            self._state.mode = value.decode()
            return b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
        number = int(value)
        body = self._state.documents[number % len(self._state.documents)]
        if self._state.mode == "one-new-item":
            body = with_new_item(body, number)
        etag = b'"%d-%s"' % (number, self._state.mode.encode()) if self._state.mode != "no-validators" else b""
        if etag and etag in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        validator = b"ETag: " + etag + b"\r\n" if etag else b""
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n%sContent-Length: %d\r\n\r\n"
            % (
                validator,
                len(body),
            )
            + body
        )


def _serve(documents: list[bytes], ready: multiprocessing.connection.Connection) -> None:
    async def main() -> None:
        state = _State(documents)
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(state), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
    sys.exit(0)


@contextlib.contextmanager
def feed_server(documents: list[bytes]) -> Iterator[str]:
    """Serve the documents for the time of a block; gives the server's base URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(documents, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
