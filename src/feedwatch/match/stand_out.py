"""Words and phrases that stand out in some texts against others, in Latin and in Chinese script.

Measured by Dunning's log-likelihood ("Accurate Methods for the Statistics of Surprise and Coincidence", 1993), with
which Rayson and Garside compare corpora (2000), over the number of texts that have a phrase, not over how often they
have it: one long article cannot make a word stand out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from .grams import (
    Run,
    grams,
    grams_from,
    is_phrase,
    is_too_long,
    is_whole,
    most,
    pieces,
    runs_of,
    without_first,
    without_last,
)

CRITICAL = 15.13
"""A likelihood that chance alone reaches once in 10,000 times, with one degree of freedom: Rayson, Berridge and Francis
(2004) ask for it where many words are compared at once."""
LEAST_SHARE = 0.01
LEAST_TEXTS = 3
"""What stands in fewer texts, or in a smaller share of them, is not looked at."""
LEAST_RATIO = 4.0
"""How many times as large a share of the texts has to have it: less is said by the texts' manner and length."""
SAME_SHARE = 0.8
"""A phrase is left out as a piece of a longer one, where so many of the texts that have it have the longer one."""


@dataclass(frozen=True, slots=True)
class StandOut:
    """A phrase that stands out."""

    phrase: str
    """Folded: small letters, simplified characters."""
    inside: int
    """Of the texts looked at, how many have it."""
    outside: int
    """Of the texts compared with, how many have it."""
    likelihood: float


def stand_out(
    inside: Sequence[str], outside: Iterable[str], *, outside_count: int, critical: float = CRITICAL
) -> list[StandOut]:
    """The phrases that more of `inside` have than chance would put there, given `outside`; the strongest first.

    Latin words and phrases of up to three, Chinese phrases of two to six characters; without those that begin or end
    with a function word, and without the pieces of longer ones. The texts of `outside` are read one after the other,
    and none is kept; there are `outside_count` of them.
    """
    if not inside:
        return []
    known = _frequent([runs_of(text) for text in inside], max(LEAST_TEXTS, round(LEAST_SHARE * len(inside))))
    elsewhere: Counter[str] = Counter()
    for text in outside:
        elsewhere.update(set(_known_grams(runs_of(text), known)))
    whole = _without_pieces(known, elsewhere)
    found = [
        StandOut(gram, known[gram], elsewhere[gram], likelihood)
        for gram in whole
        if is_phrase(gram)
        and known[gram] * outside_count >= LEAST_RATIO * elsewhere[gram] * len(inside)
        and (likelihood := log_likelihood(known[gram], len(inside), elsewhere[gram], outside_count)) >= critical
    ]
    return sorted(found, key=lambda one: (-one.likelihood, one.phrase))


def log_likelihood(inside: int, inside_count: int, outside: int, outside_count: int) -> float:
    """How surprising it is that `inside` of `inside_count` texts have a phrase, given `outside` of `outside_count`.

    Dunning's G squared over the table of four cells; 0 where a smaller share of the inside has it. Above 15.13 it is
    chance in less than one of 10,000 cases.
    """
    if outside_count and inside * outside_count <= outside * inside_count:
        return 0.0
    total = inside_count + outside_count
    cells = ((inside, inside_count), (outside, outside_count))
    having = inside + outside
    summed = 0.0
    for count, size in cells:
        for observed, margin in ((count, having), (size - count, total - having)):
            if observed:
                summed += observed * log(observed * total / (size * margin))
    return round(2 * summed, 2)


def _frequent(texts: Sequence[list[Run]], least: int) -> Counter[str]:
    """In how many texts each gram stands that stands in enough of them.

    Of a gram that does, every piece does: so each length is counted among the extensions of the one before. One longer
    than is shown is counted too, to know the pieces of what is longer.
    """
    known: Counter[str] = Counter()
    length = 1
    while True:
        counted: Counter[str] = Counter()
        for runs in texts:
            counted.update(
                {gram for run in runs if length <= most(run) + 1 for gram in grams(run, length) if _may_be(gram, known)}
            )
        grown = {gram: count for gram, count in counted.items() if count >= least}
        if not grown:
            return known
        known.update(grown)
        length += 1


def _may_be(gram: str, known: Counter[str]) -> bool:
    first = without_last(gram)
    return not first or (first in known and without_first(gram) in known)


def _known_grams(runs: Iterable[Run], known: Counter[str]) -> Iterator[str]:
    for run in runs:
        for start in range(len(run)):
            for gram in grams_from(run, start):
                if gram not in known:
                    break
                yield gram


def _without_pieces(known: Counter[str], elsewhere: Counter[str]) -> list[str]:
    """The grams without those that are nearly always part of one longer gram, which is one by itself."""
    parts = {
        piece
        for gram, count in known.items()
        if is_whole(gram)
        for piece in _parts(gram)
        if count + elsewhere[gram] >= SAME_SHARE * (known[piece] + elsewhere[piece])
    }
    return [gram for gram in known if gram not in parts]


def _parts(gram: str) -> Iterable[str]:
    """What goes out where the gram stays; of one that is too long to be shown its beginning stays in its place."""
    return [without_first(gram)] if is_too_long(gram) else pieces(gram)
