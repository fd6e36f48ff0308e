"""How strongly an item met a watchlist."""

from __future__ import annotations

from collections.abc import Sequence

from feedwatch.model import Span

TITLE_WEIGHT = 3.0
TEXT_WEIGHT = 1.0
NEARNESS_WEIGHT = 0.5
TITLE_HALF = 1
TEXT_HALF = 3
NEARNESS_HALF = 500
"""Characters from the start of the text at which nearness is half of what it can be."""


def score(spans: Sequence[Span]) -> float:
    """Rate the merged spans of one match; above 0, below 4.5.

    `3 t/(t+1) + n/(n+3) + 0.5 * 500/(500+first)` for t spans in the title and n in the text, of which the first begins
    at character `first`. So one hit in the title outweighs any number in the text, the tenth hit says little more than
    the ninth, and early hits say more than late ones.
    """
    in_title = sum(span.field == "title" for span in spans)
    text_starts = [span.start for span in spans if span.field == "text"]
    in_text = len(text_starts)
    nearness = NEARNESS_HALF / (NEARNESS_HALF + min(text_starts)) if text_starts else 0.0
    return round(
        TITLE_WEIGHT * in_title / (in_title + TITLE_HALF)
        + TEXT_WEIGHT * in_text / (in_text + TEXT_HALF)
        + NEARNESS_WEIGHT * nearness,
        4,
    )
