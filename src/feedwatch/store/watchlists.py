"""Watchlists: declared or added, versioned, and what the workers match with.

A watchlist that the configuration declares is changed there: whether it does so now is for the caller to ask.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.store.definitions import as_stored, from_stored, is_as_stored
from feedwatch.store.sources import Changes
from feedwatch.store.tables import (
    EditionStory,
    Match,
    Subscriber,
    Subscription,
    SubscriptionWatchlist,
    Watchlist,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.model import WatchlistDef

_BATCH = 500
"""How many names one statement asks for."""


def declare_watchlists(session: Session, declared: Iterable[tuple[WatchlistDef, bool]], now: datetime) -> Changes:
    """Make the stored watchlists what the configuration declares: pairs of definition and whether it is enabled.

    A changed definition gets the next version and keeps its matches; what is no longer named is disabled.
    """
    stored = {watchlist.name_key: watchlist for watchlist in session.scalars(sa.select(Watchlist))}
    added, changed, named = [], [], set()
    for definition, enabled in declared:
        key = definition.name.casefold()
        named.add(key)
        watchlist = stored.get(key)
        if watchlist is None:
            session.add(_new_watchlist(definition, now, declared=True, enabled=enabled))
            added.append(definition.name)
            continue
        if not is_as_stored(definition, watchlist.definition):
            _redefine(watchlist, definition, now)
            changed.append(definition.name)
        elif watchlist.enabled != enabled:
            watchlist.changed_at = now
            changed.append(definition.name)
        watchlist.declared, watchlist.enabled = True, enabled
    disabled = []
    for key, watchlist in stored.items():
        if watchlist.declared and watchlist.enabled and key not in named:
            watchlist.enabled = False
            disabled.append(watchlist.name)
    session.flush()
    return Changes(tuple(added), tuple(changed), tuple(disabled))


def add_watchlist(session: Session, definition: WatchlistDef, now: datetime) -> None:
    """Add a watchlist by hand. Raises StoreError if the name is taken (case does not tell names apart)."""
    _refuse_taken(session, definition.name)
    session.add(_new_watchlist(definition, now, declared=False, enabled=True))
    session.flush()


def change_watchlist(session: Session, name: str, definition: WatchlistDef, now: datetime) -> bool:
    """Give a watchlist another definition, by its next version; tells whether it is another.

    Its matches stay. It may get another name, which subscriptions follow. Raises StoreError if there is none of that
    name, or the new name is taken.
    """
    watchlist = _named(session, name)
    if definition.name.casefold() != watchlist.name_key:
        _refuse_taken(session, definition.name)
    if is_as_stored(definition, watchlist.definition):
        return False
    _redefine(watchlist, definition, now)
    watchlist.declared = False
    session.flush()
    return True


def set_watchlist_enabled(session: Session, name: str, now: datetime, *, enabled: bool) -> bool:
    """Begin or end matching with a watchlist; tells whether that is new. Raises StoreError if there is none."""
    watchlist = _named(session, name)
    if watchlist.enabled == enabled:
        return False
    watchlist.enabled, watchlist.declared, watchlist.changed_at = enabled, False, now
    session.flush()
    return True


def remove_watchlist(session: Session, name: str) -> int:
    """Forget a watchlist and its matches; returns how many these were.

    Raises StoreError if there is none of that name, a subscription names it, or a digest has told of its stories,
    which stay told.
    """
    watchlist = _named(session, name)
    if told := _subscriptions_to(session, watchlist.id):
        raise StoreError(f"{watchlist.name!r} is subscribed to by {told}; it can be disabled, not removed")
    if session.scalar(sa.select(EditionStory.story_id).where(EditionStory.watchlist_id == watchlist.id).limit(1)):
        raise StoreError(f"digests have told of stories of {watchlist.name!r}; it can be disabled, not removed")
    count = session.scalar(sa.select(sa.func.count()).where(Match.watchlist_id == watchlist.id)) or 0
    session.execute(sa.delete(Match).where(Match.watchlist_id == watchlist.id))
    session.delete(watchlist)
    session.flush()
    return count


def _subscriptions_to(session: Session, watchlist_id: int) -> str:
    rows = session.execute(
        sa.select(Subscription.name, Subscriber.email)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .join(SubscriptionWatchlist, SubscriptionWatchlist.subscription_id == Subscription.id)
        .where(SubscriptionWatchlist.watchlist_id == watchlist_id)
        .order_by(Subscriber.email, Subscription.name)
    ).all()
    named = ", ".join(f"{email} ({subscription})" for subscription, email in rows[:3])
    return named + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")  # noqa: PLR2004


def _named(session: Session, name: str) -> Watchlist:
    query = sa.select(Watchlist).where(Watchlist.name_key == name.casefold()).with_for_update()
    watchlist = session.scalars(query).first()
    if watchlist is None:
        raise StoreError(f"there is no watchlist named {name!r}")
    return watchlist


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalar(sa.select(Watchlist.id).where(Watchlist.name_key == name.casefold())) is not None:
        raise StoreError(f"a watchlist named {name!r} exists already")


def _redefine(watchlist: Watchlist, definition: WatchlistDef, now: datetime) -> None:
    watchlist.definition = as_stored(definition)
    watchlist.name, watchlist.name_key = definition.name, definition.name.casefold()
    watchlist.version += 1
    watchlist.changed_at = now


def _new_watchlist(definition: WatchlistDef, now: datetime, *, declared: bool, enabled: bool) -> Watchlist:
    return Watchlist(
        name=definition.name,
        name_key=definition.name.casefold(),
        definition=as_stored(definition),
        version=1,
        declared=declared,
        enabled=enabled,
        changed_at=now,
    )


def active_watchlists(session: Session) -> list[tuple[WatchlistDef, int]]:
    """What live matching uses: the enabled watchlists with their versions."""
    rows = session.execute(
        sa.select(Watchlist.definition, Watchlist.version).where(Watchlist.enabled).order_by(Watchlist.name_key)
    )
    return [(from_stored(definition), version) for definition, version in rows]


def watchlist_versions(session: Session) -> dict[str, int]:
    """The version of each enabled watchlist, by its name; reads no definition."""
    rows = session.execute(sa.select(Watchlist.name, Watchlist.version).where(Watchlist.enabled))
    return {name: version for name, version in rows}  # noqa: C416 - a row is no pair to the type checker


def read_watchlists(session: Session, names: Collection[str]) -> list[tuple[WatchlistDef, int]]:
    """Those of the named watchlists that are enabled, with their versions, in the order of `active_watchlists`."""
    keys = sorted({name.casefold() for name in names})
    found: list[tuple[str, WatchlistDef, int]] = []
    for start in range(0, len(keys), _BATCH):
        query = sa.select(Watchlist.name_key, Watchlist.definition, Watchlist.version).where(
            Watchlist.enabled, Watchlist.name_key.in_(keys[start : start + _BATCH])
        )
        found += [(key, from_stored(definition), version) for key, definition, version in session.execute(query)]
    return [(definition, version) for _, definition, version in sorted(found, key=lambda row: row[0])]


def watchlists_state(session: Session) -> str:
    """A text that differs whenever `active_watchlists` would; asked for at every tick, so it counts, not compares."""
    count, versions, changed_at = session.execute(
        sa.select(sa.func.count(), sa.func.sum(Watchlist.version), sa.func.max(Watchlist.changed_at)).where(
            Watchlist.enabled
        )
    ).one()
    return f"{count}/{versions}/{changed_at}"


@dataclass(frozen=True, slots=True)
class WatchlistRow:
    """A watchlist as it is listed."""

    name: str
    definition: WatchlistDef
    version: int
    declared: bool
    enabled: bool
    changed_at: datetime
    item_count: int
    story_count: int
    last_match_at: datetime | None


def list_watchlists(session: Session, name: str | None = None) -> list[WatchlistRow]:
    """Every watchlist (or the one named), by name."""
    counts = (
        sa.select(
            Match.watchlist_id,
            sa.func.count().label("item_count"),
            sa.func.count(Match.story_id.distinct()).label("stories"),
            sa.func.max(Match.matched_at).label("last"),
        )
        .group_by(Match.watchlist_id)
        .subquery()
    )
    query = (
        sa.select(Watchlist, counts.c.item_count, counts.c.stories, counts.c.last)
        .outerjoin(counts, counts.c.watchlist_id == Watchlist.id)
        .order_by(Watchlist.name_key)
    )
    if name is not None:
        query = query.where(Watchlist.name_key == name.casefold())
    return [
        WatchlistRow(
            name=watchlist.name,
            definition=from_stored(watchlist.definition),
            version=watchlist.version,
            declared=watchlist.declared,
            enabled=watchlist.enabled,
            changed_at=watchlist.changed_at,
            item_count=items or 0,
            story_count=stories or 0,
            last_match_at=last,
        )
        for watchlist, items, stories, last in session.execute(query)
    ]


def query_counts(session: Session, name: str, since: datetime) -> dict[str, int]:
    """How many items each term and query of a watchlist has matched since, by its text. Reads each of the matches."""
    query = (
        sa.select(Match.queries)
        .join(Watchlist, Watchlist.id == Match.watchlist_id)
        .where(Watchlist.name_key == name.casefold(), Match.matched_at >= since)
        .execution_options(yield_per=1000)
    )
    return dict(Counter(text for queries in session.scalars(query) for text in queries))
