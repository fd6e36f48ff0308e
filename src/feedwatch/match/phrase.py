"""A phrase made ready to be found: its characters without separators, and what may stand between them.

The spellings of a phrase differ in their separators, so these are left out of the search: `high-quality` is looked for
as `highquality` in a text whose separators are left out too. What stood between two characters, in the text, is then
judged by their `Gap` in the phrase:

| in the phrase                        | may stand in the text                                         |
| ------------------------------------ | ------------------------------------------------------------- |
| a space, between words               | a separator; or nothing, in a #hashtag or before a new word   |
|                                      | that shows by its writing: HighQuality, Expo2025              |
| a hyphen, between words              | a separator, or nothing                                       |
| either, between digits               | a separator                                                   |
| either, beside Chinese or a sign     | a separator, or nothing                                       |
| nothing, in a word                   | nothing, or a hyphen (`email` finds e-mail)                   |
| nothing, between digits, in Hangul   | nothing                                                       |
| nothing, beside Han or a sign        | nothing, or whitespace (a line break between Han)             |

So `a part` does not find "apart", nor `apart` "a part"; `high-quality` and `#HighQuality`, which is read as
high-quality, find all of high-quality, high quality, highquality and HighQuality. A separator is any run of whitespace,
dashes and underscores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from .fold import fold, is_dash, separators_in, squeeze
from .scripts import Kind, is_word_character, kind_of


class Gap(IntEnum):
    """What may stand between two characters of a phrase; the table above has an example of each."""

    NOTHING = 0
    HYPHEN_OR_NOTHING = 1
    BLANK_OR_NOTHING = 2
    ANY_OR_NOTHING = 3
    ANY = 4
    ANY_OR_NEW_WORD = 5


@dataclass(frozen=True, slots=True)
class Literal:
    """A phrase made ready. Two phrases with equal literals find the same."""

    squeezed: str
    """Folded, without separators; never empty."""
    gaps: bytes
    """The Gap between each two neighbours of `squeezed`."""
    wanted: tuple[int, ...]
    """Where in `squeezed` a separator is needed, or a sign that a new word begins there."""
    starts_word: bool
    """Whether the phrase begins with a letter or digit that no other may stand before; likewise `ends_word`."""
    ends_word: bool
    is_prefix: bool
    """Whether its last word may go on; it does not end a word then."""
    joined: bytes
    """Of letters of ASCII alone: by character but the first, 1 where it goes on with the word; empty for others."""


BEGINS_WORD = 1
ENDS_WORD = 2
WORD_CHARACTERS = frozenset(character for character in map(chr, range(128)) if character.isalnum())
"""Those of a squeezed text that surely are letters or digits of a whole word."""


class Sought(NamedTuple):
    """What to search a text for, to know that something can be in it at all."""

    squeezed: str
    """A piece of the squeezed text; never empty."""
    borders: int = 0
    """Where it stands at a border of a word: BEGINS_WORD, ENDS_WORD, both or neither."""


def sought_of(phrase: str, *, exact: bool = False, is_prefix: bool = False) -> Sought:
    """What stands in every text that a phrase is found in."""
    squeezed = squeeze(phrase if exact else _without_hashtags(phrase)).decode()
    begins = BEGINS_WORD if squeezed[0] in WORD_CHARACTERS else 0
    ends = ENDS_WORD if not is_prefix and squeezed[-1] in WORD_CHARACTERS else 0
    return Sought(squeezed, begins | ends)


def has_letter_or_digit(phrase: str) -> bool:
    """Whether there is anything in a phrase to find."""
    return any(kind_of(character) is not Kind.SIGN for character in fold(phrase).folded)


def compile_phrase(phrase: str, *, exact: bool = False, is_prefix: bool = False) -> Literal:
    """Make a phrase ready; it has at least one letter or digit.

    A hashtag is read as its words, but not in an exact phrase. With `is_prefix` its last word may go on.
    """
    written = phrase if exact else _without_hashtags(phrase)
    tagged: set[int] = set()
    if written is not phrase:
        tagged = {at for tag in _HASHTAG.finditer(phrase) for at in range(tag.start(1) + 1, tag.end(1))}
    folded = fold(written)
    places = [at for at, character in enumerate(folded.folded) if character != " "]
    squeezed = folded.folded.replace(" ", "")
    kinds = list(map(kind_of, squeezed))
    gaps = bytearray()
    for index in range(1, len(places)):
        before, after = places[index - 1], places[index]
        origin = folded.start(after)
        between = separators_in(written[folded.end(before + 1) : origin])
        if origin in tagged and {*kinds[index - 1 : index + 1]} <= _OF_WORDS and begins_word(written, origin):
            between = between or "-"
        gaps.append(_gap(kinds[index - 1], between, kinds[index]))
    is_plain = squeezed.isascii() and squeezed.isalpha()
    return Literal(
        squeezed,
        bytes(gaps),
        tuple(index + 1 for index, gap in enumerate(gaps) if gap >= Gap.ANY),
        is_word_character(squeezed[0]),
        is_word_character(squeezed[-1]) and not is_prefix,
        is_prefix,
        bytes(gap == Gap.HYPHEN_OR_NOTHING for gap in gaps) if is_plain else b"",
    )


def begins_word(text: str, at: int) -> bool:
    """Whether a word shows by its writing at `at`: HighQuality, GDPGrowth, Expo2025, 2025Expo."""
    before, here = text[at - 1], text[at]
    if here.isupper():
        return before.islower() or before.isdigit() or (before.isupper() and text[at + 1 : at + 2].islower())
    return (before.isalpha() and here.isdigit()) or (before.isdigit() and here.isalpha())


def _without_hashtags(phrase: str) -> str:
    if "#" not in phrase and "＃" not in phrase:
        return phrase
    return _HASHTAG.sub(lambda tag: f" {tag[1]}{' ' if tag[2] else ''}", phrase)


_OF_WORDS = {Kind.LETTER, Kind.DIGIT}
_HASHTAG = re.compile(r"(?<![\w#])[#＃](\w+)([#＃]?)")


def _gap(before: Kind, between: str, after: Kind) -> Gap:
    pair = (before, after)
    digits = before is after is Kind.DIGIT
    if Kind.SIGN in pair or Kind.HAN in pair or Kind.UNSPACED in pair:
        if between:
            return Gap.ANY_OR_NOTHING
        is_tight = Kind.DIGIT in pair if Kind.SIGN in pair else Kind.HAN not in pair
        return Gap.NOTHING if is_tight else Gap.BLANK_OR_NOTHING
    if not between:
        return Gap.NOTHING if digits else Gap.HYPHEN_OR_NOTHING
    if digits:
        return Gap.ANY
    return Gap.ANY_OR_NOTHING if all(map(is_dash, between)) else Gap.ANY_OR_NEW_WORD
