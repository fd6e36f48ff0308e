"""Watchlists as feeds: tokens that begin and end them, and what tells a reader that nothing is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.model import WatchlistDef
from feedwatch.store import tables
from feedwatch.store.watchlist_feed import (
    FeedState,
    FollowedWatchlist,
    feed_state,
    feed_token,
    followed_watchlist,
    stop_feed,
)
from feedwatch.store.watchlists import change_watchlist
from tests.integration.store.examples import DAY, HOUR, NOW, match, matched, new_source, new_watchlists, poll

if TYPE_CHECKING:
    from feedwatch.store import Store


def token(store: Store, name: str = "Bay Area", *, renew: bool = False) -> str:
    with store.begin() as session:
        return feed_token(session, name, renew=renew)


def followed(store: Store, given: str) -> FollowedWatchlist | None:
    with store.read() as session:
        return followed_watchlist(session, given)


def state(store: Store, limit: int = 50) -> FeedState:
    watchlist = followed(store, token(store))
    assert watchlist is not None
    with store.read() as session:
        return feed_state(session, watchlist, limit)


@pytest.fixture
def sources(store: Store) -> tuple[int, int]:
    new_watchlists(store, "Bay Area", "Bridges")
    return new_source(store, "rthk"), new_source(store, "scmp")


def test_a_token_is_made_once(store: Store, sources: tuple[int, int]) -> None:
    first = token(store)
    assert token(store, "BAY area") == first
    assert len(first) >= 32
    assert token(store, "Bridges") != first
    found = followed(store, first)
    assert found is not None
    assert found.name == "Bay Area"


def test_another_token_ends_the_one_before(store: Store, sources: tuple[int, int]) -> None:
    first = token(store)
    second = token(store, renew=True)
    assert first != second
    assert followed(store, first) is None
    assert followed(store, second) is not None


def test_a_feed_that_is_stopped_has_no_token(store: Store, sources: tuple[int, int]) -> None:
    first = token(store)
    with store.begin() as session:
        assert stop_feed(session, "Bay Area")
        assert not stop_feed(session, "Bay Area")
    assert followed(store, first) is None
    assert token(store) != first


def test_a_watchlist_that_there_is_not(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no watchlist named 'Bay'"):
        token(store, "Bay")
    assert followed(store, "") is None


def test_the_stories_that_matched_last_come_first(store: Store, sources: tuple[int, int]) -> None:
    for number in range(4):
        old = NOW - (10 - number) * DAY  # what matches last may have been published first
        poll(store, sources[0], matched(f"g{number}", match(), published_at=old), now=NOW + number * HOUR)
    assert state(store).story_ids == (4, 3, 2, 1)
    assert state(store, limit=2).story_ids == (4, 3)


def test_copies_are_one_story(store: Store, sources: tuple[int, int]) -> None:
    poll(store, sources[0], matched("g1", match(), keys=["text:1"]))
    poll(store, sources[1], matched("g2", match(), keys=["text:1"]), now=NOW + HOUR)
    poll(store, sources[1], matched("g3", keys=["text:1"]), now=NOW + 2 * HOUR)
    assert state(store).matched_ids == {1: frozenset({1, 2})}


def test_a_feed_without_stories(store: Store, sources: tuple[int, int]) -> None:
    assert state(store).story_ids == ()
    assert state(store).changed_at == NOW


def test_whatever_changes_the_feed_changes_what_readers_compare(store: Store, sources: tuple[int, int]) -> None:
    seen = [state(store)]

    def differs(at_hour: int) -> None:
        now = state(store)
        assert now == state(store)
        assert now.fingerprint not in {before.fingerprint for before in seen}
        assert now.changed_at == NOW + at_hour * HOUR
        seen.append(now)

    poll(store, sources[0], matched("g1", match(), keys=["text:1"]), now=NOW + HOUR)
    differs(1)  # a story
    poll(store, sources[1], matched("g2", keys=["text:1"]), now=NOW + 2 * HOUR)
    differs(2)  # a copy that does not match
    revised = matched("g1", match(), keys=["text:1"], text="Another text.")
    poll(store, sources[0], revised, now=NOW + 3 * HOUR)
    differs(3)  # a revision
    with store.begin() as session:
        change_watchlist(session, "Bay Area", WatchlistDef("Bay Area", ("bay",), description="Why"), NOW + 4 * HOUR)
    differs(4)  # what the feed says of itself
    poll(store, sources[0], replace(matched("g1", keys=["text:1"], text="No more of it.")), now=NOW + 5 * HOUR)
    now = state(store)
    assert now.story_ids == ()  # a revision that matches no more
    assert now.fingerprint not in {before.fingerprint for before in seen}


def test_what_another_watchlist_matches_changes_nothing(store: Store, sources: tuple[int, int]) -> None:
    poll(store, sources[0], matched("g1", match()))
    before = state(store)
    poll(store, sources[1], matched("g2", match("Bridges")), matched("g3"), now=NOW + HOUR)
    assert state(store) == before


def test_an_empty_token_opens_nothing(store: Store, sources: tuple[int, int]) -> None:
    with store.begin() as session:
        assert session.scalar(sa.select(sa.func.count(tables.Watchlist.feed_token))) == 0
    assert followed(store, "None") is None
