"""Listening: an address and a port of the settings, until the engine stops it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from feedwatch.errors import FeedwatchError
from feedwatch.web.protocol import PlainRunner

if TYPE_CHECKING:
    from feedwatch.settings import WebSettings

log = structlog.get_logger("feedwatch.web")

_IDLE_S = 75.0
_PATIENCE_S = 5.0
"""How long requests under way may go on when it stops."""


async def serve(app: web.Application, settings: WebSettings) -> web.AppRunner | None:
    """Listen at `settings.listen`; None where that is unset. Stop it with `await runner.cleanup()`.

    TLS is the reverse proxy's in front. Raises FeedwatchError where nothing can listen there.
    """
    if settings.listen is None:
        return None
    host, _, port = settings.listen.rpartition(":")
    runner = PlainRunner(app, auto_decompress=False, keepalive_timeout=_IDLE_S, shutdown_timeout=_PATIENCE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except (OSError, UnicodeError) as error:
        await runner.cleanup()
        # asyncio puts words of its own around the system's.
        number = error.errno if isinstance(error, OSError) else None
        why = os.strerror(number) if number is not None and number > 0 else str(error)
        raise FeedwatchError(
            f"cannot listen at {settings.listen}: {why}; end the program that does, or choose another web.listen"
        ) from error
    log.info("listening", at=settings.listen, public_url=settings.public_url)
    return runner
