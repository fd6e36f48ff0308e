"""How rare a phrase is in the archive."""

from __future__ import annotations

from math import log

from feedwatch.model import Rarity

from .index_tokens import word_tokens
from .score import NEUTRAL
from .seeking import Cost, by_writing


def rarity_of(phrase: str, rarity: Rarity) -> float:
    """How rare a phrase is, by its rarest word: 0 for one that every document has, 1 for one that none has.

    NEUTRAL where nothing is known of the archive, or the phrase has no token.
    """
    tokens = word_tokens(phrase) if rarity.documents else ()
    if not tokens:
        return NEUTRAL
    having = min(rarity.counts.get(token, 0) for token in tokens)
    return log((rarity.documents + 1) / (min(having, rarity.documents) + 1)) / log(rarity.documents + 1)


def cost_by(rarity: Rarity) -> Cost:
    """What it costs to search for a literal: the share of the archive that has it as a word, then its writing."""
    if not rarity.documents:
        return by_writing

    def cost(phrase: str, squeezed: str) -> float:
        having = rarity.counts.get(squeezed, 0)
        return having / rarity.documents + by_writing(phrase, squeezed) / rarity.documents

    return cost
