"""The order in which a digest shows its stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

HALF_LIFE = timedelta(hours=24)
RECENCY_FLOOR = 0.2
"""What an old story keeps of its weight, however old: an article found late may still be the one that matters."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the order of a story depends on."""

    story_id: int
    score: float
    """Of its best match, above 0."""
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
