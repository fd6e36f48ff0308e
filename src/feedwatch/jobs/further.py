"""What a visit fetches beside its document: an index's sitemaps, earlier entries (RFC 5005), articles' own pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from feedwatch.errors import FetchError
from feedwatch.fetch import FetchRequest
from feedwatch.jobs.entries import FINGERPRINT_BYTES, split
from feedwatch.jobs.prepare import Page

if TYPE_CHECKING:
    from feedwatch.fetch import Access, Fetcher
    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.prepare import Pending, Prepared, RawDocument
    from feedwatch.jobs.workers import Workers
    from feedwatch.model import Child
    from feedwatch.sources.robots import Robots
    from feedwatch.store.claims import ClaimedSource

_LONGEST = timedelta(minutes=5)
"""How long a visit may go on fetching: half of its lease."""
_MOST_NAMED = 3
_MOST_CHILDREN = 20
"""Sitemaps of an index that one visit reads at the most."""


async def read_children(context: JobContext, source: ClaimedSource, raw: RawDocument, index: Prepared) -> Prepared:
    """Read an index's sitemaps: those that changed since they were read last, newest first.

    A sitemap that says when it was modified is read again only after that changes; one that does not say is read on
    every visit that finds the index changed. What could not be read is left for the next visit.
    """
    known = split(raw.known)
    wanted = [(child, mark) for child in index.document.children if (mark := _child_mark(child)) not in known]
    whole = replace(index, is_all_new=not known)
    # Those passed over as already read are still known.
    done = [mark for child in index.document.children if (mark := _child_mark(child)) in known]
    for child, mark in wanted[:_MOST_CHILDREN]:
        read = await _read(context, source, raw, child.url, pages_left=raw.most_pages - len(whole.pending))
        if isinstance(read, str):
            whole = replace(_warned(whole, f"{child.url}: {read}"), is_partial=True)
            continue
        whole = joined(whole, read)
        if child.modified:
            done.append(mark)
        if context.clock() - raw.fetched_at > _LONGEST:
            whole = replace(whole, is_partial=True)
            break
    if source.state.known_entries is None and len(wanted) > _MOST_CHILDREN:
        passed_over = wanted[_MOST_CHILDREN:]
        done += [mark for _, mark in passed_over]
        whole = _warned(whole, f"The {len(passed_over)} oldest of its {len(wanted)} sitemaps were passed over.")
    elif len(wanted) > _MOST_CHILDREN:
        whole = replace(whole, is_partial=True)
    return replace(whole, fingerprints=whole.fingerprints + tuple(done))


def _child_mark(child: Child) -> bytes:
    return blake2b(f"{child.url} {child.modified}".encode(), digest_size=FINGERPRINT_BYTES).digest()


async def read_archive(context: JobContext, source: ClaimedSource, raw: RawDocument, newest: Prepared) -> Prepared:
    """Read the documents of earlier entries that a feed links to, each by the one after it; newest first.

    As many as the source's archive_pages allow. One that cannot be read ends the walk with a warning.
    """
    whole, link, seen = newest, newest.document.archive, {raw.url}
    for _ in range(source.options.archive_pages):
        if link is None or link in seen or context.clock() - raw.fetched_at > _LONGEST:
            break
        seen.add(link)
        read = await _read(context, source, raw, link, pages_left=raw.most_pages - len(whole.pending))
        if isinstance(read, str):
            return _warned(whole, f"Earlier entries at {link} could not be read: {read}")
        whole, link = joined(whole, read), read.document.archive
    return whole


async def _read(
    context: JobContext, source: ClaimedSource, raw: RawDocument, url: str, *, pages_left: int
) -> Prepared | str:
    try:
        fetched = await context.fetcher.fetch(FetchRequest(url=url, access=context.access_to(source, url), delta=False))
    except FetchError as error:
        return str(error)
    prepared = await context.workers.prepare(
        replace(
            raw, body=fetched.body, content_type=fetched.content_type, url=fetched.url, most_pages=max(0, pages_left)
        )
    )
    if prepared.error:
        return prepared.error
    return prepared


def joined(whole: Prepared, part: Prepared) -> Prepared:
    """A document with what another one, or an entry's page, adds to it."""
    return replace(
        whole,
        document=replace(whole.document, warnings=whole.document.warnings + part.document.warnings),
        items=whole.items + part.items,
        pending=whole.pending + part.pending,
        fingerprints=whole.fingerprints + part.fingerprints,
        is_partial=whole.is_partial or part.is_partial,
        new_entries=whole.new_entries + part.new_entries,
        addresses=whole.addresses | part.addresses,
        seconds={
            step: whole.seconds.get(step, 0.0) + part.seconds.get(step, 0.0)
            for step in whole.seconds.keys() | part.seconds.keys()
        },
    )


def _warned(whole: Prepared, warning: str) -> Prepared:
    return replace(whole, document=replace(whole.document, warnings=(*whole.document.warnings, warning)))


async def read_pages(context: JobContext, source: ClaimedSource, raw: RawDocument, first: Prepared) -> Prepared:
    """Fetch the pages of the entries that wait for them, one after the other, and make items of them.

    A page is asked for only where the site's robots.txt allows it, and once: an entry that was made an item of its
    page is known from then on. Where one cannot be fetched, the entry stands as it is, and its page is tried again
    when the document changes; where one cannot be read, it would read no better the next time.
    """
    whole = replace(first, pending=())
    unfetched: list[str] = []
    unread: list[str] = []
    for pending in first.pending:
        url = pending.entry.url or ""
        page: Page | str = "no time was left"
        if context.clock() - raw.fetched_at <= _LONGEST:
            page = await fetch_page(context.fetcher, context.robots, pending, context.access_to(source, url))
        if isinstance(page, str):
            unfetched.append(f"{url}: {page}")
            page = Page(pending)
        part, problem = await finish_page(context.workers, raw, page, first)
        if problem is not None:
            unread.append(f"{url}: {problem}")
        whole = joined(whole, part)
    count = len(first.pending)
    for problems, what in ((unfetched, "could not be fetched"), (unread, "could not be read")):
        if problems:
            named = "; ".join(problems[:_MOST_NAMED])
            whole = _warned(whole, f"{len(problems)} of {count} articles' pages {what}: {named}")
    return whole


async def fetch_page(fetcher: Fetcher, robots: Robots, pending: Pending, access: Access) -> Page | str:
    """The page of an entry, or why it cannot be had."""
    url = pending.entry.url or ""
    try:
        if not await robots.is_allowed(url):
            return "the site's robots.txt forbids it"
        fetched = await fetcher.fetch(FetchRequest(url=url, access=access, accept="page", delta=False))
    except FetchError as error:
        return str(error)
    return Page(pending, fetched.body, fetched.content_type, fetched.url)


async def finish_page(workers: Workers, raw: RawDocument, page: Page, first: Prepared) -> tuple[Prepared, str | None]:
    """The item of an entry with its page; where the page cannot be read, of the entry as it is, and why.

    Each page goes to a worker by itself, so that one that stops the worker costs its own text and no other's.
    """
    part = await workers.finish(raw, page, first)
    if part.error is None:
        return part, None
    without = await workers.finish(raw, Page(page.pending), first)
    return replace(without, error=None, fingerprints=(page.pending.fingerprint,)), part.error
