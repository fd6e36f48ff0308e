"""Neighbouring words as tokens of their own: a phrase whose words are common is rare all the same.

Where separators part two words, the last four letters of the one and the first four of the other are a pair. So it is
known whatever else belongs to either word, be it joined by a hyphen or the rest of a hashtag:

| in the text                        | its pairs                                |
| ---------------------------------- | ---------------------------------------- |
| high-quality development           | lity·deve; what dashes join is one word  |
| long-term co-op banks              | term·coop, coop·bank                     |
| Greater Bay Area, green - bonds    | reen·bond; Bay has three letters         |
| reports that banks                 | none: every second text has such a word  |

Letters are the 26 and digits, after folding. The token of a pair is one character for private use, of 32,768: now and
then two pairs share one, and the matcher tells them apart.
"""

from __future__ import annotations

import re
from zlib import crc32

REACH = 4
"""Letters that a pair has of either word."""

_FREQUENT = frozenset(
    re.findall(
        r"\w+",
        "that with this from they have will been also were more very some what than when your just like said into only"
        " over heir hese ther ould hich bout thei thes whic woul abou",
    )
)
"""What words of no meaning end or begin with: of three pairs in English one has such, and tells nothing."""
_FIRST = 0xF0000
_CODES = 1 << 15
_NO_CODES = (1 << 15, 1 << 16)
"""For either side: they make none, whatever they are combined with."""


def pair_token(left: str, right: str) -> str | None:
    """The token of two neighbours, folded and without separators; None where they are no pair.

    `left` may have lost its beginning and `right` its end.
    """
    one, other = left[-REACH:], right[:REACH]
    if not (_ARE_LETTERS(one) and _ARE_LETTERS(other)):
        return None
    code = _lefts[one.encode()] ^ _rights[other.encode()]
    return chr(_FIRST + code) if code < _CODES else None


def is_pair(token: str) -> bool:
    """Whether a token is that of a pair."""
    return ord(token[0]) >= _FIRST


def pairs_of_line(line: str) -> set[str]:
    """The pairs of a folded text whose separators are spaces, without the dashes that join words."""
    lefts, rights = _lefts, _rights
    codes = (lefts[left] ^ rights[right] for left, right in _NEIGHBOURS(line.encode()))
    return {chr(_FIRST + code) for code in codes if code < _CODES}


class _Codes(dict[bytes, int]):
    """Four letters -> what they make a pair of, by exclusive or with those of the other side."""

    def __init__(self, side: int) -> None:
        self._side = side

    def __missing__(self, letters: bytes) -> int:
        code = (crc32(letters) >> 16 * self._side) % _CODES
        if letters.decode() in _FREQUENT:
            code = _NO_CODES[self._side]
        if len(self) < _MOST_KNOWN:
            self[letters] = code
        return code


_MOST_KNOWN = 1 << 14
_lefts, _rights = _Codes(0), _Codes(1)
_ARE_LETTERS = re.compile("[a-z0-9]{4}").fullmatch
# It begins with the space that is looked for: looking at each letter first takes twice the time.
_NEIGHBOURS = re.compile(rb" (?<=([a-z0-9]{4}) ) *(?=([a-z0-9]{4}))").findall
