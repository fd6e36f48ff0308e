"""What sites allow to be fetched beside their feeds: robots.txt (RFC 9309), remembered by host.

A feed is made to be polled and is not asked about; articles' pages and watched pages are.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from feedwatch.errors import FetchError
from feedwatch.fetch import Fetched, FetchRequest

_READ_BYTES: Final = 512_000
"""At least 500 KiB must be read (RFC 9309, 2.5); what comes later in a longer one is not."""
_LASTS: Final = 24 * 3600.0
"""Seconds; no copy should be used for longer (RFC 9309, 2.4)."""
_FAILURE_LASTS: Final = 600.0
_MOST_HOSTS: Final = 1000
_AGENT_LINE: Final = re.compile(r"\s*user[- ]?agent\s*:?\s*([^\s#]*)", re.IGNORECASE)
_SITE_LINE: Final = re.compile(r"\s*(?:sitemaps?|site-map|host)\s*:|\s*(?:#|$)", re.IGNORECASE)

Fetch = Callable[[FetchRequest], Awaitable[Fetched]]
"""A fetcher's `fetch`; raises FetchError."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """One host's, until `ends` on the clock."""

    ends: float
    protego: Protego | None
    """None: nothing may be fetched, because the rules cannot be had."""


class Robots:
    """The rules of up to 1,000 hosts, those asked for last."""

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float], agent: str = "feedwatch") -> None:
        """Clock: seconds that only grow, such as time.monotonic; agent: the product token that rules name us by."""
        self._fetch = fetch
        self._clock = clock
        self._agent = agent
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        # Weak: a lock lasts as long as somebody waits for it.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def is_allowed(self, url: str) -> bool:
        """Whether the site lets us fetch the URL; asks the site at most once a day.

        A site without rules (4xx) allows everything. One whose rules cannot be had (5xx, no answer) allows nothing,
        and is asked again after ten minutes (RFC 9309, 2.3.1).
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
        lock = self._locks.get(origin)
        if lock is None:
            lock = self._locks[origin] = asyncio.Lock()
        async with lock:
            rules = self._rules.get(origin)
            if rules is None or rules.ends <= self._clock():
                rules = await self._ask(origin)
                self._rules[origin] = rules
            self._rules.move_to_end(origin)
            while len(self._rules) > _MOST_HOSTS:
                self._rules.popitem(last=False)
        return rules.protego is not None and rules.protego.can_fetch(url, self._agent)

    async def _ask(self, origin: str) -> _Rules:
        try:
            fetched = await self._fetch(FetchRequest(f"{origin}/robots.txt", accept="page", delta=False))
        except FetchError as error:
            status = error.status or 0
            has_none = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
            if not has_none or status == HTTPStatus.TOO_MANY_REQUESTS:
                return _Rules(self._clock() + _FAILURE_LASTS, None)
            return _Rules(self._clock() + _LASTS, Protego.parse(""))
        text = fetched.body[:_READ_BYTES].decode("utf-8-sig", "replace")
        # In a thread: half a megabyte of wildcards takes a second, in which others should not wait.
        protego = await asyncio.to_thread(lambda: Protego.parse(rules_for(self._agent, text)))
        return _Rules(self._clock() + _LASTS, protego)


def rules_for(agent: str, text: str) -> str:
    """The groups of a robots.txt that speak to the agent or to everyone, without the others that they speak to.

    Not for what they say, but for their number: Protego gives each rule of a group to each of its agents, so that half
    a megabyte of them takes gigabytes.
    """
    kept: list[str] = []
    is_ours = is_head = False
    for line in text.splitlines():
        if found := _AGENT_LINE.match(line):
            name = re.split(r"[^A-Za-z_*-]", found[1], maxsplit=1)[0].lower()
            is_ours = (is_ours and is_head) or name in (agent, "*")
            is_head = True
            if name in (agent, "*"):
                kept.append(f"User-agent: {name}")
        elif not _SITE_LINE.match(line):
            is_head = False
            if is_ours:
                kept.append(line)
    return "\n".join(kept)
