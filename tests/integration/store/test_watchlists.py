"""Watchlists: declared and added, told apart without case, and versioned when what they look for changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwatch.errors import StoreError
from feedwatch.model import WatchlistDef
from feedwatch.store import tables
from feedwatch.store.sources import Changes
from feedwatch.store.watchlists import (
    WatchlistRow,
    active_watchlists,
    add_watchlist,
    declare_watchlists,
    list_watchlists,
    watchlists_state,
)
from tests.integration.store.examples import (
    DAY,
    HOUR,
    NOW,
    count,
    match,
    matched,
    new_source,
    new_watchlists,
    poll,
)

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.store import Store

BAY = WatchlistDef("Bay Area", ("Greater Bay Area", "大湾区"), ('"GBA" NOT basketball',), ("title:advert",), "Ours")
CHIPS = WatchlistDef("Chips", ("semiconductor",))


def declare(store: Store, *declared: WatchlistDef | tuple[WatchlistDef, bool], now: datetime = NOW) -> Changes:
    pairs = [one if isinstance(one, tuple) else (one, True) for one in declared]
    with store.begin() as session:
        return declare_watchlists(session, pairs, now)


def active(store: Store) -> list[tuple[WatchlistDef, int]]:
    with store.read() as session:
        return active_watchlists(session)


def listed(store: Store, name: str) -> WatchlistRow:
    with store.read() as session:
        (found,) = list_watchlists(session, name)
    return found


def test_what_is_declared_comes_back_to_the_character(store: Store) -> None:
    assert declare(store, CHIPS, BAY) == Changes(added=("Chips", "Bay Area"))
    assert active(store) == [(BAY, 1), (CHIPS, 1)]


def test_the_same_again_changes_nothing(store: Store) -> None:
    declare(store, BAY, (CHIPS, False))
    assert not declare(store, BAY, (CHIPS, False), now=NOW + DAY)
    assert active(store) == [(BAY, 1)]


@pytest.mark.parametrize(
    "changed",
    [
        WatchlistDef("Bay Area", ("Greater Bay Area",)),
        WatchlistDef("Bay Area", BAY.terms, BAY.queries, (), "Ours"),
        WatchlistDef("BAY AREA", BAY.terms, BAY.queries, BAY.exclude, "Ours"),
    ],
)
def test_another_definition_is_the_next_version_and_keeps_its_matches(store: Store, changed: WatchlistDef) -> None:
    declare(store, BAY)
    poll(store, new_source(store), matched("g1", match("Bay Area")))
    assert declare(store, changed, now=NOW + DAY) == Changes(changed=(changed.name,))
    assert active(store) == [(changed, 2)]
    assert (listed(store, changed.name).item_count, listed(store, changed.name).changed_at) == (1, NOW + DAY)
    assert count(store, tables.Watchlist) == 1


def test_disabling_and_enabling_is_no_new_version(store: Store) -> None:
    declare(store, BAY)
    assert declare(store, (BAY, False)) == Changes(changed=("Bay Area",))
    assert active(store) == []
    assert declare(store, BAY) == Changes(changed=("Bay Area",))
    assert active(store) == [(BAY, 1)]


def test_one_no_longer_named_is_disabled_once_and_comes_back_with_its_matches(store: Store) -> None:
    declare(store, BAY, CHIPS)
    poll(store, new_source(store), matched("g1", match("Bay Area")))
    assert declare(store, CHIPS) == Changes(disabled=("Bay Area",))
    assert not declare(store, CHIPS)
    assert active(store) == [(CHIPS, 1)]
    assert declare(store, CHIPS, BAY) == Changes(changed=("Bay Area",))
    assert listed(store, "bay area").item_count == 1


def test_one_added_by_hand_stays_when_it_is_not_named(store: Store) -> None:
    new_watchlists(store, "By hand")
    assert not declare(store)
    assert [definition.name for definition, _ in active(store)] == ["By hand"]


@pytest.mark.parametrize("name", ["Bay Area", "bay area", "BAY AREA"])
def test_a_name_is_taken_whatever_its_case(store: Store, name: str) -> None:
    declare(store, BAY)
    with pytest.raises(StoreError, match="exists already"), store.begin() as session:
        add_watchlist(session, WatchlistDef(name, ("x",)), NOW)


@pytest.mark.parametrize("name", ["Straße", "ΐ" * 120, "大湾区", "x\0y"])
def test_a_name_may_be_any_text(store: Store, name: str) -> None:
    declare(store, WatchlistDef(name, ("x",)))
    ((definition, _),) = active(store)
    assert definition.name == name.replace("\0", "�")
    assert listed(store, definition.name.upper()).version == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([BAY], [BAY, CHIPS]),
        ([BAY, CHIPS], [BAY]),
        ([BAY], [WatchlistDef("Bay Area", ("x",))]),
        ([BAY], [(BAY, False)]),
        ([(BAY, False)], [BAY]),
        ([BAY, (CHIPS, False)], [(BAY, False), CHIPS]),  # as many, of the same versions
        ([BAY, (CHIPS, False)], [CHIPS]),
        ([BAY], [CHIPS]),
    ],
)
def test_the_state_differs_whenever_the_active_ones_do(
    store: Store,
    before: list[WatchlistDef | tuple[WatchlistDef, bool]],
    after: list[WatchlistDef | tuple[WatchlistDef, bool]],
) -> None:
    def state() -> str:
        with store.read() as session:
            return watchlists_state(session)

    declare(store, *before)
    first = state()
    declare(store, *before, now=NOW + HOUR)
    assert state() == first
    declare(store, *after, now=NOW + DAY)
    assert state() != first


def test_the_list_counts_items_stories_and_the_last_match(store: Store) -> None:
    declare(store, BAY, CHIPS)
    source = new_source(store)
    poll(store, source, matched("a", match("Bay Area"), keys=["text:x"]))
    poll(store, source, matched("b", match("Bay Area"), keys=["text:x"]), now=NOW + HOUR)
    found = listed(store, "Bay Area")
    assert (found.item_count, found.story_count, found.last_match_at) == (2, 1, NOW + HOUR)
    assert (listed(store, "Chips").item_count, listed(store, "Chips").last_match_at) == (0, None)
    with store.read() as session:
        assert [row.name for row in list_watchlists(session)] == ["Bay Area", "Chips"]
        assert list_watchlists(session, "unknown") == []
