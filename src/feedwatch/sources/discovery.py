"""From a page's address to the feeds and sitemaps of its site, each one looked at before it is named.

Polite: at most MOST_REQUESTS, one after the other, and none more to a host that asks to be left alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin, urlsplit

from feedwatch.errors import DocumentError, FetchError
from feedwatch.fetch import Fetched, FetchRequest
from feedwatch.model import Kind
from feedwatch.normalize.date_forms import read_date
from feedwatch.parse.fragment import absolute_url
from feedwatch.parse.survey import FeedLink, Survey
from feedwatch.sources.bridges import rss_bridge_answer, rss_bridge_question, rsshub_answer, rsshub_question

MOST_REQUESTS: Final = 12
_KEPT_FOR_SITEMAPS: Final = 3
_MOST_SITEMAPS: Final = 2
_USUAL_PATHS: Final = ("/feed", "/rss.xml", "/rss", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
_USUAL_SITEMAPS: Final = ("/news-sitemap.xml", "/sitemap.xml")
_SITEMAP_LINE: Final = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_LEFT_ALONE: Final = frozenset([HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE])

Fetch = Callable[[FetchRequest], Awaitable[Fetched]]
"""A fetcher's `fetch`; raises FetchError."""
Read = Callable[[bytes, str | None, str], Awaitable[Survey]]
"""`feedwatch.parse.survey.survey` (body, content type, URL), run where untrusted bytes are read. Raises
DocumentError."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that can be polled."""

    url: str
    kind: Kind
    title: str
    """What it calls itself, else what the page calls it; plain, may be empty."""
    why: str
    """How it was come by; for the admin."""
    entries: int = 0
    sitemaps: int = 0
    """How many an index of sitemaps lists."""
    newest: datetime | None = None
    """When the newest of its entries was published, in UTC."""


@dataclass(slots=True)
class _Visits:
    """The requests of one discovery."""

    fetch: Fetch
    read: Read
    left: int = MOST_REQUESTS
    asked: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    """Where the redirects of those that were read led."""
    left_alone: set[str] = field(default_factory=set)

    async def get(self, url: str) -> Fetched | None:
        """The document, or None: it was asked for before, it may not be asked for, or it cannot be had."""
        host = urlsplit(url).netloc
        if not self.left or url in self.asked or host in self.left_alone:
            return None
        self.left -= 1
        self.asked.add(url)
        try:
            return await self.fetch(FetchRequest(url, delta=False))
        except FetchError as error:
            if error.status in _LEFT_ALONE:
                self.left_alone.add(host)
            return None

    async def look(self, link: FeedLink) -> Survey | None:
        """What stands there; None where nothing can be read, or it was read before."""
        fetched = await self.get(link.url)
        if fetched is None or fetched.url in self.ended:
            return None
        self.ended.add(fetched.url)
        try:
            return await self.read(fetched.body, fetched.content_type, fetched.url)
        except DocumentError:
            return None


async def discover(fetch: Fetch, url: str, *, read: Read, bridges: Sequence[str] = ()) -> list[Candidate]:
    """The feeds and sitemaps that can be polled for a page, feeds first; only the address itself where it is one.

    Where the page names no feed that can be read, `bridges` (RSS-Bridge or RSSHub instances) and then the usual places
    are asked.

    Raises:
        FetchError: the address itself cannot be fetched.
        DocumentError: it is neither feed nor sitemap nor page.
    """
    visits = _Visits(fetch, read, left=MOST_REQUESTS - 1, asked={url})
    fetched = await fetch(FetchRequest(url, accept="page", delta=False))
    found = await read(fetched.body, fetched.content_type, fetched.url)
    visits.ended.add(fetched.url)
    if found.kind != "page":
        return [_candidate(FeedLink(url, "", "the address itself"), found)]

    candidates = await _named(visits, found.links)
    if not candidates:
        candidates = await _bridged(visits, bridges, url)
    sitemaps = await _sitemaps(visits, fetched.url)
    if not candidates:
        candidates = await _usual(visits, fetched.url)
    return candidates + sitemaps


async def _named(visits: _Visits, links: Iterable[FeedLink]) -> list[Candidate]:
    """Those that the page names; where one leads to a page that lists feeds, those that are named there."""
    candidates: list[Candidate] = []
    waiting = list(links)
    on_second_page: list[FeedLink] = []
    while (waiting or on_second_page) and visits.left > _KEPT_FOR_SITEMAPS:
        is_second = not waiting
        link = on_second_page.pop(0) if is_second else waiting.pop(0)
        found = await visits.look(link)
        if found is None:
            continue
        if found.kind != "page":
            candidates.append(_candidate(link, found))
        elif not is_second:
            on_second_page += found.links
    return candidates


async def _bridged(visits: _Visits, bridges: Iterable[str], url: str) -> list[Candidate]:
    """What the admin's bridges offer; an instance that does not call itself a bridge is taken for an RSSHub first."""
    links: list[FeedLink] = []
    for bridge in bridges:
        if visits.left <= _KEPT_FOR_SITEMAPS:
            break
        found: list[FeedLink] = []
        if "bridge" not in bridge.lower() and (rules := await visits.get(rsshub_question(bridge, url))) is not None:
            found = rsshub_answer(rules.body, bridge, url)
        if not found and (answer := await visits.get(rss_bridge_question(bridge, url))) is not None:
            found = rss_bridge_answer(answer.body, bridge)
        links += found
    return await _named(visits, links)


async def _sitemaps(visits: _Visits, url: str) -> list[Candidate]:
    """Those that robots.txt names, of news first; where it names none, those in the usual places."""
    robots = await visits.get(urljoin(url, "/robots.txt"))
    named = _SITEMAP_LINE.findall(robots.body.decode("utf-8", "replace")) if robots is not None else []
    addresses = [address for line in named if (address := absolute_url(line, url))]
    addresses.sort(key=lambda address: "news" not in address.lower())
    links = [FeedLink(address, "", "named by robots.txt") for address in addresses]
    links = links or [FeedLink(urljoin(url, path), "", "found at a usual place") for path in _USUAL_SITEMAPS]
    candidates: list[Candidate] = []
    for link in links[:_MOST_SITEMAPS]:
        found = await visits.look(link)
        if found is not None and found.kind != "page":
            candidates.append(_candidate(link, found))
    return candidates


async def _usual(visits: _Visits, url: str) -> list[Candidate]:
    """The first feed in the usual places: below the page (as WordPress has them), then of the site."""
    below = url.partition("?")[0].rstrip("/") + "/feed"
    for address in dict.fromkeys([below, *(urljoin(url, path) for path in _USUAL_PATHS)]):
        link = FeedLink(address, "", "found at a usual place")
        found = await visits.look(link)
        if found is not None and found.kind != "page":
            return [_candidate(link, found)]
    return []


def _candidate(link: FeedLink, found: Survey) -> Candidate:
    moments = [moment for date in found.dates if (moment := read_date(date, UTC)) is not None]
    return Candidate(
        url=link.url,
        kind=found.kind,
        title=found.title or link.title,
        why=link.why,
        entries=found.entries,
        sitemaps=len(found.sitemaps),
        newest=max(moments, default=None),
    )
