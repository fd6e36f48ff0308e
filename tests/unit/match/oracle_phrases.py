"""Where phrases stand, told slowly and obviously: no automaton, no squeezed text, each place tried."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]

from feedwatch.match.tree import Phrase
from tests.unit.match.reading import (
    Character,
    Reading,
    is_blank,
    is_han,
    is_hyphen,
    is_separator,
    is_sign,
    is_word,
    new_word,
    read,
)

Place = tuple[int, int]
SNOWBALL = {"en": Stemmer.Stemmer("english"), "de": Stemmer.Stemmer("german")}


def places_of_phrase(phrase: Phrase, text: str, language: str) -> list[Place]:
    """Every place of a phrase in a text."""
    if phrase.exact:
        return exact_places(phrase.text.strip(), text, is_prefix=phrase.is_prefix)
    if phrase.edits:
        return fuzzy_places(phrase.text, text)
    places = spans_of_phrase(phrase.text, text, is_prefix=phrase.is_prefix)
    subtag = phrase.stem.partition("-")[0].lower()
    if subtag in SNOWBALL and subtag == language.partition("-")[0].lower() and "#" not in phrase.text:
        places += stem_places(phrase.text, text, subtag)
    return places


def spans_of_phrase(phrase: str, text: str, *, is_prefix: bool = False) -> list[Place]:
    """Every place of a phrase in a text, by trying each."""
    parts, reading = parts_of(phrase), read(text)
    firsts = reading.places_by_character.get(parts[0][1], [])
    return list(filter(None, (_at(parts, reading, first, is_prefix=is_prefix) for first in firsts)))


@lru_cache(maxsize=1 << 12)
def parts_of(phrase: str) -> list[tuple[str, str]]:
    """The folded characters of a phrase, each with what was written before it; a hashtag as its hyphenated words."""

    def spelled(tag: re.Match[str]) -> str:
        word = tag[1]
        hyphenated = "".join(
            "-" + character if at and is_word(character) and is_word(word[at - 1]) and new_word(word, at) else character
            for at, character in enumerate(word)
        )
        return f" {hyphenated}" + (" " if tag[2] else "")

    parts: list[tuple[str, str]] = []
    written = ""
    for character in read(re.sub(r"(?<![\w#])[#＃](\w+)([#＃]?)", spelled, phrase)).characters:
        if is_separator(character.plain):
            written += character.plain
        else:
            parts.append((written, character.plain))
            written = ""
    return parts


def may_stand(before: str, written: str, after: str, between: str, reading: Reading, at: int) -> bool:
    """Whether `between` may stand in a text where the phrase has `written`, before the text's character `at`."""
    digits = before.isdigit() and after.isdigit()
    if not (is_word(before) and is_word(after)):
        if written:
            return True
        if is_sign(before) or is_sign(after):
            return not between if before.isdigit() or after.isdigit() else all(map(is_blank, between))
        return all(map(is_blank, between)) if is_han(before) or is_han(after) else not between
    if not written:
        return not between or (not digits and all(map(is_hyphen, between)))
    if between:
        return True
    if digits:
        return False
    return all(map(is_hyphen, written)) or new_word(reading.text, at) or reading.in_hashtag(at)


def _at(parts: list[tuple[str, str]], reading: Reading, first: int, *, is_prefix: bool) -> Place | None:
    characters = reading.characters
    at = first
    for number, (written, wanted) in enumerate(parts):
        between = ""
        while number and at < len(characters) and is_separator(characters[at].plain):
            between += characters[at].plain
            at += 1
        if at == len(characters) or characters[at].plain != wanted:
            return None
        before = parts[number - 1][1]
        if number and not may_stand(before, written, wanted, between, reading, characters[at].start):
            return None
        at += 1
    if reading.word_goes_on(first) or (not is_prefix and reading.word_goes_on(at)):
        return None
    while is_prefix and reading.word_goes_on(at):
        at += 1
    return characters[first].start, characters[at - 1].end


def exact_places(phrase: str, text: str, *, is_prefix: bool) -> list[Place]:
    """Where a text has a phrase character for character, as whole words."""
    reading = read(text)
    found: list[Place] = []
    for start in range(len(text) - len(phrase) + 1):
        end = start + len(phrase)
        if not text.startswith(phrase, start):
            continue
        inside = [at for at in reading.solid if start <= reading.characters[at].start < end]
        if reading.word_goes_on(inside[0]) or (not is_prefix and reading.word_goes_on(inside[-1] + 1)):
            continue
        last = inside[-1] + 1
        while is_prefix and reading.word_goes_on(last):
            last += 1
        found.append((start, reading.characters[last - 1].end if is_prefix else end))
    return found


