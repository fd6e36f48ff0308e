"""The telling terms of a text in an alphabet: its names, and the words and pairs of words that it comes back to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from feedwatch.cluster.known import known_in_english
from feedwatch.digest.common_words import COMMON_ENGLISH
from feedwatch.match.grams import FUNCTION_WORDS

_CAPITALS, _SMALL = "A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ", "a-zß-öø-ÿā-žα-ωά-ώа-яё"
_CAPITALISED = rf"[{_CAPITALS}][\w&]*(?:[-.'’](?![sS]\b)\w+)*"
_JOINING = "of|de|da|do|del|der|van|von|bin|al|la|le"
_NAME = re.compile(rf"\b{_CAPITALISED}(?: (?:(?:{_JOINING}) )?{_CAPITALISED}){{0,3}}")
_WORD = re.compile(rf"(?<![\w'’-])[{_SMALL}]{{3,}}(?:-[{_SMALL}]+)*(?![\w'’])")
_BEFORE_A_SENTENCE = re.compile(r"(?:^|[.!?:;\n\"“‘(\[•|–—-])['\"”’)]*\s*$")
_LOOK_BACK = 4
_PRONOUN = ("I'", "I’")
_LEAST_LETTERS = 4
_HEADLINE_CASE = 0.6
_OFTEN = 3
SAME_SHARE = 0.8


def latin_terms(title: str, text: str) -> dict[str, tuple[int, int]]:
    """Each term as it is written, where it stands first, and how often it stands there.

    A name is a capitalised word, or up to four in a row ("Bank of England"); the word that begins a sentence is none by
    itself, unless it is well known, and neither are those of a headline in title case. A word in small letters has to
    stand in the headline, or three times; a pair of them twice. Costs 0.4 ms for 2,000 characters.
    """
    words = title.split()
    if sum(word[0].isupper() for word in words) > _HEADLINE_CASE * len(words):
        title = title.lower()  # what is a name in it, the text tells
    whole = f"{title}\n{text}"
    found = list(_WORD.finditer(whole))
    small = Counter(word[0] for word in found)
    counts = Counter(_names(whole, small))
    for name in {whole[known.start : known.end] for known in known_in_english(whole)}:
        counts.setdefault(name, 1)
    headline = set(_WORD.findall(title))
    counts.update({word: small[word] for word in small if _is_topic(word, small[word], headline)})
    counts.update(_pairs(whole, found))
    left_out = _inside(counts) | {term.lower() for term in counts if not term.islower()}
    return {term: (whole.find(term), count) for term, count in counts.items() if term not in left_out}


def _names(text: str, small: Mapping[str, int]) -> Iterator[str]:
    for run in _NAME.finditer(text):
        words = run[0].split(" ")
        if _BEFORE_A_SENTENCE.search(text, max(run.start() - _LOOK_BACK, 0), run.start()) and (
            len(words) == 1 or words[0].lower() in small
        ):
            del words[0]
        while words and words[0].lower() in COMMON_ENGLISH:
            del words[0]
        while words and words[-1].lower() in FUNCTION_WORDS:
            del words[-1]
        if words and len(words[0]) > 1 and not words[0].startswith(_PRONOUN):
            yield " ".join(words)


def _is_topic(word: str, count: int, headline: Collection[str]) -> bool:
    return len(word) >= _LEAST_LETTERS and (word in headline or count >= _OFTEN) and word not in COMMON_ENGLISH


def _pairs(text: str, words: Iterable[re.Match[str]]) -> dict[str, int]:
    """The pairs of telling words that have nothing but a space between, and stand there more than once."""
    telling = [word.span() for word in words if word[0] not in COMMON_ENGLISH]
    pairs = Counter(text[start:end] for (start, near), (far, end) in pairwise(telling) if far == near + 1)
    return {pair: count for pair, count in pairs.items() if count > 1}


def _inside(counts: Mapping[str, int]) -> set[str]:
    """The words and phrases that stand inside a longer one nearly as often as at all."""
    inside = set()
    for term, count in counts.items():
        words = term.split(" ")
        for length in range(1, len(words)):
            for at in range(len(words) - length + 1):
                piece = " ".join(words[at : at + length])
                if count >= SAME_SHARE * counts.get(piece, 0):
                    inside.add(piece)
    return inside
