"""Precision and recall over labelled pairs of items."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from feedwatch.cluster.events import THRESHOLD, event_keys, likeness
from tests.bench.events.labelled import Labelled

LEAST_SHARED_KEYS = 2
"""As the store asks."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, whether it is one event, and what was found."""

    chinese: Labelled
    english: Labelled
    likeness: float
    shared_keys: int

    @property
    def is_one_event(self) -> bool:
        """What the labels say."""
        return self.chinese.event == self.english.event

    def is_linked(self, threshold: float = THRESHOLD) -> bool:
        """What feedwatch says: the store finds it, and the texts are alike enough."""
        return self.shared_keys >= LEAST_SHARED_KEYS and self.likeness >= threshold


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the links are."""

    pairs: int
    events: int
    linked: int
    right: int

    @property
    def precision(self) -> float:
        """The share of links that are right."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """The share of events that are linked."""
        return self.right / self.events if self.events else 1.0


def judge(pairs: list[tuple[Labelled, Labelled]]) -> list[Judged]:
    """Every pair, compared."""
    keys = {id(item): set(event_keys(item.item())) for pair in pairs for item in pair}
    return [
        Judged(
            chinese,
            english,
            likeness(chinese.report(), english.report()),
            len(keys[id(chinese)] & keys[id(english)]),
        )
        for chinese, english in pairs
    ]


def with_other_figures(items: list[Labelled]) -> list[tuple[Labelled, Labelled]]:
    """Each Chinese item beside its English translation, in which all digits are changed: the same names another day."""
    draw = random.Random(4)
    chinese = {item.event: item for item in items if item.language != "en"}
    pairs = []
    for item in items:
        if item.language == "en" and item.event in chinese and not item.is_hard:
            title, text = (
                re.sub("[0-9]", lambda _: draw.choice("123456789"), written) for written in (item.title, item.text)
            )
            pairs.append((chinese[item.event], replace(item, event=f"not {item.event}", title=title, text=text)))
    return pairs


def quality(judged: list[Judged], threshold: float = THRESHOLD) -> Quality:
    """Precision and recall at a threshold."""
    linked = [pair for pair in judged if pair.is_linked(threshold)]
    return Quality(
        pairs=len(judged),
        events=sum(pair.is_one_event for pair in judged),
        linked=len(linked),
        right=sum(pair.is_one_event for pair in linked),
    )
