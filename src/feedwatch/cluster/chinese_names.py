"""The names of a Chinese text in pinyin: people and places that stand out plainly.

A person is a surname and one or two characters between words or signs that go with a person (区委书记劳茂昌指出); a
place is what two characters before 市, 区, 县, 镇 say. What is doubtful is left out, and what is wrong does little
harm: a name counts only where the English text has it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from feedwatch.cluster.names import Name, name_words
from feedwatch.cluster.pinyin import spelled, spelled_person

_HAN = "[\u4e00-\u9fff]"
_SIGNS = r"[、，。；：:（(）) /\n”“《]|$"
# Not 市值, 区域, 乡村.
_PLACE = re.compile(f"(?P<p>{_HAN}{{2}})(?:市(?![值场民面价占盈容])|区(?![域间分别])|县|镇|村|乡(?!村)|街道)")
_NO_PLACE_BEGIN = frozenset("的在是与和及等了为")
_NO_PLACE_END = frozenset(
    "上全我本该各两大个的湾乡社园景灾校地片辖新老郊县市区镇村省州在是与和及等位了为于到从向由对把被将"
)


def chinese_names(text: str) -> list[Name]:
    """The names of people and places of a text in simplified characters that stand out plainly, in their order."""
    names = [name for name in (*_people(text), *_places(text)) if name.letters]
    return sorted(names, key=lambda name: name.start)


def _people(text: str) -> Iterator[Name]:
    for found in _found_people(text):
        surname, given = found["surname"], found["given"]
        if surname in _common_words() and len(given) == 1:
            continue
        yield Name(spelled_person(surname, given), "person", found.start("surname"))
        end = found.end()
        while (another := _patterns().another.match(text, end)) and another["surname"] not in _common_words():
            yield Name(spelled_person(another["surname"], another["given"]), "person", another.start("surname"))
            end = another.end()


def _found_people(text: str) -> Iterator[re.Match[str]]:
    """Those that follow a title, then those that stand between a sign and a verb."""
    patterns = _patterns()
    for _, _, end in patterns.titles.find_matches_as_indexes(text):
        if found := patterns.titled.match(text, end):
            yield found
    if found := patterns.beginning.match(text):
        yield found
    yield from patterns.plain.finditer(text)


def _places(text: str) -> Iterator[Name]:
    for found in _PLACE.finditer(text):
        place = found["p"]
        if place not in _no_places() and place[0] not in _NO_PLACE_BEGIN and place[1] not in _NO_PLACE_END:
            yield Name(spelled(place), "place", found.start())


class _Patterns(NamedTuple):
    titles: AhoCorasick
    titled: re.Pattern[str]
    """Behind a title."""
    plain: re.Pattern[str]
    beginning: re.Pattern[str]
    another: re.Pattern[str]
    """The next one of a list."""


@cache
def _patterns() -> _Patterns:
    words = name_words()
    after = f"(?={'|'.join(words['after'])}|{_SIGNS})"
    surely = f"(?=(?:{'|'.join(words['between'])})?(?:{'|'.join(words['surely'])}))"
    double = [surname for surname in words["surnames"] if len(surname) > 1]
    single = [surname for surname in words["surnames"] if len(surname) == 1]
    name = rf"(?P<surname>{'|'.join(double)}|[{''.join(single)}])(?P<given>{_HAN}{{1,2}}?)"
    return _Patterns(
        titles=AhoCorasick(words["titles"], matchkind=MatchKind.LeftmostLongest),
        titled=re.compile(rf"[ /：:员]?{name}{after}"),
        plain=re.compile(rf"[，。；：、\n “”]{name}{surely}"),
        beginning=re.compile(name + surely),
        another=re.compile(rf"[、和及 ]{name}{after}"),
    )


@cache
def _no_places() -> frozenset[str]:
    return frozenset(name_words()["no place"])


@cache
def _common_words() -> frozenset[str]:
    return frozenset(name_words()["common surnames"])
