"""Tells whether two items report the same text: one is a copy of the other, or an edited, cut or extended one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from feedwatch.cluster.fold import fold, fold_spaced
from feedwatch.cluster.forms import Figures, compare_figures, figures_in_characters, figures_in_words, swapped
from feedwatch.cluster.scripts import fold_characters, is_unspaced
from feedwatch.cluster.sketch import title_key
from feedwatch.model import Report

MIN_CONTAINED = 0.7
"""The share of the shorter text's shingles that the longer must have."""
MIN_RATIO = 0.42
"""How long the shorter text must be beside the longer, unless it is the longer's beginning."""
MIN_CONTAINED_OF_A_LEAD = 0.85
"""The share of a teaser's shingles that the longer text's beginning must have."""
MIN_RESEMBLANCE_AT_ONE_PUBLISHER = 0.85
"""A publisher seldom prints a text twice, but often fills in a form: the share of all shingles that must be common."""
MIN_CONTAINED_AT_ONE_PUBLISHER = 0.85
"""The share of the shorter text's shingles that is enough there under the same headline."""
UPDATE_WINDOW = timedelta(hours=20)
"""How long after a report its figures may still be brought up to date; the day after, it is the next day's report."""
FIGURES_CHANGED, FIGURES_KEPT = 2, 2.0
"""Within that time, so many figures may be others; more of them, where twice as many are kept."""
WORDS_FOR_A_LATE_FIGURE = 150
"""After it, one figure may be another in so many words."""
WORDS_OF_A_FORM, MIN_CONTAINED_LATE = 120, 0.95
"""After it, the share of shingles that a text up to so long must have in common with the longer, if each has words that
the other has not."""
WORDS_FOR_A_NAME, SWAPPED_UNDER_ONE_HEADLINE = 40, 3
"""Within it, so many names and figures of such a text may be others: one in 40 words, or 3 under the same headline."""
HEADLINE_WORDS = 25
"""Texts shorter than this tell little more than a headline."""
MIN_CONTAINED_OF_A_HEADLINE = 0.9
"""The share of so short a text's shingles that the longer must have."""
LEAST_WORDS = 8
"""Of so short a text, that one publisher prints twice under one headline."""
HEADLINE_WINDOW = timedelta(hours=48)

_WORDS = 3
_CHARACTERS = 5
_CHARACTERS_A_WORD = 1.7
_LEAD_SLACK = 20


class Text(NamedTuple):
    """A text as it is compared."""

    units: list[bytes] | str
    """Folded words, or characters of a script without spaces."""
    shingles: frozenset[object]
    """Runs of 3 words, or of 5 characters."""
    words: float
    """How long it is, in words."""
    is_unspaced: bool


def is_copy(new: Report, known: Report) -> bool:
    """Whether one of two items reports the other's text. Symmetric.

    The shorter text must stand in the longer for the most part, and be at least 42 % as long or be its beginning
    (a teaser); figures may change here and there. Texts too short to tell need the same headline within two days. The
    rules, and how often they err: docs/stories.md.
    """
    one, other = read_text(new.text), read_text(known.text)
    short, long = sorted((one, other), key=lambda text: (len(text.shingles), text.words))
    if short.words < HEADLINE_WORDS:
        return _shares_headline(new, known, short, long)
    if one.is_unspaced != other.is_unspaced:
        return False
    return _shares_text(new, known, short, long)


@lru_cache(maxsize=64)
def read_text(text: str) -> Text:
    """Fold a text and cut it into shingles. The last few are remembered: an item is compared with several others."""
    if is_unspaced(text):
        folded = fold_characters(text)
        runs: frozenset[object] = frozenset(
            [folded[at : at + _CHARACTERS] for at in range(max(len(folded) - _CHARACTERS + 1, 0))]
        )
        return Text(folded, runs, len(folded) / _CHARACTERS_A_WORD, is_unspaced=True)
    words = fold_spaced(text).split()
    return Text(words, frozenset(_runs(words)), len(words), is_unspaced=False)


