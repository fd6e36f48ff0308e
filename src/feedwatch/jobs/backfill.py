"""Back-filling a watchlist: its stored matches become those that its present version would have made all along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from feedwatch.errors import StoreError
from feedwatch.jobs.archive_search import search_archive
from feedwatch.match import Matcher
from feedwatch.store.archived import read_archived
from feedwatch.store.backfill import (
    Replaced,
    keep_alerts_quiet,
    matched_items,
    replace_matches,
    watchlist_id,
)
from feedwatch.store.filters import ItemFilter
from feedwatch.store.rarity import read_rarity
from feedwatch.store.store import lock_writers
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.model import Match, WatchlistDef
    from feedwatch.store import Store

_AT_ONCE = 500
"""Items of one transaction: a tenth of a second of matching and writing."""
_PAUSE_S = 0.005
"""Between two transactions: other processes that wait to write get a turn."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a back-fill has come."""

    done: int
    """Items, of `total`."""
    total: int
    replaced: Replaced
    """So far."""


@dataclass(frozen=True, slots=True)
class _Subject:
    id: int
    definition: WatchlistDef
    version: int
    matcher: Matcher


def backfill_by_steps(
    store: Store, name: str, since: datetime | None, now: datetime, *, dry_run: bool = False
) -> Iterator[Step]:
    """Make the stored matches with what was published since those that the watchlist makes as it is now.

    Each step is a short transaction, so that a daemon can run beside it; every item is matched in the transaction that
    writes its match, as its text stands there, so that nothing that a poll brings meanwhile is undone. What dies in
    between has done a part, and a further call does the rest. New matches count from when their items were first
    seen, and wake no alert.

    Raises StoreError where no such watchlist is enabled, or where it was changed meanwhile.
    """
    subject = _subject(store, name)
    done: set[int] = set()
    replaced = Replaced()
    # What polls brought while the first round ran may have been matched by the version before: it is looked at again.
    for _ in range(2):
        item_ids = _concerned(store, subject, since, done)
        total = len(done) + len(item_ids)
        for start in range(0, len(item_ids), _AT_ONCE):
            part = item_ids[start : start + _AT_ONCE]
            replaced += _replace(store, subject, part, now, dry_run=dry_run)
            done.update(part)
            yield Step(len(done), total, replaced)
            sleep(_PAUSE_S)
        if dry_run:
            break
    if not done:
        yield Step(0, 0, replaced)


def _subject(store: Store, name: str) -> _Subject:
    with store.read() as session:
        rows = list_watchlists(session, name)
        found = watchlist_id(session, name, rows[0].version) if rows else None
        if found is None:
            state = "is disabled: enable it first" if rows else "does not exist; see 'feedwatch watchlists list'"
            raise StoreError(f"the watchlist {name!r} cannot be back-filled, as it {state}")
        definition, version = rows[0].definition, rows[0].version
        return _Subject(found, definition, version, Matcher([(definition, version)], read_rarity(session)))


def _concerned(store: Store, subject: _Subject, since: datetime | None, done: set[int]) -> list[int]:
    """The items that the watchlist matches, and those that it has stored matches with.

    Without those that are done, unless a poll that began before the watchlist's last change has matched them since.
    """
    with store.read() as session:
        stored = matched_items(session, subject.id, since)
        stale = done.intersection(matched_items(session, subject.id, since, besides=subject.version)) if done else ()
        found = search_archive(session, subject.definition, ItemFilter(since=since))
        wanted = dict.fromkeys([*stored, *(one.row.id for one in found)])
        return [*stale, *(item_id for item_id in wanted if item_id not in done)]


def _replace(store: Store, subject: _Subject, item_ids: Sequence[int], now: datetime, *, dry_run: bool) -> Replaced:
    with store.read() if dry_run else store.begin() as session:
        if not dry_run:
            lock_writers(session)
        if watchlist_id(session, subject.definition.name, subject.version) is None:
            raise StoreError(
                f"the watchlist {subject.definition.name!r} was changed while it was back-filled; "
                "back-fill it again, as it is now"
            )
        items = read_archived(session, item_ids)
        matches: dict[int, Match] = {}
        for item in items:
            for match in subject.matcher.match(item.item, item.source, item.source_tags):
                matches[item.id] = match
        if not dry_run:
            keep_alerts_quiet(session, subject.id, now)
        return replace_matches(session, subject.id, items, matches, dry_run=dry_run)
