"""The stories that a search brought, each with no more than is counted of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.store.items import ItemRow


@dataclass(slots=True)
class StoryTally:
    """A story that was found."""

    score: float
    """Of the item that scores highest."""
    item_id: int
    """That item; the earlier of two."""
    language: str
    first: datetime
    """When the first of its items that were found was published."""
    queries: int
    """Which queries found any of its items: bits, the first query's the lowest."""


class Tally:
    """Stories counted as their items come by; of two items of one story the better one stands for it."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        """What can find a story; a bit each."""
        self.items = 0
        self.stories: dict[int, StoryTally] = {}
        self._bits = {text: 1 << place for place, text in enumerate(texts)}

    def add(self, row: ItemRow, score: float, found_by: Iterable[str]) -> None:
        """Count an item, found by these of `texts`."""
        queries = 0
        for text in found_by:
            queries |= self._bits.get(text, 0)
        self.items += 1
        story = self.stories.get(row.story_id)
        if story is None:
            self.stories[row.story_id] = StoryTally(score, row.id, row.language, row.published_at, queries)
            return
        story.queries |= queries
        story.first = min(story.first, row.published_at)
        if (score, -row.id) > (story.score, -story.item_id):
            story.score, story.item_id, story.language = score, row.id, row.language

    def drop(self, stories: Iterable[int]) -> None:
        """Count these stories no more."""
        for story_id in stories:
            self.stories.pop(story_id, None)


def bits(number: int) -> Iterator[int]:
    """The places of the ones in a number, the lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
