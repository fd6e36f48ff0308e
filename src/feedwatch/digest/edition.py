"""An edition in words: each story by its representative, with its best passage, and the figures of the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.digest.languages import primary
from feedwatch.digest.rising import rising_terms
from feedwatch.digest.snippet import best_passage, matched_terms
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from feedwatch.digest.selection import Chosen
    from feedwatch.model import Field, Span
    from feedwatch.store.due import DueSubscription
    from feedwatch.store.editions import Former
    from feedwatch.store.items import RelatedStory
    from feedwatch.store.wordings import ItemWords, StoryItem

TERMS_KEPT = 100
"""How many of an edition's terms are counted for it and remembered, the most frequent: what few stories have is no
rise, and a row stays small."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A story in words, the same for all whom it is told so."""

    story: EditionStory
    revision: int
    """Of the item that tells it."""
    terms: tuple[str, ...]
    """Telling ones, each once."""


def word(
    chosen: Chosen,
    words: ItemWords,
    items: Sequence[StoryItem],
    related: Sequence[RelatedStory],
    watchlists: Mapping[int, str],
) -> EditionStory:
    """The story as the chosen item tells it, with the terms of every watchlist that it met.

    `items` are all of the story's, earliest first; `related` tells of the same event in other languages; `watchlists`
    are names by id.
    """
    met = (chosen.watchlist_id, *chosen.also)
    spans = sorted({span for watchlist_id in met for span in words.spans.get(watchlist_id, ())})
    snippet, snippet_spans = best_passage(words.text, _joined(spans, "text"))
    others: dict[int, StoryItem] = {}
    for item in items:
        if item.source_id != words.source_id:
            others.setdefault(item.source_id, item)
    return EditionStory(
        story_id=chosen.story_id,
        title=words.title,
        title_spans=tuple(_joined(spans, "title")),
        url=words.url,
        source=words.source,
        source_language=words.language,
        published_at=words.published_at,
        snippet=snippet,
        snippet_spans=snippet_spans,
        terms=matched_terms(words.title, words.text, spans),
        also_in=tuple(EditionItem(item.title, item.url, item.source, item.published_at) for item in others.values()),
        also_matched=tuple(sorted(watchlists[watchlist_id] for watchlist_id in chosen.also)),
        is_update=chosen.is_update,
        relatives=_relatives(related),
    )


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A section's stories in words, and how many more it counts."""

    watchlist: str
    stories: tuple[Wording, ...]
    more: int


def compose(
    subscription: DueSubscription,
    sections: Sequence[SectionWords],
    *,
    window_end: datetime,
    source_count: int,
    previous_story_count: int | None,
    former: Sequence[Former],
) -> tuple[Edition, dict[str, int]]:
    """The edition, and how many of its stories have each telling term, the most frequent TERMS_KEPT.

    `former` are the subscription's editions before it, newest first: what its terms rise above.
    """
    counter: Counter[str] = Counter()
    for section in sections:
        for wording in section.stories:
            counter.update(wording.terms)
    counts = dict(counter.most_common(TERMS_KEPT))
    story_count = sum(len(section.stories) for section in sections)
    edition = Edition(
        subscription=subscription.name,
        timezone=subscription.timezone,
        locale=subscription.locale,
        window_start=subscription.window_start,
        window_end=window_end,
        sections=tuple(
            EditionSection(section.watchlist, tuple(wording.story for wording in section.stories), section.more)
            for section in sections
        ),
        source_count=source_count,
        previous_story_count=previous_story_count,
        rising=rising_terms(counts, story_count, former),
    )
    return edition, counts


def _relatives(related: Sequence[RelatedStory]) -> tuple[EditionRelative, ...]:
    """The first of each language: scripts and regions aside."""
    by_language: dict[str, EditionRelative] = {}
    for story in related:
        by_language.setdefault(
            primary(story.language), EditionRelative(story.title, story.url, story.sources[0], story.language)
        )
    return tuple(by_language.values())


def _joined(spans: Iterable[Span], field: Field) -> list[tuple[int, int]]:
    """The sorted spans of a field; those of several watchlists that overlap are one."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        if span.field != field:
            continue
        if joined and span.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.end))
        else:
            joined.append((span.start, span.end))
    return joined
