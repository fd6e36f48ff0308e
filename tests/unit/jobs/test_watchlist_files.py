"""A worker reads each file of watchlists once, and matches as if it had been given all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwatch.jobs.watchlist_files import WatchlistDesk, WatchlistFiles, matcher_of
from feedwatch.model import Rarity, WatchlistDef

if TYPE_CHECKING:
    from pathlib import Path

BAY, CHIPS = WatchlistDef("Bay", ("bay",)), WatchlistDef("Chips", ("chips",))
TEXT = "chips of the bay"


@pytest.fixture
def desk(tmp_path: Path) -> WatchlistDesk:
    return WatchlistDesk(tmp_path)


def met(files: WatchlistFiles) -> list[tuple[str, int]]:
    return [(match.watchlist, match.version) for match in matcher_of(files).find("", TEXT)]


def test_nothing_matches_at_first(desk: WatchlistDesk) -> None:
    assert met(desk.files) == []
    assert desk.versions == {}


def test_changes_come_after_what_stands(desk: WatchlistDesk) -> None:
    desk.use([(BAY, 1)], Rarity(), state="a")
    assert met(desk.files) == [("Bay", 1)]
    desk.change([(CHIPS, 1)], [], state="b")
    assert met(desk.files) == [("Bay", 1), ("Chips", 1)]
    desk.change([(WatchlistDef("Bay", ("ocean",)), 2)], [], state="c")
    assert met(desk.files) == [("Chips", 1)]
    desk.change([(BAY, 3)], ["Chips"], state="d")
    assert met(desk.files) == [("Bay", 3)]
    assert (desk.versions, desk.state) == ({"Bay": 3}, "d")


def test_a_worker_that_comes_late_reads_all_that_it_missed(desk: WatchlistDesk) -> None:
    desk.use([(BAY, 1)], Rarity(), state="a")
    desk.change([(CHIPS, 1)], [], state="b")
    desk.change([], ["Bay"], state="c")
    assert met(desk.files) == [("Chips", 1)]


def test_a_document_sent_before_a_change_and_read_after_it_is_matched_as_now(desk: WatchlistDesk) -> None:
    before = desk.use([(BAY, 1)], Rarity(), state="a")
    after = desk.change([(CHIPS, 1)], [], state="b")
    assert met(after) == met(before) == [("Bay", 1), ("Chips", 1)]


def test_no_file_is_read_twice(desk: WatchlistDesk) -> None:
    desk.use([(BAY, 1)], Rarity(), state="a")
    files = desk.change([(CHIPS, 1)], [], state="b")
    first = matcher_of(files)
    for path in (files.base, *files.changes):
        path.unlink()
    assert matcher_of(files) is first


@pytest.mark.parametrize(
    ("held", "changes", "expected"), [(0, 1, True), (10, 5, False), (10, 6, True), (1000, 1, False)]
)
def test_much_is_told_anew(desk: WatchlistDesk, held: int, changes: int, expected: bool) -> None:
    desk.use([(WatchlistDef(str(number), ("x",)), 1) for number in range(held)], Rarity(), state="a")
    assert desk.wants_all(changes) is expected


def test_files_do_not_pile_up(desk: WatchlistDesk, tmp_path: Path) -> None:
    for number in range(5):
        desk.use([(BAY, number)], Rarity(), state=str(number))
        desk.change([(CHIPS, number)], [], state=f"{number}b")
    assert len(list(tmp_path.iterdir())) == 4  # of the last two: documents may be on their way with the former
    assert met(desk.files) == [("Bay", 4), ("Chips", 4)]


def test_what_is_told_anew_and_has_not_changed_is_not_made_anew(desk: WatchlistDesk) -> None:
    many = [(WatchlistDef(str(number), ("bay",)), 1) for number in range(5)]
    desk.use([*many, (BAY, 1)], Rarity(), state="a")
    before = matcher_of(desk.files)
    desk.use([*many[1:], (BAY, 2)], Rarity(), state="b")
    assert met(desk.files) == [*((str(number), 1) for number in range(1, 5)), ("Bay", 2)]
    after = matcher_of(desk.files)
    assert after._held.live["1"] is before._held.live["1"]
    assert after._held.live["Bay"] is not before._held.live["Bay"]
