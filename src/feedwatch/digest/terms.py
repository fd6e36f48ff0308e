"""The telling terms of an item: what somebody who reads it for a living would say that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from feedwatch.cluster.scripts import simplified
from feedwatch.digest.terms_han import han_terms
from feedwatch.digest.terms_latin import latin_terms

MOST = 32
_READ_LETTERS, _READ_HAN = 2000, 700
"""How much of a text is read: what an item is about stands in front."""
_HAN_SHARE = 10
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]{2})[A-Za-z0-9]*[A-Z][A-Za-z0-9]*(?:[-.& ][A-Za-z0-9]+)*")
"""In a Chinese text: GDP, 5G, DeepSeek, COP29, Web Summit."""


def telling_terms(title: str, text: str, language: str) -> tuple[str, ...]:
    """The terms of an item, as they are written in it, each once: those of the headline first, then the most frequent.

    Names, words and pairs of words in an alphabet; rows of Chinese characters. language: BCP 47; a Chinese item's
    Latin words are names alone. None is a piece of a longer one that stands in the item as often.
    """
    if _is_chinese(language, title, text):
        whole = f"{title}\n{text[:_READ_HAN]}"
        terms = {whole[at : at + len(term)]: (at, count) for term, (at, count) in han_terms(simplified(whole)).items()}
        for name in _NAME.findall(whole):
            terms[name] = (whole.find(name), whole.count(name))
    else:
        terms = latin_terms(title, text[:_READ_LETTERS])
    return _foremost(terms, len(title))


def _is_chinese(language: str, title: str, text: str) -> bool:
    primary = language.partition("-")[0].lower()
    if primary in ("", "und"):
        start = f"{title} {text[:_READ_HAN]}"
        return sum("\u3400" <= character <= "\u9fff" for character in start) * _HAN_SHARE > len(start)
    return primary in ("zh", "yue", "wuu")


def _foremost(terms: Mapping[str, tuple[int, int]], title_length: int) -> tuple[str, ...]:
    def order(term: str) -> tuple[bool, int, int]:
        at, count = terms[term]
        return at >= title_length, -count * len(term), at

    return tuple(sorted(terms, key=order)[:MOST])
