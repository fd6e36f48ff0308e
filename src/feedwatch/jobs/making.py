"""A batch of editions made in a worker process, from reading to storing, while this process sends mails."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import structlog

from feedwatch.digest import Renderer, shipped_templates
from feedwatch.jobs.composing import compose_batch
from feedwatch.jobs.edition_batch import MadeEdition, Step, begin_step, render_step, store_steps, with_edition
from feedwatch.jobs.story_pool import StoryPool
from feedwatch.store import Store

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from feedwatch.settings import Settings
    from feedwatch.store.due import DueSubscription

PART = 20
"""What of a batch is rendered, and then stored, at once: between two such steps others get their turn at the
database."""


@dataclass(frozen=True, slots=True)
class MadeBatch:
    """What came of a batch."""

    made: list[MadeEdition] = field(default_factory=list)
    failed: list[DueSubscription] = field(default_factory=list)
    """Those of which one keeps the others from being made: they are to be made again, apart."""
    logged: list[Mapping[str, Any]] = field(default_factory=list)
    """Log lines, which belong into the daemon's log: structlog's events with their `level`."""


def make_batch(url: str, settings: Settings, batch: Sequence[DueSubscription], now: datetime) -> MadeBatch:
    """Make the editions of a batch, of which no two are of one subscriber; for a worker process.

    url: of the database, with its password. Raises StoreError where the database cannot be opened; all else that fails
    is in the result.
    """
    _keep_log_lines()
    store, renderer, pool = _store(url), _renderer(settings.digest.templates), _pool(now)
    result = MadeBatch(logged=_LOGGED)
    _LOGGED.clear()
    try:
        steps = compose_steps(store, pool, settings, batch, now)
    except Exception:  # noqa: BLE001 - whatever it is, it is met again, alone, where it is logged
        result.failed.extend(batch)
        return result
    for start in range(0, len(steps), PART):
        part = steps[start : start + PART]
        try:
            rendered = [render_step(step, pool, renderer, settings) for step in part]
            result.made.extend(store_steps(store, settings, rendered, now))
        except Exception:  # noqa: BLE001 - the same
            result.failed.extend(step.subscription for step in part)
    pool.make_room()
    return result


def compose_steps(
    store: Store, pool: StoryPool, settings: Settings, subscriptions: Iterable[DueSubscription], now: datetime
) -> list[Step]:
    """How each goes on, with its edition where it has one to tell."""
    steps = [begin_step(subscription, now) for subscription in subscriptions]
    telling = [step.subscription for step in steps if not step.why]
    if not telling:
        return steps
    with store.read() as session:
        composed = {one.subscription.id: one for one in compose_batch(session, pool, settings.digest, telling, now)}
    return [step if step.why else with_edition(step, composed[step.subscription.id]) for step in steps]


def for_workers(settings: Settings) -> Settings:
    """The settings without what is declared, which can be long, and which the database has."""
    return settings.model_copy(update={"sources": (), "watchlists": (), "subscribers": (), "synonyms": {}})


_LOGGED: list[Mapping[str, Any]] = []


@cache
def _keep_log_lines() -> None:
    """In a worker nobody reads a log: lines are kept for the daemon's."""
    if multiprocessing.parent_process() is not None:
        structlog.configure(
            processors=[structlog.stdlib.add_log_level, structlog.processors.format_exc_info, _keep],
            cache_logger_on_first_use=False,
        )


def _keep(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    _LOGGED.append(event)
    raise structlog.DropEvent


@lru_cache(maxsize=1)
def _store(url: str) -> Store:
    return Store(url)


@lru_cache(maxsize=1)
def _renderer(overrides: Path | None) -> Renderer:
    return Renderer(shipped_templates(), overrides)


@lru_cache(maxsize=1)
def _pool(now: datetime) -> StoryPool:  # noqa: ARG001 - a run has one time, and a pool of its own
    return StoryPool()
