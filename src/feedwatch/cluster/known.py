"""Well-known names in both languages: places, bodies, companies and people that pinyin cannot give.

The table is known.txt; each row is its own example.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from feedwatch.cluster.pinyin import spelled
from feedwatch.han import to_simplified


@dataclass(frozen=True, slots=True)
class Known:
    """A row: what it is called in both languages. weight: how much it says that two items share it."""

    name: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """A row's name at the characters [start, end) of a text."""

    row: Known
    start: int
    end: int


def known_rows() -> tuple[Known, ...]:
    """The table, in its order."""
    return _rows()


def known_in_english(text: str) -> list[Found]:
    """The well-known names of an English text, whole words, the longest at each place."""
    forms, automaton = _english()
    return [
        Found(forms[form], start, end)
        for form, start, end in automaton.find_matches_as_indexes(text)
        if not (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1]))
    ]


def known_in_chinese(text: str) -> list[Found]:
    """The well-known names of a text in simplified characters, the longest at each place; those in Latin too."""
    forms, automaton = _chinese()
    return [
        Found(forms[form], start, end)
        for form, start, end in automaton.find_matches_as_indexes(text)
        if not (_is_latin(text[start]) and (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1])))
    ]


@cache
def _rows() -> tuple[Known, ...]:
    rows = []
    weight = 0.0
    for line in files(__package__).joinpath("known.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            weight = float(line.strip("[]"))
        elif line and not line.startswith("#"):
            chinese, _, english = line.partition(" = ")
            forms = tuple(form.strip() for form in chinese.split(","))
            names = tuple(form.strip() for form in english.split(",")) if english else (spelled(forms[0]).title(),)
            rows.append(Known(names[0], forms, names, weight))
    return tuple(rows)


@cache
def _english() -> tuple[list[Known], AhoCorasick]:
    return _automaton([(form, row) for row in _rows() for form in row.english])


@cache
def _chinese() -> tuple[list[Known], AhoCorasick]:
    return _automaton(
        [(form, row) for row in _rows() for form in dict.fromkeys((*map(to_simplified, row.chinese), *row.english))]
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _automaton(forms: list[tuple[str, Known]]) -> tuple[list[Known], AhoCorasick]:
    written = [form for form, _ in forms]
    return [row for _, row in forms], AhoCorasick(written, matchkind=MatchKind.LeftmostLongest)
