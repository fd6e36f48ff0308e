"""aiohttp's server without its talk: what cannot be read as HTTP, or does not come, is answered in few words.

aiohttp gives no other way to what it answers before a request exists: its own version, and what it could not read.
"""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

HEAD_WITHIN_S = 15.0
"""How long a new connection may be silent, or drip its first request's head."""

_quiet = logging.getLogger("feedwatch.web.http")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False  # strangers' garbage; what fails on our side is logged by the application


class PlainRunner(web.AppRunner):
    """Runs an application on `PlainServer`; without an access log, whose lines would hold the callbacks' tokens."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return PlainServer(
            made.request_handler,
            request_factory=made.request_factory,
            loop=asyncio.get_running_loop(),
            **made._kwargs | {"logger": _quiet, "access_log": None},  # noqa: SLF001 - as AppRunner made them
        )


class PlainServer(web.Server):
    """Answers every connection by `PlainProtocol`."""

    def __call__(self) -> web.RequestHandler:
        """The protocol of a new connection."""
        return PlainProtocol(self, loop=self._loop, **self._kwargs)


class PlainProtocol(web.RequestHandler):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen, but not for ever."""
        super().connection_made(transport)
        self._patience = asyncio.get_running_loop().call_later(HEAD_WITHIN_S, self._hang_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The other side has left."""
        self._patience.cancel()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        if self._request_count == 0:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - aiohttp's signature
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Say that it cannot be read, and close the connection."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        response = web.Response(status=status, text="cannot be read", headers={"Server": "feedwatch"})
        response.force_close()
        return response
