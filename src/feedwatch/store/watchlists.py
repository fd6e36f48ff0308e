"""Watchlists: declared or added, versioned, and what the workers match with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.model import WatchlistDef
from feedwatch.store.sources import Changes
from feedwatch.store.tables import Match, Watchlist

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


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
        wanted = _as_json(definition)
        if watchlist.definition != wanted:
            watchlist.definition, watchlist.name = wanted, definition.name
            watchlist.version += 1
            watchlist.changed_at = now
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
    if session.scalar(sa.select(Watchlist.id).where(Watchlist.name_key == definition.name.casefold())) is not None:
        raise StoreError(f"a watchlist named {definition.name!r} exists already")
    session.add(_new_watchlist(definition, now, declared=False, enabled=True))
    session.flush()


def _new_watchlist(definition: WatchlistDef, now: datetime, *, declared: bool, enabled: bool) -> Watchlist:
    return Watchlist(
        name=definition.name,
        name_key=definition.name.casefold(),
        definition=_as_json(definition),
        version=1,
        declared=declared,
        enabled=enabled,
        changed_at=now,
    )


def _as_json(definition: WatchlistDef) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(definition).items()}


def _from_json(stored: dict[str, object]) -> WatchlistDef:
    return WatchlistDef(**{key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()})  # type: ignore[arg-type]


def active_watchlists(session: Session) -> list[tuple[WatchlistDef, int]]:
    """What live matching uses: the enabled watchlists with their versions."""
    rows = session.execute(
        sa.select(Watchlist.definition, Watchlist.version).where(Watchlist.enabled).order_by(Watchlist.name_key)
    )
    return [(_from_json(definition), version) for definition, version in rows]


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
            definition=_from_json(watchlist.definition),
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
