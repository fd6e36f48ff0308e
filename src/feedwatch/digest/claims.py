"""Words that turn a report: dead, arrested, cancelled, denied.

The table is claims.txt: a line of it is a claim with the words that make it, English before the bar, Chinese behind.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|without|cannot|neither|nor|\w+n['’]t)\b|[不没未无勿]", re.IGNORECASE
)


def claims_of(words: Collection[str], text: str) -> set[int]:
    """The claims that a text makes, by their lines' numbers. words: its Latin words, in small letters; text: the whole,
    in simplified characters."""
    by_word, numbers, automaton = _table()
    claims = {by_word[word] for word in by_word.keys() & words}
    if not text.isascii():
        claims.update(numbers[form] for form, _, _ in automaton.find_matches_as_indexes(text))
    return claims


def negations(sentence: str) -> int:
    """How many words of it deny."""
    return len(_NEGATION.findall(sentence))


@cache
def _table() -> tuple[dict[str, int], list[int], AhoCorasick]:
    by_word: dict[str, int] = {}
    forms: list[str] = []
    numbers: list[int] = []
    lines = files(__package__).joinpath("claims.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        english, _, chinese = line.partition("|")
        for word in english.split():
            by_word.setdefault(word, number)
        for form in chinese.split():
            forms.append(form)
            numbers.append(number)
    return by_word, numbers, AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest)
