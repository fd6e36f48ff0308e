"""Polling: claim what is due, fetch, prepare in the workers, and store in one transaction a visit."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import structlog

from feedwatch.cluster import is_copy, is_same_event
from feedwatch.jobs.visit import prepare_pushed, visit
from feedwatch.jobs.watchlists import follow_watchlists
from feedwatch.store.claims import claim_sources, has_due_sources, read_source
from feedwatch.store.hubs import doubt_hubs, want_hubs
from feedwatch.store.polls import PollRecord, PollResult, record_polls
from feedwatch.store.stories import Judges

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedwatch.jobs.context import JobContext
    from feedwatch.store.claims import ClaimedSource

log = structlog.get_logger("feedwatch.poll")

LEASE = timedelta(minutes=10)
"""Longer than any visit can take: waiting for a slow host, the fetch, the worker, the store."""
_NOTHING = PollResult("error")
_BATCH = 64
"""The most visits stored in one transaction."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of one visit, for the log, the progress bar and the summary."""

    source: str
    outcome: str
    """`new`, `unchanged` or `error`."""
    error: str | None
    status: int | None
    elapsed_ms: int
    body_bytes: int
    result: PollResult
    warnings: tuple[str, ...] = ()
    reader: str = ""
    """Which parser read the document, and why where it was not the first choice."""


