"""What keeps a database that runs for months in shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from feedwatch.store.polls import prune_polls

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.settings import Settings
    from feedwatch.store import Store

log = structlog.get_logger("feedwatch.housekeeping")


def keep_house(store: Store, settings: Settings, now: datetime) -> int:
    """Forget the records of old polls; returns how many. Items, editions and deliveries stay."""
    with store.begin() as session:
        forgotten = prune_polls(session, now - settings.retention.polls)
    log.info("housekeeping", polls_forgotten=forgotten)
    return forgotten
