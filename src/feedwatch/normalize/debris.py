"""Takes the debris of scraping and publishing out of a text, and keeps what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from feedwatch.normalize.debris_rules import CLOSING, RULES
from feedwatch.normalize.names import read_names
from feedwatch.normalize.rules import DECORATION, Rule
from feedwatch.normalize.text import tidy

Spans = tuple[tuple[int, int], ...]
"""Where characters went, counted without white space: from, to."""

_EDGES = tuple(rule for rule in RULES if rule.where in {"head", "tail"})
# What looks for characters that ASCII has not cannot apply to a text in it, as most are.
_ASCII_EDGES = tuple(
    replace(rule, needs=needs)
    for rule in _EDGES
    if (needs := tuple(needed for needed in rule.needs if needed.isascii())) or not rule.needs
)
_LINES = tuple(rule for rule in RULES if rule.where == "line")
_INSIDE = tuple(rule for rule in RULES if rule.where == "inside")
_LONGEST_END = max(len(end) for rule in RULES for end in rule.ends)
_REACH = max(rule.reach for rule in RULES if rule.ends)
_LONGEST_LINE = max(rule.reach for rule in _LINES)
_HASHTAG = re.compile(r"[#＃]([^\s#＃,，、;；]+)")
_MAX_NESTED = 10
_PAIR = 2
_FIRST_EASTERN = "\u2e80"
_EASTERN = tuple(rule for rule in _LINES if not rule.begins)
_BY_BEGIN = {
    begin: tuple(rule for rule in _LINES if begin in rule.begins)
    for begin in {b for rule in _LINES for b in rule.begins}
}


class Cleaned(NamedTuple):
    """What is left of a text, and what was read from the rest.

    The last four say how the text was cut, so that its HTML can be cut alike; they count characters without white
    space. First each of `rounds` took its spans out, then front and back went from either end; ending is what was put
    in place of the latter.
    """

    text: str
    tags: tuple[str, ...] = ()
    """In the order of the text, without "#"."""
    time: str | None = None
    """As written; the text's last."""
    authors: tuple[str, ...] = ()
    origin: str = ""
    rounds: tuple[Spans, ...] = ()
    front: int = 0
    back: int = 0
    ending: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether anything went."""
        return bool(self.front or self.back or self.rounds)


class _Told:
    """What the parts that went told, in the order of the text."""

    __slots__ = ("authors", "origin", "tags", "time")

    def __init__(self) -> None:
        self.tags: tuple[str, ...] = ()
        self.time: str | None = None
        self.authors: tuple[str, ...] = ()
        self.origin = ""

    def take(self, rule: Rule, match: re.Match[str]) -> None:
        if not rule.pattern.groupindex:
            return
        told = match.groupdict()
        if tags := told.get("tags"):
            self.tags = (*_HASHTAG.findall(tags), *self.tags)
        self.time = self.time or told.get("time") or told.get("later")
        self.origin = self.origin or told.get("origin") or ""
        if authors := told.get("authors"):
            self.authors = (*self.authors, *read_names(authors))


def clean(text: str, off: frozenset[str] = frozenset()) -> Cleaned:
    """The text without debris, by every rule of the table whose name is not in `off`.

    Lines and codes within the text go first, then the edges. Rules are tried until none applies, so that a row of tags
    behind a time behind "Read more" all go, and cleaning twice changes nothing.
    """
    told = _Told()
    text, rounds = _without_inner(text.strip(), off, told)
    front = back = 0
    ending = ""
    edges = _ASCII_EDGES if text.isascii() else _EDGES
    if off:
        edges = tuple(rule for rule in edges if rule.name not in off)
    applied = True
    while applied and text:
        applied = False
        end = _end_of(text)
        for rule in edges:
            match = _find(rule, text, end)
            if match is None:
                continue
            is_head = rule.where == "head"
            left = text[match.end() :].lstrip() if is_head else text[: match.start()].rstrip()
            if not (rule.alone or left):
                continue
            applied = True
            told.take(rule, match)
            if is_head:
                front += _seen(match[0])
                text = left
            else:
                back += _seen(text[len(left) :]) - len(ending)
                ending = rule.keeps
                text = left + ending
            end = _end_of(text)
        if applied:
            # What an edge leaves of its line may be a line of debris.
            end_of_first = text.find("\n")
            if 0 < end_of_first <= _LONGEST_LINE and _match_line(text[:end_of_first], off, told):
                front += _seen(text[:end_of_first])
                text = text[end_of_first + 1 :]
            last = text[text.rfind("\n", -_LONGEST_LINE - 1) + 1 :]
            if len(last) <= _LONGEST_LINE and _match_line(last, off, told, is_alone=last == text):
                back += _seen(last) - len(ending)
                text, ending = text[: -len(last)].rstrip(), ""
    return Cleaned(text, told.tags, told.time, told.authors, told.origin, rounds, front, back, ending)


def _without_inner(text: str, off: frozenset[str], told: _Told) -> tuple[str, tuple[Spans, ...]]:
    """The text without the codes and lines of debris that stand in it, and how it was cut."""
    rounds: list[Spans] = []
    while len(rounds) < _MAX_NESTED and (cuts := _codes(text, off)):
        rounds.append(_counted(text, cuts))
        text = _without(text, cuts)
    if cuts := _lines(text, off, told):
        rounds.append(_counted(text, cuts))
        text = _without(text, cuts)
    return text, tuple(rounds)


def _codes(text: str, off: frozenset[str]) -> list[tuple[int, int]]:
    """Where the rules for the inside of lines apply."""
    cuts: list[tuple[int, int]] = []
    for rule in _INSIDE:
        if rule.name not in off and _has_any(text, rule.starts, 0) and _has_any(text, rule.needs, 0):
            found = [match.span() for match in rule.pattern.finditer(text)]
            if rule.alone or _without(text, found):
                cuts += found
    return sorted(cuts)


def _lines(text: str, off: frozenset[str], told: _Told) -> list[tuple[int, int]]:
    """Where the lines of debris stand."""
    found: list[tuple[int, int, Rule, re.Match[str]]] = []
    start = count = 0
    for line in text.split("\n"):
        count += 1
        end = start + len(line)
        if end - start <= _LONGEST_LINE:
            for rule in _rules_of(line):
                if match := _fits_line(rule, line, off):
                    found.append((start, end, rule, match))
                    break
        start = end + 1
    if len(found) == count:
        found = [one for one in found if one[2].alone]
    for _, _, rule, match in found:
        told.take(rule, match)
    return [(start, end) for start, end, _, _ in found]


def _match_line(line: str, off: frozenset[str], told: _Told, *, is_alone: bool = False) -> bool:
    """Whether a line is debris; what it tells is taken."""
    for rule in _rules_of(line):
        if (rule.alone or not is_alone) and (match := _fits_line(rule, line, off)):
            told.take(rule, match)
            return True
    return False


def _rules_of(line: str) -> tuple[Rule, ...]:
    """The rules that a line may fit."""
    begin = line.lstrip(DECORATION)[:_PAIR].casefold()
    begun = _BY_BEGIN.get(begin, ())
    return begun + _EASTERN if begin >= _FIRST_EASTERN else begun


def _fits_line(rule: Rule, line: str, off: frozenset[str]) -> re.Match[str] | None:
    if rule.name in off or len(line) > rule.reach or (rule.needs and not _has_any(line, rule.needs, 0)):
        return None
    match = rule.pattern.fullmatch(line)
    return match if match and _is_named(match) else None


def _is_named(match: re.Match[str]) -> bool:
    """Whether what the pattern took for authors reads as names, where it has any."""
    return "authors" not in match.re.groupindex or bool(read_names(match["authors"] or ""))


def _find(rule: Rule, text: str, end: str | None = None) -> re.Match[str] | None:
    """Where a rule for an edge applies; `end` is `_end_of(text)`, for who asks for several rules."""
    if rule.where == "head":
        match = rule.pattern.match(text) if not rule.starts or text[:1] in rule.starts else None
        return match if match and _is_named(match) else None
    if rule.ends and not (_end_of(text) if end is None else end).endswith(rule.ends):
        return None
    if rule.needs and not _has_any(text, rule.needs, max(0, len(text) - (rule.near or rule.reach))):
        return None
    match = rule.pattern.search(text, max(0, len(text) - rule.reach))
    return match if match and _is_named(match) else None


def _end_of(text: str) -> str:
    end = text[-_REACH:]
    while (shorter := end.rstrip().rstrip(CLOSING)) != end:
        end = shorter
    return end[-_LONGEST_END:].casefold()


def _has_any(text: str, needed: Iterable[str], start: int) -> bool:
    for one in needed:  # noqa: SIM110 - any() takes longer, and this is asked for every item and rule
        if text.find(one, start) >= 0:
            return True
    return False


def _counted(text: str, cuts: list[tuple[int, int]]) -> Spans:
    """The cuts, counted in characters that are not white space."""
    spans: list[tuple[int, int]] = []
    at = position = 0
    for start, end in cuts:
        position += _seen(text[at:start])
        length = _seen(text[start:end])
        spans.append((position, position + length))
        position, at = position + length, end
    return tuple(spans)


def _without(text: str, cuts: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in cuts:
        pieces.append(text[at:start])
        at = end
    return tidy(" ".join([*pieces, text[at:]]))


def _seen(text: str) -> int:
    return sum(map(len, text.split()))
