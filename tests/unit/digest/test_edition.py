from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.digest.edition import TERMS_KEPT, SectionWords, Wording, compose, word
from feedwatch.digest.selection import Chosen
from feedwatch.model import EditionStory, Span
from feedwatch.store.due import DueSubscription
from feedwatch.store.items import RelatedStory
from feedwatch.store.wordings import ItemWords, StoryItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedwatch.model import Edition
    from feedwatch.store.editions import Former

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
WATCHLISTS = {1: "Bay Area", 2: "bridges", 3: "Chips"}
SOURCES = {"AA": 1, "BB": 2, "CC": 3}


def ran(item_id: int, source: str) -> StoryItem:
    """An item of a story, matched or not."""
    published_at = NOW - timedelta(hours=item_id)
    return StoryItem(item_id, 1, SOURCES[source], source, f"Title {item_id}", f"https://{item_id}", published_at)


def worded(
    *spans: tuple[int, tuple[Span, ...]],
    items: Sequence[StoryItem] = (),
    related: Sequence[RelatedStory] = (),
    is_update: bool = False,
    **parts: Any,
) -> EditionStory:
    """A story in the words of item 6 of AA, under the first watchlist of those given with their spans."""
    values: dict[str, Any] = {"title": "Title 6", "text": "Text 6.", "url": "https://6", "language": "en"} | parts
    met = dict(spans or [(1, ())])
    words = ItemWords(
        item_id=6, story_id=1, revision=3, source_id=1, source="AA", published_at=NOW - timedelta(hours=6), spans=met,
        **values,
    )  # fmt: skip
    home, *also = met
    return word(Chosen(1, 6, home, tuple(also), is_update), words, items or [ran(6, "AA")], related, WATCHLISTS)


def found(field: str, *ranges: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(field, start, end) for start, end in ranges)  # type: ignore[arg-type]


class TestAStory:
    def test_is_told_in_the_words_of_its_item(self) -> None:
        story = worded(title="A bridge is opened", text="It was time.", language="en-HK")
        assert (story.title, story.snippet, story.source, story.url) == (
            "A bridge is opened", "It was time.", "AA", "https://6",
        )  # fmt: skip
        assert (story.source_language, story.published_at) == ("en-HK", NOW - timedelta(hours=6))

    @pytest.mark.parametrize("is_update", [False, True])
    def test_says_whether_it_is_an_update(self, is_update: bool) -> None:
        assert worded(is_update=is_update).is_update is is_update

    def test_names_where_else_it_ran_earliest_first_and_each_source_once(self) -> None:
        items = [ran(6, "AA"), ran(5, "AA"), ran(4, "CC"), ran(3, "BB"), ran(2, "CC")]
        assert [(also.source, also.title, also.url) for also in worded(items=items).also_in] == [
            ("CC", "Title 4", "https://4"),
            ("BB", "Title 3", "https://3"),
        ]

    def test_names_the_event_in_each_other_language_once(self) -> None:
        related = [
            RelatedStory(7, "大桥开通", "zh-Hans", "https://7", ("南方",)),
            RelatedStory(8, "大橋開通", "zh-Hant", "https://8", ("日報",)),
            RelatedStory(9, "A ponte abriu", "pt", "https://9", ("Jornal", "Diário")),
        ]
        relatives = worded(related=related).relatives
        assert [(relative.title, relative.source, relative.language) for relative in relatives] == [
            ("大桥开通", "南方", "zh-Hans"),
            ("A ponte abriu", "Jornal", "pt"),
        ]

    def test_names_the_other_watchlists_that_it_met(self) -> None:
        assert worded((3, ()), (2, ()), (1, ())).also_matched == ("Bay Area", "bridges")

    def test_marks_the_terms_of_every_watchlist_in_title_and_snippet(self) -> None:
        story = worded(
            (1, found("title", (8, 16)) + found("text", (17, 25))),
            (2, found("text", (2, 8))),
            title="Greater Bay Area",
            text="A bridge for the Bay Area.",
        )
        assert [story.title[start:end] for start, end in story.title_spans] == ["Bay Area"]
        assert [story.snippet[start:end] for start, end in story.snippet_spans] == ["bridge", "Bay Area"]
        assert story.terms == ("Bay Area", "bridge")

    def test_marks_nothing_of_watchlists_that_are_not_the_subscription_s(self) -> None:
        words = ItemWords(6, 1, 1, "Bay", "Bay.", "", 1, "AA", "en", NOW, {1: found("title", (0, 3)), 2: ()})
        story = word(Chosen(1, 6, 2, (), is_update=False), words, [ran(6, "AA")], (), WATCHLISTS)
        assert (story.title_spans, story.also_matched) == ((), ())

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
    def test_marks_terms_that_overlap_as_one(
        self, field: str, one: tuple[int, int], other: tuple[int, int], marked: list[tuple[int, int]]
    ) -> None:
        parts: dict[str, Any] = {field: "Greater Bay Area"}
        story = worded((1, found(field, one)), (3, found(field, other)), **parts)
        assert list(story.title_spans if field == "title" else story.snippet_spans) == marked


def telling(number: int, *terms: str) -> Wording:
    story = EditionStory(number, f"Title {number}", (), "", "AA", "en", NOW, "", (), ())
    return Wording(story, 1, terms)


def composed(*sections: SectionWords, former: Sequence[Former] = ()) -> tuple[Edition, dict[str, int]]:
    return compose(
        SUBSCRIPTION, sections, window_end=NOW, source_count=5, previous_story_count=7, former=former
    )  # fmt: skip


class TestAnEdition:
    def test_knows_its_subscription_its_window_and_its_figures(self) -> None:
        edition, _ = composed()
        assert (edition.subscription, edition.timezone, edition.locale) == ("Digest", "Asia/Hong_Kong", "en")
        assert (edition.window_start, edition.window_end) == (NOW - timedelta(days=1), NOW)
        assert (edition.source_count, edition.previous_story_count) == (5, 7)
        assert (edition.sections, edition.story_count, edition.rising) == ((), 0, ())

    def test_has_its_sections_in_words(self) -> None:
        one, two, three = (telling(number) for number in (1, 2, 3))
        edition, _ = composed(SectionWords("Bay Area", (one, two), 4), SectionWords("Chips", (three,), 0))
        told = [(section.watchlist, section.stories, section.more) for section in edition.sections]
        assert told == [("Bay Area", (one.story, two.story), 4), ("Chips", (three.story,), 0)]

    def test_counts_its_stories_with_each_telling_term_the_most_frequent_alone(self) -> None:
        rare = tuple(f"rare {number}" for number in range(TERMS_KEPT))
        stories = telling(1, "bridge", "port"), telling(2, "bridge"), telling(3, "port", *rare)
        _, counts = composed(SectionWords("Bay Area", stories[:1], 0), SectionWords("Chips", stories[1:], 0))
        assert len(counts) == TERMS_KEPT
        assert list(counts.items())[:3] == [("bridge", 2), ("port", 2), ("rare 0", 1)]

    def test_has_the_terms_that_rise_above_its_former_ones(self) -> None:
        quiet: Former = (20, {"bridge": 1, "port": 12})
        stories = tuple(telling(number, "bridge", "port") for number in range(12))
        edition, _ = composed(SectionWords("Bay Area", stories, 0), former=[quiet] * 10)
        assert [(rising.term, rising.stories) for rising in edition.rising] == [("bridge", 12)]
