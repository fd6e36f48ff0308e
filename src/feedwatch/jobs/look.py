"""Looking at an address before it becomes a source: what it is, what would be read of it, and what else is there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedwatch.errors import DocumentError, FetchError
from feedwatch.fetch import Access, Fetched, Fetcher, FetchRequest
from feedwatch.jobs.prepare import Page, RawDocument
from feedwatch.jobs.workers import Workers
from feedwatch.model import Item, SourceTraits
from feedwatch.parse.page_guess import Guess, guess_selectors
from feedwatch.parse.survey import Survey, survey
from feedwatch.sources.discovery import Candidate, discover
from feedwatch.sources.file import read_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from feedwatch.model import Document
    from feedwatch.settings import Settings

NO_ACCESS = Access()
_ARTICLES = 3
"""How many articles' pages are fetched to show what full text would read."""


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
    candidates: tuple[Candidate, ...] = ()
    """Of a page: the feeds and sitemaps of its site."""
    guesses: tuple[Guess, ...] = ()
    """Of a page: selectors that seem to read its news."""


async def look_at(settings: Settings, traits: SourceTraits | None, url: str, access: Access = NO_ACCESS) -> Look:
    """Fetch the address and read it as `traits` say, or where they are None as what it turns out to be.

    Nothing is stored. Raises FetchError and DocumentError.
    """
    async with _tools(settings) as (fetcher, workers):
        if traits is None:
            return await _find_out(settings, fetcher, workers, url, access)
        fetched = await _fetch(settings, fetcher, traits, access)
        return await _read(settings, fetcher, workers, traits, fetched)


async def find_source(settings: Settings, url: str, access: Access = NO_ACCESS) -> list[Candidate]:
    """What can be polled at the address, or, where it is a page, on its site. Raises FetchError and DocumentError."""
    async with _tools(settings) as (fetcher, workers):
        return await _discover(settings, fetcher, workers, url, access)


@asynccontextmanager
async def _tools(settings: Settings) -> AsyncIterator[tuple[Fetcher, Workers]]:
    one_worker = settings.poll.model_copy(update={"workers": 1})
    async with Fetcher(settings.fetch) as fetcher:
        with Workers(one_worker) as workers:
            yield fetcher, workers


async def _find_out(settings: Settings, fetcher: Fetcher, workers: Workers, url: str, access: Access) -> Look:
    candidates = await _discover(settings, fetcher, workers, url, access)
    if len(candidates) == 1 and candidates[0].url == url:
        traits = SourceTraits(url=url, kind=candidates[0].kind)
        fetched = await _fetch(settings, fetcher, traits, access)
        return await _read(settings, fetcher, workers, traits, fetched)
    traits = SourceTraits(url=url, kind="page")
    fetched = await _fetch(settings, fetcher, traits, access)
    guesses = await workers.run(_guess, fetched.body, fetched.content_type, fetched.url)
    return Look(traits, fetched, candidates=tuple(candidates), guesses=tuple(guesses))


async def _discover(
    settings: Settings, fetcher: Fetcher, workers: Workers, url: str, access: Access
) -> list[Candidate]:
    async def read(body: bytes, content_type: str | None, at: str) -> Survey:
        return await workers.run(survey, body, content_type, at)

    async def fetch(request: FetchRequest) -> Fetched:
        return await fetcher.fetch(
            FetchRequest(request.url, access=access if request.url == url else Access(proxy=access.proxy),
                         accept=request.accept, delta=False)
        )  # fmt: skip

    return await discover(fetch, url, read=read, bridges=settings.fetch.bridges)


def _guess(body: bytes, content_type: str | None, url: str) -> list[Guess]:
    return guess_selectors(body, content_type=content_type, url=url)


async def _fetch(settings: Settings, fetcher: Fetcher, traits: SourceTraits, access: Access) -> Fetched:
    if traits.url.startswith("file:"):
        return read_file(FetchRequest(traits.url), int(settings.fetch.max_body))
    return await fetcher.fetch(
        FetchRequest(traits.url, access=access, accept="page" if traits.kind == "page" else "feed", delta=False)
    )


async def _read(settings: Settings, fetcher: Fetcher, workers: Workers, traits: SourceTraits, fetched: Fetched) -> Look:
    pages = min(_ARTICLES, settings.fetch.pages_per_poll)
    raw = RawDocument(fetched.body, fetched.content_type, fetched.url, traits, datetime.now(UTC), most_pages=pages)
    prepared = await workers.prepare(raw)
    if prepared.pending:
        read = [await _page(fetcher, pending.entry.url or "", Page(pending)) for pending in prepared.pending]
        prepared = await workers.finish(raw, tuple(read), prepared)
    if prepared.error:
        raise DocumentError(prepared.error)
    return Look(
        traits,
        fetched,
        document=prepared.document,
        items=tuple(one.item for one in prepared.items),
        sitemaps=len(prepared.document.children),
    )


async def _page(fetcher: Fetcher, url: str, page: Page) -> Page:
    try:
        fetched = await fetcher.fetch(FetchRequest(url, accept="page", delta=False))
    except FetchError:
        return page
    return Page(page.pending, fetched.body, fetched.content_type, fetched.url)


def file_url(path: str) -> str:
    """The address of a local file."""
    return Path(path).absolute().as_uri()
