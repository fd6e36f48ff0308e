"""How Chinese characters are spelled in Latin letters (Hanyu Pinyin), and which Latin words are such spellings.

Spellings have no tones, and `u` for the umlaut. The table, pinyin.txt, holds a line for each syllable: the characters
whose usual reading it is ("-" where there is none), then those that are read so at times. readings.txt holds the names
that are read otherwise. docs/decisions/0019 tells where they come from.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

Syllables = tuple[str, ...]

_LONGEST = 6  # zhuang
_LONGEST_NAME = 24
_VOWELS = frozenset("aeo")


def spelled(characters: str) -> str:
    """A name of simplified characters in Latin letters, by the usual readings: 江门 is "jiangmen".

    "" where a character is not in the table (some 6,800 are). The first use reads the table.
    """
    if known := _exceptions()["as a place"].get(characters):
        return known
    usual = _table()[0]
    syllables = [usual.get(character) for character in characters]
    return "".join(syllables) if None not in syllables else ""  # type: ignore[arg-type]


def spelled_person(surname: str, given: str) -> str:
    """A person's name in Latin letters: surnames that have a reading of their own (曾, 单) are read so."""
    first, rest = _exceptions()["as a surname"].get(surname) or spelled(surname), spelled(given)
    return first + rest if first and rest else ""


def places_by_syllable(text: str) -> dict[str, set[int]]:
    """Where each syllable may be read in a text of simplified characters: every reading counts, not the usual alone."""
    readings = _table()[1]
    places: defaultdict[str, set[int]] = defaultdict(set)
    for position, character in enumerate(text):
        for syllable in readings.get(character, ()):
            places[syllable].add(position)
    return places


@lru_cache(maxsize=1 << 14)
def syllables_of(word: str) -> tuple[Syllables, ...]:
    """The ways to part a word of lower-case letters into syllables; empty where it is no pinyin.

    "xian" is both "xian" and "xi an". An apostrophe or hyphen parts ("xi'an"). Longer words than any name is have none:
    the ways double with each such pair.
    """
    if len(word) > _LONGEST_NAME:
        return ()
    parts = word.replace("’", "'").replace("-", "'").split("'")
    ways: list[Syllables] = [()]
    for part in parts:
        ways = [before + after for before in ways for after in _partings(part)]
    return tuple(ways)


def _partings(letters: str, *, within: bool = False) -> list[Syllables]:
    if not letters:
        return [()]
    known = _table()[2]
    return [
        (letters[:end], *after)
        for end in range(min(_LONGEST, len(letters)), 0, -1)
        # Within a name a lone vowel is set off by an apostrophe; without this rule "reading" were a name.
        if letters[:end] in known and not (within and letters[:end] in _VOWELS)
        for after in _partings(letters[end:], within=True)
    ]


@cache
def _table() -> tuple[dict[str, str], dict[str, tuple[str, ...]], frozenset[str]]:
    """The usual reading of each character, all of its readings, and all syllables."""
    usual: dict[str, str] = {}
    readings: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    syllables = set()
    for line in files(__package__).joinpath("pinyin.txt").read_text(encoding="utf-8").splitlines():
        syllable, first, *others = line.split(" ")
        syllables.add(syllable)
        usual.update(dict.fromkeys(first.strip("-"), syllable))
        for character in first.strip("-") + "".join(others):
            readings[character] += (syllable,)
    # Interjections and single letters that would make a name of every word.
    return usual, dict(readings), frozenset(syllables - {"m", "n", "ng", "hng", "o", "ei"})


@cache
def _exceptions() -> dict[str, dict[str, str]]:
    """The sections of readings.txt: names with their readings."""
    sections: dict[str, dict[str, str]] = {}
    for line in files(__package__).joinpath("readings.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            name, reading = line.split(" ")
            section[name] = reading
    return sections
