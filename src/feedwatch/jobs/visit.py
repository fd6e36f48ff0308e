"""One visit to a source: fetch, prepare in a worker, and decide what is stored and when the next visit is due."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

import structlog

from feedwatch.errors import FetchError
from feedwatch.fetch import (
    Advice,
    Fetched,
    FetchRequest,
    PollHistory,
    PollPlan,
    Rhythm,
    next_pace,
    pace_of,
    plan_next,
)
from feedwatch.jobs.entries import FINGERPRINT_BYTES, join, split
from feedwatch.jobs.further import read_archive, read_children, read_pages
from feedwatch.jobs.prepare import Prepared, RawDocument, for_all
from feedwatch.sources import read_file
from feedwatch.store.claims import SourceState
from feedwatch.store.hubs import Hub
from feedwatch.store.polls import PollRecord

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.jobs.context import JobContext
    from feedwatch.store.claims import ClaimedSource

log = structlog.get_logger("feedwatch.poll")

Seconds = MutableMapping[str, float]

_MOVES_SEEN = 3
"""Polls running after which a permanent redirect is believed: a mistake in a site's settings is mended by then."""
_FAILURES_AT_NEW_PLACE = 3
"""Failures in a row after which a source that has moved is looked for at its old place."""

_MOST_MARKS = 60_000
"""Fingerprints kept of a source that lists its whole archive: a sitemap may hold 50,000 URLs."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a visit brought nothing."""

    error: str
    status: int | None = None
    elapsed_ms: int = 0
    retry_after: float | None = None


async def visit(context: JobContext, source: ClaimedSource, seconds: Seconds) -> PollRecord:
    """Visit a source; whatever goes wrong is in the record. `seconds` is added to, by step."""
    at = context.clock()
    begun = perf_counter()
    try:
        fetched = await _fetch(context, source)
    except FetchError as error:
        elapsed_ms = error.elapsed_ms or _ms(begun)
        return _failed(context, source, at, _Failure(str(error), error.status, elapsed_ms, error.retry_after))
    except Exception as error:
        log.exception("fetch failed in a way that feedwatch does not know", source=source.name)
        return _failed(context, source, at, _Failure(f"{type(error).__name__}: {error}", elapsed_ms=_ms(begun)))
    finally:
        seconds["fetch"] += perf_counter() - begun

    state = _moved(source.state, fetched)
    if fetched.is_not_modified:
        return _unchanged(context, source, at, fetched, state)
    body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
    state = replace(
        state, etag=fetched.etag, last_modified=fetched.last_modified, validators_url=fetched.url, body_hash=body_hash
    )
    if body_hash == source.state.body_hash:
        return _unchanged(context, source, at, fetched, state)
    prepared = await _prepare(context, source, fetched, seconds)
    if prepared.error:  # its validators are not kept: what could not be read is fetched again, not answered by a 304
        return _failed(context, source, at, _Failure(prepared.error, fetched.status, fetched.elapsed_ms))
    return _finished(context, source, at, fetched, state, prepared)


async def prepare_pushed(
    context: JobContext, source: ClaimedSource, body: bytes, content_type: str | None
) -> PollRecord:
    """What a hub pushed, as the record of a visit; it leaves the source's state and its next poll alone."""
    at = context.clock()
    fetched = Fetched(status=HTTPStatus.OK, url=source.traits.url, body=body, content_type=content_type)
    seconds = dict.fromkeys(("fetch", "parse", "normalize", "cluster", "match", "index"), 0.0)
    prepared = await _prepare(context, source, fetched, seconds)
    record = PollRecord(
        source_id=source.id,
        owner="",
        at=at,
        error=f"what its hub pushed cannot be read: {prepared.error}" if prepared.error else None,
        status=None,
        elapsed_ms=0,
        body_bytes=len(body),
        state=None,
        items=prepared.items,
        warnings=prepared.document.warnings,
        failures=source.failures,
        next_poll_at=at,
        next_poll_why="",
    )
    return record if record.error else replace(record, warnings=("Pushed by its hub (WebSub).", *record.warnings))


async def _fetch(context: JobContext, source: ClaimedSource) -> Fetched:
    state = source.state
    if source.traits.url.startswith("file:"):
        return await _read_file(context, source)
    request = FetchRequest(
        url=source.traits.url,
        etag=state.etag,
        last_modified=state.last_modified,
        validators_url=state.validators_url,
        access=context.access_to(source, source.traits.url),
        accept="page" if source.traits.kind == "page" else "feed",
    )
    return await context.fetcher.fetch(request)


async def _read_file(context: JobContext, source: ClaimedSource) -> Fetched:
    request = FetchRequest(url=source.traits.url, etag=source.state.etag)
    return await asyncio.to_thread(read_file, request, int(context.settings.fetch.max_body))


async def _prepare(context: JobContext, source: ClaimedSource, fetched: Fetched, seconds: Seconds) -> Prepared:
    """Read the document in a worker, and what belongs to it: earlier entries, an index's sitemaps, articles' pages."""
    raw = RawDocument(
        body=fetched.body,
        content_type=fetched.content_type,
        url=fetched.url,
        traits=for_all(source.traits, context.settings),
        fetched_at=context.clock(),
        known=source.state.known_entries or b"",
        most_pages=context.settings.fetch.pages_per_poll,
    )
    try:
        prepared = await context.workers.prepare(raw)
        begun = perf_counter()
        if prepared.document.children:
            prepared = await read_children(context, source, raw, prepared)
        if prepared.document.archive and source.options.archive_pages and source.state.known_entries is None:
            prepared = await read_archive(context, source, raw, prepared)
        if prepared.pending:
            prepared = await read_pages(context, source, raw, prepared)
        seconds["fetch"] += perf_counter() - begun
    except Exception as error:
        log.exception("reading failed in a way that feedwatch does not know", source=source.name)
        prepared = Prepared(error=f"{type(error).__name__}: {error}")
    for step, spent in prepared.seconds.items():
        seconds[step] += spent
    return prepared