def fuzzy_places(phrase: str, text: str) -> list[Place]:
    """Where a text has a phrase with one letter wrong at most: each piece of the text is compared."""
    wanted = "".join(plain for _, plain in parts_of(phrase))
    reading = read(text)
    right: list[tuple[int, int]] = []
    wrong: list[tuple[int, int]] = []
    solid = "".join(reading.characters[at].plain for at in reading.solid)
    for first in range(len(solid)):
        for length in (len(wanted) - 1, len(wanted), len(wanted) + 1):
            found = solid[first : first + length]
            # With two of its characters missing it is surely another word: most pieces of a long text are.
            if len(found) < length or len(set(wanted).difference(found)) > 1:
                continue
            if found != wanted and not is_one_off(wanted, found):
                continue
            pieces = reading.solid[first : first + length]
            if any(is_sign(end) and end != own for end, own in ((found[0], wanted[0]), (found[-1], wanted[-1]))):
                continue
            if is_word(wanted[0]) and reading.word_goes_on(pieces[0]):
                continue
            if is_word(wanted[-1]) and reading.word_goes_on(pieces[-1] + 1):
                continue
            (right if found == wanted else wrong).append((first, first + length))
    wrong = [(start, end) for start, end in wrong if not any(start < b and a < end for a, b in right)]
    characters = [reading.characters[at] for at in reading.solid]
    return [(characters[start].start, characters[end - 1].end) for start, end in right + wrong]


def is_one_off(wanted: str, found: str) -> bool:
    """Whether one character was left out, put in, changed or exchanged with its neighbour, and it is no digit."""
    if abs(len(wanted) - len(found)) > 1:
        return False
    for at, character in enumerate(wanted):
        if character.isdigit():
            continue
        if found == wanted[:at] + wanted[at + 1 :]:
            return True
        if len(found) == len(wanted) and not found[at].isdigit():
            if found == wanted[:at] + found[at] + wanted[at + 1 :]:
                return True
            after = wanted[at + 1 : at + 2]
            if after and not after.isdigit() and found == wanted[:at] + after + character + wanted[at + 2 :]:
                return True
    return any(wanted == found[:at] + found[at + 1 :] and not found[at].isdigit() for at in range(len(found)))


def stem_places(phrase: str, text: str, language: str) -> list[Place]:
    """Where a text has words with the stems of a phrase's, one after the other with nothing but separators between."""
    wanted, found = tokens_of(phrase, language), tokens_of(text, language)
    places: list[Place] = []
    for first in range(len(found) - len(wanted) + 1):
        pieces = found[first : first + len(wanted)]
        if all(is_form(own, other, language) for own, other in zip(wanted, pieces, strict=True)):
            places.append((pieces[0][1], pieces[-1][2]))
    return places


Token = tuple[str, int, int, str]


@lru_cache(maxsize=256)
def tokens_of(text: str, language: str) -> list[Token]:
    """Folded words, and each other character that is no separator, with their places and as they are written."""
    reading = read(text)
    groups: list[list[Character]] = []
    ends: list[int] = []
    for at in reading.solid:
        character = reading.characters[at]
        if groups and ends[-1] == at and reading.word_goes_on(at):
            groups[-1].append(character)
            ends[-1] = at + 1
        else:
            groups.append([character])
            ends.append(at + 1)
    if language == "en":
        groups = _with_possessives(groups, reading)
    return [
        ("".join(one.plain for one in group), group[0].start, group[-1].end, text[group[0].start : group[-1].end])
        for group in groups
    ]


def _with_possessives(groups: list[list[Character]], reading: Reading) -> list[list[Character]]:
    """The words with the 's that belongs to them."""
    place = {id(character): at for at, character in enumerate(reading.characters)}
    result: list[list[Character]] = []
    waiting = list(groups)
    while waiting:
        group = waiting.pop(0)
        if is_word(group[0].plain) and [[one.plain for one in other] for other in waiting[:2]] == [["'"], ["s"]]:
            mark, letter = waiting[0][0], waiting[1][0]
            if place[id(mark)] == place[id(group[-1])] + 1 and place[id(letter)] == place[id(mark)] + 1:
                group = [*group, mark, letter]
                waiting = waiting[2:]
        result.append(group)
    return result


def is_form(wanted: Token, found: Token, language: str) -> bool:
    """Whether two words are forms of one."""
    if wanted[0] == found[0]:
        return True
    if not is_word(wanted[0][0]) or not is_word(found[0][0]):
        return False
    stem = _stem(wanted[3], language)
    return stem == _stem(found[3], language) and found[0].startswith(_beginning(wanted[0], stem))


@lru_cache(maxsize=1 << 14)
def _stem(written: str, language: str) -> str:
    visible = written.replace("\u00ad", "").replace("\u200b", "").lower().replace("’", "'")
    return "".join(one.plain for one in read(SNOWBALL[language].stemWord(visible)).characters)


def _beginning(word: str, stem: str) -> str:
    """What the word and its stem begin with, but for the stem's last letter."""
    same = 0
    while same < min(len(word), len(stem) - 1) and word[same] == stem[same]:
        same += 1
    return word[:same]
