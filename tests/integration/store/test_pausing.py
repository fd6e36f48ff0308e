"""Sources that were added by hand: paused, resumed, and forgotten where they brought nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from feedwatch.errors import StoreError
from feedwatch.store.claims import claim_sources
from feedwatch.store.sources import (
    SourceSpec,
    add_source,
    declare_sources,
    list_sources,
    pause_source,
    remove_source,
    resume_source,
)
from feedwatch.store.tables import HubLease, Poll

if TYPE_CHECKING:
    from feedwatch.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SPEC = SourceSpec("paper", "Paper", "https://paper.example/")


def _claimed(store: Store, now: datetime, names: list[str] | None = None) -> list[str]:
    with store.begin() as session:
        lease = timedelta(minutes=1)
        claimed = claim_sources(session, owner="a:1", now=now, lease=lease, limit=9, names=names)
    return [source.name for source in claimed]


def test_a_paused_source_is_not_due_until_it_is_resumed(store: Store) -> None:
    with store.begin() as session:
        add_source(session, SPEC, NOW)
        pause_source(session, "paper")
    assert (_claimed(store, NOW), _claimed(store, NOW, ["paper"])) == ([], [])
    later = NOW + timedelta(days=1)
    with store.begin() as session:
        resume_source(session, "paper", later)
        (row,) = list_sources(session)
    assert (row.enabled, row.disabled_why, row.next_poll_at, row.next_poll_why) == (True, None, later, "it was resumed")
    assert _claimed(store, later) == ["paper"]


def test_a_removed_source_leaves_nothing_and_its_name_is_free(store: Store) -> None:
    with store.begin() as session:
        add_source(session, SPEC, NOW)
        (row,) = list_sources(session)
        poll = {"at": NOW, "outcome": "error", "warnings": [], "elapsed_ms": 1, "body_bytes": 0, "new_items": 0}
        session.execute(sa.insert(Poll).values(source_id=row.id, matches=0, **poll))
        hub = {"hub": "https://hub.example/", "topic": SPEC.url, "token": "t", "secret": "s", "state": "wanted"}
        session.execute(sa.insert(HubLease).values(source_id=row.id, next_attempt_at=NOW, **hub))
    with store.begin() as session:
        remove_source(session, "paper", NOW)
        assert list_sources(session) == []
        assert [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Poll, HubLease)] == [0, 0]
        add_source(session, SPEC, NOW)


def test_a_source_under_way_is_not_removed_from_under_the_visit(store: Store) -> None:
    with store.begin() as session:
        add_source(session, SPEC, NOW)
    assert _claimed(store, NOW) == ["paper"]
    with store.begin() as session, pytest.raises(StoreError, match="being polled just now"):
        remove_source(session, "paper", NOW)
    with store.begin() as session:
        remove_source(session, "paper", NOW + timedelta(hours=1))  # whoever held it has died
        assert list_sources(session) == []


CHANGES: list[Callable[[Session], None]] = [
    lambda session: pause_source(session, "paper"),
    lambda session: resume_source(session, "paper", NOW),
    lambda session: remove_source(session, "paper", NOW),
]


@pytest.mark.parametrize("change", CHANGES, ids=["pause", "resume", "remove"])
def test_what_the_configuration_declares_is_changed_there_alone(
    change: Callable[[Session], None], store: Store
) -> None:
    with store.begin() as session:
        declare_sources(session, [SPEC], NOW)
    with store.begin() as session, pytest.raises(StoreError, match="declared by the configuration"):
        change(session)
