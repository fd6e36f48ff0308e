"""What keeps a database that runs for months in shape."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

import structlog

from feedwatch.jobs.indexing import index_by_steps, sample_by_steps, tokens_of
from feedwatch.jobs.signup import forget_old
from feedwatch.store.polls import prune_polls
from feedwatch.store.retention import (
    Limits,
    delete_items,
    forget_tombstones,
    matched_to_delete,
    unmatched_to_delete,
)
from feedwatch.store.sketches import first_item_since, settle
from feedwatch.store.store import lock_writers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from feedwatch.jobs.context import JobContext
    from feedwatch.settings import Settings
    from feedwatch.store import Store

log = structlog.get_logger("feedwatch.housekeeping")

_TOMBSTONE = timedelta(days=400)
"""How long a deleted item is known after its source last listed it: longer than what the yearly ones list."""

_ITEMS = 500
_KEYS = 20_000
_TOMBSTONES = 5_000
_PAUSE_S = 0.005
"""Between two transactions: other processes that wait to write get a turn."""


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """What was forgotten."""

    polls: int = 0
    items: int = 0
    """That had matched nothing."""
    matched_items: int = 0
    stories: int = 0
    """Those that were left without items."""
    tombstones: int = 0
    """Of items that were deleted long ago, and are listed nowhere any more."""
    signups: int = 0
    """That nobody said yes to."""

    def __add__(self, other: Housekeeping) -> Housekeeping:
        return Housekeeping(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


async def keep_house(context: JobContext) -> Housekeeping:
    """Forget what is older than the configuration keeps it, and make the search index whole. Editions and deliveries
    stay.

    Whatever else waits for the store is done between two steps.
    """
    forgotten = Housekeeping()
    steps = keep_house_by_steps(context.store, context.settings, context.clock())
    while (step := await context.in_store(partial(next, steps, None))) is not None:
        forgotten += step
        await asyncio.sleep(_PAUSE_S)
    log.info("housekeeping", **{f"{name}_forgotten": count for name, count in asdict(forgotten).items()})
    return forgotten


def keep_house_by_steps(store: Store, settings: Settings, now: datetime) -> Iterator[Housekeeping]:
    """The steps of `keep_house`, each a transaction of well under a second, and what each forgot.

    What dies in between is taken up the next time.
    """
    with store.begin() as session:
        polls = prune_polls(session, now - settings.retention.polls)
    yield Housekeeping(polls=polls)
    yield from _delete_items(store, settings, now)
    yield from _forget_tombstones(store, now - _TOMBSTONE)
    yield from _settle_near_keys(store, now - settings.stories.window)
    while signups := forget_old(store, now):
        yield Housekeeping(signups=signups)
    for _ in chain(index_by_steps(store), sample_by_steps(store, now)):
        yield Housekeeping()


def _delete_items(store: Store, settings: Settings, now: datetime) -> Iterator[Housekeeping]:
    keep = settings.retention
    limits = Limits(unmatched=keep.items, matched=keep.matched, per_source=keep.items_per_source)
    for find, spared in ((matched_to_delete, True), (unmatched_to_delete, False)):
        with store.read() as session:
            doomed = iter(find(session, limits, now))
        while part := list(islice(doomed, _ITEMS)):
            with store.begin() as session:
                deleted = delete_items(session, part, now, spared=spared, tokens_of=tokens_of)
            items = {"matched_items" if spared else "items": deleted.items}
            yield Housekeeping(stories=deleted.stories, **items)


def _forget_tombstones(store: Store, before: datetime) -> Iterator[Housekeeping]:
    forgotten = _TOMBSTONES
    while forgotten == _TOMBSTONES:
        with store.begin() as session:
            forgotten = forget_tombstones(session, before, at_most=_TOMBSTONES)
        yield Housekeeping(tombstones=forgotten)


def _settle_near_keys(store: Store, since: datetime) -> Iterator[Housekeeping]:
    after: int | None = -1
    while after is not None:
        with store.begin() as session:
            lock_writers(session)
            after = settle(session, first_item_since(session, since), after, rows=_KEYS)
        yield Housekeeping()
