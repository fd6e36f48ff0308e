"""Where a query's words and operators are read otherwise than they look: seen in its tokens, not in its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .lexer import Token, Tokens, Within
from .tree import Phrase

Problem = tuple[int, str]
"""A column (0-based), and what is to be said of it."""

_OPERATORS = {"and", "or", "not", "near"}
_NEARLY_NEAR = re.compile(r"(O?NEAR)([0-9]+)")
_COMMAS = ",;，；、"


def misreadings(tokens: Tokens) -> Iterator[Problem]:
    """Words that look like operators, commas, and an order that is easily taken for another."""
    for at, here in enumerate(tokens.values):
        if isinstance(here, Phrase) and tokens.columns[at] == here.column:
            yield from _of_bare_word(here)
        elif isinstance(here, Within):
            yield from _beside_near(tokens, at)
    yield from _mixed(tokens)


def _of_bare_word(word: Phrase) -> Iterator[Problem]:
    nearly = _NEARLY_NEAR.fullmatch(word.text)
    if word.text.lower() in _OPERATORS:
        operator = "NEAR/8" if word.text.lower() == "near" else word.text.upper()
        yield (
            word.column,
            f'{word.text} is looked for as a word: the operator is {operator}; write "{word.text}" if meant',
        )
    elif nearly:
        yield word.column, f"{word.text} is looked for as a word: the operator is {nearly[1]}/{nearly[2]}"
    elif word.text[-1] in _COMMAS:
        at = word.column + len(word.text) - 1
        yield at, f"{word.text[-1]} is looked for with the word: write OR for a list, or leave it out"


def _beside_near(tokens: Tokens, at: int) -> Iterator[Problem]:
    """A second bare word on a side of NEAR: it stands outside."""
    for near, far in ((at + 1, at + 2), (at - 1, at - 2)):
        beyond = 2 * far - near
        if far < 0 or not (_is_bare(tokens, near) and _is_bare(tokens, far)):
            continue
        if beyond >= 0 and isinstance(tokens.values[beyond], Within):
            continue
        first, second = sorted((near, far))
        written = f'"{tokens.written(first)} {tokens.written(second)}"'
        problem = f"{tokens.written(far)} is no part of {tokens.written(at)}: write {written} if they are one phrase"
        yield tokens.columns[far], problem


def _is_bare(tokens: Tokens, at: int) -> bool:
    word = tokens.values[at]
    return isinstance(word, Phrase) and word.column == tokens.columns[at]


def _mixed(tokens: Tokens) -> Iterator[Problem]:
    """AND, or words side by side, beside an OR within the same parentheses."""
    ors: list[int | None] = [None]
    joined = [False]
    for at, (before, here) in enumerate(pairwise(tokens.values), start=1):
        if _is_opening(before):
            ors.append(None)
            joined.append(False)
        if before == ")" and len(ors) > 1:
            ors.pop()
            joined.pop()
        if here == "OR" and ors[-1] is None:
            ors[-1] = tokens.columns[at]
        joined[-1] = joined[-1] or here == "AND" or (_ends_part(before) and _begins_part(here))
        if ors[-1] is not None and joined[-1] and (here == ")" or at == len(tokens.values) - 1):
            yield ors[-1], "AND binds closer than OR, and words side by side mean AND: parentheses say what is meant"


def _is_opening(token: Token) -> bool:
    return isinstance(token, str) and token.endswith("(")


def _ends_part(here: Token) -> bool:
    return here == ")" or not isinstance(here, str | Within)


def _begins_part(here: Token) -> bool:
    return here == "NOT" or _is_opening(here) or not isinstance(here, str | Within)
