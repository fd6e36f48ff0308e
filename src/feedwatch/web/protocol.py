"""uvicorn's connection without its talk, and with patience that ends: for a head, a body and a reader that dawdle.

uvicorn itself waits for ever for the rest of a head, and gives no other way to what it answers before a request exists.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_WITHIN_S = 15.0
"""How long a connection may be silent before its first request, or drip the head of any."""
LINGER_S = 5.0
"""How long a body that nobody wants may still come, and an answer may wait for its reader."""
MOST_CONNECTIONS = 512
"""More are cut as they come: the daemon's sources need open files too."""


class PlainProtocol(H11Protocol):
    """One connection."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen, but not for ever."""
        super().connection_made(cast("asyncio.Transport", transport))
        if len(self.connections) > MOST_CONNECTIONS:
            self.transport.abort()
            return
        self._wait(HEAD_WITHIN_S, self._hang_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The other side has left."""
        self._forget_patience()
        self._unset_keepalive_if_required()
        super().connection_lost(cast("Exception | None", exc))

    def data_received(self, data: bytes) -> None:
        """A part of a head or a body; the whole head is waited for no longer than from its first byte."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            if self._patience is None:
                self._wait(HEAD_WITHIN_S, self._hang_up)
        elif self.conn.our_state in (h11.DONE, h11.MUST_CLOSE):
            if self._patience is None:
                self._wait(LINGER_S, self._hang_up)
        else:
            self._forget_patience()

    def on_response_complete(self) -> None:
        """Answered: what is still coming of the request's body is not read for long."""
        self._forget_patience()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._wait(LINGER_S, self._hang_up)
        super().on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Idle for long enough: close, and cut off who does not read what was sent."""
        super().timeout_keep_alive_handler()
        self._wait(LINGER_S, self.transport.abort)

    def shutdown(self) -> None:
        """The daemon ends."""
        super().shutdown()
        if self.transport.is_closing():
            self._wait(LINGER_S, self.transport.abort)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Say that it cannot be read, and close the connection."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"server", b"feedwatch"),
            (b"connection", b"close"),
        ]
        said = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (said, h11.Data(data=b"cannot be read"), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self._wait(LINGER_S, self.transport.abort)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._forget_patience()
        self._patience = self.loop.call_later(seconds, then)

    def _forget_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _hang_up(self) -> None:
        self.transport.abort()
