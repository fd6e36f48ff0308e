from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.digest import Composed, compose
from feedwatch.model import EditionSection, EditionStory, Span
from feedwatch.store.editions import CandidateItem, StoryItem
from feedwatch.store.items import RelatedStory
from feedwatch.store.subscribers import DueSubscription

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
SUBSCRIPTION = DueSubscription(
    id=1,
    name="Digest",
    schedule="daily",
    due_at=NOW,
    window_start=NOW - timedelta(days=1),
    subscriber_id=1,
    subscriber="Ann",
    address="ann@example.org",
    timezone="Asia/Hong_Kong",
    locale="en",
)
WATCHLISTS = {"Bay Area": 1, "bridges": 2, "Chips": 3}
SOURCES = {"AA": 1, "BB": 2, "CC": 3}


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def matched(
    item_id: int, story_id: int, watchlist: str = "Bay Area", source: str = "AA", **parts: Any
) -> CandidateItem:
    """A matched item, published as many hours ago as its id says."""
    values: dict[str, Any] = {
        "score": 1.0, "spans": (), "title": f"Title {item_id}", "text": f"Text {item_id}.", "url": f"https://{item_id}",
        "language": "en", "published_at": hours_ago(item_id),
    }  # fmt: skip
    return CandidateItem(
        item_id=item_id,
        story_id=story_id,
        watchlist_id=WATCHLISTS[watchlist],
        watchlist=watchlist,
        source_id=SOURCES[source],
        source=source,
        **values | parts,
    )


def ran(item_id: int, story_id: int, source: str) -> StoryItem:
    """An item of a story, matched or not."""
    return StoryItem(
        item_id, story_id, SOURCES[source], source, f"Title {item_id}", f"https://{item_id}", hours_ago(item_id)
    )


def composed(
    *candidates: CandidateItem,
    items: Sequence[StoryItem] = (),
    related: Mapping[int, Sequence[RelatedStory]] = {},
    limit: int = 20,
) -> Composed:
    story_items = items or [ran(each.item_id, each.story_id, each.source) for each in candidates]
    return compose(
        SUBSCRIPTION,
        candidates,
        sorted(story_items, key=lambda item: item.published_at),
        related,
        window_end=NOW,
        stories_per_watchlist=limit,
        previous_story_count=7,
    )


def sections(*candidates: CandidateItem, **options: Any) -> dict[str, EditionSection]:
    return {section.watchlist: section for section in composed(*candidates, **options).edition.sections}


def only_story(*candidates: CandidateItem, **options: Any) -> EditionStory:
    (section,) = composed(*candidates, **options).edition.sections
    (story,) = section.stories
    return story


def test_an_edition_knows_its_subscription_and_its_window() -> None:
    edition = composed(matched(1, 1)).edition
    assert edition.subscription == "Digest"
    assert (edition.timezone, edition.locale) == ("Asia/Hong_Kong", "en")
    assert (edition.window_start, edition.window_end) == (NOW - timedelta(days=1), NOW)
    assert edition.previous_story_count == 7


def test_nothing_matched_is_an_edition_without_sections() -> None:
    nothing = composed()
    assert (nothing.edition.sections, nothing.shown, nothing.cut) == ((), (), ())


def test_sections_are_in_the_order_of_the_alphabet() -> None:
    assert list(sections(matched(1, 1, "Chips"), matched(2, 2, "bridges"), matched(3, 3))) == [
        "Bay Area",
        "bridges",
        "Chips",
    ]


def test_sections_of_higher_priority_come_first() -> None:
    found = [
        matched(1, 1, "Bay Area"),
        matched(2, 2, "bridges", priority=-1),
        matched(3, 3, "Chips", priority=2),
    ]
    assert list(sections(*found)) == ["Chips", "Bay Area", "bridges"]


