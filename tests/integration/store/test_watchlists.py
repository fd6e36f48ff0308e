"""Watchlists: declared and added, told apart without case, and versioned when what they look for changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.errors import StoreError
from feedwatch.model import QueryDef, WatchlistDef
from feedwatch.store import tables
from feedwatch.store.definitions import as_stored, from_stored
from feedwatch.store.sources import Changes
from feedwatch.store.subscribers import SubscriptionSpec
from feedwatch.store.watchlists import (
    WatchlistRow,
    active_watchlists,
    add_watchlist,
    change_watchlist,
    declare_watchlists,
    list_watchlists,
    query_counts,
    read_watchlists,
    remove_watchlist,
    set_watchlist_enabled,
    watchlist_versions,
    watchlists_state,
)
from tests.integration.store.examples import (
    DAY,
    HOUR,
    NOW,
    count,
    due,
    match,
    matched,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    rows,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.store import Store

BAY = WatchlistDef("Bay Area", ("Greater Bay Area", "大湾区"), ('"GBA" NOT basketball',), ("title:advert",), "Ours")
CHIPS = WatchlistDef("Chips", ("semiconductor",))
FULL = WatchlistDef(
    "Everything", ("chip",), ("a NEAR/3 b", QueryDef("Ban", exact=True), QueryDef("ban", stem="en")),
    (QueryDef("x", exact=True),), "All keys", "Ann", "all", ("en", "zh"), ("rthk-*",), ("Hong Kong",), 0.5, 3,
    (("GBA", "大湾区"), ("Macao", "Macau", "澳门")),
)  # fmt: skip


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


def test_every_key_comes_back(store: Store) -> None:
    declare(store, FULL)
    assert active(store) == [(FULL, 1)]
    assert not declare(store, FULL)


def test_what_is_as_usual_is_not_stored() -> None:
    assert as_stored(CHIPS) == {"name": "Chips", "terms": ["semiconductor"]}
    assert as_stored(WatchlistDef("x", queries=(QueryDef("a"), QueryDef("b", stem="en")))) == {
        "name": "x",
        "queries": ["a", {"query": "b", "stem": "en"}],
    }


TEXT = st.text(max_size=5)
QUERIES = st.lists(
    TEXT | st.builds(QueryDef, TEXT, exact=st.just(True)) | st.builds(QueryDef, TEXT, stem=st.just("en")), max_size=3
).map(tuple)
DEFINITIONS = st.builds(
    WatchlistDef,
    TEXT, st.lists(TEXT, max_size=3).map(tuple), QUERIES, QUERIES, TEXT, TEXT, st.sampled_from(["any", "all"]),
    st.lists(TEXT, max_size=2).map(tuple), st.lists(TEXT, max_size=2).map(tuple), st.lists(TEXT, max_size=2).map(tuple),
    st.floats(0, 10), st.integers(-9, 9), st.lists(st.lists(TEXT, max_size=3).map(tuple), max_size=2).map(tuple),
)  # fmt: skip


@given(DEFINITIONS)
def test_any_definition_comes_back_from_its_stored_form(definition: WatchlistDef) -> None:
    assert from_stored(as_stored(definition)) == definition


def test_a_definition_of_an_earlier_version_reads_the_same_and_is_no_other(store: Store) -> None:
    """Schema 0003 kept all of its five keys, empty or not."""
    declare(store, BAY, CHIPS)
    earlier = [
        {
            "name": each.name, "terms": list(each.terms), "queries": list(each.queries),
            "exclude": list(each.exclude), "description": each.description,
        }
        for each in (BAY, CHIPS)
    ]  # fmt: skip
    with store.begin() as session:
        for stored in earlier:
            here = tables.Watchlist.name == stored["name"]
            session.execute(sa.update(tables.Watchlist).where(here).values(definition=stored))
    assert active(store) == [(BAY, 1), (CHIPS, 1)]
    assert not declare(store, BAY, CHIPS, now=NOW + DAY)
    assert active(store) == [(BAY, 1), (CHIPS, 1)]


def test_what_changed_is_read_without_the_rest(store: Store) -> None:
    declare(store, BAY, CHIPS, (FULL, False))
    with store.read() as session:
        assert watchlist_versions(session) == {"Bay Area": 1, "Chips": 1}
        assert read_watchlists(session, ["Chips", "CHIPS", "unknown", "Everything"]) == [(CHIPS, 1)]
        assert read_watchlists(session, []) == []


def test_very_many_are_read_in_order(store: Store) -> None:
    many = [WatchlistDef(f"w{number}", ("x",)) for number in range(1200)]
    declare(store, *many)
    with store.read() as session:
        read = read_watchlists(session, [each.name for each in many])
    assert [definition.name for definition, _ in read] == sorted(each.name for each in many)


def test_one_added_is_changed_by_its_next_version(store: Store) -> None:
    new_watchlists(store, "Trade")
    wanted = WatchlistDef("Trade", ("tariff",), priority=2)
    with store.begin() as session:
        assert change_watchlist(session, "trade", wanted, NOW + DAY)
    with store.begin() as session:
        assert not change_watchlist(session, "Trade", wanted, NOW + 2 * DAY)
    assert active(store) == [(wanted, 2)]
    assert listed(store, "Trade").changed_at == NOW + DAY


def test_one_added_gets_another_name_and_keeps_its_matches(store: Store) -> None:
    new_watchlists(store, "Trade", "Chips")
    poll(store, new_source(store), matched("g1", match("Trade")))
    with store.begin() as session:
        assert change_watchlist(session, "Trade", WatchlistDef("Tariffs", ("tariff",)), NOW)
    assert listed(store, "Tariffs").item_count == 1
    with pytest.raises(StoreError, match="'chips' exists already"), store.begin() as session:
        change_watchlist(session, "Tariffs", WatchlistDef("chips", ("x",)), NOW)


def test_enabling_and_disabling_by_hand(store: Store) -> None:
    new_watchlists(store, "Trade")
    for enabled, is_new in [(False, True), (False, False), (True, True), (True, False)]:
        with store.begin() as session:
            assert set_watchlist_enabled(session, "TRADE", NOW + DAY, enabled=enabled) is is_new
        assert listed(store, "Trade").enabled is enabled


def test_one_removed_is_gone_with_its_matches(store: Store) -> None:
    new_watchlists(store, "Trade", "Chips")
    poll(store, new_source(store), matched("g1", match("Trade"), match("Chips")))
    with store.begin() as session:
        assert remove_watchlist(session, "trade") == 1
    assert listed(store, "Chips").item_count == 1
    assert (count(store, tables.Watchlist), count(store, tables.Match)) == (1, 1)


def test_one_that_is_subscribed_to_is_not_removed(store: Store) -> None:
    new_watchlists(store, "Trade")
    new_subscriber(store, "ada@example.org", SubscriptionSpec("Morning", "daily", ("Trade",)))
    said = r"subscribed to by ada@example.org \(Morning\); it can be disabled"
    with pytest.raises(StoreError, match=said), store.begin() as session:
        remove_watchlist(session, "Trade")
    assert count(store, tables.Watchlist) == 1


def test_one_that_digests_told_of_is_not_removed(store: Store) -> None:
    new_watchlists(store, "Trade")
    poll(store, new_source(store), matched("g1", match("Trade")))
    new_subscriber(store)
    (story,), (watchlist,) = rows(store, tables.Story, "id"), rows(store, tables.Watchlist, "id")
    tell(store, due(store)[0], (story, watchlist))
    said = "digests have told of stories of 'Trade'; it can be disabled"
    with pytest.raises(StoreError, match=said), store.begin() as session:
        remove_watchlist(session, "Trade")


@pytest.mark.parametrize(
    "act",
    [
        lambda session: change_watchlist(session, "x", CHIPS, NOW),
        lambda session: set_watchlist_enabled(session, "x", NOW, enabled=True),
        lambda session: remove_watchlist(session, "x"),
    ],
)
def test_what_is_not_there_cannot_be_changed(store: Store, act: Callable[[Session], object]) -> None:
    with pytest.raises(StoreError, match="no watchlist named 'x'"), store.begin() as session:
        act(session)


def test_how_many_items_each_query_matched(store: Store) -> None:
    new_watchlists(store, "Trade", "Chips")
    source = new_source(store)
    poll(store, source, matched("a", match("Trade", queries=("tariff", "ban"))), now=NOW)
    poll(
        store,
        source,
        matched("b", match("Trade", queries=("tariff",)), match("Chips", queries=("ban",))),
        now=NOW + DAY,
    )
    with store.read() as session:
        assert query_counts(session, "TRADE", NOW) == {"tariff": 2, "ban": 1}
        assert query_counts(session, "Trade", NOW + DAY) == {"tariff": 1}
