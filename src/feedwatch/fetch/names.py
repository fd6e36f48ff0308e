"""Host names to addresses: looked up in threads, kept for a minute."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections import OrderedDict

from feedwatch.errors import FetchError

_KEPT_SECONDS = 60.0
_MOST_KEPT = 2000


class Names:
    """The look-ups of one event loop: each name is asked for once at a time, and its addresses kept for a minute."""

    def __init__(self, limit_seconds: float) -> None:
        self._limit = limit_seconds
        self._kept: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of `host`, those to be preferred first (RFC 6724); an address stands for itself.

        At least one. Raises FetchError for a name that is not known, or not within the limit.
        """
        known = self._kept.get(host)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = asyncio.create_task(look_up(host))
            asked.add_done_callback(lambda task: self._keep(host, task))
        try:
            async with asyncio.timeout(self._limit):
                found = await asyncio.shield(asked)  # the others that wait for it go on waiting
        except TimeoutError:
            raise FetchError(f"the host name {host} could not be looked up in {self._limit:g} s (DNS)") from None
        except (OSError, UnicodeError):
            raise FetchError(f"the host name {host} is not known (DNS)") from None
        if not found:
            raise FetchError(f"the host name {host} has no address (DNS)")
        return found

    def _keep(self, host: str, asked: asyncio.Task[tuple[str, ...]]) -> None:
        del self._asked[host]
        if asked.cancelled() or asked.exception() is not None or not asked.result():
            return
        self._kept[host] = (time.monotonic() + _KEPT_SECONDS, asked.result())
        self._kept.move_to_end(host)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Stop waiting for whatever is being looked up."""
        for asked in list(self._asked.values()):
            asked.cancel()


async def look_up(host: str) -> tuple[str, ...]:
    """Ask the system's resolver, in a thread of the event loop's own. Raises OSError or UnicodeError."""
    if re.fullmatch(r"[0-9.]+", host) or ":" in host:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)  # asks nobody
    else:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
