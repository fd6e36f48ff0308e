from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.digest.rank import Ranked, Section, section_order
from feedwatch.digest.selection import Chosen, rank_updates, rank_window, select
from feedwatch.store.windows import Member, WindowMatch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
BAY, BRIDGES, CHIPS = 1, 2, 3
NAMES = {BAY: "Bay Area", BRIDGES: "bridges", CHIPS: "Chips"}


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def ran(item_id: int, story_id: int, source_id: int = 1, **parts: Any) -> Member:
    """An item of a story, published as many hours ago as its id says."""
    values: dict[str, Any] = {"text_length": 100, "revision": 1, "is_preferred": False, "source_weight": 1.0}
    return Member(item_id, story_id, source_id, **({"published_at": hours_ago(item_id)} | values | parts))


def met(item_id: int, story_id: int, watchlist_id: int = BAY, score: float = 1.0) -> WindowMatch:
    return WindowMatch(item_id, story_id, watchlist_id, score, NOW)


def ranked(matches: Sequence[WindowMatch], *members: Member) -> list[Ranked]:
    """The stories of one watchlist; their items are those that matched, and `members`."""
    by_story: dict[int, dict[int, Member]] = defaultdict(dict)
    for member in members:
        by_story[member.story_id][member.item_id] = member
    for match in matches:
        by_story[match.story_id].setdefault(match.item_id, ran(match.item_id, match.story_id))
    items = {story_id: [found[item_id] for item_id in sorted(found)] for story_id, found in by_story.items()}
    return rank_window(matches, items, NOW)


class TestTheStoriesOfAWatchlist:
    def test_are_in_the_order_of_their_scores(self) -> None:
        found = ranked([met(1, 1), met(1, 2, score=2.0), met(9, 1, score=3.0)])
        assert [(story.story_id, story.item_id) for story in found] == [(1, 9), (2, 1)]

    @pytest.mark.parametrize(
        ("members", "order"),
        [
            ([ran(1, 1), ran(2, 2), ran(3, 2, source_id=2), ran(4, 2, source_id=3)], [2, 1]),
            ([ran(1, 1), ran(2, 2), ran(3, 2), ran(4, 2)], [1, 2]),  # three items of one source
            ([ran(1, 1), ran(2, 2, source_weight=3.0)], [2, 1]),
            ([ran(1, 1), ran(2, 2), ran(3, 2, source_id=2, source_weight=3.0)], [2, 1]),  # of its heaviest source
        ],
        ids=["more sources", "more items", "a heavier source", "a heavier source's copy"],
    )
    def test_are_in_the_order_of_their_sources(self, members: Sequence[Member], order: list[int]) -> None:
        assert [story.story_id for story in ranked([met(1, 1), met(2, 2)], *members)] == order

    @pytest.mark.parametrize(
        ("members", "item_id"),
        [
            ([ran(1, 9), ran(5, 9), ran(3, 9)], 5),
            ([ran(5, 9), ran(2, 9, text_length=200)], 2),
            ([ran(5, 9), ran(2, 9, is_preferred=True)], 2),
            ([ran(2, 9, published_at=NOW), ran(1, 9, published_at=NOW)], 1),
        ],
        ids=["earliest", "the only whole one", "preferred source", "of equals the first stored"],
    )
    def test_are_told_by(self, members: Sequence[Member], item_id: int) -> None:
        (story,) = ranked([met(member.item_id, 9) for member in members], *members)
        assert story.item_id == item_id

    def test_are_told_by_an_item_that_matched_here(self) -> None:
        """The earlier item met another watchlist alone: what it says does not show why the story is here."""
        (story,) = ranked([met(1, 9)], ran(5, 9), ran(1, 9))
        assert (story.item_id, story.published_at) == (1, hours_ago(1))

    def test_that_were_updated_count_as_young_as_their_change(self) -> None:
        match = WindowMatch(70, 9, BAY, 2.0, hours_ago(1))
        (story,) = rank_updates([match], {9: [ran(70, 9), ran(71, 9)]}, NOW)
        assert (story.story_id, story.item_id, story.published_at) == (9, 70, hours_ago(1))
        assert story.weight == pytest.approx(2 * (0.2 + 0.8 / 2 ** (1 / 24)))


def selected(
    stories: Mapping[int, Sequence[int]],
    *,
    told: Collection[int] = (),
    updates: Mapping[int, Sequence[int]] = {},
    priorities: Mapping[int, int] = {},
    each: int = 20,
    in_all: int = 50,
) -> dict[str, tuple[list[Chosen], list[int]]]:
    """What each section shows, and which stories it cuts, of watchlists whose stories come heaviest first."""
    sections = [Section(number, NAMES[number], priorities.get(number, 0)) for number in stories]

    def weighed(story_ids: Sequence[int]) -> list[Ranked]:
        return [Ranked(story_id, 100 + story_id, 10.0 - at, NOW) for at, story_id in enumerate(story_ids)]

    found = select(
        [(section, weighed(stories[section.watchlist_id])) for section in sorted(sections, key=section_order)],
        told,
        {number: weighed(story_ids) for number, story_ids in updates.items()},
        each=each,
        in_all=in_all,
    )
    return {one.section.watchlist: (list(one.shown), [story.story_id for story in one.cut]) for one in found}


