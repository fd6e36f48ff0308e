"""Many editions at once are made by the worker processes, as few are made by the daemon itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from feedwatch.jobs import digest
from feedwatch.store import tables
from tests.integration.jobs.newsroom import open_newsroom, subscriber
from tests.integration.jobs.test_digest import BRIDGE, GROWS, TUESDAY
from tests.integration.store.examples import rows

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.store import Store


@pytest.fixture(autouse=True)
def of_four_all_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_FEW", 3)
    monkeypatch.setattr(digest, "_BATCH", 2)


async def test_many_are_made_beside_as_few_are_made_here(store: Store, tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(5)]
    async with open_newsroom(store, tmp_path, *map(subscriber, names), poll={"workers": 2}) as room:
        room.publish("aa", GROWS, BRIDGE)
        room.clock.now = TUESDAY
        made = await room.tick()
        assert sorted(one.address for one in made) == [f"{name}@example.org" for name in names]
        assert {one.story_count for one in made} == {2}
        assert len(rows(store, tables.Edition, "id")) == len(rows(store, tables.Delivery, "id")) == 5
        assert len(rows(store, tables.Body, "id")) == 1  # they all say the same
        assert await room.tick() == []


async def test_what_fails_in_a_worker_is_made_again_and_put_off_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_newsroom(store, tmp_path, *map(subscriber, ("ann", "ben", "cid", "dan"))) as room:
        room.publish("aa", GROWS)
        room.execute("UPDATE subscribers SET timezone = 'Nowhere/Land' WHERE email = 'ben@example.org'")
        room.clock.now = TUESDAY
        monkeypatch.setattr(digest, "log", structlog.get_logger())
        with structlog.testing.capture_logs() as logged:
            made = await room.tick()
        assert sorted(one.address for one in made) == ["ann@example.org", "cid@example.org", "dan@example.org"]
        assert [line["to"] for line in logged if line["event"] == "digest not made"] == ["ben@example.org"]


async def test_what_a_worker_logs_stands_in_the_daemons_log(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_newsroom(store, tmp_path, *map(subscriber, ("ann", "ben", "cid", "dan"))) as room:
        room.publish("aa", GROWS)
        room.clock.now = TUESDAY
        monkeypatch.setattr(digest, "log", structlog.get_logger())
        with structlog.testing.capture_logs() as logged:
            await room.tick()
        editions = [(line["to"], line["stories"], line["log_level"]) for line in logged if line["event"] == "edition"]
        assert sorted(editions) == [(f"{name}@example.org", 1, "info") for name in ("ann", "ben", "cid", "dan")]


async def test_a_worker_that_is_stopped_costs_no_edition(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "make_batch", stop)
    async with open_newsroom(store, tmp_path, *map(subscriber, ("ann", "ben", "cid", "dan"))) as room:
        room.publish("aa", GROWS)
        room.clock.now = TUESDAY
        assert len(await room.tick()) == 4
        assert len(rows(store, tables.Edition, "id")) == 4


def stop(*_arguments: object) -> None:
    raise MemoryError
