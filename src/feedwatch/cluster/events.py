"""Tells which items of two languages report one event: a Chinese original and its English translation.

Two steps. The store looks up items that share at least two of their rarest marks (`event_keys`); of those,
`is_same_event` compares what both texts name, count and date. docs/events.md shows what was measured.
"""

from __future__ import annotations

from hashlib import blake2b

from feedwatch.cluster.event_likeness import likeness_of_texts, nearness
from feedwatch.cluster.evidence import Tongue, evidence
from feedwatch.model import Item, Report, SketchKind

MOST_KEYS = 8
THRESHOLD = 4.0
"""Chosen on the training half of tests/bench/events: far above its likest wrong pair (1.5): real weeks are denser."""
_LEAST_KEY_WEIGHT = 0.8
_LEAD_BONUS = 1.0
_KEYS = 1 << 61
_KEYS_REACH = {"zh": 500, "en": 1200}
"""Characters that are looked through for keys: what an item is about stands in front."""


def event_keys(item: Item) -> tuple[int, ...]:
    """The keys of an item's rarest marks, the rarest first: at most 8, of 63 bits, of kind `SketchKind.EVENT`.

    Empty for items that are neither Chinese nor English, or that name and count nothing. The same in every process.
    """
    tongue = _tongue(item.language)
    if tongue is None:
        return ()
    found = evidence(item.title, item.text[: _KEYS_REACH[tongue]], tongue)
    telling = [mark for mark, weight in found.weights.items() if weight >= _LEAST_KEY_WEIGHT]
    # What stands in front of the one stands in front of the other.
    telling.sort(key=lambda mark: -found.weights[mark] - (_LEAD_BONUS if mark in found.lead else 0.0))
    return tuple(dict.fromkeys(map(_key, telling[:MOST_KEYS])))


def is_same_event(a: Report, b: Report) -> bool:
    """Whether a Chinese and an English item report one event, by strong evidence; False for any other two languages.

    Symmetric. Precision before recall: what two texts share must weigh enough, and make up enough of both. Costs
    0.3 ms, less where one item is compared with several.
    """
    return likeness(a, b) >= THRESHOLD


def likeness(a: Report, b: Report) -> float:
    """How strongly two items point to one event: 0 to 16; 0 unless one is Chinese and the other English."""
    tongues = (_tongue(a.language), _tongue(b.language))
    if tongues == ("en", "zh"):
        a, b = b, a
    elif tongues != ("zh", "en"):
        return 0.0
    return likeness_of_texts(evidence(a.title, a.text, "zh"), evidence(b.title, b.text, "en")) * nearness(a, b)


def _tongue(language: str) -> Tongue | None:
    """zh or en, of a BCP 47 tag; None for other languages."""
    primary = language.partition("-")[0].lower()
    return "zh" if primary == "zh" else "en" if primary == "en" else None


def _key(mark: str) -> int:
    # 49.8 in one language may be 49.8% in the other.
    number = int.from_bytes(blake2b(mark.rstrip("%").encode(), digest_size=8).digest())
    return (number % _KEYS) << 2 | SketchKind.EVENT