def _moved(state: SourceState, fetched: Fetched) -> SourceState:
    """The state after what the redirects said: 301 and 308 on several polls running move the source for good."""
    if fetched.moved_to == state.moving_to is None:
        return state
    if fetched.moved_to is None:
        return replace(state, moving_to=None, moving_seen=0)
    seen = state.moving_seen + 1 if fetched.moved_to == state.moving_to else 1
    if seen >= _MOVES_SEEN:
        return replace(state, moved_to=fetched.moved_to, moving_to=None, moving_seen=0)
    return replace(state, moving_to=fetched.moved_to, moving_seen=seen)


def _unchanged(
    context: JobContext, source: ClaimedSource, at: datetime, fetched: Fetched, state: SourceState
) -> PollRecord:
    return _succeeded(context, source, at, fetched, state, Prepared())


def _finished(
    context: JobContext, source: ClaimedSource, at: datetime, fetched: Fetched, state: SourceState, prepared: Prepared
) -> PollRecord:
    now = context.clock()
    former = source.state
    marks = join(prepared.fingerprints)
    if fetched.is_partial or source.traits.kind == "sitemap":  # what is not in it has not gone from the source
        marks = join((*prepared.fingerprints, *split(former.known_entries or b"")))[: _MOST_MARKS * FINGERPRINT_BYTES]
    pace, last_new_at = former.pace, former.last_new_at
    if prepared.is_all_new and prepared.items:
        dated = [one.item.published_at for one in prepared.items if one.item.published_from != "fetched"]
        pace = pace_of(dated, now) or pace
        last_new_at = max((time for time in dated if time <= now), default=now) if former.known_entries is None else now
    elif prepared.new_entries:
        pace, last_new_at = next_pace(pace, last_new_at, prepared.new_entries, now), now
    state = replace(state, known_entries=marks, hints=prepared.document.hints, pace=pace, last_new_at=last_new_at)
    if prepared.is_partial:  # what was left is read on the next visit, whether or not the document changes until then
        state = replace(state, etag=None, last_modified=None, body_hash=None)
    return _succeeded(context, source, at, fetched, state, prepared)


def _succeeded(
    context: JobContext, source: ClaimedSource, at: datetime, fetched: Fetched, state: SourceState, prepared: Prepared
) -> PollRecord:
    advice = Advice(fresh_for=fetched.fresh_for, hints=state.hints, is_pushed=source.is_pushed)
    plan = _plan(context, source, PollHistory(0, state.pace, state.last_new_at, source.is_first), advice)
    document = prepared.document
    hub = None
    if fetched.body and (prepared.fingerprints or prepared.items):
        topic = fetched.topic or document.topic or source.traits.url
        hub = Hub(fetched.hub or document.hub, topic) if source.options.push else Hub(None, topic)
    return PollRecord(
        source_id=source.id,
        owner=context.owner,
        at=at,
        error=None,
        status=fetched.status,
        elapsed_ms=fetched.elapsed_ms,
        body_bytes=len(fetched.body),
        state=state if state != source.state else None,
        items=prepared.items,
        warnings=_told(source, state) + document.warnings,
        failures=0,
        next_poll_at=plan.at,
        next_poll_why=plan.why,
        title=" ".join(document.title.split()),
        is_gone=False if source.is_gone else None,
        hub=hub,
        is_pushed=source.is_pushed,
        reader=document.reader,
    )


def _told(source: ClaimedSource, state: SourceState) -> tuple[str, ...]:
    """What the admin should know of the source beside what is wrong with its document."""
    if state.moved_to != source.state.moved_to and state.moved_to is not None:
        return (f"The server says that it has moved for good to {state.moved_to}: polled there from now on.",)
    return ()


def _failed(context: JobContext, source: ClaimedSource, at: datetime, failure: _Failure) -> PollRecord:
    failures = source.failures + 1
    plan = _plan(context, source, PollHistory(failures=failures), Advice(retry_after=failure.retry_after))
    state, is_gone = None, None
    if source.state.moved_to is not None and failures >= _FAILURES_AT_NEW_PLACE:
        state = replace(SourceState(), known_entries=source.state.known_entries)  # its own URL may be right again
    elif failure.status == HTTPStatus.GONE and source.state.moved_to is None:
        is_gone = True
    return PollRecord(
        source_id=source.id,
        owner=context.owner,
        at=at,
        error=failure.error,
        status=failure.status,
        elapsed_ms=failure.elapsed_ms,
        body_bytes=0,
        state=state,
        items=(),
        warnings=(),
        failures=failures,
        next_poll_at=plan.at,
        next_poll_why=plan.why,
        is_gone=is_gone,
    )


def _plan(context: JobContext, source: ClaimedSource, history: PollHistory, advice: Advice) -> PollPlan:
    poll = context.settings.poll
    rhythm = Rhythm(
        interval=source.interval,
        usual=poll.interval,
        shortest=poll.min_interval,
        longest=poll.max_interval,
        longest_backoff=poll.max_backoff,
    )
    return plan_next(context.clock(), rhythm, history, advice, chance=context.chance())


def _ms(begun: float) -> int:
    return round((perf_counter() - begun) * 1000)
