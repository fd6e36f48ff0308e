"""Looking at an address before it becomes a source: what it is, what would be read of it, and what else is there."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from feedwatch.errors import DocumentError
from feedwatch.fetch import Access, Fetched, Fetcher, FetchRequest
from feedwatch.jobs.access import access_by_name, access_to
from feedwatch.jobs.further import fetch_page, finish_page, joined
from feedwatch.jobs.prepare import Page, RawDocument, for_all
from feedwatch.jobs.workers import Workers
from feedwatch.model import Document, Item, SourceTraits
from feedwatch.parse.page_guess import Guess, guess_selectors
from feedwatch.parse.survey import Survey, survey
from feedwatch.sources import read_file
from feedwatch.sources.discovery import Candidate, discover
from feedwatch.sources.robots import Robots

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from feedwatch.jobs.prepare import Prepared
    from feedwatch.settings import Settings

MOST_ARTICLES: Final = 3
"""How many articles' pages a look fetches to show what would be read of them."""
_PASSWORD_FIELD: Final = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticlesRead:
    """How the articles' own pages were looked at."""

    wanted: int
    """How many a first visit would fetch."""
    read: int = 0
    problems: tuple[str, ...] = ()
    """Why others of those asked for could not be had; sentences."""


@dataclass(frozen=True, slots=True)
class Look:
    """What stands at an address."""

    traits: SourceTraits
    """How it was read; a page without selectors was read for what it leads to."""
    fetched: Fetched
    document: Document | None = None
    """Without its entries; None for a page that was not read by selectors."""
    items: tuple[Item, ...] = ()
    sitemaps: int = 0
    """How many an index lists."""
    read_sitemap: str | None = None
    """Which of them `items` are of."""
    articles: ArticlesRead | None = None
    """None where none is wanted."""
    candidates: tuple[Candidate, ...] = ()
    """Of a page: the feeds and sitemaps of its site."""
    guesses: tuple[Guess, ...] = ()
    """Of a page: selectors that seem to read its news."""
    wants_login: bool = False
    """Of a page: whether it asks for a password."""


async def look_at(
    settings: Settings, url: str, traits: SourceTraits | None = None, *, articles: int = MOST_ARTICLES
) -> Look:
    """Fetch the address and read it as `traits` say, or where they are None as what it turns out to be.

    A source that the settings declare with this address is asked as they say: logged in, by its proxy. Of articles'
    own pages at the most `articles` are fetched. Nothing is stored. Raises FetchError and DocumentError.
    """
    async with _eyes(settings, url) as eyes:
        if traits is None and not url.startswith("file:"):
            return await eyes.find_out(url, articles)
        given = traits or SourceTraits(url=url)
        return await eyes.read(given, await eyes.fetch(url, given.kind), articles)


@asynccontextmanager
async def _eyes(settings: Settings, url: str) -> AsyncIterator[_Eyes]:
    one_worker = settings.poll.model_copy(update={"workers": 1})
    async with Fetcher(settings.fetch) as fetcher:
        with Workers(one_worker) as workers:
            workers.start()  # it takes half a second, in which the site is asked
            yield _Eyes(settings, url, fetcher, workers)


