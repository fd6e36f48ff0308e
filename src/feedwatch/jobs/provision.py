"""What config.yaml declares becomes what the database holds; leases of dead processes are given back."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.digest import next_due, parse_schedule
from feedwatch.model import QueryDef, Selectors, WatchlistDef
from feedwatch.store.claims import SourceOptions, lease_owners, release_sources
from feedwatch.store.deliveries import delivery_owners, release_deliveries
from feedwatch.store.sources import Changes, SourceSpec, declare_sources
from feedwatch.store.store import lock_writers
from feedwatch.store.subscribers import SubscriberSpec, SubscriptionSpec, declare_subscribers
from feedwatch.store.watchlists import declare_watchlists

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from feedwatch.declared import (
        QuerySettings,
        SelectorSettings,
        SourceSettings,
        SubscriberSettings,
        WatchlistSettings,
    )
    from feedwatch.model import Query
    from feedwatch.settings import Settings
    from feedwatch.store import Store


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What a configuration changed in the database."""

    sources: Changes
    watchlists: Changes
    subscribers: Changes

    def __str__(self) -> str:
        """`sources: 20 added, 1 disabled; watchlists: 2 added`, or `nothing changed`."""
        parts = []
        for kind in ("sources", "watchlists", "subscribers"):
            changes: Changes = getattr(self, kind)
            counts = {"added": changes.added, "changed": changes.changed, "disabled": changes.disabled}
            told = ", ".join(f"{len(names)} {what}" for what, names in counts.items() if names)
            parts += [f"{kind}: {told}"] if told else []
        return "; ".join(parts) or "nothing changed"


def provision(store: Store, settings: Settings, now: datetime) -> Provisioned:
    """Declare everything that the settings name, in one transaction.

    What was declared before keeps its history; what is no longer declared is disabled; what was added by hand
    stays as it is.
    """
    with store.begin() as session:
        lock_writers(session)
        sources = declare_sources(session, [source_spec(source) for source in settings.sources], now)
        watchlists = declare_watchlists(
            session,
            [(watchlist_def(watchlist, settings.synonyms), watchlist.enabled) for watchlist in settings.watchlists],
            now,
        )
        subscribers = declare_subscribers(
            session, [_subscriber(subscriber) for subscriber in settings.subscribers], now, due_after
        )
    return Provisioned(sources, watchlists, subscribers)


def due_after(schedule: str, timezone: str, after: datetime) -> datetime | None:
    """The first due time of a schedule, as written, later than `after`."""
    return next_due(parse_schedule(schedule), timezone, after)


def source_spec(source: SourceSettings) -> SourceSpec:
    """The settings of a source as the store takes them."""
    return SourceSpec(
        name=source.name,
        title=source.title,
        url=source.location,
        language=source.language,
        timezone=source.timezone,
        interval=source.interval,
        tags=source.tags,
        enabled=source.enabled,
        kind=source.kind,
        options=SourceOptions(
            selectors=_selectors(source.selectors) if source.selectors else None,
            full_text=source.full_text,
            archive_pages=source.archive_pages,
            push=source.push,
            rules_off=source.rules_off,
            preferred=source.preferred,
            weight=source.weight,
            keep_s=None if source.keep is None else int(source.keep.total_seconds()),
            keep_items=source.keep_items,
        ),
    )


def _selectors(settings: SelectorSettings) -> Selectors:
    return Selectors(
        item=settings.item,
        link=settings.link,
        title=settings.title or "",
        date=settings.date or "",
        summary=settings.summary or "",
    )


def watchlist_def(watchlist: WatchlistSettings, synonyms: Mapping[str, tuple[str, ...]]) -> WatchlistDef:
    """The settings of a watchlist as the value that is matched with.

    `synonyms` are the configuration's sets by their names, of which those that the watchlist names are taken.
    """
    return WatchlistDef(
        name=watchlist.name,
        terms=watchlist.terms,
        queries=tuple(map(_query, watchlist.queries)),
        exclude=tuple(map(_query, watchlist.exclude)),
        description=watchlist.description,
        owner=watchlist.owner,
        mode=watchlist.mode,
        languages=watchlist.languages,
        sources=watchlist.sources,
        tags=watchlist.tags,
        min_score=watchlist.min_score,
        priority=watchlist.priority,
        synonyms=tuple(synonyms[name] for name in watchlist.synonyms),
    )


def _query(written: str | QuerySettings) -> Query:
    if isinstance(written, str):
        return written
    is_plain = not written.exact and not written.stem
    return written.query if is_plain else QueryDef(written.query, exact=written.exact, stem=written.stem or "")


def _subscriber(subscriber: SubscriberSettings) -> SubscriberSpec:
    return SubscriberSpec(
        name=subscriber.name,
        email=subscriber.email,
        timezone=subscriber.timezone,
        locale=subscriber.locale,
        enabled=subscriber.enabled,
        quiet_hours=subscriber.quiet_hours,
        subscriptions=tuple(
            SubscriptionSpec(
                name=subscription.name,
                schedule=subscription.schedule,
                watchlists=subscription.watchlists,
                first_at_once=subscription.first_edition == "at_once",
                min_stories=subscription.min_stories,
                skip_if_empty=subscription.skip_if_empty,
                channels=subscription.channels,
            )
            for subscription in subscriber.subscriptions
        ),
    )


def release_dead_leases(store: Store, owner: str) -> int:
    """Give back what processes of this machine had claimed when they died; returns how many leases.

    A lease of `owner` itself is from a former life (in a container every life has the same number). Leases of
    other machines are left to end by themselves.
    """
    with store.begin() as session:
        owners = lease_owners(session) | delivery_owners(session)
        dead = {other for other in owners if other == owner or _is_dead(other)}
        return release_sources(session, dead) + release_deliveries(session, dead) if dead else 0


def _is_dead(owner: str) -> bool:
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
