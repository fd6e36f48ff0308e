"""What an item is found by in the archive's index: folded words, and pairs of characters where words have no spaces.

A phrase finds text whose words are joined or parted otherwise than its own (`phrase`), so that a word of a text stands
in the index in every form that some phrase may have of it:

| in the text                       | its tokens                                                          |
| --------------------------------- | ------------------------------------------------------------------- |
| Greater Bay                       | greater, bay                                                        |
| co-operate                        | co, operate, cooperate: what dashes join, from any part to any later |
| HighQuality, Expo2025             | high, quality, highquality; expo, 2025, expo2025                    |
| 大湾区                             | 大湾, 湾区, 区: each two neighbours, and the last character alone       |
| 大 湾区 (a line break in between)   | the same: separators are left out between such characters           |
| Bay, in the title                 | bay, ¶bay                                                           |

A token is cut after 40 characters. Signs have none. Two words that are neighbours have one more (`word_pairs`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from .fold import fold, is_dash, separators_in
from .phrase import begins_word
from .plain_text import SHAPE, in_ascii, words_with_borders
from .scripts import Kind, kind_of
from .word_pairs import pairs_of_line

LONGEST = 40
"""Characters of a token; what is longer is cut."""


TITLE = "¶"
"""Stands before a word of the title."""


def index_tokens(title: str, text: str) -> frozenset[str]:
    """The tokens of an item, each once, and never an empty one.

    They are words of folded letters, digits and marks, those of the title with its sign as well, and pairs of words.
    """
    tokens, pairs = _words_and_pairs(text)
    in_title, pairs_of_title = _words_and_pairs(title)
    tokens |= in_title
    tokens.update(map(TITLE.__add__, in_title))
    tokens |= pairs
    tokens |= pairs_of_title
    return frozenset(tokens)


def word_tokens(text: str) -> set[str]:
    """The tokens of a text that are words, or two characters."""
    return _words_and_pairs(text)[0]


def _words_and_pairs(text: str) -> tuple[set[str], set[str]]:
    text = in_ascii(text)
    if text.isascii():
        return _of_ascii(text), pairs_of_line(_line(text))
    chunks = text.split()
    odd = {chunk for chunk in chunks if not chunk.isascii()}
    unspaced = _may_be_unspaced().search(" ".join(odd)) is not None
    read = {chunk: _read(chunk) if unspaced and len(chunk) > LONGEST else _known(chunk) for chunk in odd}
    words = _of_ascii(" ".join([chunk for chunk in chunks if chunk.isascii()]))
    words.update(*(chunk.words for chunk in read.values()))
    pairs = pairs_of_line(_line(" ".join([chunk if chunk.isascii() else read[chunk].line for chunk in chunks])))
    if unspaced:
        # U+0000, a separator, is no character that a database takes; it is stored as U+FFFD, a sign.
        squeezed = fold(text.replace("\0", "\ufffd")).folded.replace(" ", "")
        for run in _unspaced_run().findall(squeezed):
            words.update(map(add, run, run[1:]))
            words.add(run[-1])
    return words, pairs


def _of_ascii(text: str) -> set[str]:
    """The words of a text in any order."""
    words = set(text.translate(_SMALL_AND_APART).split())
    shape = text.translate(SHAPE)
    for word in words_with_borders(text, shape):
        words |= _known(word).words
    if _TOO_LONG in shape.translate(_ONE_SHAPE):
        words = {word[:LONGEST] for word in words}
    if "-" in text:
        for chain in _dashed(text.translate(_APART_BUT_DASHED)):
            words |= _known(chain).words
    return words


def _dashed(text: str) -> set[str]:
    """What of a text of words, spaces and dashes has a dash between letters or digits."""
    found: set[str] = set()
    at = text.find("-")
    while at >= 0:
        end = text.find(" ", at)
        end = end if end >= 0 else len(text)
        chain = text[text.rfind(" ", 0, at) + 1 : end].strip("-")
        if "-" in chain:
            found.add(chain)
        at = text.find("-", end)
    return found


def _line(text: str) -> str:
    """A text of ASCII as `pairs_of_line` takes it."""
    line = text.translate(_AS_LINE)
    return _INNER_DASHES("", line).replace("-", " ") if "-" in line else line


_ASCII = list(map(chr, range(128)))
_SMALL_AND_APART = "".join(character.lower() if character.isalnum() else " " for character in _ASCII)
_ONE_SHAPE = {ord("0"): "a", ord("A"): "a"}
_TOO_LONG = "a" * (LONGEST + 1)
_APART_BUT_DASHED = "".join(character if character.isalnum() or character == "-" else " " for character in _ASCII)
_AS_LINE = "".join(
    "-" if character == "-" else folded if folded == " " or folded.isalnum() else "."
    for character, folded in zip(_ASCII, fold("".join(_ASCII)).folded, strict=True)
)
_INNER_DASHES = re.compile("-(?<=[a-z0-9]-)-*(?=[a-z0-9])").sub


class _Chunk(NamedTuple):
    """What stands between whitespace."""

    words: frozenset[str]
    line: str
    """As `pairs_of_line` takes it."""


@lru_cache(maxsize=1 << 14)
def _known(chunk: str) -> _Chunk:
    return _read(chunk)


def _read(chunk: str) -> _Chunk:
    words: set[str] = set()
    line: list[str] = []
    for before, parts in _chains(chunk):
        words.update(_joined(parts))
        line += (" " if before.isspace() else "." if before else "", *parts)
    return _Chunk(frozenset(words), _NO_ASCII(".", "".join(line)))


_NO_ASCII = re.compile("[^\0-\x7f]").sub


def _chains(chunk: str) -> Iterator[tuple[str, list[str]]]:
    """The words of a text, each as its parts, with words that nothing but dashes part from it; and what stood before
    them. The last has no parts where something stands behind all words."""
    folded = fold(chunk)
    before = ""
    chain: list[str] = []
    done = 0
    for word in _word().finditer(folded.folded):
        start, end = word.span()
        between = folded.folded[done:start]
        if not chain:
            before = between
        elif not _is_dashed(chunk[folded.end(done) : folded.start(start)], between):
            yield before, chain
            before, chain = between, []
        borders = [at for at in range(start + 1, end) if begins_word(chunk, folded.start(at))]
        chain += [folded.folded[a:b] for a, b in pairwise((start, *borders, end))]
        done = end
    if chain:
        yield before, chain
    if done < len(folded.folded):
        yield folded.folded[done:], []


def _is_dashed(between: str, folded: str) -> bool:
    return folded.isspace() and all(map(is_dash, separators_in(between)))


def _joined(parts: list[str]) -> Iterator[str]:
    for first in range(len(parts)):
        token = ""
        for part in parts[first:]:
            token += part
            yield token[:LONGEST]
            if len(token) >= LONGEST:
                break


@cache
def _word() -> re.Pattern[str]:
    return re.compile(f"[{_characters(_LETTERS)}]+")


@cache
def _unspaced_run() -> re.Pattern[str]:
    return re.compile(f"[{_characters(_UNSPACED)}]+")


@cache
def _may_be_unspaced() -> re.Pattern[str]:
    """What unspaced characters are folded from: the scripts themselves, and all that holds compatibility forms."""
    return re.compile("[\u0e00-\u1fff\u2e80-\U0003ffff]")


_LETTERS = frozenset((Kind.LETTER, Kind.DIGIT))
_UNSPACED = frozenset((Kind.UNSPACED, Kind.HAN))
_END = 0x34000
"""No script has a character from here on (Unicode 16); variation selectors are left out by folding."""


def _characters(kinds: frozenset[Kind]) -> str:
    """The characters of these kinds, as a character class."""
    return "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last))}" for kind, first, last in _kind_ranges() if kind in kinds
    )


@cache
def _kind_ranges() -> list[tuple[Kind, int, int]]:
    """First and last of neighbours of one kind, signs left out; 0.1 s, once in a process."""
    found: list[tuple[Kind, int, int]] = []
    before, first = Kind.SIGN, 0
    for code in range(_END + 1):
        character = chr(code)
        kind = kind_of.__wrapped__(character) if unicodedata.category(character)[0] in "LMN" else Kind.SIGN
        if kind is not before:
            if before is not Kind.SIGN:
                found.append((before, first, code - 1))
            before, first = kind, code
    return found
