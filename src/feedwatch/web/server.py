"""Listening: an address and a port of the settings, in the daemon's own event loop, until the engine stops it."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
import uvicorn

from feedwatch.errors import FeedwatchError
from feedwatch.web.protocol import PlainProtocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

    from feedwatch.settings import WebSettings

log = structlog.get_logger("feedwatch.web")

AT_ONCE = 256
"""Connections, and requests, that are answered at one time; further ones are asked to come again (503)."""
LARGEST_HEAD = 16_384
"""Bytes of a request's line and headers that may wait for their end."""
_IDLE_S = 60
_PATIENCE_S = 5
"""How long requests under way may go on when it stops."""


class Listening:
    """A server that listens; `ports` are those that it was given, for an address that named port 0."""

    def __init__(self, server: _Server, serving: asyncio.Task[None], sockets: list[socket.socket]) -> None:
        self._server = server
        self._serving = serving
        self.ports = [int(each.getsockname()[1]) for each in sockets]

    async def stop(self) -> None:
        """Take no more connections, let what is under way end, and close."""
        self._server.end()
        await self._serving


async def serve(app: ASGIApp, settings: WebSettings) -> Listening | None:
    """Listen at `settings.listen`; None where that is unset, or is the default and another program's already.

    TLS is the reverse proxy's in front. Raises FeedwatchError where nothing can listen at an address that was chosen:
    one that is there by default alone is no reason not to start, as for a second feedwatch on one machine.
    """
    if settings.listen is None:
        return None
    try:
        sockets = await _bind(settings.listen)
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        why = os.strerror(number) if number is not None and number > 0 else str(error)
        if "listen" in settings.model_fields_set:
            raise FeedwatchError(
                f"cannot listen at {settings.listen}: {why}; end the program that does, or choose another web.listen"
            ) from error
        log.warning(
            "not listening",
            problem=f"cannot listen at {settings.listen}, the default: {why}; what mails link to is not served. "
            "Set web.listen to another address, or to null",
        )
        return None
    config = uvicorn.Config(
        app,
        http=PlainProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,  # its lines would hold tokens
        server_header=False,
        headers=[("Server", "feedwatch")],
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=_PATIENCE_S,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets), name="web")
    is_up = asyncio.create_task(server.is_up.wait())
    await asyncio.wait({serving, is_up}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        is_up.cancel()
        await serving  # raises what it failed of
    log.info("listening", at=settings.listen, public_url=settings.public_url)
    return Listening(server, serving, sockets)


class _Server(uvicorn.Server):
    """uvicorn's server as a part of a daemon: signals are the daemon's, and it sleeps until it is told to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Begin to stop."""
        self.should_exit = True
        self._ending.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them to the daemon."""
        yield

    async def main_loop(self) -> None:
        """What uvicorn does ten times a second, once a second: the Date of the answers."""
        self.is_up.set()
        while not await self.on_tick(0):
            try:
                async with asyncio.timeout(1):
                    await self._ending.wait()
            except TimeoutError:
                continue


async def _bind(listen: str) -> list[socket.socket]:
    """Every address that the host stands for."""
    host, _, port = listen.rpartition(":")
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for family, *_, address in dict.fromkeys(found):
            bound = socket.create_server((str(address[0]), int(address[1])), family=family, backlog=AT_ONCE)
            bound.setblocking(False)
            sockets.append(bound)
    except OSError:
        for bound in sockets:
            bound.close()
        raise
    return sockets