def shown(*args: Any, **options: Any) -> dict[str, list[int]]:
    return {name: [one.story_id for one in stories] for name, (stories, _) in selected(*args, **options).items()}


class TestASelection:
    def test_of_nothing_has_no_sections(self) -> None:
        assert selected({}) == selected({BAY: [], CHIPS: []}) == {}

    def test_is_in_the_order_of_the_alphabet(self) -> None:
        assert list(selected({CHIPS: [1], BRIDGES: [2], BAY: [3]})) == ["Bay Area", "bridges", "Chips"]

    def test_begins_with_the_highest_priority(self) -> None:
        found = selected({BAY: [1], BRIDGES: [2], CHIPS: [3]}, priorities={BRIDGES: -1, CHIPS: 2})
        assert list(found) == ["Chips", "Bay Area", "bridges"]

    @pytest.mark.parametrize(
        ("stories", "priorities", "under", "also"),
        [
            ({BAY: [1, 2], CHIPS: [1]}, {}, "Chips", (BAY,)),  # two stories there, one here
            ({BAY: [1], CHIPS: [1, 2]}, {}, "Bay Area", (CHIPS,)),
            ({BAY: [1], CHIPS: [1]}, {}, "Bay Area", (CHIPS,)),  # as many: by name
            ({BAY: [1, 2], CHIPS: [1]}, {BAY: 1}, "Bay Area", (CHIPS,)),
            ({BAY: [1, 2], CHIPS: [1]}, {BAY: -1}, "Chips", (BAY,)),
            ({BAY: [1, 2], CHIPS: [1]}, {BAY: 1, CHIPS: 1}, "Chips", (BAY,)),  # equal: the most specific
            ({BAY: [1], BRIDGES: [1], CHIPS: [1]}, {CHIPS: 5}, "Chips", (BAY, BRIDGES)),
        ],
    )
    def test_tells_a_story_once_and_names_its_other_watchlists(
        self, stories: dict[int, list[int]], priorities: dict[int, int], under: str, also: tuple[int, ...]
    ) -> None:
        found = selected(stories, priorities=priorities)
        told = {name: one for name, (here, _) in found.items() for one in here if one.story_id == 1}
        assert list(told) == [under]
        assert told[under].also == also

    def test_has_no_section_for_a_watchlist_whose_stories_all_stand_elsewhere(self) -> None:
        assert list(selected({BAY: [1, 2], CHIPS: [1], BRIDGES: [2]})) == ["bridges", "Chips"]

    def test_leaves_out_what_was_told(self) -> None:
        assert shown({BAY: [1, 2, 3], CHIPS: [4]}, told={2, 4}) == {"Bay Area": [1, 3]}

    def test_finds_the_most_specific_by_what_is_untold(self) -> None:
        assert shown({BAY: [1, 2, 3], CHIPS: [1, 4]}, told={2, 3}) == {"Bay Area": [1], "Chips": [4]}

    def test_has_an_update_of_what_was_told_in_its_place_and_marks_it(self) -> None:
        found = selected({BAY: [1, 2, 3]}, told={2}, updates={BAY: [2]})
        assert [(one.story_id, one.is_update) for one in found["Bay Area"][0]] == [(1, False), (2, True), (3, False)]

    def test_counts_what_its_limits_cut_in_each_section(self) -> None:
        found = selected({BAY: [1, 2, 3, 4], CHIPS: [5]}, each=2)
        assert {name: ([one.story_id for one in here], cut) for name, (here, cut) in found.items()} == {
            "Bay Area": ([1, 2], [3, 4]), "Chips": ([5], []),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("in_all", "priorities", "expected"),
        [
            (6, {}, {"Bay Area": [1, 2, 3, 4], "Chips": [5, 6]}),
            (5, {}, {"Bay Area": [1, 2, 3], "Chips": [5, 6]}),  # the lightest goes first
            (2, {}, {"Bay Area": [1], "Chips": [5]}),  # the first of each before any second
            (1, {}, {"Bay Area": [1], "Chips": []}),  # it counts what it has
            (2, {CHIPS: 1}, {"Chips": [5, 6], "Bay Area": []}),
            (3, {CHIPS: -1}, {"Bay Area": [1, 2, 3], "Chips": []}),
        ],
    )
    def test_keeps_within_a_limit_in_all(
        self, in_all: int, priorities: dict[int, int], expected: dict[str, list[int]]
    ) -> None:
        stories = {BAY: [1, 2, 3, 4], CHIPS: [5, 6]}
        found = selected(stories, priorities=priorities, in_all=in_all)
        assert {name: [one.story_id for one in here] for name, (here, _) in found.items()} == expected
        assert sum(len(here) + len(cut) for here, cut in found.values()) == 6
