"""Copies that share no exact key join one story; one event in two languages is two stories, related."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from feedwatch.model import SketchKind
from feedwatch.store import sketches, tables
from feedwatch.store.polls import record_polls
from feedwatch.store.relations import related_stories
from feedwatch.store.stories import ALONE, Judges
from tests.integration.store.examples import (
    COMPARED,
    DAY,
    HOUR,
    NOW,
    count,
    match,
    matched,
    near,
    new_source,
    new_watchlists,
    one_subject,
    poll,
    record,
    rows,
)
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from datetime import timedelta

    from feedwatch.model import MatchedItem, Report
    from feedwatch.store import Store

TEXT, LEAD, TITLE, EVENT = SketchKind.TEXT, SketchKind.LEAD, SketchKind.TITLE, SketchKind.EVENT


def bridge(guid: str, *sketch: int, **parts: Any) -> MatchedItem:
    """An item that the judge takes for a copy of every other one about bridges."""
    return matched(guid, **{"title": f"Bridge {guid}", "sketch": sketch} | parts)


def ferry(guid: str, *sketch: int) -> MatchedItem:
    return bridge(guid, *sketch, title=f"Ferry {guid}")


def story_of(store: Store) -> dict[str, int]:
    return dict(rows(store, tables.Item, "guid", "story_id"))


@pytest.mark.parametrize(
    ("first", "second", "is_one_story"),
    [
        (near(TEXT, 1, 2, 3), near(TEXT, 2, 3, 4), True),
        (near(TEXT, 1, 2, 3), near(TEXT, 3, 4, 5), False),  # one shingle is shared by chance
        (near(LEAD, 1), near(LEAD, 1), True),  # a teaser and the whole
        (near(TITLE, 1), near(TITLE, 1), True),
        (near(EVENT, 1, 2, 3), near(EVENT, 1, 2, 3), False),
        (near(TEXT, 1) + near(EVENT, 1, 2), near(TEXT, 1) + near(EVENT, 1, 2), False),
        ((), (), False),
    ],
)
@pytest.mark.parametrize("together", [False, True])
def test_items_that_share_enough_near_keys_are_compared(
    store: Store, first: tuple[int, ...], second: tuple[int, ...], is_one_story: bool, together: bool
) -> None:
    one, other = new_source(store, "one"), new_source(store, "other")
    if together:
        with store.begin() as session:
            record_polls(
                session, [record(one, bridge("a", *first)), record(other, bridge("b", *second))], NOW, COMPARED
            )
    else:
        poll(store, one, bridge("a", *first), judges=COMPARED)
        poll(store, other, bridge("b", *second), judges=COMPARED)
    stories = story_of(store)
    assert (stories["a"] == stories["b"]) is is_one_story


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    "shared, is_compared",
    [(near(LEAD, 1), False), (near(LEAD, 1) + near(TEXT, 1), False), (near(TEXT, 1, 2), True), (near(TITLE, 1), True)],
)
def test_all_that_one_source_publishes_may_begin_alike(
    store: Store, shared: tuple[int, ...], is_compared: bool, together: bool
) -> None:
    source = new_source(store)
    items = [bridge("a", *shared), bridge("b", *shared)]
    for part in [items] if together else [[item] for item in items]:
        poll(store, source, *part, judges=COMPARED)
    assert (len(set(story_of(store).values())) == 1) is is_compared


def test_the_judge_has_the_last_word(store: Store) -> None:
    poll(store, new_source(store), ferry("b", *near(TEXT, 1, 2)), bridge("a", *near(TEXT, 1, 2)), judges=COMPARED)
    assert len(set(story_of(store).values())) == 2


def test_the_judge_is_told_both_reports_whole(store: Store) -> None:
    told: list[tuple[Report, Report]] = []

    def note(new: Report, known: Report) -> bool:
        told.append((new, known))
        return False

    one, other = new_source(store, "one"), new_source(store, "other")
    judges = replace(COMPARED, is_copy=note)
    first = bridge("a", *near(TITLE, 1), language="zh-Hant", published_at=NOW - HOUR)
    poll(store, one, first, judges=judges)
    poll(store, other, bridge("b", *near(TITLE, 1)), judges=judges)
    ((new, known),) = told
    assert (new.title, new.source_id, new.language) == ("Bridge b", other, "en")
    assert (known.title, known.text, known.language, known.url, known.source_id, known.published_at) == (
        "Bridge a", "Text of a.", "zh-Hant", "https://news.example/a", one, NOW - HOUR,
    )  # fmt: skip


def test_of_several_copies_the_oldest_story_is_joined(store: Store) -> None:
    source = new_source(store)
    poll(store, source, bridge("old", *near(TITLE, 1)), judges=ALONE)  # kept apart: nothing was compared yet
    poll(store, source, bridge("young", *near(TEXT, 1, 2, 3)), judges=COMPARED)
    poll(store, source, ferry("older", *near(LEAD, 9)), judges=COMPARED)
    poll(store, source, bridge("older still", *near(LEAD, 8)), judges=COMPARED)
    poll(store, source, bridge("new", *near(TEXT, 1, 2, 3), *near(LEAD, 8)), judges=COMPARED)
    assert story_of(store)["new"] == story_of(store)["young"]


def test_an_exact_key_outranks_every_copy(store: Store) -> None:
    source = new_source(store)
    poll(store, source, bridge("near", *near(TITLE, 1)), judges=COMPARED)
    poll(store, source, ferry("exact", *near(TITLE, 2)), judges=COMPARED)
    keys = ["url:x"]
    poll(store, source, bridge("with url", keys=keys, title="Ferry x"), judges=COMPARED)
    poll(store, source, bridge("new", *near(TITLE, 1), keys=keys), judges=COMPARED)
    assert story_of(store)["new"] == story_of(store)["with url"]


def test_what_was_compared_stays_comparable_after_a_restart(store: Store) -> None:
    """Nothing is held in memory: another connection finds what this one stored."""
    poll(store, new_source(store, "one"), bridge("a", *near(TEXT, 1, 2)), judges=COMPARED)
    store.engine.dispose()
    poll(store, new_source(store, "other"), bridge("b", *near(TEXT, 1, 2)), judges=COMPARED)
    assert len(set(story_of(store).values())) == 1


@pytest.mark.parametrize(("age", "is_one_story"), [(14 * DAY, True), (14 * DAY + HOUR, False)])
def test_an_item_can_be_joined_within_the_window(store: Store, age: timedelta, is_one_story: bool) -> None:
    poll(store, new_source(store, "one"), bridge("a", *near(TITLE, 1)), now=NOW - age, judges=COMPARED)
    poll(store, new_source(store, "other"), bridge("b", *near(TITLE, 1)), judges=COMPARED)
    assert (len(set(story_of(store).values())) == 1) is is_one_story


def test_without_judges_no_near_key_is_kept(store: Store) -> None:
    poll(store, new_source(store), bridge("a", *near(TITLE, 1)))
    assert count(store, tables.SketchKey) == 0


class TestWhatIsEntered:
    def test_is_nothing_where_the_text_is_known_to_the_letter(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, bridge("a", *near(TEXT, 1, 2), keys=["text:x"]), judges=COMPARED)
        poll(store, source, bridge("b", *near(TEXT, 1, 2), keys=["text:x"]), judges=COMPARED)
        assert set(rows(store, tables.SketchKey, "item_id")) == {1}

    def test_is_a_text_that_another_story_s_url_placed(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, bridge("a", *near(TEXT, 1, 2), keys=["url:x"]), judges=COMPARED)
        poll(store, source, bridge("b", *near(TEXT, 3, 4), keys=["url:x"]), judges=COMPARED)
        assert set(rows(store, tables.SketchKey, "item_id")) == {1, 2}

    def test_is_a_text_whose_story_has_left_the_window(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, bridge("a", *near(TITLE, 1), keys=["text:x"]), now=NOW - 30 * DAY, judges=COMPARED)
        poll(store, source, bridge("again", *near(TITLE, 1), keys=["text:x"]), judges=COMPARED)
        poll(store, source, bridge("near", *near(TITLE, 1)), judges=COMPARED)
        assert len(set(story_of(store).values())) == 1

    def test_is_what_a_revision_says_beside_what_it_said(self, store: Store) -> None:
        source, other = new_source(store), new_source(store, "other")
        poll(store, source, bridge("a", *near(TEXT, 1, 2), text="one"), judges=COMPARED)
        poll(store, source, bridge("a", *near(TEXT, 3, 4), text="two"), judges=COMPARED)
        poll(store, other, bridge("of the first", *near(TEXT, 1, 2)), judges=COMPARED)
        poll(store, other, bridge("of the second", *near(TEXT, 3, 4)), judges=COMPARED)
        assert len(set(story_of(store).values())) == 1

    def test_is_no_revision_of_what_has_left_the_window(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, bridge("a", *near(TITLE, 1), text="one"), now=NOW - 30 * DAY, judges=COMPARED)
        poll(store, source, bridge("a", *near(TITLE, 2), text="two"), judges=COMPARED)
        assert rows(store, tables.SketchKey, "key") == list(near(TITLE, 1))


class TestCandidates:
    def judged(self, store: Store, sharing: list[tuple[int, ...]], new: tuple[int, ...]) -> list[str]:
        """The guids, in order, that a new item is compared with after items with these keys were stored."""
        compared: list[str] = []

        def note(_new: Report, known: Report) -> bool:
            compared.append(known.title)
            return False

        source = new_source(store)
        judges = Judges(note, note, 14 * DAY)
        for number, sketch in enumerate(sharing):
            poll(store, source, bridge(f"{number}", *sketch), judges=judges)
        compared.clear()
        poll(store, source, bridge("new", *new), judges=judges)
        return [title.split()[1] for title in compared]

    def test_are_the_eight_that_share_most_and_of_equals_the_oldest(self, store: Store) -> None:
        keys = near(TEXT, *range(20))
        sharing = [keys[:2], keys[:3], *[keys[:2]] * 10, keys[:6]]
        assert self.judged(store, sharing, keys) == ["12", "1", "0", "2", "3", "4", "5", "6"]

    def test_are_the_newest_of_a_key_that_everything_has(self, store: Store) -> None:
        footer = near(TITLE, 1)
        source = new_source(store)
        poll(store, source, *(ferry(f"{number}", *footer) for number in reversed(range(200))), judges=COMPARED)
        compared: list[str] = []

        def note(_new: Report, known: Report) -> bool:
            compared.append(known.title)
            return False

        poll(store, source, bridge("new", *footer), judges=replace(COMPARED, is_copy=note))
        assert compared == [f"Ferry {number}" for number in range(136, 144)]  # the oldest eight of the newest 64

    def test_a_judge_that_raises_costs_its_pair_alone(self, store: Store) -> None:
        def fragile(new: Report, known: Report) -> bool:
            if known.title == "Bridge 1":
                raise ZeroDivisionError
            return one_subject(new, known)

        source = new_source(store)
        poll(store, source, bridge("0", *near(TITLE, 1)), bridge("1", *near(TITLE, 2)), judges=COMPARED)
        with structlog.testing.capture_logs() as logged:
            poll(
                store, source, bridge("b", *near(TITLE, 2)), bridge("a", *near(TITLE, 1, 2)),
                judges=Judges(fragile, fragile, 14 * DAY),
            )  # fmt: skip
        stories = story_of(store)
        assert stories["a"] == stories["0"] != stories["1"]
        assert stories["b"] == stories["a"]  # by the item of the same document that came before it
        assert {(line["log_level"], line["known"]) for line in logged} == {("error", "https://news.example/1")}


class TestEvents:
    def related(self, store: Store) -> dict[str, list[str]]:
        with store.read() as session:
            found = related_stories(session, set(story_of(store).values()))
        guids = {story: guid for guid, story in reversed(story_of(store).items())}
        return {guids[story]: [guids[other.story_id] for other in others] for story, others in found.items()}

    @pytest.mark.parametrize(
        ("language", "shared", "later", "is_related"),
        [
            ("zh", near(EVENT, 1, 2), 0 * DAY, True),
            ("zh-Hant", near(EVENT, 1, 2), 3 * DAY, True),
            ("zh", near(EVENT, 1, 2), 3 * DAY + HOUR, False),
            ("zh", near(EVENT, 1, 3), 0 * DAY, False),
            ("en-GB", near(EVENT, 1, 2), 0 * DAY, False),
            ("zh", near(TEXT, 1, 2), 0 * DAY, False),
        ],
    )
    @pytest.mark.parametrize("together", [False, True])
    def test_in_two_languages_are_related(
        self, store: Store, language: str, shared: tuple[int, ...], later: timedelta, is_related: bool, together: bool
    ) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        first = bridge("en", *near(EVENT, 1, 2), language="en")
        second = bridge("zh", *shared, language=language, published_at=NOW + later)
        if together:
            with store.begin() as session:
                record_polls(session, [record(one, first), record(other, second)], NOW, COMPARED)
        else:
            poll(store, one, first, judges=COMPARED)
            poll(store, other, second, judges=COMPARED)
        assert self.related(store) == ({"en": ["zh"], "zh": ["en"]} if is_related else {})
        assert len(set(story_of(store).values())) == 2
        assert rows(store, tables.StoryRelation, "story_id", "other_id") == ([(1, 2)] if is_related else [])

    def test_may_have_more_than_one_relative(self, store: Store) -> None:
        source = new_source(store)
        keys = near(EVENT, 1, 2)
        for number, language in enumerate(("zh", "zh", "en", "ja")):
            poll(store, source, bridge(f"{language}{number}", *keys, language=language), judges=COMPARED)
        assert self.related(store) == {
            "zh0": ["en2", "ja3"], "zh1": ["en2", "ja3"], "en2": ["zh0", "zh1", "ja3"], "ja3": ["zh0", "zh1", "en2"],
        }  # fmt: skip

    def test_are_looked_for_when_a_story_starts_and_never_twice(self, store: Store) -> None:
        source = new_source(store)
        keys = near(EVENT, 1, 2)
        poll(store, source, bridge("zh", *keys, language="zh", keys=["text:1"]), judges=COMPARED)
        poll(store, source, bridge("en", *keys, language="en", keys=["text:2"]), judges=COMPARED)
        poll(store, source, bridge("en copy", *keys, language="en", keys=["text:2"]), judges=COMPARED)
        poll(store, source, bridge("zh copy", *keys, language="zh", keys=["text:1"]), judges=COMPARED)
        assert rows(store, tables.StoryRelation, "story_id", "other_id") == [(1, 2)]

    def test_of_many_in_the_own_language_do_not_hide_the_others(self, store: Store) -> None:
        source = new_source(store)
        keys = near(EVENT, *range(4))
        poll(store, source, bridge("zh", *keys[:2], language="zh"), judges=COMPARED)
        poll(store, source, *(ferry(f"en{number}", *keys) for number in range(40)), judges=COMPARED)
        poll(store, source, bridge("en", *keys), judges=COMPARED)
        assert self.related(store) == {"zh": ["en"], "en": ["zh"]}


class TestBuckets:
    """However few items a bucket holds, and however far it was merged, every key is found."""

    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sketches, "BUCKET", 4)

    def settle(self, store: Store, *, first: int = 0, parts: int = 1_000, size: int = 4) -> None:
        after: int | None = -1
        while after is not None and (parts := parts - 1) >= 0:
            with store.begin() as session:
                after = sketches.settle(session, first, after, rows=size)

    def found(self, store: Store, *, first: int = 0) -> dict[int, list[int]]:
        with store.read() as session:
            return sketches.find_postings(session, near(TEXT, *range(60)), first=first, before=100)

    @pytest.fixture
    def filled(self, store: Store) -> Store:
        """Thirty items in eight buckets; each shares a key with the one before it, and one with all."""
        source = new_source(store)
        for number in range(30):
            poll(store, source, ferry(f"{number}", *near(TEXT, number, number + 1, 50)), judges=COMPARED)
        return store

    def test_are_merged_and_lose_nothing(self, filled: Store) -> None:
        before = self.found(filled)
        assert before[near(TEXT, 7)[0]] == [7, 8] and len(before[near(TEXT, 50)[0]]) == 30
        for parts in range(1, 40):
            self.settle(filled, parts=1)
            assert self.found(filled) == before, parts
        self.settle(filled)
        assert set(rows(filled, tables.SketchKey, "bucket")) == {sketches.SETTLED, 30 // 4 + 1}
        assert self.found(filled) == before

    def test_forget_what_is_too_old_when_they_are_merged(self, filled: Store) -> None:
        self.settle(filled)
        source = new_source(filled, "other")
        for number in range(30, 40):
            poll(filled, source, ferry(f"{number}", *near(TEXT, number)), judges=COMPARED)
        self.settle(filled, first=20)
        assert min(rows(filled, tables.SketchKey, "item_id")) == 20
        assert self.found(filled)[near(TEXT, 50)[0]] == list(range(20, 31))

    def test_leave_what_is_too_old_out_before_they_are_merged(self, filled: Store) -> None:
        assert self.found(filled, first=20)[near(TEXT, 50)[0]] == list(range(20, 31))

    def test_a_revision_of_an_old_item_goes_to_the_newest(self, filled: Store) -> None:
        self.settle(filled)
        poll(filled, 1, ferry("0", *near(TEXT, 55)), judges=COMPARED)
        poll(filled, 1, replace(ferry("1", *near(TEXT, 55)), text_hash="new"), judges=COMPARED)
        assert set(rows(filled, tables.SketchKey, "bucket")) == {sketches.SETTLED, 30 // 4 + 1}
        assert self.found(filled)[near(TEXT, 55)[0]] == [2]


def test_a_key_of_a_hundred_thousand_items_costs_no_more_than_one_of_sixty_four(store: Store) -> None:
    hot, warm = near(LEAD, 1)[0], near(LEAD, 2)[0]
    for key, items in ((hot, range(1, 100_001)), (warm, range(1, 65))):
        with store.begin() as session:
            sketches.insert_postings(session, [(key, item_id) for item_id in items], newest=100_000)

    def cost(key: int) -> float:
        with store.read() as session:
            begun = perf_counter()
            (found,) = sketches.find_postings(session, [key], first=1, before=100_001).values()
            assert len(found) == 64
            return perf_counter() - begun

    assert min(cost(hot) for _ in range(30)) < 3 * min(cost(warm) for _ in range(30))
    with store.read() as session:
        assert sketches.find_postings(session, [hot], first=1, before=100_001) == {hot: list(range(99_937, 100_001))}


def test_copies_polled_at_one_moment_are_one_story(store: Store) -> None:
    new_watchlists(store, "Bay Area")
    sources = [new_source(store, f"s{number}") for number in range(4)]
    for turn in range(3):
        polls = (
            partial(
                poll, store, source,
                matched(f"{turn}/{source}", match(), title=f"{turn} {source}", sketch=near(TITLE, turn)),
                owner=f"host:{source}", judges=COMPARED,
            )
            for source in sources
        )  # fmt: skip
        assert sorted(result.new_stories for result in race(*polls)) == [0, 0, 0, 1]
