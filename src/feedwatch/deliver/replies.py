"""What an SMTP server says, reply by reply, as its bytes come in."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass

_LINE = re.compile(rb"(\d\d\d)(?:([ -])([^\r\n]*))?\r?\n")
_MOST_BYTES = 65_536
"""Of a reply that has not ended yet: RFC 5321, 4.5.3.1.5, asks for 512 a line."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: its code, and its lines' text joined by spaces."""

    code: int
    words: str

    @property
    def is_good(self) -> bool:
        """Whether the server does what was asked."""
        return 200 <= self.code < 300  # noqa: PLR2004 - RFC 5321, 4.2.1

    def __str__(self) -> str:
        return f"{self.code} {self.words}".rstrip()


class Replies(asyncio.Protocol):
    """Takes a connection over; the replies that come before they are asked for wait, as pipelining has it."""

    def __init__(self) -> None:
        self._buffer = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: Exception | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come that nobody asked for: neither the end of the connection nor words before it."""
        return self._lost is None and not self._replies and not self._buffer and not self._lines

    async def next(self, timeout_s: float) -> Reply:
        """The next reply. Raises TimeoutError, or OSError when the connection has ended before it."""
        if not self._replies:
            async with asyncio.timeout(timeout_s):
                while not self._replies:
                    if self._lost is not None:
                        raise self._lost
                    self._waiter = asyncio.get_running_loop().create_future()
                    try:
                        await self._waiter
                    finally:
                        self._waiter = None
        return self._replies.popleft()

    def data_received(self, data: bytes) -> None:
        """Bytes from the server, cut anywhere."""
        self._buffer += data
        start = 0
        while found := _LINE.match(self._buffer, start):
            start = found.end()
            self._lines.append((found[3] or b"").decode("utf-8", "replace").strip())
            if found[2] != b"-":
                self._replies.append(Reply(int(found[1]), " ".join(" ".join(self._lines).split())))
                self._lines = []
        self._buffer = self._buffer[start:]
        if b"\n" in self._buffer or len(self._buffer) + sum(map(len, self._lines)) > _MOST_BYTES:
            self._end(ConnectionError(f"the server says what is no SMTP reply: {self._buffer[:80]!r}"))
        self._wake()

    def eof_received(self) -> None:
        """The server says no more."""
        self._end(ConnectionError("the server has closed it"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._end(exc or ConnectionError("the server has closed it"))

    def _end(self, why: Exception) -> None:
        self._lost = self._lost or why
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
