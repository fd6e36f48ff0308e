"""The pinyin names of an English text: capitalised words that are pinyin ("Lao Maochang", "Pengjiang")."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from feedwatch.cluster.names import Name, name_words
from feedwatch.cluster.pinyin import spelled_person, syllables_of

_WORD = r"[A-Z][A-Za-z'’ü]*(?:-[a-zü]+)*"
_RUN = re.compile(rf"{_WORD}(?: {_WORD})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_MARKS = re.compile("['’-]")
# Cheaper than parting a word into syllables; most words fail at one of the two.
_LAST_LETTERS = frozenset("aeiouüngrs'’")
_SHAPE = re.compile("(?:(?:[zcs]h|[b-df-hj-np-tw-z])?[aeiou]{1,3}+(?:ng?|r(?![aeiou]))?+['’-]?+)++")
_SILENT_E = ("me", "ne", "ce", "te", "le", "ke", "ge", "se")
_GIVEN_SYLLABLES = 2
_PLACE_LETTERS = 5
_PLACE_SYLLABLES = range(2, 5)


def english_names(text: str) -> list[Name]:
    """The pinyin names of an English text in their order: a surname and the word after it; words like Pengjiang."""
    names: list[Name] = []
    for run in _RUN.finditer(text):
        if found := _names_of_run(run[0]):
            start = run.start()
            names += [Name(letters, kind, start + offset) for letters, kind, offset in found]
    return names


# Most runs are words that begin a sentence, and come again.
@lru_cache(maxsize=1 << 14)
def _names_of_run(run: str) -> tuple[Name, ...]:
    """The names of some capitalised words in a row. Starts are the run's own."""
    words = run.split(" ")
    spellings = [_letters(word) if word[-1] in _LAST_LETTERS else "" for word in words]
    if not any(spellings):
        return ()
    names = []
    is_given = False
    start = 0
    for word, spelling, following in zip(words, spellings, [*spellings[1:], ""], strict=True):
        if is_given:
            is_given = False
        elif spelling in _surnames() and following and _syllable_count(following) <= _GIVEN_SYLLABLES:
            names.append(Name(spelling + following, "person", start))
            is_given = True
        elif _is_place(spelling):
            names.append(Name(spelling, "place", start))
        start += len(word) + 1
    return tuple(names)


@lru_cache(maxsize=1 << 14)
def _letters(word: str) -> str:
    """The word as pinyin: lower-case letters alone; "" where it is none. Lü and Lyu (as in passports) are Lu."""
    letters = _POSSESSIVE.sub("", word).lower().replace("ü", "u")
    if letters.startswith(("lyu", "nyu")):
        letters = letters.replace("yu", "u", 1)
    if not _SHAPE.fullmatch(letters) or letters in _no_pinyin() or not syllables_of(letters):
        return ""
    return _MARKS.sub("", letters)


def _syllable_count(letters: str) -> int:
    return min((len(way) for way in syllables_of(letters)), default=0)


def _is_place(letters: str) -> bool:
    """Whether a word alone may be a name: long enough, and without the mute e that ends many English words."""
    return (
        len(letters) >= _PLACE_LETTERS
        and not letters.endswith(_SILENT_E)
        and _syllable_count(letters) in _PLACE_SYLLABLES
    )


@cache
def _no_pinyin() -> frozenset[str]:
    return frozenset(name_words()["no pinyin"])


@cache
def _surnames() -> frozenset[str]:
    """The surnames in pinyin, read as surnames."""
    read = (spelled_person(surname, "安").removesuffix("an") for surname in name_words()["surnames"])
    return frozenset(read) - {""}