def _shares_text(new: Report, known: Report, short: Text, long: Text) -> bool:
    shared = len(short.shingles & long.shingles)
    if shared < MIN_CONTAINED * len(short.shingles):
        return False
    if _is_one_publisher(new, known) and not _is_printed_twice(new, known, short, long, shared):
        return False
    if short.words < MIN_RATIO * long.words and not _begins(short, long):
        return False
    return shared == len(short.shingles) or not _is_filled_in_anew(new, known, short, long, shared)


def _is_one_publisher(new: Report, known: Report) -> bool:
    host = _host(new.url)
    return new.source_id == known.source_id or (host != "" and host == _host(known.url))


def _is_printed_twice(new: Report, known: Report, short: Text, long: Text, shared: int) -> bool:
    """What is asked for besides, of one publisher: its forms and blocks of links are in many texts."""
    if shared >= MIN_RESEMBLANCE_AT_ONE_PUBLISHER * (len(short.shingles) + len(long.shingles) - shared):
        return True
    is_same_title = fold(new.title) == fold(known.title)
    return is_same_title and shared >= MIN_CONTAINED_AT_ONE_PUBLISHER * len(short.shingles)


def _begins(short: Text, long: Text) -> bool:
    """Whether the shorter text stands in the beginning of the longer."""
    step = _CHARACTERS if long.is_unspaced else _WORDS
    reach = len(short.units) + _LEAD_SLACK * (2 if long.is_unspaced else 1) + step
    beginning = long.units[:reach]
    runs: set[object]
    if isinstance(beginning, str):
        runs = {beginning[at : at + step] for at in range(len(beginning))}
    else:
        runs = set(_runs(beginning))
    return len(runs & short.shingles) >= MIN_CONTAINED_OF_A_LEAD * len(short.shingles)


def _is_filled_in_anew(new: Report, known: Report, short: Text, long: Text, shared: int) -> bool:
    """Whether the two are one form with other figures or names: a day's closing prices, a bank's next loan."""
    kept, changed = compare_figures(_figures(new.text), _figures(known.text))
    is_form = short.words <= WORDS_OF_A_FORM
    if abs(new.published_at - known.published_at) > UPDATE_WINDOW:
        if changed > short.words // WORDS_FOR_A_LATE_FIGURE:
            return True
        # In Chinese, a copy may have other words throughout: those of another region.
        is_less = is_form and not short.is_unspaced and shared < MIN_CONTAINED_LATE * len(short.shingles)
        if is_less and set(short.units) - set(long.units) and set(long.units) - set(short.units):
            return True
    elif changed > FIGURES_CHANGED and kept < FIGURES_KEPT * changed:
        return True
    if not is_form:
        return False
    is_same_title = fold(new.title) == fold(known.title)
    allowed = SWAPPED_UNDER_ONE_HEADLINE if is_same_title else short.words // WORDS_FOR_A_NAME
    return swapped(new.text, known.text) > allowed


@lru_cache(maxsize=64)
def _figures(text: str) -> Figures:
    units = read_text(text).units
    return figures_in_characters(units) if isinstance(units, str) else figures_in_words(units)


def _shares_headline(new: Report, known: Report, short: Text, long: Text) -> bool:
    """The stricter rule for an item that is little more than a headline."""
    if _is_one_publisher(new, known):
        return short.words >= LEAST_WORDS and short.units == long.units and fold(new.title) == fold(known.title)
    if abs(new.published_at - known.published_at) > HEADLINE_WINDOW:
        return False
    title = title_key(new.title)
    if not title or title != title_key(known.title):
        return False
    if not short.shingles:
        return True
    shared = len(short.shingles & long.shingles)
    return short.is_unspaced == long.is_unspaced and shared >= MIN_CONTAINED_OF_A_HEADLINE * len(short.shingles)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def _runs(words: list[bytes]) -> Iterable[object]:
    return zip(words, words[1:], words[2:], strict=False)
