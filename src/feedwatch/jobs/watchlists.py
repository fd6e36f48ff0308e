"""The workers match with what the database holds: looked at before each claim, and twice a second by the daemon."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from feedwatch.match import unreadable
from feedwatch.store.rarity import read_rarity, sampled_at
from feedwatch.store.watchlists import active_watchlists, read_watchlists, watchlist_versions, watchlists_state

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.jobs.context import JobContext
    from feedwatch.jobs.watchlist_files import WatchlistDesk

log = structlog.get_logger("feedwatch")
_following = Lock()


def follow_watchlists(session: Session, desk: WatchlistDesk) -> bool:
    """Match from now on with the watchlists that the database holds; tells whether these are others than before.

    Reads no more than a count where nothing changed, and the definitions of what did. The sample of the archive that
    matches are rated by is followed likewise.
    """
    with _following:
        sampled = str(sampled_at(session))
        state = f"{watchlists_state(session)} {sampled}"
        if state == desk.state:
            return False
        rarity = None if desk.state.endswith(sampled) else read_rarity(session)
        versions = watchlist_versions(session)
        changed = [name for name, version in versions.items() if desk.versions.get(name) != version]
        dropped = [name for name in desk.versions if name not in versions]
        if desk.wants_all(len(changed) + len(dropped)):
            read = active_watchlists(session)
            desk.use(read, rarity or read_rarity(session), state=state)
        else:
            read = read_watchlists(session, changed)
            desk.change(read, dropped, rarity, state=state)
        new = set(changed)
        for definition, _ in read:
            for problem in unreadable(definition) if definition.name in new else ():
                log.warning("watchlist", problem=problem)
        log.info("watchlists", changed=len(changed), dropped=len(dropped), matched_with=len(versions))
        return True


async def watch_watchlists(context: JobContext) -> None:
    """See to it that a change takes effect within a second, whatever the store's thread has to write meanwhile."""
    await asyncio.to_thread(_look, context)


def _look(context: JobContext) -> None:
    with context.store.read() as session:
        follow_watchlists(session, context.workers.watchlists)