class _Eyes:
    """What a look at one address is taken with."""

    def __init__(self, settings: Settings, url: str, fetcher: Fetcher, workers: Workers) -> None:
        self._settings = settings
        self._home = url
        self._fetcher = fetcher
        self._workers = workers
        self._robots = Robots(fetcher.fetch, clock=monotonic)
        declared = {source.location: source.name for source in settings.sources}
        self._name = declared.get(url, "")
        self._access = access_by_name(settings)

    async def find_out(self, url: str, articles: int) -> Look:
        """Read the address as what it turns out to be; of a page, look around it."""
        asked: dict[str, Fetched] = {}

        async def read(body: bytes, content_type: str | None, at: str) -> Survey:
            return await self._workers.run(survey, body, content_type, at)

        async def fetch(request: FetchRequest) -> Fetched:
            fetched = await self._fetcher.fetch(replace(request, access=self._access_to(request.url)))
            asked[request.url] = fetched
            return fetched

        try:
            candidates = await discover(fetch, url, read=read, bridges=self._settings.fetch.bridges)
        except DocumentError as error:
            raise DocumentError(str(error).replace("not a sitemap", "neither feed nor sitemap nor page")) from None
        if len(candidates) == 1 and candidates[0].url == url:
            return await self.read(SourceTraits(url=url, kind=candidates[0].kind), asked[url], articles)
        page = asked[url]
        guesses = await self._workers.run(_guess, page.body, page.content_type, page.url)
        return Look(
            SourceTraits(url=url, kind="page"),
            page,
            candidates=tuple(candidates),
            guesses=tuple(guesses),
            wants_login=_PASSWORD_FIELD.search(page.body) is not None,
        )

    async def fetch(self, url: str, kind: str = "feed") -> Fetched:
        """The document at the address, a local file's too."""
        if url.startswith("file:"):
            return read_file(FetchRequest(url), int(self._settings.fetch.max_body))
        return await self._fetcher.fetch(
            FetchRequest(url, access=self._access_to(url), accept="page" if kind == "page" else "feed", delta=False)
        )

    async def read(self, traits: SourceTraits, fetched: Fetched, articles: int) -> Look:
        """Read a document as a first visit would, but for the sitemaps and articles that it would go on to."""
        prepared = await self._prepare(traits, fetched)
        sitemaps, read_sitemap = prepared.document.children, None
        document = prepared.document
        if sitemaps and not prepared.items:
            read_sitemap = sitemaps[0].url
            prepared = await self._prepare(traits, await self.fetch(read_sitemap))
            document = replace(document, warnings=document.warnings + prepared.document.warnings)
        told = None
        if prepared.pending:
            prepared, told = await self._read_articles(traits, fetched, prepared, articles)
            document = replace(document, warnings=tuple(dict.fromkeys(document.warnings + prepared.document.warnings)))
        items = tuple(one.item for one in prepared.items)
        return Look(traits, fetched, document, items, len(sitemaps), read_sitemap, told)

    async def _prepare(self, traits: SourceTraits, fetched: Fetched) -> Prepared:
        prepared = await self._workers.prepare(self._raw(traits, fetched))
        if prepared.error:
            raise DocumentError(prepared.error)
        return prepared

    def _raw(self, traits: SourceTraits, fetched: Fetched) -> RawDocument:
        most = self._settings.fetch.pages_per_poll
        traits = for_all(traits, self._settings)
        return RawDocument(fetched.body, fetched.content_type, fetched.url, traits, datetime.now(UTC), most_pages=most)

    async def _read_articles(
        self, traits: SourceTraits, fetched: Fetched, first: Prepared, articles: int
    ) -> tuple[Prepared, ArticlesRead]:
        raw, whole = self._raw(traits, fetched), replace(first, pending=())
        problems: list[str] = []
        for place, pending in enumerate(first.pending):
            url = pending.entry.url or ""
            page: Page | str = Page(pending)
            if place < articles:
                page = await fetch_page(self._fetcher, self._robots, pending, self._access_to(url))
            if isinstance(page, str):
                problems.append(f"{url}: {page}")
                page = Page(pending)
            part, problem = await finish_page(self._workers, raw, page, first)
            if problem is not None:
                problems.append(f"{url}: {problem}")
            whole = joined(whole, part)
        asked = min(articles, len(first.pending))
        return whole, ArticlesRead(len(first.pending), asked - len(problems), tuple(problems))

    def _access_to(self, url: str) -> Access:
        return access_to(url, self._name, self._home, self._access)


def _guess(body: bytes, content_type: str | None, url: str) -> list[Guess]:
    return guess_selectors(body, content_type=content_type, url=url)


def file_url(path: str) -> str:
    """The address of a local file."""
    return Path(path).resolve().as_uri()
