"""Visits stored together leave what they would have left one after the other, whatever they bring."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feedwatch.model import SketchKind
from feedwatch.store import Store, tables
from feedwatch.store.batches import new_ids, value_table
from feedwatch.store.claims import SourceState
from feedwatch.store.polls import record_polls
from feedwatch.store.subscribers import SubscriptionSpec
from tests.effort import examples
from tests.integration.store.examples import (
    COMPARED,
    HOUR,
    NOW,
    US,
    claim,
    count,
    due,
    match,
    matched,
    near,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    record,
    rows,
)

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.model import MatchedItem
    from feedwatch.store.polls import PollRecord, PollResult

WATCHLISTS = ("Bay Area", "Other")
NEAR_KEYS = [
    *near(SketchKind.TEXT, 1, 2, 3), *near(SketchKind.LEAD, 1), *near(SketchKind.TITLE, 1),
    *near(SketchKind.EVENT, 1, 2),
]  # fmt: skip


def store_together(store: Store, *records: PollRecord) -> list[PollResult]:
    with store.begin() as session:
        return record_polls(session, records, NOW, COMPARED)


class TestTogether:
    def test_each_visit_gets_its_own_result_in_its_place(self, store: Store) -> None:
        new_watchlists(store, *WATCHLISTS)
        one, two, three, four = (new_source(store, name) for name in ("one", "two", "three", "four"))
        poll(store, two, matched("old"))
        results = store_together(
            store,
            record(four, error="timed out"),
            record(two, matched("old", match("Other"), text="Revised."), matched("new", match("Bay Area"))),
            record(three),
            record(one, matched("a", match("Bay Area")), matched("b")),
        )
        assert [(r.outcome, r.new_items, r.revised_items, r.new_stories, r.matches_by_watchlist) for r in results] == [
            ("error", 0, 0, 0, {}),
            ("new", 1, 1, 1, {"Other": 1, "Bay Area": 1}),
            ("unchanged", 0, 0, 0, {}),
            ("new", 2, 0, 2, {"Bay Area": 1}),
        ]
        assert rows(store, tables.Poll, "source_id", "outcome", "new_items", "matches")[1:] == [
            (four, "error", 0, 0), (two, "new", 1, 2), (three, "unchanged", 0, 0), (one, "new", 2, 1),
        ]  # fmt: skip

    def test_copies_in_several_visits_are_one_story_of_the_first(self, store: Store) -> None:
        sources = [new_source(store, f"s{number}") for number in range(3)]
        results = store_together(store, *(record(source, matched("g", keys=["text:x"])) for source in sources))
        assert [result.new_stories for result in results] == [1, 0, 0]
        assert len(set(rows(store, tables.Item, "story_id"))) == 1

    def test_a_copy_of_what_an_earlier_visit_revised_joins_it(self, store: Store) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        poll(store, one, matched("a", text="one", keys=["text:one"]))
        store_together(
            store,
            record(one, matched("a", text="two", keys=["text:two"])),
            record(other, matched("copy", keys=["text:two"])),
        )
        assert len(set(rows(store, tables.Item, "story_id"))) == 1

    def test_a_copy_before_the_revision_starts_a_story_that_keeps_its_key(self, store: Store) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        poll(store, one, matched("a", text="one", keys=["text:one"]))
        store_together(
            store,
            record(other, matched("copy", keys=["text:two"])),
            record(one, matched("a", text="two", keys=["text:two"])),
        )
        assert len(set(rows(store, tables.Item, "story_id"))) == 2

    def test_a_source_that_comes_twice_finds_what_it_brought(self, store: Store) -> None:
        source = new_source(store)
        results = store_together(
            store,
            record(source, matched("a"), matched("b")),
            record(source, matched("a", text="Revised."), matched("b")),
        )
        assert [(result.new_items, result.revised_items) for result in results] == [(2, 0), (0, 1)]
        assert rows(store, tables.ItemRevision, "revision", "text") == [(1, "Text of a.")]

    def test_a_lease_that_was_lost_costs_that_source_s_state_alone(self, store: Store) -> None:
        lost, kept = new_source(store, "lost"), new_source(store, "kept")
        claim(store, "host:2", names=["lost"])
        claim(store, names=["kept"])
        store_together(store, record(lost, matched("a")), record(kept, matched("b")))
        assert dict(rows(store, tables.Source, "name", "lease_owner")) == {"lost": "host:2", "kept": None}
        assert dict(rows(store, tables.Source, "name", "etag")) == {"lost": None, "kept": '"etag"'}
        assert count(store, tables.Item) == 2

    def test_what_a_source_is_known_by_is_taken_only_from_visits_that_tell_it(self, store: Store) -> None:
        told, quiet = new_source(store, "told"), new_source(store, "quiet")
        claim(store)
        store_together(store, record(told), record(quiet))
        claim(store, now=NOW + HOUR)
        store_together(
            store,
            record(quiet, state=None, status=304, at=NOW + HOUR),
            record(told, state=SourceState(last_modified="today", body_hash="new"), at=NOW + HOUR),
        )
        assert rows(store, tables.Source, "name", "etag", "last_modified", "body_hash", "last_poll_at") == [
            ("told", None, "today", "new", NOW + HOUR),
            ("quiet", '"etag"', "Mon, 02 Mar 2026 09:00:00 GMT", "body-hash", NOW + HOUR),
        ]

    def test_one_that_cannot_be_stored_takes_all_back(self, store: Store) -> None:
        source = new_source(store)
        with pytest.raises(sa.exc.IntegrityError):
            store_together(store, record(source, matched("a")), record(404))
        assert (count(store, tables.Item), count(store, tables.Poll)) == (0, 0)

    def test_an_alert_is_due_for_a_match_of_any_visit(self, store: Store) -> None:
        new_watchlists(store, *WATCHLISTS)
        for watchlist in WATCHLISTS:
            wanted = SubscriptionSpec(watchlist, "instant", (watchlist,), first_at_once=False)
            new_subscriber(store, f"{len(watchlist)}@example.org", wanted)
        one, other = new_source(store, "one"), new_source(store, "other")
        store_together(store, record(one, matched("a")), record(other, matched("b", match("Other"))))
        assert [subscription.name for subscription in due(store)] == ["Other"]

    def test_of_no_visits_is_nothing(self, store: Store) -> None:
        assert store_together(store) == []


def items() -> st.SearchStrategy[MatchedItem]:
    """Few guids, texts and keys, so that they meet."""
    return st.builds(
        lambda guid, text, keys, names, sketch, title, language: matched(
            guid, *map(match, names), text=text, keys=keys, sketch=sketch, title=f"{title} {text}", language=language,
            updated_at=NOW if text == "two" else NOW - HOUR if text == "one" else None,
        ),
        st.sampled_from("abc"),
        st.sampled_from(["one", "two", "three"]),
        st.lists(st.sampled_from(["text:1", "text:2", "url:1"]), max_size=2, unique=True),
        st.lists(st.sampled_from([*WATCHLISTS, "unknown"]), max_size=2, unique=True),
        st.lists(st.sampled_from(NEAR_KEYS), max_size=4, unique=True),
        st.sampled_from(["Bridge", "Ferry"]),
        st.sampled_from(["en", "zh"]),
    )  # fmt: skip


def visits() -> st.SearchStrategy[PollRecord]:
    """To one of three sources, of which the lease of the third is another's."""
    return st.builds(
        lambda source_id, brought, parts: record(source_id, *brought, **parts),
        st.integers(1, 3),
        st.lists(items(), max_size=4),
        st.fixed_dictionaries(
            {},
            optional={
                "error": st.just("timed out"),
                "state": st.none(),
                "title": st.just("A title"),
                "is_gone": st.booleans(),
            },
        ),
    )


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three sources, each of which has brought an item already."""
    path = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("begun") / "feedwatch.db")
    with closing(Store(f"sqlite:///{path}")) as store:
        new_watchlists(store, *WATCHLISTS)
        new_subscriber(store, "ada@example.org", SubscriptionSpec("all", "instant", first_at_once=False))
        for guid, owner in (("a", US), ("b", US), ("c", "host:2")):
            poll(store, new_source(store, f"source {guid}", title=""), matched(guid, text="one", keys=[]))
            claim(store, owner, names=[f"source {guid}"])
    return path


def left_by(begun: Path, folder: Path, parts: list[list[PollRecord]]) -> dict[str, list[tuple[object, ...]]]:
    """Every row after the parts were stored, each in a transaction."""
    path = shutil.copyfile(begun, folder / "feedwatch.db")
    with closing(Store(f"sqlite:///{path}")) as store:
        for part in parts:
            store_together(store, *part)
        return {
            table.__tablename__: sorted(rows(store, table, *columns), key=repr)
            for table in (
                tables.Source, tables.Poll, tables.Item, tables.ItemRevision, tables.Story, tables.StoryKey,
                tables.Match, tables.Subscription, tables.SketchKey, tables.StoryRelation,
            )
            # A match's own id means nothing, and one that a deleted match leaves free is given again.
            if (columns := [c.name for c in table.__table__.columns if (table, c.name) != (tables.Match, "id")])
        }  # fmt: skip


@given(st.lists(visits(), min_size=2, max_size=6), st.integers(0, 4))
@settings(
    max_examples=examples(50), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes, and the sequences are short
)  # fmt: skip
def test_how_visits_are_parted_into_transactions_changes_nothing(
    begun: Path, tmp_path: Path, records: list[PollRecord], alone: int
) -> None:
    parts = [[each] for each in records[:alone]] + [records[alone:]]
    assert left_by(begun, tmp_path, parts) == left_by(begun, tmp_path, [[each] for each in records])


class TestValueTable:
    @pytest.mark.parametrize(
        "texts", [["a"], ["'", '"', "\\", "[1]", "{}", "NULL", "港", "😀", ""], [f"t{n}" for n in range(10_000)]]
    )
    def test_has_the_values_row_by_row(self, store: Store, texts: list[str]) -> None:
        with store.read() as session:
            table = value_table(session, text=texts, number=range(len(texts)))
            found = session.execute(sa.select(table.c.text, table.c.number).order_by(table.c.number)).all()
        assert [tuple(row) for row in found] == list(zip(texts, range(len(texts)), strict=True))

    def test_takes_every_id_that_a_column_can_hold(self, store: Store) -> None:
        with store.read() as session:
            table = value_table(session, number=[1, (1 << 63) - 1])
            assert sorted(session.scalars(sa.select(table.c.number))) == [1, (1 << 63) - 1]


class TestNewIds:
    def test_grow_and_are_above_the_stored(self, store: Store) -> None:
        poll(store, new_source(store), matched("a"), matched("b"))
        with store.begin() as session:
            first, second, third = new_ids(session, tables.Item, 3)
        assert 2 < first < second < third

    def test_begin_at_one(self, store: Store) -> None:
        with store.begin() as session:
            assert list(new_ids(session, tables.Story, 2)) == [1, 2]

    def test_of_none_asks_for_nothing(self, store: Store) -> None:
        with store.begin() as session:
            assert list(new_ids(session, tables.Story, 0)) == []

    def test_leave_the_next_row_without_an_id_its_own(self, store: Store) -> None:
        """Whoever inserts a story in the plain way, on PostgreSQL by the sequence's next number, meets none of ours."""
        poll(store, new_source(store), matched("a"), matched("b"))
        with store.begin() as session:
            session.add(tables.Story(first_seen_at=NOW))
        assert count(store, tables.Story) == 3
