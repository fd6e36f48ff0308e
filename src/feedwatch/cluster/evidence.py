"""What of an item can be recognised in another language: names, figures, days, Latin words; and how much each says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from feedwatch.cluster.chinese_figures import chinese_figures
from feedwatch.cluster.chinese_names import chinese_names
from feedwatch.cluster.english_figures import english_figures
from feedwatch.cluster.english_names import english_names
from feedwatch.cluster.figures import Figures, weight
from feedwatch.cluster.known import Found, known_in_chinese, known_in_english
from feedwatch.cluster.names import Name
from feedwatch.cluster.pinyin import places_by_syllable
from feedwatch.han import to_simplified

Tongue = Literal["zh", "en"]

PERSON, PLACE, TALLY, TIME, DAY, LATIN, SHORT_LATIN = 3.0, 1.5, 1.5, 1.5, 0.8, 1.5, 0.6
"""How much it says that two texts share such a mark; numbers and well-known names have weights of their own."""

_REACH = {"zh": 800, "en": 2400}
"""Characters that are read: what an item is about stands in front."""
_TITLE_REACH = 300
_LEAD = {"zh": 160, "en": 500}
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.&][A-Za-z0-9]+)*")
# Words that an English text marks as names which other scripts take over: COP29, DeepSeek, 5G.
_MARKED_LATIN = re.compile(r"[A-Z0-9](?<!\w.)[a-z]*[A-Z0-9]\w*(?:-[0-9]+)?")
_A_LETTER = re.compile("[A-Za-z]")
_SHORT = 3
# In Chinese texts of every kind.
_COMMON_LATIN = frozenset(("app", "ceo", "vip", "km", "kg", "pdf", "www", "http", "https", "com", "cn", "hk", "tv"))


@dataclass(frozen=True)
class Evidence:
    """The marks of a text with their weights, and what of it stands in front.

    A mark is its kind and value: `name laomaochang`, `known Hong Kong`, `number 1300000000`, `tally 3-1`, `day 2-19`,
    `time 10:18`, `latin cop29`.
    """

    text: str
    """Simplified where Chinese."""
    weights: dict[str, float]
    lead: frozenset[str]

    @cached_property
    def places(self) -> dict[str, set[int]]:
        """Of a Chinese text: where each syllable may be read."""
        return places_by_syllable(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Of an English text: its words, in lower case."""
        return frozenset(_LATIN.findall(self.text.lower()))


# One item is compared with several, and an item's keys and comparison follow each other.
@lru_cache(maxsize=64)
def evidence(title: str, text: str, tongue: Tongue) -> Evidence:
    """The evidence in an item's title and the first part of its text: 800 characters of Chinese, 2,400 of English."""
    title = title[:_TITLE_REACH]
    whole = f"{title}\n{text[: _REACH[tongue]]}"
    lead = len(title) + _LEAD[tongue]
    if tongue == "zh":
        whole = to_simplified(whole)
        return _gather(whole, lead, known_in_chinese(whole), chinese_names(whole), chinese_figures(whole), _LATIN)
    return _gather(whole, lead, known_in_english(whole), english_names(whole), english_figures(whole), _MARKED_LATIN)


def _gather(
    text: str, lead: int, known: list[Found], names: list[Name], figures: Figures, latin: re.Pattern[str]
) -> Evidence:
    weights: dict[str, float] = {}
    in_lead = set()
    for mark, mark_weight, start in _marks(text, known, names, figures, latin):
        weights.setdefault(mark, mark_weight)
        if start < lead:
            in_lead.add(mark)
    return Evidence(text, weights, frozenset(in_lead))


def _marks(
    text: str, known: list[Found], names: list[Name], figures: Figures, latin: re.Pattern[str]
) -> Iterator[tuple[str, float, int]]:
    """Each mark, its weight and where it stands; a name within a well-known one is none of its own."""
    taken: set[int] = set()
    for found in known:
        taken.update(range(found.start, found.end))
        yield f"known {found.row.name}", found.row.weight, found.start
    for name in names:
        if name.start not in taken:
            yield f"name {name.letters}", PERSON if name.kind == "person" else PLACE, name.start
    for number, start in figures.numbers.items():
        yield f"number {number}", weight(number), start
    for tally, start in figures.tallies.items():
        yield f"tally {tally}", TALLY, start
    for time, start in figures.times.items():
        yield f"time {time}", TIME, start
    for (month, day), start in figures.days.items():
        yield f"day {month}-{day}", DAY, start
    for word in latin.finditer(text):
        if word.start() not in taken and (mark := _latin_mark(word[0])):
            yield f"latin {word[0].lower()}", mark, word.start()


def _latin_mark(letters: str) -> float:
    """How much a Latin word says: COP29, DeepSeek and TurboJET stand in few texts, NBA and EXCLUSIVE in many."""
    if not _A_LETTER.search(letters) or len(letters) == 1 or letters.lower() in _COMMON_LATIN:
        return 0.0
    is_telling = not letters.isalpha() or (len(letters) > _SHORT and not letters.isupper())
    return LATIN if is_telling else SHORT_LATIN
