"""The workers follow what the database holds, and a change costs what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import structlog

from feedwatch.jobs.watchlist_files import WatchlistDesk, matcher_of
from feedwatch.jobs.watchlists import follow_watchlists
from feedwatch.model import Rarity, WatchlistDef
from feedwatch.store.rarity import write_rarity
from feedwatch.store.watchlists import active_watchlists, declare_watchlists
from tests.integration.store.examples import DAY, NOW

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.store import Store

MANY = [WatchlistDef(f"W{number:02}", (f"word{number}",)) for number in range(20)]
TEXT = " ".join(f"word{number}" for number in range(30))


@pytest.fixture
def desk(tmp_path: Path) -> WatchlistDesk:
    return WatchlistDesk(tmp_path)


def declare(store: Store, *definitions: WatchlistDef, day: int = 0) -> None:
    with store.begin() as session:
        declare_watchlists(session, [(definition, True) for definition in definitions], NOW + day * DAY)


def follow(store: Store, desk: WatchlistDesk) -> bool:
    with store.read() as session:
        return follow_watchlists(session, desk)


def met(desk: WatchlistDesk) -> dict[str, int]:
    return {match.watchlist: match.version for match in matcher_of(desk.files).find("", TEXT)}


def test_what_is_added_changed_and_dropped_is_followed(store: Store, desk: WatchlistDesk) -> None:
    declare(store, *MANY)
    assert follow(store, desk)
    assert met(desk) == {definition.name: 1 for definition in MANY}
    changed = replace(MANY[3], terms=("word25",))
    declare(store, changed, *MANY[4:], WatchlistDef("New", ("word26",)), day=1)
    assert follow(store, desk)
    assert len(desk.files.changes) == 1
    assert met(desk) == {"New": 1, "W03": 2} | {definition.name: 1 for definition in MANY[4:]}
    with store.read() as session:
        assert desk.versions == {definition.name: version for definition, version in active_watchlists(session)}


def test_nothing_is_written_where_nothing_changed(store: Store, desk: WatchlistDesk) -> None:
    declare(store, *MANY)
    follow(store, desk)
    files = desk.files
    assert not follow(store, desk)
    assert desk.files is files


def test_a_name_that_changes_its_case_is_one_watchlist(store: Store, desk: WatchlistDesk) -> None:
    declare(store, *MANY)
    follow(store, desk)
    declare(store, replace(MANY[0], name="w00"), *MANY[1:], day=1)
    follow(store, desk)
    assert "W00" not in met(desk)
    assert met(desk)["w00"] == 2


def test_the_definitions_of_what_did_not_change_are_not_read(
    store: Store, desk: WatchlistDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(store, *MANY)
    follow(store, desk)
    asked: list[list[str]] = []

    def counting(session: object, names: list[str]) -> list[tuple[WatchlistDef, int]]:
        asked.append(names)
        return []

    monkeypatch.setattr("feedwatch.jobs.watchlists.read_watchlists", counting)
    declare(store, replace(MANY[0], terms=("other",)), *MANY[1:], day=1)
    follow(store, desk)
    assert asked == [["W00"]]


def test_the_sample_of_the_archive_is_followed(store: Store, desk: WatchlistDesk) -> None:
    declare(store, WatchlistDef("Rare", ("rare",)), *MANY)
    follow(store, desk)
    [unknown] = matcher_of(desk.files).find("", "rare")
    with store.begin() as session:
        write_rarity(session, Rarity(100, {"rare": 90}), NOW)
    assert follow(store, desk)
    [frequent] = matcher_of(desk.files).find("", "rare")
    assert frequent.score < unknown.score
    declare(store, WatchlistDef("Rare", ("rare",), description="x"), *MANY, day=1)
    follow(store, desk)
    assert [match.score for match in matcher_of(desk.files).find("", "rare")] == [frequent.score]


def test_what_of_a_new_watchlist_cannot_be_read_is_logged_once(
    store: Store, desk: WatchlistDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = WatchlistDef("Broken", queries=("(bay",))
    monkeypatch.setattr("feedwatch.jobs.watchlists.log", structlog.get_logger())  # one that nothing has used yet
    with structlog.testing.capture_logs() as lines:
        declare(store, broken)
        follow(store, desk)
        declare(store, broken, *MANY, day=1)
        follow(store, desk)
    (told,) = [line["problem"] for line in lines if line["log_level"] == "warning"]
    assert told.startswith("watchlist 'Broken' matches less than it should, as a query of it cannot be read: ")
