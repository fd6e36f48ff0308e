"""The loop that one would write first: every query is evaluated on every item, each phrase by Python's `in`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from time import process_time

from feedwatch.han import to_simplified
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase
from tests.bench.match.case import Case, Measured, Sourced, percentile, rss_mb, sample

SAMPLE = 60
_TOKEN = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")


class Folded:
    """An item with its words in one form, a blank around each; a Chinese character is a word."""

    def __init__(self, sourced: Sourced) -> None:
        self.item, self.source = sourced
        self.title = f" {' '.join(words(self.item.title))} "
        self.text = f" {' '.join(words(self.item.text))} "
        self.both = f"{self.title}\n{self.text}"

    @cached_property
    def fields(self) -> tuple[list[str], list[str]]:
        return self.title.split(), self.text.split()


Holds = Callable[[Folded], bool]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a NEAR: phrases in words."""

    phrases: list[tuple[list[str], bool]]

    def places(self, text: list[str]) -> list[tuple[int, int]]:
        return [
            (at, at + len(sought) - 1)
            for sought, is_prefix in self.phrases
            for at, word in enumerate(text)
            if (word.startswith(sought[0]) if is_prefix else word == sought[0])
            and (is_prefix or text[at : at + len(sought)] == sought)
        ]


def words(text: str) -> list[str]:
    """Folded: width, case, accents, Chinese."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _TOKEN.findall(to_simplified("".join(c for c in plain if not unicodedata.combining(c))))


def test_of(node: Node) -> Holds:
    """What tells whether an item meets the query."""
    match node:
        case Phrase(text=text, scope=scope, is_prefix=is_prefix):
            sought = f" {' '.join(words(text))}" + ("" if is_prefix else " ")
            if scope == "title":
                return lambda item: sought in item.title
            return lambda item: sought in item.both
        case Fact(name=name, pattern=pattern):
            return _fact(name, pattern.lower())
        case Near():
            return _near(node)
        case Not(part=part):
            refused = test_of(part)
            return lambda item: not refused(item)
        case And(parts=parts):
            tests = list(map(test_of, parts))
            return lambda item: all(test(item) for test in tests)
        case Or(parts=parts):
            tests = list(map(test_of, parts))
            return lambda item: any(test(item) for test in tests)
    raise TypeError(node)


def _fact(name: str, glob: str) -> Holds:
    if name == "lang":
        return lambda item: f"{item.item.language.lower()}-".startswith(f"{glob}-")
    if name == "source":
        return lambda item: fnmatchcase(item.source, glob)
    return lambda item: any(fnmatchcase(tag.lower(), glob) for tag in item.item.tags)


def _near(node: Near) -> Holds:
    holds = [test_of(node.left), test_of(node.right)]
    left, right = _side(node.left), _side(node.right)

    def is_near(item: Folded) -> bool:
        return all(test(item) for test in holds) and any(
            0 < max(first - other_last, other_first - last) <= node.distance
            for text in item.fields
            for first, last in left.places(text)
            for other_first, other_last in right.places(text)
        )

    return is_near


def _side(node: Node) -> _Side:
    parts = node.parts if isinstance(node, Or) else (node,)
    return _Side([(words(part.text), part.is_prefix) for part in parts if isinstance(part, Phrase)])


def measure(case: Case) -> Measured:
    """On some of the items."""
    before = rss_mb()
    begun = process_time()
    tests = [test_of(query.tree) for query in case.queries]
    build_s = process_time() - begun
    grown = rss_mb() - before
    taken, found = [], []
    places = sample(case, SAMPLE)
    for place in places:
        begun = process_time()
        folded = Folded(case.items[place])
        found.append(frozenset(number for number, test in enumerate(tests) if test(folded)))
        taken.append(process_time() - begun)
    return Measured(
        "naive loop", len(case.queries), places, len(taken) / sum(taken), build_s, rss_mb("VmHWM"), grown,
        percentile(taken, 0.5) * 1e6, percentile(taken, 0.99) * 1e6, len(case.queries), found,
    )  # fmt: skip