@pytest.mark.parametrize(
    ("priorities", "under"),
    [
        ({"Bay Area": 1}, "Bay Area"),
        ({"Chips": 1}, "Chips"),
        ({"Bay Area": -1}, "Chips"),
        ({"Bay Area": 1, "Chips": 1}, "Chips"),  # equal: the most specific
    ],
)
def test_a_story_stands_under_the_highest_priority(priorities: dict[str, int], under: str) -> None:
    here: dict[str, dict[str, Any]] = {name: {"priority": priorities.get(name, 0)} for name in WATCHLISTS}
    found = [
        matched(1, 1, "Bay Area", **here["Bay Area"]),
        matched(1, 1, "Chips", **here["Chips"]),
        matched(2, 2, "Bay Area", **here["Bay Area"]),
    ]
    told = sections(*found)
    assert [story.story_id for story in told[under].stories if story.story_id == 1] == [1]
    assert sum(story.story_id == 1 for section in told.values() for story in section.stories) == 1


def test_stories_are_in_the_order_of_what_their_own_watchlist_rates_them() -> None:
    found = [
        matched(1, 1, "Chips", score=1.0, priority=1),
        matched(1, 1, "Bay Area", score=9.0),  # not comparable with what Chips rates
        matched(1, 2, "Chips", score=2.0, priority=1),
    ]
    assert [story.story_id for story in sections(*found)["Chips"].stories] == [2, 1]


@pytest.mark.parametrize(
    ("others", "under", "also"),
    [
        ([(2, "Bay Area")], "Chips", ("Bay Area",)),  # two stories there, one here
        ([(2, "Chips")], "Bay Area", ("Chips",)),
        ([], "Bay Area", ("Chips",)),  # as many: by name
    ],
)
def test_a_story_stands_under_the_watchlist_with_the_fewest_and_names_the_others(
    others: list[tuple[int, str]], under: str, also: tuple[str, ...]
) -> None:
    both = [matched(1, 1, "Bay Area"), matched(1, 1, "Chips")]
    found = sections(*both, *(matched(story, story, watchlist) for story, watchlist in others))
    told = {name: [s.story_id for s in section.stories if s.story_id == 1] for name, section in found.items()}
    assert [name for name, ids in told.items() if ids] == [under]
    (story,) = [story for story in found[under].stories if story.story_id == 1]
    assert story.also_matched == also


def test_a_watchlist_whose_stories_all_stand_elsewhere_has_no_section() -> None:
    wide = [matched(story, story, "Bay Area") for story in (1, 2)]
    narrow = [matched(1, 1, "Chips"), matched(2, 2, "bridges")]
    assert list(sections(*wide, *narrow)) == ["bridges", "Chips"]


@pytest.mark.parametrize(
    ("candidates", "item_id"),
    [
        ([matched(1, 9), matched(5, 9, source="BB"), matched(3, 9, source="CC")], 5),
        ([matched(5, 9), matched(2, 9, source="BB", text="Longer than the other.")], 2),
        ([matched(5, 9), matched(2, 9, source="BB", is_preferred=True)], 2),
        ([matched(2, 9, published_at=NOW), matched(1, 9, published_at=NOW)], 1),
    ],
    ids=["earliest", "the only whole one", "preferred source", "of equals the first stored"],
)
def test_a_story_is_told_by(candidates: list[CandidateItem], item_id: int) -> None:
    assert only_story(*candidates).title == f"Title {item_id}"


def test_a_story_is_told_by_an_item_that_matched_here() -> None:
    """The earliest item met another watchlist alone: what it says does not show why the story is here."""
    crowd = [matched(story, story, "Bay Area") for story in (20, 21)]
    found = sections(matched(5, 1, "Bay Area", "BB"), matched(1, 1, "Chips"), *crowd)
    assert [story.title for story in found["Chips"].stories] == ["Title 1"]


def test_a_story_names_where_else_it_ran_earliest_first_and_each_source_once() -> None:
    story = only_story(
        matched(6, 1),
        items=[ran(6, 1, "AA"), ran(5, 1, "AA"), ran(4, 1, "CC"), ran(3, 1, "BB"), ran(2, 1, "CC")],
    )
    assert story.source == "AA"
    assert [(also.source, also.title, also.url) for also in story.also_in] == [
        ("CC", "Title 4", "https://4"),
        ("BB", "Title 3", "https://3"),
    ]


