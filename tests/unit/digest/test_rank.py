from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.rank import RECENCY_FLOOR, Candidate, Ranked, Section, home, rank, section_order, weight, within

END = datetime(2026, 11, 25, 8, tzinfo=UTC)


def candidate(
    story_id: int = 1, score: float = 1.0, sources: int = 1, hours_old: float = 0, source_weight: float = 1.0
) -> Candidate:
    return Candidate(story_id, score, sources, END - timedelta(hours=hours_old), source_weight)


@pytest.mark.parametrize(
    "story, expected",
    [
        (candidate(), 1.0),
        (candidate(score=3), 3.0),
        (candidate(sources=2), 1.5),
        (candidate(sources=8), 2.5),
        (candidate(sources=0), 1.0),  # a count that cannot be is read as one
        (candidate(hours_old=24), 0.6),
        (candidate(hours_old=48), 0.4),
        (candidate(hours_old=-5), 1.0),  # a date in the future gains nothing
        (candidate(hours_old=24 * 3650), RECENCY_FLOOR),
        (candidate(score=3, source_weight=0.5), 1.5),
        # The worked example of docs/editions.md.
        (candidate(score=4.2, sources=3, hours_old=6, source_weight=1.5), 9.86),
        (candidate(score=6.0, sources=1, hours_old=20), 3.89),
    ],
)
def test_weight(story: Candidate, expected: float) -> None:
    assert weight(story, END) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    "stories, order",
    [
        ([candidate(1, score=1), candidate(2, score=2)], [2, 1]),
        ([candidate(1), candidate(2, sources=4)], [2, 1]),
        ([candidate(1, hours_old=20), candidate(2, hours_old=2)], [2, 1]),
        ([candidate(1, score=4, hours_old=200), candidate(2, score=0.5)], [1, 2]),  # old but strong
        ([candidate(1, hours_old=-2), candidate(2, hours_old=-3)], [2, 1]),  # equal: the later date first
        ([candidate(2), candidate(1)], [1, 2]),  # equal in all: by id
    ],
)
def test_order(stories: list[Candidate], order: list[int]) -> None:
    assert [story.story_id for story in rank(stories, END)] == order


@given(st.permutations([candidate(at, score=1 + at % 2, sources=1 + at % 3, hours_old=at % 4) for at in range(9)]))
def test_order_does_not_depend_on_the_order_given(stories: list[Candidate]) -> None:
    assert rank(stories, END) == rank(sorted(stories, key=lambda story: story.story_id), END)


@given(st.floats(0.001, 1000), st.integers(1, 500), st.floats(-1e4, 1e6))
def test_no_story_weighs_nothing(score: float, sources: int, hours_old: float) -> None:
    assert weight(candidate(1, score, sources, hours_old), END) > 0


@pytest.mark.parametrize(
    "sections, order",
    [
        ([Section(1, "b", 0), Section(2, "A", 0), Section(3, "c", 0)], ["A", "b", "c"]),
        ([Section(1, "a", 0), Section(2, "b", 5), Section(3, "c", -5)], ["b", "a", "c"]),
    ],
)
def test_section_order(sections: list[Section], order: list[str]) -> None:
    assert [section.watchlist for section in sorted(sections, key=section_order)] == order


@pytest.mark.parametrize(
    "sections, counts, told_by",
    [
        ([Section(1, "a", 0), Section(2, "b", 0)], {1: 5, 2: 3}, "b"),  # the more specific
        ([Section(1, "a", 0), Section(2, "b", 0)], {1: 3, 2: 3}, "a"),  # by name
        ([Section(1, "a", 1), Section(2, "b", 0)], {1: 5, 2: 3}, "a"),  # priority before all
    ],
)
def test_home(sections: list[Section], counts: dict[int, int], told_by: str) -> None:
    assert home(sections, counts).watchlist == told_by


@given(
    st.lists(st.tuples(st.integers(-100, 100), st.lists(st.floats(1e-6, 1e6), max_size=9)), max_size=6),
    st.integers(1, 5),
    st.integers(1, 20),
)
def test_limits_are_kept_and_places_used(rated: list[tuple[int, list[float]]], each: int, in_all: int) -> None:
    sections = [
        (Section(at, "", priority), [Ranked(1, 1, weight, END) for weight in sorted(weights, reverse=True)])
        for at, (priority, weights) in enumerate(rated)
    ]
    counts = within(sections, each=each, in_all=in_all)
    allowed = [min(len(stories), each) for _, stories in sections]
    assert all(0 <= count <= most for count, most in zip(counts, allowed, strict=True))
    assert sum(counts) == min(sum(allowed), in_all)


@pytest.mark.parametrize(
    "priority, kept",
    [
        (0, [3, 1]),
        (1, [3, 1]),  # 0.4 x 1.25 = 0.5, and 0.6 is the other's third
        (2, [2, 2]),  # 0.4 x 1.25 x 1.25 = 0.625
    ],
)
def test_places_go_to_the_largest_share_of_the_heaviest_and_to_priority(priority: int, kept: list[int]) -> None:
    """The worked example of docs/editions.md."""

    def stories(*weights: float) -> list[Ranked]:
        return [Ranked(at, at, weight, END) for at, weight in enumerate(weights)]

    sections = [(Section(1, "Bay Area", 0), stories(10, 8, 6, 2)), (Section(2, "Chips", priority), stories(5, 2))]
    assert within(sections, each=20, in_all=4) == kept
