"""Whether a story that was told has changed so much that it is told again.

The sentences that the text before had are left out, whatever their case, marks, spaces and way of writing Chinese. For
the rest a reader is told again of

- a figure that the text before had not: an amount, a share, a result, a day, a time, or another count of the same;
- a claim that it did not make (`digest.claims`), or made with the opposite sign;
- a name in another's place, or two new ones;
- a headline that says for the most part what neither the headline nor the text said;
- sentences that are new and make up a fifth of the text.

A text that was cut short ("...") and now goes on is no news: its headline alone is compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from feedwatch.cluster.chinese_figures import chinese_figures
from feedwatch.cluster.chinese_names import chinese_names
from feedwatch.cluster.english_figures import english_figures
from feedwatch.cluster.scripts import simplified
from feedwatch.digest.claims import claims_of, negations
from feedwatch.digest.common_words import COMMON_ENGLISH
from feedwatch.digest.sentences import folded, goes_on, is_cut_short, is_note, sentences_of
from feedwatch.match.grams import FUNCTION_WORDS

NEW_HEADLINE, LEAST_OF_A_HEADLINE = 0.5, 2
"""So large a share of a headline's telling words, and so many of them, have to be new for it to say something else."""
NEW_SHARE, NEW_WORDS = 0.2, 20
"""So large a share of the text, and so many words, have to stand in new sentences."""
KNOWN_SENTENCE = 0.6
"""A sentence is no new one where so large a share of its telling words stood there before."""
SAME_SENTENCE = 0.6
"""Two sentences say the same of the same, where the longer has so large a share of the other's words."""
NEW_NAMES = 2
ALIKE, SHORT = 0.8, 3
"""Two words so much alike (difflib's ratio) are one, spelt better; those of so few letters are two."""
MOST_COMPARED = 40
"""Sentences that are held against each other: where more have changed, the shares tell."""

_CHARACTERS_A_WORD = 1.7
_WORD = re.compile(r"[a-zà-öø-ÿа-яёα-ω]+(?:'[a-z]+)?")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_NAME = re.compile(r"(?<=[\w,] )(?:the )?([A-Z][\w'’-]+)")
_AS_OF = re.compile(r"\b(?:as of|as at|by) \d|截至|截止", re.IGNORECASE)
_AROUND_NAMES = """
breaking chairman chief director dr executive exclusive inspector judge just mr mrs ms officer president prime professor
secretary senior sir spokesman superintendent
"""
_NO_NEWS = COMMON_ENGLISH.union(_AROUND_NAMES.split())
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_COUNT_OF = {word: str(number) for number, word in enumerate(_COUNTS, start=1)}
_COUNT_OF |= {numeral: str(number) for number, numeral in enumerate("二三四五六七八九", start=2)} | {"两": "2"}
_COUNTED = re.compile(
    rf"\b([1-9]|{'|'.join(_COUNTS)})[ -]((?:out of|of|in) \w+|[a-z]{{3,}})"
    "|(?<![0-9.,一二三四五六七八九十百千万第])([1-9两二三四五六七八九]) ?([人名宗死伤间架辆艘例起票球条])"
)
_NUMERALS = re.compile("百分之|[零〇一二三四五六七八九十百千万亿两]+")


def is_material(told_title: str, told_text: str, title: str, text: str) -> bool:
    """Whether a reader who was told the first title and text needs to be told the second; the module says by what.

    Costs about 1 ms for 5 KB of which a sentence changed (`python -m tests.bench.wording`), next to nothing where none
    did.
    """
    if (told_title, told_text) == (title, text):
        return False
    told_title, told_text, title, text = map(simplified, (told_title, told_text, title, text))
    told = f"{told_title}\n{told_text}"
    shared = set(told.split("\n")) & {title, *text.split("\n")}
    told_rest, headline, body = (_sentences_beside(shared, part) for part in (told, title, text))
    gone = _without(told_rest, {*headline, *body})
    new_headline, new_body = _new(headline, told_rest, gone), _new(body, told_rest, gone)
    if not new_headline and not new_body:
        return False
    if is_cut_short(told_text) and goes_on(text, told_text):
        new_body = []
    before, now, headlines = _Words([told]), _Words([*new_headline, *new_body]), _Words(new_headline)
    return (
        _has_new_figures(before, now)
        or _has_new_claims(before, now)
        or _has_new_names(before, now, _Words(gone))
        or _says_something_else(before, headlines)
        or _is_turned(gone, [*new_headline, *new_body])
        or _is_much(before, new_body, text)
    )


def _sentences_beside(lines: Container[str], text: str) -> list[str]:
    return sentences_of("\n".join(line for line in text.split("\n") if line not in lines))


def _new(sentences: Sequence[str], told: Collection[str], gone: Iterable[str]) -> list[str]:
    """The sentences that were not told, however they were written then, and are more than a note."""
    new = _without(sentences, set(told))
    spoken = set(map(folded, gone)) if new else set()
    return [sentence for sentence in new if folded(sentence) not in spoken and not is_note(sentence)]


