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
    from collections.abc import Sequence

    from feedwatch.fetch import Fetched
    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.prepare import Pending, Prepared, RawDocument
    from feedwatch.model import Child
    from feedwatch.store.claims import ClaimedSource

_LONGEST = timedelta(minutes=5)
"""How long a visit may go on fetching: half of its lease."""
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
        whole = _joined(whole, read)
        if child.modified:
            done.append(mark)
        if context.clock() - raw.fetched_at > _LONGEST:
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
        whole, link = _joined(whole, read), read.document.archive
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


def _joined(whole: Prepared, part: Prepared) -> Prepared:
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
    when the document changes.
    """
    pages: list[Page] = []
    problems: list[str] = []
    for pending in first.pending:
        if context.clock() - raw.fetched_at > _LONGEST:
            pages.append(Page(pending))
            problems.append(f"{pending.entry.url}: no time was left")
            continue
        page = await _page(context, source, pending)
        if isinstance(page, str):
            problems.append(f"{pending.entry.url}: {page}")
            pages.append(Page(pending))
        else:
            pages.append(Page(pending, page.body, page.content_type, page.url))
    whole = await context.workers.finish(raw, tuple(pages), first)
    return _warned(whole, _told(problems, len(pages))) if problems and not whole.error else whole


async def _page(context: JobContext, source: ClaimedSource, pending: Pending) -> Fetched | str:
    url = pending.entry.url or ""
    try:
        if not await context.robots.is_allowed(url):
            return "the site's robots.txt forbids it"
        access = context.access_to(source, url)
        return await context.fetcher.fetch(FetchRequest(url=url, access=access, accept="page", delta=False))
    except FetchError as error:
        return str(error)


def _told(problems: Sequence[str], count: int) -> str:
    named = "; ".join(problems[:3])
    return f"{len(problems)} of {count} articles' pages could not be fetched: {named}"
