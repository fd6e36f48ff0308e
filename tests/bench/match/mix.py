"""Queries as monitors write them: a mix of kinds, made of what was mined, the same at every run.

Guides tell how such queries are made, none tells how many there are of each kind, so that the shares are this file's
own. Variants of a name joined with OR, tied to a topic with AND, noise taken out with NOT: Meltwater's "The Boolean
Touch" and its "Media Monitoring Boolean Query Guide", Streem's "Boolean Basics". Phrases in quotes, words that go on
(*), words near each other, title: Media Cloud's "Query Guide", Talkwalker Alerts' "Search Syntax", SentiOne's
"Operators". Long lists: Brandwatch's query files, which have tools of their own to keep them in order (bwq-lint).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from feedwatch.han import to_simplified
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase
from tests.bench.match.case import Query
from tests.bench.match.mine import Material
from tests.bench.match.written import as_ours

MADE_OF_ONE_NAME_AT_MOST = 0.3
"""The share of queries of `phrase` that are a single word."""


class Kind(NamedTuple):
    """A kind of query: its share of the mix, in percent, and what makes one."""

    share: int
    make: Callable[[Dice], Node]


def mix(material: Material, count: int, seed: int = 5) -> list[Query]:
    """So many queries, no two written alike."""
    return list(islice(_endless(material, seed), count))


def _endless(material: Material, seed: int) -> Iterator[Query]:
    dice = Dice(material, seed)
    seen: set[str] = set()
    names, shares = list(KINDS), [kind.share for kind in KINDS.values()]
    while True:
        kind = dice.random.choices(names, shares)[0]
        tree = KINDS[kind].make(dice)
        written = as_ours(tree)
        if written not in seen:
            seen.add(written)
            yield Query(kind, tree, written)


class Dice:
    """Draws words and phrases: half of them as often as news has them, half of them each as likely as any other."""

    def __init__(self, material: Material, seed: int) -> None:
        self.random = random.Random(seed)
        self._as_often: dict[str, Sequence[str]] = {name: getattr(material, name) for name in material.__slots__}
        self._once = {name: list(dict.fromkeys(drawn)) for name, drawn in self._as_often.items()}

    def draw(self, what: str) -> str:
        """One of what `Material` has under that name."""
        return self.random.choice((self._as_often if self.random.random() < 0.5 else self._once)[what])

    def name(self) -> Phrase:
        """Any name; too common, perhaps, to be asked for alone."""
        return Phrase(self.draw("names"))

    def subject(self) -> Phrase:
        """What can be asked for alone: mostly a name, else a phrase."""
        return Phrase(self.draw("telling" if self.random.random() < 0.7 else "phrases"))

    def topic(self) -> Phrase:
        return Phrase(self.draw("topics"))

    def chinese(self) -> Phrase:
        """In either way of writing."""
        written = self.draw("chinese")
        return Phrase(to_simplified(written) if self.random.random() < 0.5 else written)

    def prefix(self) -> Phrase:
        """A topic word of seven letters or more, without its end."""
        word = ""
        while len(word) < 7:
            word = self.draw("topics")
        return Phrase(word[: self.random.randint(5, len(word) - 2)], is_prefix=True)

    def some(self, make: Callable[[], Phrase], least: int, most: int) -> Node:
        """An OR of so many; the one itself where it is one."""
        drawn = tuple(dict.fromkeys(make() for _ in range(self.random.randint(least, most))))
        return drawn[0] if len(drawn) == 1 else Or(drawn)


def _phrase(dice: Dice) -> Node:
    found = dice.subject()
    while " " not in found.text and "-" not in found.text and dice.random.random() > MADE_OF_ONE_NAME_AT_MOST:
        found = dice.subject()
    return found


def _name_and_topic(dice: Dice) -> Node:
    return And((dice.some(dice.name, 1, 4), dice.some(dice.topic, 1, 6)))


def _without_noise(dice: Dice) -> Node:
    return And((dice.some(dice.subject, 1, 4), Not(dice.some(dice.topic, 1, 4))))


def _tied_without_noise(dice: Dice) -> Node:
    return And((dice.some(dice.name, 1, 3), dice.some(dice.topic, 2, 6), Not(dice.some(dice.subject, 1, 3))))


def _near(dice: Dice) -> Node:
    left = dice.some(dice.name if dice.random.random() < 0.5 else dice.topic, 1, 3)
    return Near(left, dice.some(dice.topic, 1, 3), distance=dice.random.choice((3, 5, 8, 10, 15)))


def _prefix(dice: Dice) -> Node:
    return And((dice.some(dice.name, 1, 3), dice.some(dice.prefix, 1, 3)))


def _near_prefix(dice: Dice) -> Node:
    return Near(dice.some(dice.topic, 1, 2), dice.prefix(), distance=dice.random.choice((3, 5, 8)))


def _in_title(dice: Dice) -> Node:
    parts = tuple(replace(phrase, scope="title") for phrase in {dice.subject(): None, dice.subject(): None})
    return parts[0] if len(parts) == 1 else Or(parts)


def _of_language(dice: Dice) -> Node:
    return And((dice.some(dice.name, 1, 4), Fact("lang", dice.random.choice(("en", "en", "en", "zh", "fr")))))


def _of_source(dice: Dice) -> Node:
    glob = dice.draw("sources").partition("-")[0] + "-*"
    return And((dice.some(dice.topic, 1, 3), Fact("source", glob)))


def _of_tag(dice: Dice) -> Node:
    return And((dice.some(dice.topic, 1, 3), Fact("tag", dice.draw("tags"))))


def _chinese_with_noise(dice: Dice) -> Node:
    return And((dice.some(dice.chinese, 1, 3), dice.some(dice.chinese, 1, 3), Not(dice.chinese())))


def _both_scripts(dice: Dice) -> Node:
    return Or((dice.subject(), dice.subject(), dice.chinese(), dice.chinese()))


KINDS = {
    "phrase": Kind(16, _phrase),
    "OR list": Kind(16, lambda dice: dice.some(dice.subject, 2, 8)),
    "long OR list": Kind(3, lambda dice: dice.some(dice.subject, 15, 40)),
    "name AND topic": Kind(18, _name_and_topic),
    "AND NOT": Kind(10, _without_noise),
    "AND, AND NOT": Kind(8, _tied_without_noise),
    "NEAR": Kind(8, _near),
    "prefix": Kind(4, _prefix),
    "NEAR prefix": Kind(1, _near_prefix),
    "title:": Kind(3, _in_title),
    "lang:": Kind(1, _of_language),
    "source:": Kind(1, _of_source),
    "tag:": Kind(1, _of_tag),
    "Chinese": Kind(5, lambda dice: dice.some(dice.chinese, 1, 4)),
    "Chinese AND NOT": Kind(2, _chinese_with_noise),
    "both scripts": Kind(3, _both_scripts),
}
"""By name. The shares sum to 100."""
