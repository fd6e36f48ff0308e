"""Retention: what matched nothing goes first, what was told stays told, and what is deleted never comes back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.jobs.housekeeping import Housekeeping, keep_house_by_steps
from feedwatch.model import SketchKind
from feedwatch.settings import Settings
from feedwatch.store import sketches, tables
from feedwatch.store.claims import SourceOptions
from feedwatch.store.editions import list_editions
from feedwatch.store.told import told_stories
from tests.integration.store.examples import (
    COMPARED,
    DAY,
    NOW,
    count,
    due,
    match,
    matched,
    near,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    rows,
    tell,
)
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.model import MatchedItem
    from feedwatch.store import Store

DAYS_400 = 400 * DAY


def keep(store: Store, now: Any = NOW, **retention: Any) -> Housekeeping:
    steps = keep_house_by_steps(store, Settings.model_validate({"retention": retention}), now)
    return sum(steps, start=Housekeeping())


def kept(store: Store) -> set[str]:
    return set(rows(store, tables.Item, "guid"))


def is_whole(store: Store) -> None:
    """No row points to nothing, and no story is left that has neither items nor a reader who was told of it."""
    with store.read() as session:
        for child, column, parent in (
            (tables.Item, "story_id", tables.Story), (tables.Match, "item_id", tables.Item),
            (tables.Match, "story_id", tables.Story), (tables.ItemRevision, "item_id", tables.Item),
            (tables.StoryKey, "story_id", tables.Story), (tables.StoryRelation, "story_id", tables.Story),
            (tables.StoryRelation, "other_id", tables.Story), (tables.EditionStory, "story_id", tables.Story),
        ):  # fmt: skip
            lost = sa.select(child).where(~sa.exists().where(parent.id == child.__table__.c[column]))
            assert session.execute(lost).all() == [], (child, column)
        empty = sa.select(tables.Story.id).where(
            ~sa.exists().where(tables.Item.story_id == tables.Story.id),
            ~sa.exists().where(tables.EditionStory.story_id == tables.Story.id),
        )
        assert session.scalars(empty).all() == []
        both = sa.select(tables.Item.id).join(
            tables.ForgottenItem,
            sa.and_(
                tables.ForgottenItem.source_id == tables.Item.source_id,
                tables.ForgottenItem.guid_hash == tables.Item.guid_hash,
            ),
        )
        assert session.scalars(both).all() == []


@pytest.fixture
def archive(store: Store) -> Store:
    """Items of two ages: plain ones, matched ones, copies of those, and one that was told."""
    new_watchlists(store, "Bay Area")
    new_subscriber(store)
    one, other = new_source(store, "one"), new_source(store, "other")
    for age in (100, 10):
        at = NOW - age * DAY
        poll(store, one, matched(f"plain {age}"), matched(f"matched {age}", match(), keys=[f"text:{age}"]), now=at)
        poll(store, other, matched(f"copy {age}", keys=[f"text:{age}"]), matched(f"told {age}", match()), now=at)
    story_of = dict(rows(store, tables.Item, "guid", "story_id"))
    tell(store, due(store)[0], *((story_of[f"told {age}"], 1) for age in (100, 10)))
    with store.begin() as session:
        session.execute(sa.delete(tables.Match).where(tables.Match.story_id == story_of["told 10"]))
    return store


ALL = {f"{kind} {age}" for kind in ("plain", "matched", "copy", "told") for age in (100, 10)}


@pytest.mark.parametrize(
    ("retention", "gone"),
    [
        ({}, set()),
        ({"items": "100d"}, set()),
        ({"items": "99d"}, {"plain 100"}),
        ({"items": "1d"}, {"plain 100", "plain 10"}),
        ({"items": "forever", "matched": "99d"}, {"matched 100", "copy 100", "told 100"}),
        ({"items": "1d", "matched": "50d"}, {"plain 100", "plain 10", "matched 100", "copy 100", "told 100"}),
        ({"items": "1d", "matched": "1d"}, ALL),
    ],
)
def test_what_is_too_old_goes_and_nothing_else(archive: Store, retention: dict[str, str], gone: set[str]) -> None:
    forgotten = keep(archive, **retention)
    assert ALL - kept(archive) == gone
    assert forgotten.items == sum("plain" in guid for guid in gone)
    assert forgotten.items + forgotten.matched_items == len(gone) == count(archive, tables.ForgottenItem)
    is_whole(archive)
    assert keep(archive, **retention) == Housekeeping()


@pytest.mark.parametrize(
    ("options", "retention", "left"),
    [
        ({}, {"items_per_source": 2}, ["1", "2"]),
        ({}, {"items_per_source": 0}, ["1", "2", "3", "4"]),
        ({"keep_items": 1}, {"items_per_source": 3}, ["1"]),
        ({"keep_items": 0}, {"items_per_source": 1}, ["1", "2", "3", "4"]),
        ({"keep_s": 36 * 3600}, {}, ["1"]),
        ({"keep_s": 365 * 86400}, {"items": "1d"}, ["1", "2", "3", "4"]),
        ({"keep_s": 60 * 3600, "keep_items": 1}, {}, ["1"]),
    ],
)
def test_a_source_may_keep_more_or_less(
    store: Store, options: dict[str, Any], retention: dict[str, Any], left: list[str]
) -> None:
    """Four unmatched items, first seen 1 to 4 days ago, published the same; a matched one does not count."""
    new_watchlists(store, "Bay Area")
    source, other = new_source(store, options=SourceOptions(**options)), new_source(store, "other")
    for age in (4, 3, 2, 1):
        at = NOW - age * DAY
        poll(store, source, matched(f"{age}", published_at=at), now=at)
    poll(store, source, matched("matched", match(), published_at=NOW), now=NOW - 4 * DAY)
    poll(store, other, matched("other"), now=NOW)
    keep(store, **retention)
    assert kept(store) == {*left, "matched", "other"}


class TestDeletion:
    def test_takes_all_that_belongs_to_an_item(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        source = new_source(store)
        keys = near(SketchKind.EVENT, 1, 2)
        first = matched("en", match(), title="Bridge", sketch=keys)
        poll(store, source, first, now=NOW - 9 * DAY, judges=COMPARED)
        poll(store, source, matched("en", match(), title="Bridge", text="Revised."), now=NOW - 9 * DAY)
        poll(store, source, matched("zh", title="Bridge", language="zh", sketch=keys), judges=COMPARED)
        assert count(store, tables.StoryRelation) == count(store, tables.ItemRevision) == 1
        assert keep(store, matched="1d") == Housekeeping(matched_items=1, stories=1)
        for table in (tables.Match, tables.ItemRevision, tables.StoryRelation):
            assert count(store, table) == 0
        assert count(store, tables.Story) == 1
        is_whole(store)

    def test_of_a_story_s_first_item_leaves_the_story_to_the_others(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("old", keys=["text:x"]), now=NOW - 9 * DAY)
        poll(store, source, matched("new", keys=["text:x"]))
        keep(store, items="2d")
        assert kept(store) == {"new"}
        poll(store, source, matched("newer", keys=["text:x"]))
        assert len(set(rows(store, tables.Item, "story_id"))) == 1

    def test_leaves_an_edition_as_it_was_and_its_stories_told(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        new_subscriber(store)
        source = new_source(store)
        poll(store, source, matched("a", match(), keys=["url:a"]), now=NOW - 9 * DAY)
        subscription = due(store)[0]
        edition_id = tell(store, subscription, (1, 1))
        with store.read() as session:
            (before,) = list_editions(session, edition_id=edition_id)

        assert keep(store, matched="1d").matched_items == 1
        assert count(store, tables.Item) == 0
        with store.read() as session:
            assert list_editions(session, edition_id=edition_id) == [before]
        assert rows(store, tables.EditionStory, "story_id") == [1]

        poll(store, source, matched("a again", match(), keys=["url:a"]))
        assert rows(store, tables.Item, "story_id") == [1]
        with store.read() as session:
            assert 1 in told_stories(session, {subscription.subscriber_id: 1}, ())[subscription.subscriber_id]


class TestTombstones:
    def test_let_no_item_come_back_while_its_source_lists_it(self, store: Store) -> None:
        source = new_source(store)
        document = [matched(f"g{number}", keys=[]) for number in range(3)]
        poll(store, source, *document, now=NOW - 40 * DAY)
        assert keep(store, items="30d").items == 3
        result = poll(store, source, matched("g3"), *document, matched("g4"))
        assert (result.new_items, kept(store)) == (2, {"g3", "g4"})
        assert set(rows(store, tables.ForgottenItem, "forgotten_at")) == {NOW}

    def test_are_of_one_source(self, store: Store) -> None:
        poll(store, new_source(store), matched("g"), now=NOW - 40 * DAY)
        keep(store, items="30d")
        assert poll(store, new_source(store, "other"), matched("g")).new_items == 1

    def test_go_when_nobody_listed_the_item_for_more_than_a_year(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("listed"), matched("not listed"), now=NOW - 9 * DAY)
        keep(store, items="1d")
        poll(store, source, matched("listed"), now=NOW + 100 * DAY)
        assert keep(store, now=NOW + DAYS_400).tombstones == 0
        assert keep(store, now=NOW + DAYS_400 + timedelta(seconds=1)).tombstones == 1
        assert poll(store, source, matched("listed"), matched("not listed")).new_items == 1


class TestManyItems:
    """Ten thousand, mixed: a third has matched, a tenth is a copy of one that has."""

    SIZE = 10_000

    @pytest.fixture
    def many(self, store: Store) -> Store:
        new_watchlists(store, "Bay Area")
        one, other = new_source(store, "one"), new_source(store, "other")
        for age in (40, 20):
            items = [self.item(age, number) for number in range(self.SIZE // 2)]
            poll(store, one, *items[::2], now=NOW - age * DAY)
            poll(store, other, *items[1::2], now=NOW - age * DAY)
        return store

    def item(self, age: int, number: int) -> MatchedItem:
        story = number - 1 if number % 10 == 1 else number
        matches = [match()] if number % 3 == 0 else []
        return matched(f"{age}/{number}", *matches, keys=[f"text:{age}/{story}"], text="Text.", html="")

    def unmatched(self, age: int) -> set[str]:
        def has_match(number: int) -> bool:
            return number % 3 == 0

        partner = {0: 1, 1: -1}  # of the last digit: the other item of its story
        return {
            f"{age}/{n}"
            for n in range(self.SIZE // 2)
            if not has_match(n) and not (n % 10 in partner and has_match(n + partner[n % 10]))
        }

    def test_go_in_parts_and_stay_away(self, many: Store) -> None:
        gone = self.unmatched(40)
        before = kept(many)
        forgotten = keep(many, items="30d")
        assert before - kept(many) == gone
        assert forgotten.items == len(gone) == 3_000
        is_whole(many)
        for source, first in ((1, 0), (2, 1)):
            items = [self.item(40, number) for number in range(first, self.SIZE // 2, 2)]
            assert poll(many, source, *items).outcome == "unchanged"
        assert before - kept(many) == gone

    @pytest.mark.parametrize("steps", [1, 2, 4])
    def test_what_a_crash_leaves_is_whole_and_the_next_run_ends_it(self, many: Store, steps: int) -> None:
        settings = Settings.model_validate({"retention": {"items": "30d"}})
        done = sum(step.items for step in islice(keep_house_by_steps(many, settings, NOW), steps))
        is_whole(many)
        assert done == 500 * (steps - 1) == self.SIZE - count(many, tables.Item)
        assert keep(many, items="30d").items == len(self.unmatched(40)) - done
        is_whole(many)

    def test_polls_are_stored_meanwhile(self, many: Store) -> None:
        """Copies of what is being deleted among them: either they find its story, or they start one."""
        source = new_source(many, "third")

        def store_polls() -> int:
            new = 0
            for number in range(40):
                copies = [matched(f"copy {n}", keys=[f"text:40/{n}"]) for n in range(number * 100, number * 100 + 20)]
                new += poll(many, source, *copies).new_items
            return new

        stored, forgotten = race(store_polls, lambda: keep(many, items="30d").items)
        assert (stored, 2_000 < forgotten <= 3_000) == (800, True)
        is_whole(many)
        assert sum(guid.startswith("copy") for guid in kept(many)) == 800


def test_near_keys_that_have_left_the_window_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "BUCKET", 10)
    source = new_source(store)
    for age in (20, 1):
        items = (matched(f"{age}/{n}", sketch=near(SketchKind.TEXT, n, 100 + n)) for n in range(15))
        poll(store, source, *items, now=NOW - age * DAY, judges=COMPARED)
    keep(store)
    assert set(rows(store, tables.SketchKey, "item_id")) == set(range(16, 31))
    keep(store, now=NOW + 30 * DAY)
    assert set(rows(store, tables.SketchKey, "bucket")) == {30 // 10 + 1} or count(store, tables.SketchKey) == 0


def test_two_at_once_do_it_once(store: Store) -> None:
    poll(store, new_source(store), *(matched(f"g{number}", keys=[]) for number in range(1_200)), now=NOW - 40 * DAY)
    assert sum(one.items for one in race(*[partial(keep, store, items="30d")] * 2)) == 1_200
