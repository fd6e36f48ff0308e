"""A slow and obvious matcher: no automaton, no squeezed text, one character after the other.

It knows the alphabet of test_agreement.py alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from feedwatch.match.tree import And, Node, Not, Or, Phrase

HYPHENS = "-‑—"
BLANKS = " \n"
SEPARATORS = HYPHENS + BLANKS + "_"
HAN = "大湾区網"
INVISIBLE = "\u00ad"
Character = tuple[str, int, int]


def characters(text: str) -> list[Character]:
    """Folded characters with where they stand in the text; separators as written, invisible ones left out."""
    found: list[Character] = []
    for at, character in enumerate(text):
        if character == INVISIBLE:
            continue
        if character in SEPARATORS:
            found.append((character, at, at + 1))
            continue
        plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", character)).lower()
        found += [(part, at, at + 1) for part in plain if not unicodedata.combining(part)]
    return found


def is_word(character: str) -> bool:
    """Whether it is a letter or digit of a spaced script."""
    return character.isalnum() and character not in HAN


def new_word(text: str, at: int) -> bool:
    """Whether a word shows by its writing at `at`."""
    before, here, after = text[at - 1], text[at], text[at + 1 : at + 2]
    if before.isdigit() != here.isdigit():
        return before.isalnum() and here.isalnum()
    return here.isupper() and (before.islower() or (before.isupper() and after.islower()))


def in_hashtag(text: str, at: int) -> bool:
    """Whether the character at `at` and the one before it are in one hashtag."""
    return any(tag.start() + 1 < at < tag.end() for tag in re.finditer(r"(?<![\w])#\w+", text))


def may_stand(before: str, written: str, after: str, between: str, text: str, at: int) -> bool:
    """Whether `between` may stand in a text where the phrase has `written`, before the text's character `at`."""
    blank = all(character in BLANKS for character in between)
    if not (is_word(before) and is_word(after)):
        if written:
            return True
        if not is_han_or_word(before) or not is_han_or_word(after):
            return not between if before.isdigit() or after.isdigit() else blank
        return blank
    digits = before.isdigit() and after.isdigit()
    if not written:
        return not between or (not digits and all(character in HYPHENS for character in between))
    if between:
        return True
    if digits:
        return False
    return all(character in HYPHENS for character in written) or new_word(text, at) or in_hashtag(text, at)


def is_han_or_word(character: str) -> bool:
    """Whether it is anything but a sign."""
    return character in HAN or is_word(character)


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
    for character, _, _ in characters(re.sub(r"(?<![\w#])#(\w+)(#?)", spelled, phrase)):
        if character in SEPARATORS:
            written += character
        else:
            parts.append((written, character))
            written = ""
    return parts


def spans_of_phrase(phrase: str, text: str) -> list[tuple[int, int]]:
    """Every place of a phrase in a text, by trying each."""
    read = characters(text)
    return list(filter(None, (_at(parts_of(phrase), read, first, text) for first in range(len(read)))))


def _at(parts: list[tuple[str, str]], read: list[Character], first: int, text: str) -> tuple[int, int] | None:
    at = first
    for number, (written, wanted) in enumerate(parts):
        between = ""
        while number and at < len(read) and read[at][0] in SEPARATORS:
            between += read[at][0]
            at += 1
        if at == len(read) or read[at][0] != wanted:
            return None
        if number and not may_stand(parts[number - 1][1], written, wanted, between, text, read[at][1]):
            return None
        at += 1
    if _word_goes_on(read, first, text) or _word_goes_on(read, at, text):
        return None
    return read[first][1], read[at - 1][2]


def _word_goes_on(read: list[Character], at: int, text: str) -> bool:
    if not 0 < at < len(read) or not (is_word(read[at - 1][0]) and is_word(read[at][0])):
        return False
    origin = read[at][1]
    return not (in_hashtag(text, origin) and new_word(text, origin))


def holds(node: Node, text: str) -> bool:
    """Whether a text meets a query."""
    match node:
        case Phrase(text=phrase):
            return bool(spans_of_phrase(phrase, text))
        case And(parts=parts):
            return all(holds(part, text) for part in parts)
        case Or(parts=parts):
            return any(holds(part, text) for part in parts)
        case Not(part=part):
            return not holds(part, text)


def spans(node: Node, text: str, *, wanted: bool = True) -> Iterator[tuple[int, int]]:
    """The places of the phrases that took part in a query's being met, or, if not `wanted`, in its not being met."""
    match node:
        case Phrase(text=phrase) if wanted:
            yield from spans_of_phrase(phrase, text)
        case Not(part=part):
            yield from spans(part, text, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                if holds(part, text) == wanted:
                    yield from spans(part, text, wanted=wanted)


def merged(places: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted, and one of those that overlap."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