@dataclass(slots=True)
class CycleReport:
    """What came of polling everything that was due."""

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """(source, why), in the order in which they came."""
    new_items: int = 0
    revised_items: int = 0
    new_stories: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    """New matches by watchlist."""
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Time spent by step, summed over visits: fetch (waiting included), parse, normalize, cluster, match, store."""
    elapsed_s: float = 0.0

    @property
    def polled(self) -> int:
        """How many sources were visited."""
        return self.outcomes.total()

    def count(self, outcome: PollOutcome) -> None:
        """Add one visit."""
        self.outcomes[outcome.outcome] += 1
        if outcome.error:
            self.errors.append((outcome.source, outcome.error))
        self.new_items += outcome.result.new_items
        self.revised_items += outcome.result.revised_items
        self.new_stories += outcome.result.new_stories
        self.matches.update(outcome.result.matches_by_watchlist)


OnOutcome = Callable[[PollOutcome], None]


async def poll_due(
    context: JobContext, *, names: Collection[str] | None = None, on_outcome: OnOutcome | None = None
) -> CycleReport:
    """Poll every source that is due, or those in `names` now, until none is left.

    Claims as many as it has room for, so that a queue of 100,000 costs no more memory than one of 100. A source's
    failure is an outcome; it stops no other.
    """
    report = CycleReport()
    begun = perf_counter()
    room = 2 * context.settings.fetch.concurrency  # as many again in the workers as on the wire
    tasks: set[asyncio.Task[None]] = set()
    is_exhausted = False
    async with _Writer(context, report) as writer:
        try:
            while True:
                free = room - len(tasks) if names is None else len(names)
                if not is_exhausted and (names is not None or free >= room // 4):
                    claimed = await context.in_store(partial(_claim, context, free, names))
                    is_exhausted = names is not None or len(claimed) < free
                    for source in claimed:
                        tasks.add(asyncio.create_task(_visit(context, source, writer, report, on_outcome)))
                if not tasks:
                    break
                _, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:  # told to stop: what is half done is given up, and will be fetched again
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    report.elapsed_s = perf_counter() - begun
    return report


def _claim(context: JobContext, limit: int, names: Collection[str] | None) -> list[ClaimedSource]:
    with context.store.read() as session:  # most ticks find nothing: no need to take the writer's lock for that
        if names is None and not has_due_sources(session, context.clock()):
            return []
        follow_watchlists(session, context.workers.watchlists)
    with context.store.begin() as session:
        return claim_sources(session, owner=context.owner, now=context.clock(), lease=LEASE, limit=limit, names=names)


async def _visit(
    context: JobContext, source: ClaimedSource, writer: _Writer, report: CycleReport, on_outcome: OnOutcome | None
) -> None:
    record = await visit(context, source, report.seconds)
    try:
        result = await writer.store(record)
    except Exception as failure:
        log.exception("poll not stored", source=source.name)
        record = replace(record, error=f"could not be stored, and will be fetched again: {failure}")
        result = PollResult("error")
    outcome = _outcome(source, record, result)
    report.count(outcome)
    _log(outcome)
    if on_outcome is not None:
        on_outcome(outcome)


def _outcome(source: ClaimedSource, record: PollRecord, result: PollResult) -> PollOutcome:
    return PollOutcome(
        source=source.name,
        outcome=result.outcome,
        error=record.error,
        status=record.status,
        elapsed_ms=record.elapsed_ms,
        body_bytes=record.body_bytes,
        result=result,
        warnings=record.warnings,
        reader=record.reader,
    )


def _log(outcome: PollOutcome) -> None:
    write = log.warning if outcome.error else log.info
    more = {"error": outcome.error} if outcome.error else {}
    more |= {"reader": outcome.reader} if outcome.reader else {}
    more |= {"warnings": "; ".join(outcome.warnings)} if outcome.warnings else {}
    write(
        "poll",
        source=outcome.source,
        outcome=outcome.outcome,
        status=outcome.status,
        ms=outcome.elapsed_ms,
        bytes=outcome.body_bytes,
        new=outcome.result.new_items,
        matches=outcome.result.matches,
        **more,
    )


async def take_pushed(context: JobContext, source_id: int, body: bytes, content_type: str | None) -> PollOutcome:
    """Store what a hub pushed for a source, as a visit would have. Raises what storing it raises: then push again."""

    def read() -> ClaimedSource | None:
        with context.store.read() as session:
            follow_watchlists(session, context.workers.watchlists)
            return read_source(session, source_id)

    source = await context.in_store(read)
    if source is None:
        return PollOutcome(f"#{source_id}", "error", "is no source, or a disabled one", None, 0, len(body), _NOTHING)
    record = await prepare_pushed(context, source, body, content_type)
    (result,) = await context.in_store(partial(_store_all, context, [record]))
    if isinstance(result, Exception):
        raise result
    outcome = _outcome(source, record, result)
    _log(outcome)
    return outcome


class _Writer:
    """Stores the visits that wait, many in one transaction: a commit's cost is shared, each visit stays whole.

    When a transaction fails, its visits are stored one by one, so that the bad one alone is lost - and fetched again.
    """

    def __init__(self, context: JobContext, report: CycleReport) -> None:
        self._context = context
        self._report = report
        self._waiting: asyncio.Queue[tuple[PollRecord, asyncio.Future[PollResult]] | None] = asyncio.Queue()

    async def __aenter__(self) -> _Writer:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._waiting.put_nowait(None)
        await self._task

    async def store(self, record: PollRecord) -> PollResult:
        """Wait until the visit is committed."""
        done: asyncio.Future[PollResult] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((record, done))
        return await done

    async def _run(self) -> None:
        is_open = True
        while is_open:
            batch = [await self._waiting.get()]
            while len(batch) < _BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            is_open = None not in batch
            visits = [visit for visit in batch if visit is not None]
            if visits:
                await self._store(visits)

    async def _store(self, visits: list[tuple[PollRecord, asyncio.Future[PollResult]]]) -> None:
        begun = perf_counter()
        records = [record for record, _ in visits]
        results = await self._context.in_store(partial(_store_all, self._context, records))
        self._report.seconds["store"] += perf_counter() - begun
        for (_, done), result in zip(visits, results, strict=True):
            if done.cancelled():
                continue
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)


def _store_all(context: JobContext, records: list[PollRecord]) -> list[PollResult | Exception]:
    judges = Judges(is_copy, is_same_event, context.settings.stories.window)
    try:
        with context.store.begin() as session:
            results = record_polls(session, records, context.clock(), judges)
            want_hubs(session, records, context.clock())
            doubt_hubs(
                session, [one.source_id for one, result in zip(records, results, strict=True) if _missed(one, result)]
            )
            return list(results)
    except Exception as error:  # noqa: BLE001 - handed to whoever waits for the visit
        if len(records) == 1:
            return [error]
        return [result for record in records for result in _store_all(context, [record])]


def _missed(record: PollRecord, result: PollResult) -> bool:
    """Whether a poll found news that its hub, which was relied on, had not pushed."""
    return record.is_pushed and result.new_items > 0
