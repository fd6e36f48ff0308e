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

A token is cut after 40 characters. Signs have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from operator import add

from .fold import fold, is_dash, separators_in
from .phrase import begins_word
from .scripts import Kind, kind_of

LONGEST = 40
"""Characters of a token; what is longer is cut."""


def index_tokens(title: str, text: str) -> frozenset[str]:
    """The tokens of an item, each once. Made of letters, digits and marks alone, all folded; never an empty one."""
    tokens = tokens_of_text(text)
    tokens |= tokens_of_text(title)
    return frozenset(tokens)


def tokens_of_text(text: str) -> set[str]:
    """The tokens of one field."""
    if text.isascii():
        return _of_ascii(text)
    chunks = set(text.split())
    plain = {chunk for chunk in chunks if chunk.isascii()}
    tokens = _of_ascii(" ".join(plain)) if plain else set()
    unspaced = _may_be_unspaced().search(text) is not None
    for chunk in chunks - plain:
        tokens.update(_of_long_chunk(chunk) if unspaced and len(chunk) > LONGEST else _of_chunk(chunk))
    if unspaced:
        # U+0000, a separator, is no character that a database takes; it is stored as U+FFFD, a sign.
        squeezed = fold(text.replace("\0", "\ufffd")).folded.replace(" ", "")
        for run in _unspaced_run().findall(squeezed):
            tokens.update(map(add, run, run[1:]))
            tokens.add(run[-1])
    return tokens


_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_ASCII_CHAIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)+")


_PLAIN = re.compile(r"[A-Z]?[a-z]{0,39}|[A-Z]{1,40}|[0-9]{1,40}").fullmatch
_MOST_PLAIN = 1 << 16
_plain_words: set[str] = set()
"""Of the texts before, words with one token each: told from the others in a tenth of the time."""


def _of_ascii(text: str) -> set[str]:
    words = set(_ASCII_WORD.findall(text))
    tokens = set(map(str.lower, words))
    for word in words - _plain_words:
        if _PLAIN(word):
            if len(_plain_words) < _MOST_PLAIN:
                _plain_words.add(word)
        else:
            tokens.discard(word.lower())
            tokens.update(_of_chunk(word))
    if "-" in text:
        for chain in set(_ASCII_CHAIN.findall(text)):
            tokens.update(_of_chunk(chain))
    return tokens


@lru_cache(maxsize=1 << 14)
def _of_chunk(chunk: str) -> frozenset[str]:
    """The tokens of the words of a text without whitespace."""
    return frozenset(_of_long_chunk(chunk))


def _of_long_chunk(chunk: str) -> set[str]:
    return {token for chain in _chains(chunk) for token in _joined(chain)}


def _chains(chunk: str) -> Iterator[list[str]]:
    """The words of a text, each as its parts; with words that nothing but dashes part from it."""
    folded = fold(chunk)
    chain: list[str] = []
    done = 0
    for word in _word().finditer(folded.folded):
        start, end = word.span()
        if chain and not _is_dashed(chunk[folded.end(done) : folded.start(start)], folded.folded[done:start]):
            yield chain
            chain = []
        borders = [at for at in range(start + 1, end) if begins_word(chunk, folded.start(at))]
        chain += [folded.folded[a:b] for a, b in pairwise((start, *borders, end))]
        done = end
    if chain:
        yield chain


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
