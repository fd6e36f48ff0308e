"""Terms that rise: those that more of an edition's stories have than the subscriber's editions before had.

Measured by Dunning's log-likelihood ("Accurate Methods for the Statistics of Surprise and Coincidence", 1993), as
`match.stand_out` does, over stories: of this edition against all of those before. It needs no normal distribution, and
so holds for the small counts that editions have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from feedwatch.cluster.scripts import simplified
from feedwatch.digest.terms import telling_terms
from feedwatch.match.stand_out import log_likelihood
from feedwatch.model import RisingTerm

__all__ = ["HISTORY", "rising_terms", "telling_terms"]

HISTORY = 14
"""How many former editions are looked at: two weeks of daily ones."""
LEAST_EDITIONS, LEAST_STORIES = 3, 20
"""Of the history: with fewer, all that is told would seem to rise."""
LEAST_OF_AN_EDITION = 5
"""Stories of the edition: of fewer, each makes its own terms rise."""
LEAST = 2
"""What fewer stories of the edition have is no rise."""
LEAST_RATIO = 2.0
"""How many times as many stories have it as usual."""
CRITICAL = 10.83
"""A likelihood that chance alone reaches once in 1,000 times, with one degree of freedom."""
NAME_SHARE = 0.25
"""A term is shown with its capitals where such a share of its stories has them."""
SAME_SHARE = 0.75
"""A term is left out beside a longer one that holds it, where so many of its stories have the longer one."""


class _Term(NamedTuple):
    written: str
    stories: int
    usual: float
    likelihood: float


def rising_terms(
    counts: Mapping[str, int], stories: int, history: Sequence[tuple[int, Mapping[str, int]]], *, limit: int = 6
) -> tuple[RisingTerm, ...]:
    """The terms that rise in an edition, the strongest first; none where edition or history are too short to tell.

    counts: in how many of the edition's `stories` each term stands (`telling_terms`). history: the same of the
    subscriber's editions before, the newest first, each with how many stories it had; HISTORY of them are looked at.
    Forms that differ in case or in the way of writing Chinese alone are one term, shown as most stories write it. Of
    two terms of which one holds the other, one is listed.
    """
    former = history[:HISTORY]
    before = sum(told for told, _ in former)
    if stories < LEAST_OF_AN_EDITION or len(former) < LEAST_EDITIONS or before < LEAST_STORIES:
        return ()
    found = []
    for forms in _forms(counts):
        here = min(counts[forms[0]] if len(forms) == 1 else sum(counts[form] for form in forms), stories)
        if here < LEAST:
            continue
        had = _had(former, {form for written in forms for form in (written, written.lower(), simplified(written))})
        usual = had * stories / before
        if here >= LEAST_RATIO * usual and (likelihood := log_likelihood(here, stories, had, before)) >= CRITICAL:
            found.append(_Term(_written(forms, counts), here, usual, likelihood))
    found.sort(key=lambda term: (-term.likelihood, -len(term.written), term.written))
    listed = _without_parts(found)[:limit]
    highest = max((term.stories for term in listed), default=1)
    return tuple(RisingTerm(term.written, term.stories, term.usual, term.stories / highest) for term in listed)


def _forms(counts: Mapping[str, int]) -> Iterable[list[str]]:
    """The terms, those together that differ in case or in the way of writing Chinese alone."""
    forms: dict[str, list[str]] = {}
    for term in counts:
        forms.setdefault(_one_form(term), []).append(term)
    return forms.values()


# The same stories are told to many.
@lru_cache(maxsize=1 << 16)
def _one_form(term: str) -> str:
    return simplified(term).casefold()


def _had(former: Sequence[tuple[int, Mapping[str, int]]], forms: Collection[str]) -> int:
    """How many stories of former editions had a term in any of its forms."""
    had = 0
    for stories, counts in former:
        here = 0
        for form in forms:
            here += counts.get(form, 0)
        had += min(here, stories)
    return had


def _written(forms: Sequence[str], counts: Mapping[str, int]) -> str:
    """As most stories write it; a name as a name, where some do: headlines in title case do not tell."""
    names = [form for form in forms if not form.islower()]
    is_name = sum(counts[form] for form in names) >= NAME_SHARE * sum(counts[form] for form in forms)
    return max(names if names and is_name else forms, key=lambda form: (counts[form], form))


def _without_parts(found: Sequence[_Term]) -> list[_Term]:
    """The terms without those that stand in another: of the two the longer one is kept, if nearly as many have it."""
    spoken = [(term, _folded(term.written)) for term in found]
    left_out: set[str] = set()
    for long, long_folded in spoken:
        for short, short_folded in spoken:
            if short_folded != long_folded and short_folded in long_folded:
                is_part = long.stories >= SAME_SHARE * short.stories
                left_out.add((short if is_part else long).written)
    return [term for term in found if term.written not in left_out]


def _folded(term: str) -> str:
    """With a space on either side, where words are parted by spaces: "rain" is no part of "train"."""
    folded = _one_form(term)
    return f" {folded} " if folded.isascii() else folded
