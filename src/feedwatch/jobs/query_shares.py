"""What each term and query of a watchlist brings, and which only repeats another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from feedwatch.jobs.story_tally import Tally, bits


@dataclass(frozen=True, slots=True)
class QueryShare:
    """What one term or query brings."""

    written: str
    stories: int
    alone: int
    """Of them, those that no other term or query of the watchlist finds."""
    doubtful: int
    """Of them, those that are doubtful."""
    within: str = ""
    """Another one that finds every one of its stories; empty where there is none, or nothing was found."""


def query_shares(kept: Tally, doubtful: Collection[int]) -> tuple[QueryShare, ...]:
    """What each of the tally's texts brings, in their order; `doubtful` are ids of stories."""
    texts = kept.texts
    stories, alone, noise = [0] * len(texts), [0] * len(texts), [0] * len(texts)
    common = [-1] * len(texts)
    """By query: the queries that found every one of its stories, as bits."""
    for key, story in kept.stories.items():
        for place in bits(story.queries):
            stories[place] += 1
            common[place] &= story.queries
            alone[place] += story.queries.bit_count() == 1
            noise[place] += key in doubtful
    return tuple(
        QueryShare(text, stories[at], alone[at], noise[at], _within(at, texts, stories, common))
        for at, text in enumerate(texts)
    )


def _within(at: int, texts: Sequence[str], stories: Sequence[int], common: Sequence[int]) -> str:
    """Of two that find the same stories the first stays, and the other is within it."""
    if not stories[at]:
        return ""
    others = [
        other
        for other in bits(common[at])
        if other != at and (stories[other] > stories[at] or (stories[other] == stories[at] and other < at))
    ]
    return texts[max(others, key=lambda other: stories[other])] if others else ""
