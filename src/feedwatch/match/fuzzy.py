"""Phrases that are found with one letter wrong too: `Jiangmen~1` finds Jiangmun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .phrase import BEGINS_WORD, ENDS_WORD, WORD_CHARACTERS, Sought, compile_phrase
from .scripts import Kind, kind_of
from .squeeze import SqueezedText


@dataclass(frozen=True, slots=True)
class FuzzyPhrase:
    """A phrase made ready. Two that are equal find the same."""

    squeezed: str
    """Folded, without separators."""
    starts_word: bool
    ends_word: bool


def compile_fuzzy(phrase: str) -> FuzzyPhrase:
    """Make a phrase ready; it has at least two characters that are no separators."""
    literal = compile_phrase(phrase)
    return FuzzyPhrase(literal.squeezed, literal.starts_word, literal.ends_word)


def fuzzy_sought(phrase: FuzzyPhrase) -> tuple[Sought, Sought, Sought]:
    """What to search a text for: it has one of these, if the phrase is found in it.

    One wrong character leaves the first half as it is, or the second; two exchanged ones too, but for those on either
    side of the middle.
    """
    first, second = _halves(phrase)
    begins = BEGINS_WORD if phrase.starts_word else 0
    ends = ENDS_WORD if phrase.ends_word else 0
    return _sought(first, begins), _sought(second, ends), _sought(_exchanged(first, second), begins | ends)


def fuzzy_places(phrase: FuzzyPhrase, text: SqueezedText) -> list[tuple[int, int]]:
    """Where a text, as it was written, has the phrase with no more than one character wrong; places may overlap.

    The whole of it, folded and without separators, differs from the phrase by at most one character that was put in,
    left out or changed, or by two neighbours that were exchanged; none of them a digit. It begins and ends with the
    words of the text where the phrase does. Where a place is right, those that overlap it are left out.
    """
    wrong_by_place = dict(_squeezed_places(phrase, text))
    right = [place for place, wrong in wrong_by_place.items() if not wrong]
    folded = text.folded
    return [
        (folded.start(text.place_of(start)), folded.end(text.place_of(end - 1) + 1))
        for (start, end), wrong in sorted(wrong_by_place.items())
        if not wrong or not any(start < last and first < end for first, last in right)
    ]


def _squeezed_places(phrase: FuzzyPhrase, text: SqueezedText) -> Iterator[tuple[tuple[int, int], int]]:
    """Each place in the squeezed text, with how many characters are wrong."""
    first, second = _halves(phrase)
    characters = text.characters
    for start, end in _candidates(first, second, characters):
        wrong = _wrong(phrase.squeezed, characters[start:end])
        if wrong is not None and _is_whole(phrase, text, start, end):
            yield (start, end), wrong


def _candidates(first: str, second: str, characters: str) -> set[tuple[int, int]]:
    whole = len(first) + len(second)
    found = {(at, at + length) for at in _occurrences(first, characters) for length in (whole - 1, whole, whole + 1)}
    found |= {
        (at + len(second) - length, at + len(second))
        for at in _occurrences(second, characters)
        for length in (whole - 1, whole, whole + 1)
    }
    found |= {(at, at + whole) for at in _occurrences(_exchanged(first, second), characters)}
    return {(start, end) for start, end in found if start >= 0 and end <= len(characters)}


def _occurrences(piece: str, characters: str) -> Iterator[int]:
    at = characters.find(piece)
    while at >= 0:
        yield at
        at = characters.find(piece, at + 1)


def _wrong(wanted: str, found: str) -> int | None:
    """How many characters are wrong: 0, 1 or, for more or for a digit, None."""
    if wanted == found:
        return 0
    shorter = min(len(wanted), len(found))
    begin = 0
    while begin < shorter and wanted[begin] == found[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and wanted[-1 - end] == found[-1 - end]:
        end += 1
    one, other = wanted[begin : len(wanted) - end], found[begin : len(found) - end]
    is_one = (len(one) <= 1 and len(other) <= 1) or (len(one) == 2 and one == other[::-1])  # noqa: PLR2004
    return 1 if is_one and not any(kind_of(character) is Kind.DIGIT for character in one + other) else None


def _is_whole(phrase: FuzzyPhrase, text: SqueezedText, start: int, end: int) -> bool:
    """Whether a place begins and ends as the phrase does, and with no sign that the phrase does not have."""
    for at, wanted in ((start, phrase.squeezed[0]), (end - 1, phrase.squeezed[-1])):
        character = text.characters[at]
        if character != wanted and kind_of(character) is Kind.SIGN:
            return False
    if phrase.starts_word and text.goes_on_at(text.place_of(start)):
        return False
    return not (phrase.ends_word and text.goes_on_at(text.place_of(end - 1) + 1))


def _halves(phrase: FuzzyPhrase) -> tuple[str, str]:
    middle = (len(phrase.squeezed) + 1) // 2
    return phrase.squeezed[:middle], phrase.squeezed[middle:]


def _exchanged(first: str, second: str) -> str:
    return first[:-1] + second[0] + first[-1] + second[1:]


def _sought(squeezed: str, borders: int) -> Sought:
    begins = borders & BEGINS_WORD if squeezed[0] in WORD_CHARACTERS else 0
    ends = borders & ENDS_WORD if squeezed[-1] in WORD_CHARACTERS else 0
    return Sought(squeezed, begins | ends)
