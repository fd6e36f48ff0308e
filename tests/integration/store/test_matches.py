"""Matches are stored with their item, follow its text, and make alerts due in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwatch.model import Span, WatchlistDef
from feedwatch.store import tables
from feedwatch.store.items import show_item
from feedwatch.store.polls import record_polls
from feedwatch.store.subscribers import SubscriptionSpec
from feedwatch.store.watchlists import declare_watchlists
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
    record,
    rows,
)

if TYPE_CHECKING:
    from feedwatch.store import Store


def matches_of(store: Store, item_id: int = 1) -> dict[str, tuple[float, tuple[str, ...], tuple[Span, ...]]]:
    with store.read() as session:
        found = show_item(session, item_id)
    assert found is not None
    return {name: (score, queries, spans) for name, score, queries, spans in found.matches}


class TestStored:
    def test_with_queries_spans_and_score(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "大湾区")
        spans = (Span("text", 0, 3), Span("title", 4, 8))
        one = match("Bay Area", spans=spans, queries=("bay", '"Bay Area" OR 湾区'), score=0.1 + 0.2)
        result = poll(store, new_source(store), matched("g1", one, match("大湾区")))
        assert result.matches_by_watchlist == {"Bay Area": 1, "大湾区": 1}
        assert matches_of(store) == {
            "Bay Area": (0.1 + 0.2, ("bay", '"Bay Area" OR 湾区'), spans),
            "大湾区": (1.5, ("bay",), (Span("title", 0, 8),)),
        }
        assert rows(store, tables.Match, "version", "matched_at") == [(1, NOW), (1, NOW)]

    def test_the_poll_and_the_result_count_the_new_ones(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        source = new_source(store)
        assert poll(store, source, matched("a", match()), matched("b", match()), matched("c")).matches == 2
        assert poll(store, source, matched("a", match()), matched("b", match())).matches == 0
        assert rows(store, tables.Poll, "matches") == [2, 0]

    def test_not_where_the_watchlist_is_unknown(self, store: Store) -> None:
        """It was renamed after the worker had read it; the poll goes on."""
        new_watchlists(store, "Bay Area")
        result = poll(store, new_source(store), matched("g1", match("Bay Area"), match("Gone")))
        assert result.matches_by_watchlist == {"Bay Area": 1}
        assert set(matches_of(store)) == {"Bay Area"}


class TestOfARevisedItem:
    def test_follow_its_text(self, store: Store) -> None:
        new_watchlists(store, "kept", "lost", "won")
        source = new_source(store)
        poll(store, source, matched("g1", match("kept"), match("lost")))
        kept = match("kept", version=2, spans=(Span("text", 1, 2),), score=9.0, queries=("other",))
        result = poll(store, source, matched("g1", kept, match("won"), text="Another text."), now=NOW + HOUR)
        assert result.matches_by_watchlist == {"won": 1}
        assert matches_of(store) == {
            "kept": (9.0, ("other",), (Span("text", 1, 2),)),
            "won": (1.5, ("bay",), (Span("title", 0, 8),)),
        }

    def test_one_that_stays_keeps_its_time(self, store: Store) -> None:
        """Else it would come into the next digest's window again."""
        new_watchlists(store, "Bay Area")
        source = new_source(store)
        poll(store, source, matched("g1", match()))
        poll(store, source, matched("g1", match(version=2), text="Another text."), now=NOW + DAY)
        assert rows(store, tables.Match, "version", "matched_at") == [(2, NOW)]

    def test_those_of_other_items_stay(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        source = new_source(store)
        poll(store, source, matched("b", match()), matched("a", match()))
        poll(store, source, matched("b", match()), matched("a", text="Another text."))
        assert rows(store, tables.Match, "item_id") == [2]


class TestAlert:
    def due_names(self, store: Store) -> list[str]:
        return [subscription.name for subscription in due(store)]

    def subscribe(self, store: Store) -> None:
        new_subscriber(
            store,
            "ada@example.org",
            SubscriptionSpec("all", "instant", first_at_once=False),
            SubscriptionSpec("bay", "instant", ("Bay Area",), first_at_once=False),
            SubscriptionSpec("other", "instant", ("Other",), first_at_once=False),
            SubscriptionSpec("daily", "daily", ("Bay Area",), first_at_once=False),
        )

    def test_is_due_with_the_match_for_those_who_named_its_watchlist_or_all(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        self.subscribe(store)
        assert self.due_names(store) == []
        poll(store, new_source(store), matched("g1", match("Bay Area")))
        assert sorted(self.due_names(store)) == ["all", "bay"]

    def test_is_not_due_for_an_item_without_a_match(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        self.subscribe(store)
        poll(store, new_source(store), matched("g1"))
        assert self.due_names(store) == []

    def test_is_due_for_a_match_that_a_revision_won_and_not_for_one_that_stayed(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        source = new_source(store)
        poll(store, source, matched("g1", match("Bay Area")))
        self.subscribe(store)
        poll(store, source, matched("g1", match("Bay Area"), text="two"))
        assert self.due_names(store) == []
        poll(store, source, matched("g1", match("Bay Area"), match("Other"), text="three"))
        assert sorted(self.due_names(store)) == ["all", "other"]

    def test_is_undone_with_the_transaction(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        self.subscribe(store)
        source = new_source(store)
        with store.begin() as session:
            record_polls(session, [record(source, matched("g1", match("Bay Area")))], NOW)
            session.rollback()
        assert self.due_names(store) == []
        assert count(store, tables.Match) == 0


def test_a_watchlist_disabled_meanwhile_still_gets_the_match(store: Store) -> None:
    """The worker matched what was active when it read the document; enabling it again must not have lost a day."""
    new_watchlists(store, "by hand")
    with store.begin() as session:
        declare_watchlists(session, [(WatchlistDef("Bay Area", ("bay",)), False)], NOW)
    assert poll(store, new_source(store), matched("g1", match("Bay Area"))).matches == 1
