"""What changed between two texts, for a person to read: by paragraphs, and within a changed one by words.

Chinese, Japanese and Korean are compared by characters. The time is bounded, whatever the texts hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from feedwatch.export.differences import Difference, differences

Kind = Literal["same", "removed", "added"]

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_TOKENS = re.compile(rf"[{_WIDE}]|\d+(?:[.,:]\d+)*|[^\W\d{_WIDE}]+(?:['’][^\W\d{_WIDE}]+)*|\s+|.", re.DOTALL)
_RUNS = (8, 3, 1, 1)
_ALIKE = 0.4
"""The least share of words that two paragraphs have in common, to be one that changed."""
_MOST_PAIRS = 10_000
_CONTEXT = 160
"""Characters that are shown of a long stretch that stayed, before and after what changed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs in a row that both texts have."""

    count: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A paragraph that changed: its pieces in order. One that went or came as a whole is a single piece."""

    pieces: tuple[Piece, ...]


def compare(old: str, new: str) -> tuple[Unchanged | Changed, ...]:
    """The way from one text to the other; paragraphs are parted by newlines."""
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    found: list[Unchanged | Changed] = []
    at = 0
    for gap in [*differences(before, after), Difference(len(before), len(before), len(after), len(after))]:
        if gap.start > at:
            found.append(Unchanged(gap.start - at))
        found += _changed(before[gap.start : gap.end], after[gap.new_start : gap.new_end])
        at = gap.end
    return tuple(found)


def compare_line(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of one paragraph, or of a title."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces: list[Piece] = []
    at = 0
    for gap in _tidied(differences(before, after, _RUNS), before, after):
        pieces.append(Piece("same", "".join(before[at : gap.start])))
        pieces.append(Piece("removed", "".join(before[gap.start : gap.end])))
        pieces.append(Piece("added", "".join(after[gap.new_start : gap.new_end])))
        at = gap.end
    pieces.append(Piece("same", "".join(before[at:])))
    return tuple(piece for piece in pieces if piece.text)


def abridged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, long stretches that stayed cut down to what stands near a change."""
    last = len(pieces) - 1
    return tuple(
        Piece("same", _abridged(piece.text, begins=number == 0, ends=number == last)) if piece.kind == "same" else piece
        for number, piece in enumerate(pieces)
    )


def _abridged(text: str, *, begins: bool, ends: bool) -> str:
    head, tail = 0 if begins else _CONTEXT, 0 if ends else _CONTEXT
    if len(text) <= head + tail + _CONTEXT or (begins and ends):
        return text
    before = text[:head].rpartition(" ")[0] or text[:head]
    after = text[len(text) - tail :].partition(" ")[2] or text[len(text) - tail :]
    return f"{before} … {after if tail else ''}" if head else f"… {after}"


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Changed]:
    """The paragraphs of a difference: those that are one another's paired, the others gone or come as a whole."""
    at = other = 0
    for removed, added in [*_pairs(before, after), (len(before), len(after))]:
        yield from (Changed((Piece("removed", paragraph),)) for paragraph in before[at:removed])
        yield from (Changed((Piece("added", paragraph),)) for paragraph in after[other:added])
        if removed < len(before):
            yield Changed(compare_line(before[removed], after[added]))
        at, other = removed + 1, added + 1


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraph became which, in order: the pairs that are most alike in all."""
    words, others = [_words(paragraph) for paragraph in before], [_words(paragraph) for paragraph in after]
    if len(before) * len(after) > _MOST_PAIRS:
        side_by_side = enumerate(zip(words, others, strict=False))
        return [(number, number) for number, (one, other) in side_by_side if _alike(one, other)]
    alike = [[_alike(one, other) for other in others] for one in words]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    pairs = []
    i = j = 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _words(paragraph: str) -> Counter[str]:
    return Counter(token for token in _TOKENS.findall(paragraph) if not token.isspace())


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """The share of words in common (Dice's coefficient); 0 below the least share."""
    if len(one) > len(other):
        one, other = other, one
    shared = sum(min(count, other[word]) for word, count in one.items() if word in other)
    share = 2 * shared / max(1, one.total() + other.total())
    return share if share >= _ALIKE else 0.0


def _tidied(gaps: Sequence[Difference], before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """Differences with little between them made one: "of" that stayed amid words that changed is no news."""
    weights = (_weights(before), _weights(after))
    tidied: list[Difference] = []
    for gap in gaps:
        whole = gap
        while tidied:
            last = tidied[-1]
            between = weights[0][whole.start] - weights[0][last.end]
            if between > min(_weight(last, *weights), _weight(whole, *weights)):
                break
            whole = Difference(last.start, whole.end, last.new_start, whole.new_end)
            tidied.pop()
        tidied.append(whole)
    return tidied


def _weight(gap: Difference, old: Sequence[int], new: Sequence[int]) -> int:
    return max(old[gap.end] - old[gap.start], new[gap.new_end] - new[gap.new_start])


def _weights(tokens: Sequence[str]) -> list[int]:
    """How much stands before each token: letters, a wide one counting as three."""
    return list(accumulate((3 if token[0] >= "\u2e80" else len(token) for token in tokens), initial=0))
