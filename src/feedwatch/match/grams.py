"""A text as runs of words and of Chinese characters, and the phrases in them, folded as the matcher folds.

No segmenter: a Chinese phrase is any two to six characters in a row, and which of those are words is told by how often
they stand together (`match.stand_out`). Phrases do not go over punctuation or the end of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feedwatch.han import to_simplified

from .fold import fold

MOST_WORDS = 3
MOST_CHARACTERS = 6

Run = str | list[str]
"""Chinese characters in a row, or words with nothing but spaces between."""

_HAN = (
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_CHUNK = re.compile(r"[\w' ]+")
_PIECE = re.compile(f"[{_HAN}]+|[^{_HAN} ]+")
_IS_HAN = re.compile(f"[{_HAN}]")

_FUNCTION_WORDS = """
a about above according across after again against all along also although am among an and another any are around as
at away back be became because been before behind being below between both but by came can cannot com could da das
de des did do does doing done dos down dr du during e each either el else em en et even ever every few first five
for four from further get go got had has have having he her here hers him himself his how however i if in including
into is it its itself just la las last later le least les less like los made make many may me might mine more most
mr mrs ms much must my na near neither never new next no nor not now o of off often on once one only onto or os
other others our out over own para part per perhaps put que rather s said same saw say says second see seen several
shall she should since six so some such t take than that the their them themselves then there these they third this
those though three through thus till to today told too toward towards two um uma un under une until up upon us very
via was we well went were what when where whether which while who whom whose why will with within without would y
year years yesterday yet you your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""English, and the commonest of Portuguese, French and Spanish: no phrase begins or ends with one."""
NEVER_FIRST = frozenset("的了等们着过得之及与并而且或但也都就还又被把其该这那此个年月日")
"""Chinese function characters that no phrase begins with. Those that begin words as well (和平, 在线, 将军) are not."""
NEVER_LAST = frozenset("的了在是和与及将把被从于就也都并而且或但其该这那此还又更很")
"""Likewise that no phrase ends with. Those that end words as well (华为, 平等, 自由) are not."""


def runs_of(text: str) -> list[Run]:
    """The runs of a text; its paragraphs are parted by newlines."""
    runs: list[Run] = []
    for paragraph in text.split("\n"):
        for chunk in _CHUNK.findall(to_simplified(fold(paragraph).folded)):
            words: list[str] = []
            for piece in _PIECE.findall(chunk):
                if _IS_HAN.match(piece):
                    runs.append(piece)
                    if words:
                        runs.append(words)
                        words = []
                elif word := _word(piece):
                    words.append(word)
            if words:
                runs.append(words)
    return runs


def grams(run: Run, length: int) -> Iterator[str]:
    """Every phrase of so many words or characters."""
    for start in range(len(run) - length + 1):
        yield _joined(run[start : start + length])


def grams_from(run: Run, start: int) -> Iterator[str]:
    """The phrases that begin at a place, the shortest first."""
    for end in range(start + 1, min(len(run), start + most(run) + 1) + 1):
        yield _joined(run[start:end])


def most(run: Run) -> int:
    """How many words or characters the phrases of such a run may have."""
    return MOST_CHARACTERS if isinstance(run, str) else MOST_WORDS


def without_first(gram: str) -> str:
    """The phrase without its first word or character; empty where it has one alone."""
    return gram[1:] if is_han(gram) else gram.partition(" ")[2]


def without_last(gram: str) -> str:
    """The phrase without its last word or character; empty where it has one alone."""
    return gram[:-1] if is_han(gram) else gram.rpartition(" ")[0]


def is_han(gram: str) -> bool:
    """Whether it is of Chinese characters."""
    return _IS_HAN.match(gram) is not None


def is_phrase(gram: str) -> bool:
    """Whether a watchlist could have it as a term: of the right length, and no function word at either end."""
    return not (is_han(gram) and len(gram) == 1) and not is_too_long(gram) and is_whole(gram)


def is_too_long(gram: str) -> bool:
    """Whether it has more words or characters than a phrase may have."""
    return len(gram) > MOST_CHARACTERS if is_han(gram) else gram.count(" ") >= MOST_WORDS


def is_whole(gram: str) -> bool:
    """Whether no function word stands at either end."""
    if is_han(gram):
        return gram[0] not in NEVER_FIRST and gram[-1] not in NEVER_LAST
    words = gram.split(" ")
    return _may_end(words[0]) and _may_end(words[-1])


def pieces(gram: str) -> Iterator[str]:
    """The phrases that stand in it, without itself."""
    run: Run = gram if is_han(gram) else gram.split(" ")
    for length in range(1, len(run)):
        yield from grams(run, length)


def _may_end(word: str) -> bool:
    return len(word) > 1 and word not in FUNCTION_WORDS and not word.isdigit() and "'" not in word


def _word(piece: str) -> str:
    """Without the quotes around it, and the English 's after it."""
    word = piece.strip("'")
    return word.removesuffix("'s")


def _joined(parts: Sequence[str]) -> str:
    return parts if isinstance(parts, str) else " ".join(parts)
