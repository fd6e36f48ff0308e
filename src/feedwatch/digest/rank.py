"""The order of a digest's sections and of their stories, which section tells a story, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

HALF_LIFE = timedelta(hours=24)
RECENCY_FLOOR = 0.2
"""What an old story keeps of its weight, however old: an article found late may still be the one that matters."""
PRIORITY_STEP = 1.25
"""What each step of a watchlist's priority is worth where stories of several watchlists compete for the last places."""


@dataclass(frozen=True, slots=True)
class Section:
    """What the order of a watchlist's section depends on."""

    watchlist_id: int
    watchlist: str
    priority: int
    """The watchlist's; the higher stand first."""


def section_order(section: Section) -> tuple[int, str, int]:
    """By priority, then by name."""
    return -section.priority, section.watchlist.casefold(), section.watchlist_id


def home(sections: Iterable[Section], story_counts: Mapping[int, int]) -> Section:
    """Of the watchlists that a story met, the one that tells it.

    The highest priority, then the one with the fewest stories in this edition, which is the most specific, then the
    first by name. `story_counts` are by watchlist's id.
    """
    return min(sections, key=lambda section: (-section.priority, story_counts[section.watchlist_id], section.watchlist))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the order of a story depends on."""

    story_id: int
    score: float
    """Of its best match with the section's watchlist, above 0: scores of two watchlists do not compare."""
    source_count: int
    """How many sources ran it, at least 1."""
    published_at: datetime
    """When its first item that matched was; of an update, when the text changed."""
    source_weight: float = 1.0
    """The `weight` of the heaviest of its sources."""
    item_id: int = 0
    """The item that tells it; the order does not depend on it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its weight."""

    story_id: int
    item_id: int
    weight: float
    published_at: datetime


def weight(candidate: Candidate, window_end: datetime) -> float:
    """score x (1 + log2(sources) / 2) x recency x source weight; above 0 when the score is.

    Sources: each doubling adds half of a lone story's weight (1, 1.5 for two, 2 for four, 2.5 for eight).
    Recency: 1 at the window's end (and for dates after it), then RECENCY_FLOOR + (1 - RECENCY_FLOOR) / 2^(age / 24 h).
    """
    age = max(window_end - candidate.published_at, timedelta())
    recency = RECENCY_FLOOR + (1 - RECENCY_FLOOR) * float(0.5 ** (age / HALF_LIFE))
    breadth = 1 + log2(max(candidate.source_count, 1)) / 2
    return candidate.score * breadth * recency * candidate.source_weight


def rank(stories: Iterable[Candidate], window_end: datetime) -> list[Ranked]:
    """The heaviest first; equals by time, the latest first, then by story id."""
    return in_order(
        Ranked(story.story_id, story.item_id, weight(story, window_end), story.published_at) for story in stories
    )


def in_order(stories: Iterable[Ranked]) -> list[Ranked]:
    """As `rank` puts them."""
    return sorted(stories, key=lambda story: (-story.weight, -story.published_at.timestamp(), story.story_id))


def within(sections: Sequence[tuple[Section, Sequence[Ranked]]], *, each: int, in_all: int) -> list[int]:
    """How many stories each section may show: at most `each`, and at most `in_all` together.

    `sections` stand in their order, their stories ranked. For the places that all share, a story counts with its weight
    as a share of the heaviest of its section, times PRIORITY_STEP to the power of the watchlist's priority: scores of
    two watchlists do not compare, their shares do. So the first of every section stands before any second of equal
    priority.
    """
    kept = [min(len(stories), each) for _, stories in sections]
    if sum(kept) <= in_all:
        return kept
    places = sorted(
        (-story.weight / (stories[0].weight or 1) * PRIORITY_STEP**section.priority, at, place)
        for at, (section, stories) in enumerate(sections)
        for place, story in enumerate(stories[: kept[at]])
    )
    counts = [0] * len(sections)
    for _, at, _ in places[:in_all]:
        counts[at] += 1
    return counts