def test_a_story_names_the_event_in_each_other_language_once() -> None:
    related = [
        RelatedStory(7, "大桥开通", "zh-Hans", "https://7", ("南方",)),
        RelatedStory(8, "大橋開通", "zh-Hant", "https://8", ("日報",)),
        RelatedStory(9, "A ponte abriu", "pt", "https://9", ("Jornal", "Diário")),
    ]
    story = composed(matched(1, 1), related={1: related}).edition.sections[0].stories[0]
    assert [(relative.title, relative.source, relative.language) for relative in story.relatives] == [
        ("大桥开通", "南方", "zh-Hans"),
        ("A ponte abriu", "Jornal", "pt"),
    ]


def test_stories_beyond_the_limit_are_counted_for_each_watchlist() -> None:
    bay_area = [matched(number, number) for number in (1, 2, 3, 4)]
    made = composed(*bay_area, matched(5, 5, "Chips"), limit=2)
    assert [(section.watchlist, len(section.stories), section.more) for section in made.edition.sections] == [
        ("Bay Area", 2, 2),
        ("Chips", 1, 0),
    ]
    assert made.shown == ((1, 1), (2, 1), (5, 3))
    assert sorted(made.cut) == [(3, 1), (4, 1)]


def test_the_sources_of_the_stories_shown_are_counted_once() -> None:
    items = [ran(1, 1, "AA"), ran(2, 1, "BB"), ran(3, 2, "BB"), ran(4, 2, "AA"), ran(9, 3, "CC")]
    made = composed(matched(1, 1), matched(3, 2, source="BB"), matched(9, 3, source="CC"), items=items, limit=2)
    assert made.edition.source_count == 2


def test_the_story_of_more_sources_stands_first() -> None:
    lone, wide = matched(1, 1), matched(2, 2)
    items = [ran(1, 1, "AA"), ran(2, 2, "AA"), ran(3, 2, "BB"), ran(4, 2, "CC")]
    assert [story.story_id for story in sections(lone, wide, items=items)["Bay Area"].stories] == [2, 1]


def spans(field: str, *ranges: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(field, start, end) for start, end in ranges)  # type: ignore[arg-type]


def test_the_terms_of_every_watchlist_are_marked_in_title_and_snippet() -> None:
    parts: dict[str, Any] = {"title": "Greater Bay Area", "text": "A bridge for the Bay Area."}
    story = only_story(
        matched(1, 1, "Bay Area", spans=spans("title", (8, 16)) + spans("text", (17, 25)), **parts),
        matched(1, 1, "bridges", spans=spans("text", (2, 8)), **parts),
    )
    assert [story.title[start:end] for start, end in story.title_spans] == ["Bay Area"]
    assert [story.snippet[start:end] for start, end in story.snippet_spans] == ["bridge", "Bay Area"]
    assert story.terms == ("Bay Area", "bridge")


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        ((0, 11), (0, 16), [(0, 16)]),
        ((0, 11), (8, 16), [(0, 16)]),
        ((8, 11), (0, 16), [(0, 16)]),
        ((0, 7), (8, 16), [(0, 7), (8, 16)]),
        ((0, 8), (8, 16), [(0, 8), (8, 16)]),  # side by side
    ],
)
@pytest.mark.parametrize("field", ["title", "text"])
def test_terms_that_overlap_are_marked_as_one(
    field: str, one: tuple[int, int], other: tuple[int, int], marked: list[tuple[int, int]]
) -> None:
    parts: dict[str, Any] = {field: "Greater Bay Area"}
    story = only_story(
        matched(1, 1, "Bay Area", spans=spans(field, one), **parts),
        matched(1, 1, "Chips", spans=spans(field, other), **parts),
    )
    assert list(story.title_spans if field == "title" else story.snippet_spans) == marked
