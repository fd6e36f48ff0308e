"""Phrases whose words are found in their other forms too, by the stemmers of Snowball (https://snowballstem.org)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile

from Stemmer import Stemmer  # type: ignore[import-not-found]

from .fold import fold
from .phrase import BEGINS_WORD, WORD_CHARACTERS, Literal, Sought, compile_phrase
from .scripts import is_word_character
from .squeeze import SqueezedText

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


@dataclass(frozen=True, slots=True)
class StemWord:
    """A word of a phrase, or one of its other characters, folded."""

    text: str
    stem: str
    """Folded; empty for what is no word."""
    prefix: str
    """What its other forms begin with: the stem without its last letter, as far as the word begins so itself."""


@dataclass(frozen=True, slots=True)
class StemPhrase:
    """A phrase made ready. Two that are equal find the same."""

    literal: Literal
    """The phrase as it is written."""
    words: tuple[StemWord, ...]
    language: str
    """Its primary subtag."""


def languages() -> tuple[str, ...]:
    """The primary subtags of the languages that have a stemmer, sorted."""
    return tuple(_ALGORITHMS)


def primary(language: str) -> str:
    """The primary subtag of a language (BCP 47) in lower case: en of en-HK."""
    return language.replace("_", "-").partition("-")[0].lower()


def compile_stem(phrase: str, language: str) -> StemPhrase:
    """Make a phrase ready; it has at least one letter or digit.

    In a language without a stemmer, and with a hashtag, it is found as it is written alone.
    """
    subtag = primary(language)
    text = SqueezedText(phrase)
    has_forms = subtag in _ALGORITHMS and "#" not in text.characters
    return StemPhrase(compile_phrase(phrase), tuple(_stem_words(text, subtag)) if has_forms else (), subtag)


def stem_sought(phrase: StemPhrase) -> Sought | None:
    """What stands in every text that the phrase is found in, whatever language that is in; None for nothing sure."""
    pieces = list(_pieces(phrase))
    piece = max(pieces, key=lambda piece: len(piece.encode(errors="replace")))
    begins = phrase.literal.starts_word and piece is pieces[0]
    if not piece:
        return None
    return Sought(piece, BEGINS_WORD if begins and piece[0] in WORD_CHARACTERS else 0)


def _pieces(phrase: StemPhrase) -> Iterator[str]:
    """What stands in a text as it is: the other characters together with the beginning of the word after them."""
    if not phrase.words:
        yield phrase.literal.squeezed
    together = ""
    for word in phrase.words:
        together += word.prefix
        if word.stem:
            yield together
            together = ""
    if together:
        yield together


def stem_places(phrase: StemPhrase, text: SqueezedText, language: str) -> list[tuple[int, int]]:
    """Where a text of a language, as it was written, has the phrase or its words in other forms; places may overlap.

    Another form is a word of the text with the same stem that begins as `StemWord` says. Nothing but separators stands
    between the words. In a text of another language the phrase is found as it is written.
    """
    found = text.places(phrase.literal)
    if phrase.words and primary(language) == phrase.language:
        found += [place for place in _places_of_forms(phrase, text) if place not in found]
    return found


def _places_of_forms(phrase: StemPhrase, text: SqueezedText) -> Iterator[tuple[int, int]]:
    folded = text.folded
    first = folded.folded.find(phrase.words[0].prefix)
    while 0 <= first < len(folded.folded):
        if folded.folded[first] != " " and not text.goes_on_at(first):
            end = _end_of_forms(phrase, text, first)
            if end:
                yield folded.start(first), folded.end(end)
        first = folded.folded.find(phrase.words[0].prefix, first + 1)


def _end_of_forms(phrase: StemPhrase, text: SqueezedText, place: int) -> int:
    """Where the words of the phrase end that begin at a place of the folded text; 0 where other words stand there."""
    for word in phrase.words:
        token = _token(text, place, phrase.language)
        if token is None:
            return 0
        start, place = token
        found = text.folded.folded[start:place]
        if found == word.text:
            continue
        if not (word.stem and found.startswith(word.prefix) and is_word_character(found[0])):
            return 0
        if _stem(_written(text, start, place), phrase.language) != word.stem:
            return 0
    return place


def _stem_words(text: SqueezedText, language: str) -> Iterator[StemWord]:
    place = 0
    while (token := _token(text, place, language)) is not None:
        start, place = token
        word = text.folded.folded[start:place]
        if is_word_character(word[0]):
            stem = _stem(_written(text, start, place), language)
            yield StemWord(word, stem, _common_beginning(word, stem[:-1]))
        else:
            yield StemWord(word, "", word)


def _token(text: SqueezedText, place: int, language: str) -> tuple[int, int] | None:
    """The first word from a place on, in the folded text, or other character that is no separator."""
    folded = text.folded.folded
    while place < len(folded) and folded[place] == " ":
        place += 1
    if place == len(folded):
        return None
    end = place + 1
    while text.goes_on_at(end):
        end += 1
    if language == "en" and folded.startswith("'s", end) and is_word_character(folded[place]):
        end += 0 if text.goes_on_at(end + 2) else 2
    return place, end


def _written(text: SqueezedText, start: int, end: int) -> str:
    return text.original[text.folded.start(start) : text.folded.end(end)]


def _common_beginning(one: str, other: str) -> str:
    pairs = zip(one, other, strict=False)
    return "".join(here for here, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@lru_cache(maxsize=1 << 16)
def _stem(written: str, language: str) -> str:
    """The folded stem of a word, which is told by the word with its accents."""
    word = written
    if not word.isascii():
        word = "".join(character for character in word if unicodedata.category(character) != "Cf")
        word = unicodedata.normalize("NFKC", word)
    stem: str = _stemmer(language).stemWord(word.lower().replace("’", "'"))
    return fold(stem).folded


@cache
def _stemmer(language: str) -> Stemmer:
    # Its own cache would be the only thing that two threads could harm.
    return Stemmer(_ALGORITHMS[language], 0)
