"""How strongly the evidence of a Chinese and of an English text points to one event.

    likeness = min(shared, 14) * common * agreement * nearness

shared: the sum of the weights of the marks that both bear (a person 3, a number 0.4 to 3.3, a place 1.5, a day 0.8, a
well-known name 0.3 to 1.8). common: of each text's own evidence the share that the other bears, what stands in front
counting 1.6-fold; the harmonic mean of the two. A piece that mentions the event in one sentence bears much else.
agreement: less than 1 where results, days or figures in front have nothing in common, or nothing but names is shared.
nearness: more for one source or site, less for days between.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from feedwatch.cluster.evidence import Evidence
from feedwatch.cluster.pinyin import syllables_of
from feedwatch.model import Report

_CAP = 14.0
_LEAD_FACTOR = 1.6
_SURE_NUMBER = 2.0
_CONTRADICTIONS = (("tally", 1, 0.6), ("day", 1, 0.7), ("number", 2, 0.6))
"""A kind of mark, how many each text must have in front, and the factor where they share none."""
_LEAST_CONTRADICTING = 0.8
_COUNTED = ("number", "tally", "day", "time")
_NAMES_ALONE = 0.5
"""The same people do other things on other days."""
_FAMILY = 1.15
_HOURS = ((12, 1.0), (36, 0.95))
_DAYS_APART = 0.85
# A country's own second level, as in com.cn and gov.hk.
_SECOND_LEVELS = frozenset(("com", "gov", "org", "net", "edu", "co", "ac"))
_COUNTRY_LETTERS = 2


def likeness_of_texts(chinese: Evidence, english: Evidence) -> float:
    """The likeness without nearness: 0 to 14."""
    shared = shared_marks(chinese, english)
    shares = [_share(chinese, shared), _share(english, shared)]
    common = 2 * shares[0] * shares[1] / (sum(shares) or 1.0)
    return min(sum(shared.values()), _CAP) * common * _agreement(chinese, english, shared)


def shared_marks(chinese: Evidence, english: Evidence) -> dict[str, float]:
    """The marks that both texts bear, with their weights.

    A name that the English text spells is looked for in every reading of the Chinese one, and a Latin word of the
    Chinese text among all words of the English one.
    """
    shared = {
        mark: min(weight, english.weights[mark]) for mark, weight in chinese.weights.items() if mark in english.weights
    }
    for mark, weight in english.weights.items():
        kind, _, value = mark.partition(" ")
        if mark not in shared and kind == "name" and _is_read(value, chinese.places):
            shared[mark] = weight
    for mark, weight in chinese.weights.items():
        kind, _, value = mark.partition(" ")
        if mark in shared:
            continue
        if kind == "latin" and value in english.words:
            shared[mark] = weight
        elif kind == "number" and weight >= _SURE_NUMBER:
            other = mark.removesuffix("%") if mark.endswith("%") else f"{mark}%"
            if other in english.weights:
                # Of the two spellings one counts, and each text finds its own.
                shared |= {mark: weight, other: 0.0}
    return shared


def nearness(a: Report, b: Report) -> float:
    """More than 1 for items of one source or site, less for items that are a day or more apart."""
    hours = abs((a.published_at - b.published_at).total_seconds()) / 3600
    is_family = a.source_id == b.source_id or (_site(a.url) and _site(a.url) == _site(b.url))
    near = next((factor for most, factor in _HOURS if hours <= most), _DAYS_APART)
    return near * (_FAMILY if is_family else 1.0)


def _is_read(letters: str, places: dict[str, set[int]]) -> bool:
    """Whether the characters of a text may be read so somewhere."""
    nowhere: set[int] = set()
    for syllables in syllables_of(letters):
        starts = places.get(syllables[0], nowhere)
        for offset, syllable in enumerate(syllables[1:], start=1):
            here = places.get(syllable, nowhere)
            starts = {start for start in starts if start + offset in here}
        if starts:
            return True
    return False


def _share(found: Evidence, shared: dict[str, float]) -> float:
    """How much of a text's evidence the other bears too, what stands in front counting more."""
    total = both = 0.0
    for mark, weight in found.weights.items():
        counted = weight * (_LEAD_FACTOR if mark in found.lead else 1.0)
        total += counted
        if mark in shared:
            both += counted
    return both / total if total else 0.0


def _agreement(chinese: Evidence, english: Evidence, shared: dict[str, float]) -> float:
    """1, or less where the texts share names alone or contradict each other: other results, days or figures."""
    agreement = 1.0 if any(mark.startswith(_COUNTED) for mark in shared) else _NAMES_ALONE
    for kind, least, factor in _CONTRADICTIONS:
        marks = [_in_front(chinese, kind), _in_front(english, kind)]
        if min(map(len, marks)) >= least and shared.keys().isdisjoint(marks[0] + marks[1]):
            agreement *= factor
    return agreement


def _in_front(found: Evidence, kind: str) -> list[str]:
    return [mark for mark in found.lead if mark.startswith(kind) and found.weights[mark] >= _LEAST_CONTRADICTING]


def _site(url: str) -> str:
    """The registrable domain, near enough for comparing."""
    labels = (urlsplit(url).hostname or "").split(".")
    has_second_level = len(labels[-1]) == _COUNTRY_LETTERS and labels[-2:-1] and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3 if has_second_level else -2 :])
