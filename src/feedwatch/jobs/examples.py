"""Stories shown by the item of theirs that matched best: its title, and the passage that it matched in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.digest.snippet import Range, best_passage
from feedwatch.match import Matcher
from feedwatch.store.archived import read_archived

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.jobs.story_tally import Tally
    from feedwatch.model import Rarity, WatchlistDef

PASSAGE_WIDTH = 240
"""In columns."""


@dataclass(frozen=True, slots=True)
class Example:
    """A story, shown by one item of its."""

    story_id: int
    item_id: int
    score: float
    title: str
    title_spans: tuple[Range, ...]
    passage: str
    passage_spans: tuple[Range, ...]
    source: str
    """The source's name."""
    published_at: datetime
    url: str
    queries: tuple[str, ...]
    """What of the watchlist found it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the examples are read, and by what their passages are marked."""

    session: Session
    definition: WatchlistDef
    rarity: Rarity


def show(shown: Shown, tally: Tally, story_ids: Sequence[int]) -> tuple[Example, ...]:
    """The stories in this order."""
    if not story_ids:
        return ()
    matcher = Matcher([(shown.definition, 1)], shown.rarity)
    stories = {tally.stories[story_id].item_id: story_id for story_id in story_ids}
    examples: list[Example] = []
    for found in read_archived(shown.session, list(stories)):
        item, story_id = found.item, stories[found.id]
        matches = matcher.match(item, found.source, found.source_tags)
        spans = matches[0].spans if matches else ()
        in_text = [(span.start, span.end) for span in spans if span.field == "text"]
        passage, passage_spans = best_passage(item.text, in_text, width=PASSAGE_WIDTH)
        examples.append(
            Example(
                story_id=story_id,
                item_id=found.id,
                score=round(tally.stories[story_id].score, 2),
                title=item.title,
                title_spans=tuple((span.start, span.end) for span in spans if span.field == "title"),
                passage=passage,
                passage_spans=passage_spans,
                source=found.source,
                published_at=item.published_at,
                url=item.url,
                queries=matches[0].queries if matches else (),
            )
        )
    return tuple(examples)