def _without(sentences: Iterable[str], others: Container[str]) -> list[str]:
    return [sentence for sentence in dict.fromkeys(sentences) if sentence not in others]


class _Words:
    """Some sentences, and what of them is compared; each is found when it is asked for."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.text = "\n".join(sentences)

    @cached_property
    def small(self) -> str:
        """In small letters, with a space in front."""
        return f" {self.text.lower()}".replace("’", "'").replace("\n", " ").replace("-", " ")

    @cached_property
    def latin(self) -> frozenset[str]:
        """The words in an alphabet, in small letters; those with hyphens in their parts."""
        return frozenset(_WORD.findall(self.small))

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that say something; of Chinese, whose words have no borders, every two characters in a row."""
        words = {word for word in self.latin - FUNCTION_WORDS if len(word) > 1}
        runs = _HAN.findall(_NUMERALS.sub(" ", self.text))
        return frozenset(words.union(run[at : at + 2] for run in runs for at in range(len(run) - 1)))

    @cached_property
    def figures(self) -> frozenset[str]:
        """Amounts, results and days; times unless the text says as of when it speaks."""
        read = (chinese_figures if _HAN.search(self.text) else english_figures)(self.text)
        times = () if _AS_OF.search(self.text) else read.times
        days = (f"{month}-{day}" for month, day in read.days)
        return frozenset((*read.numbers, *read.tallies, *days, *times))

    @cached_property
    def counts(self) -> dict[str, set[str]]:
        """How many of what, from one to nine: by what is counted."""
        counts: dict[str, set[str]] = {}
        for number, counted, numeral, measure in _COUNTED.findall(self.small):
            written = number or numeral
            counts.setdefault(counted or measure, set()).add(_COUNT_OF.get(written, written))
        return counts

    @cached_property
    def names(self) -> frozenset[str]:
        """In small letters, without the words that go with any name; Chinese ones in pinyin."""
        names = {name.lower().removesuffix("'s").removesuffix("’s") for name in _NAME.findall(self.text)} - _NO_NEWS
        if not self.text.isascii():
            names.update(name.letters for name in chinese_names(self.text))
        return frozenset(names)

    def has(self, word: str) -> bool:
        """Whether a word stands there, in this form or another: "talks" for "talked"."""
        if not word.isascii():
            return word in self.small
        return word in self.latin or f" {_stem(word)}" in self.small


def _has_new_figures(before: _Words, now: _Words) -> bool:
    if now.figures and now.figures - before.figures:
        return True
    return any(counts - before.counts.get(counted, counts) for counted, counts in now.counts.items())


def _has_new_claims(before: _Words, now: _Words) -> bool:
    claims = claims_of(now.latin, now.text)
    return bool(claims) and bool(claims - claims_of(before.latin, before.text))


def _has_new_names(before: _Words, now: _Words, gone: _Words) -> bool:
    new = {name for name in now.names if name not in before.latin and name not in before.names}
    new = {name for name in new if not _is_misspelt(name, before.latin | before.names)}
    return len(new) >= NEW_NAMES or bool(new and gone.names - now.names - now.latin)


def _says_something_else(before: _Words, headline: _Words) -> bool:
    telling = headline.telling - _NO_NEWS
    new = [word for word in telling if not before.has(word) and not _is_misspelt(word, before.latin)]
    least = LEAST_OF_A_HEADLINE if headline.text.isascii() else LEAST_OF_A_HEADLINE * 2
    return len(new) >= max(least, NEW_HEADLINE * len(telling))


def _is_turned(gone: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a sentence says now what it denied, or denies what it said."""
    if max(len(gone), len(new)) > MOST_COMPARED:
        return False
    read = [(_Words([sentence]).telling, negations(sentence)) for sentence in gone]
    for sentence in new:
        telling, sign = _Words([sentence]).telling, negations(sentence)
        for other, other_sign in read:
            longer = max(len(telling), len(other), 1)
            if sign % 2 != other_sign % 2 and len(telling & other) >= SAME_SENTENCE * longer:
                return True
    return False


def _is_much(before: _Words, new: Iterable[str], text: str) -> bool:
    added = 0.0
    for sentence in new:
        telling = _Words([sentence]).telling
        if sum(map(before.has, telling)) < KNOWN_SENTENCE * len(telling):
            added += _length(sentence)
    return added >= NEW_WORDS and added >= NEW_SHARE * _length(text)


def _length(sentence: str) -> float:
    """In words, near enough."""
    han = sum(map(len, _HAN.findall(sentence)))
    return han / _CHARACTERS_A_WORD + sentence.count(" ") + sentence.count("\n") + (0 if han else 1)


def _stem(word: str) -> str:
    """Without the commonest endings: enough to find "talked" by "talks"."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def _is_misspelt(word: str, others: Iterable[str]) -> bool:
    """Whether it is one of the others, spelt better or worse."""
    if not word.isascii() or len(word) <= SHORT:
        return False
    near = (other for other in others if other[:1] == word[0] and abs(len(other) - len(word)) < SHORT)
    return any(SequenceMatcher(None, word, other).ratio() >= ALIKE for other in near)
