"""The order in which a digest shows its sections and their stories, and which section tells a story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

HALF_LIFE = timedelta(hours=24)
RECENCY_FLOOR = 0.2
"""What an old story keeps of its weight, however old: an article found late may still be the one that matters."""


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


def weight(candidate: Candidate, window_end: datetime) -> float:
    """score x (1 + log2(sources) / 2) x recency; above 0 when the score is.

    Sources: each doubling adds half of a lone story's weight (1, 1.5 for two, 2 for four, 2.5 for eight).
    Recency: 1 at the window's end (and for dates after it), then RECENCY_FLOOR + (1 - RECENCY_FLOOR) / 2^(age / 24 h).
    """
    age = max(window_end - candidate.published_at, timedelta())
    recency = RECENCY_FLOOR + (1 - RECENCY_FLOOR) * float(0.5 ** (age / HALF_LIFE))
    breadth = 1 + log2(max(candidate.source_count, 1)) / 2
    return candidate.score * breadth * recency


def rank(stories: Iterable[Candidate], window_end: datetime) -> list[Candidate]:
    """The heaviest first; equals by time, the latest first, then by story id."""

    def order(story: Candidate) -> tuple[float, float, int]:
        return -weight(story, window_end), -story.published_at.timestamp(), story.story_id

    return sorted(stories, key=order)
