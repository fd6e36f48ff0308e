"""Stories counted as their items come by."""

from __future__ import annotations

from datetime import UTC, datetime

from feedwatch.jobs.story_tally import Tally, bits
from feedwatch.store.items import ItemRow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _row(item_id: int, story_id: int, hour: int, language: str = "en") -> ItemRow:
    at = NOON.replace(hour=hour)
    return ItemRow(item_id, story_id, "source", "title", "", language, at, "published", at, 1, ())


def test_the_best_item_stands_for_a_story_and_the_first_says_when() -> None:
    tally = Tally(("bridge", "tunnel", "ferry"))
    tally.add(_row(3, 7, 14), 1.0, ("bridge",))
    tally.add(_row(2, 7, 13, "zh"), 2.0, ("tunnel",))
    tally.add(_row(1, 7, 12), 0.5, ("bridge",))
    tally.add(_row(4, 8, 15), 0.5, ("a query of another watchlist",))
    story = tally.stories[7]
    assert (story.score, story.item_id, story.language, story.first.hour) == (2.0, 2, "zh", 12)
    assert [tally.texts[place] for place in bits(story.queries)] == ["bridge", "tunnel"]
    assert (tally.items, len(tally.stories), tally.stories[8].queries) == (4, 2, 0)


def test_of_two_items_that_score_the_same_the_earlier_stands() -> None:
    tally = Tally(())
    for item_id in (5, 4, 6):
        tally.add(_row(item_id, 1, 12), 1.0, ())
    assert tally.stories[1].item_id == 4


def test_bits() -> None:
    assert list(bits(0b1010010)) == [1, 4, 6]
    assert list(bits(1 << 500)) == [500]
