"""How strongly an item met a watchlist."""

from __future__ import annotations

from collections.abc import Sequence

from feedwatch.model import Span

LEAST = 0.1
TITLE_WEIGHT = 3.0
TEXT_WEIGHT = 1.0
NEARNESS_WEIGHT = 0.5
TITLE_HALF = 1
TEXT_HALF = 3
NEARNESS_HALF = 500
"""Characters from the start of the text at which nearness is half of what it can be."""
COVERAGE_FLOOR = 0.5
RARITY_FLOOR = 0.5

NEUTRAL = 0.5
"""The rarity of what is not known."""


def score(spans: Sequence[Span], coverage: float = 1.0, rarity: float = NEUTRAL) -> float:
    """Rate the merged spans of one match: above 0, below 6.9.

    `place * (0.5 + 0.5 coverage) * (0.5 + rarity)`, where

    - place, 0.1 to 4.6, is `0.1 + 3 t/(t+1) + n/(n+3) + 0.5 * 500/(500+first)` for t spans in the title and n in the
      text, of which the first begins at character `first`: one hit in the title outweighs any number in the text, the
      tenth hit says little more than the ninth, and early hits say more than late ones;
    - coverage, 0 to 1, is the share of a query's distinct phrases that took part, of the query where it is largest;
    - rarity, 0 to 1, is that of the rarest phrase that took part: `log((N+1)/(n+1)) / log(N+1)` where n of N documents
      of the archive have it, and 0.5, which changes nothing, where the archive is not known.

    It never falls as coverage, rarity or either number of spans grows, or as the first span moves forward.
    """
    return rated(place_of(spans), coverage, rarity)


def place_of(spans: Sequence[Span]) -> float:
    """What `score` takes for the place of spans."""
    in_title = in_text = first = 0
    for span in spans:
        if span.field == "title":
            in_title += 1
        else:
            if not in_text or span.start < first:
                first = span.start
            in_text += 1
    place = LEAST
    if in_title:
        place += TITLE_WEIGHT * in_title / (in_title + TITLE_HALF)
    if in_text:
        place += TEXT_WEIGHT * in_text / (in_text + TEXT_HALF)
        place += NEARNESS_WEIGHT * NEARNESS_HALF / (NEARNESS_HALF + first)
    return place


def rated(place: float, coverage: float, rarity: float) -> float:
    """`score`, of a place."""
    covered = COVERAGE_FLOOR + (1 - COVERAGE_FLOOR) * coverage
    return round(place * covered * (RARITY_FLOOR + rarity), 4)
