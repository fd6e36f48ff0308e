"""What monitors write queries of, mined from items: names, phrases, topic words, Chinese words, sources and tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedwatch.model import Item
from tests.bench.match.case import Sourced

_WORD = r"[^\W\d_]+|\d+"
_NAME = re.compile(
    r"(?<![\w'’-])[A-ZÀ-Þ][A-Za-zÀ-ÿ]+(?:[ -](?:(?:of|the|and|de|for) )?[A-ZÀ-Þ][A-Za-zÀ-ÿ]+){0,3}(?![\w'’-])"
)
_TOPIC = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_RUN = re.compile(r"(?<![\w'’-])[a-z]+(?:[ -][a-z]+)+(?![\w'’-])")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?:\n“\"‘(])\s*$")
# What no Chinese word that a monitor writes has in it.
_GRAMMAR = set("的了是在和有也就都而及與为為這这那他她我你們们不之以到於于將将会會已被把對对从從並并或個个年月日")
_TOPIC_LEAST, _TOPIC_MOST = 0.004, 0.08
_NAME_MOST = 0.05
_TELLING_MOST = 0.003


@dataclass(frozen=True, slots=True)
class Material:
    """Each word or phrase stands as often as items have it: a choice at random is one by how common it is."""

    names: Sequence[str]
    """Proper names of one to four words, and acronyms."""
    telling: Sequence[str]
    """Names that at most 0.3 % of the items have: what is asked for alone. A name that brings too much is tied to a
    topic, as every guide says."""
    phrases: Sequence[str]
    """Two to four lower-case words in a row."""
    topics: Sequence[str]
    """Lower-case words that 0.4 to 8 % of the items have."""
    chinese: Sequence[str]
    """Two to six characters that two items or more have; in the items' own writing."""
    sources: Sequence[str]
    tags: Sequence[str]


def mine(stream: Sequence[Sourced]) -> Material:
    """Everything in the order of the items, so that one seed gives one mix."""
    texts = [f"{item.title}\n{item.text}" for item, _ in stream]
    spread = Counter(word for text in texts for word in set(re.findall(_WORD, text.lower())))
    topics = {
        word
        for word, count in spread.items()
        if len(word) > 3 and word.isascii() and word.isalpha() and _TOPIC_LEAST <= count / len(texts) <= _TOPIC_MOST
    }
    common = {word for word, count in spread.items() if count / len(texts) > _NAME_MOST}
    small = Counter(word for text in texts for word in set(re.findall(r"\b[a-z]+\b", text)))
    names = [
        name for text in texts for name in dict.fromkeys(_names(text, common)) if not _is_word(name, spread, small)
    ]
    named = Counter(names)
    return Material(
        names=names,
        telling=[name for name in names if named[name] <= _TELLING_MOST * len(texts)],
        phrases=[phrase for text in texts for phrase in dict.fromkeys(_phrases(text, common))],
        topics=[word for text in texts for word in dict.fromkeys(_TOPIC.findall(text)) if word in topics],
        chinese=_chinese([item for item, _ in stream]),
        sources=[source for _, source in stream],
        tags=[tag for item, _ in stream for tag in item.tags if _is_tag(tag)],
    )


def _names(text: str, common: set[str]) -> Iterator[str]:
    for found in _NAME.finditer(text):
        name = found[0]
        while name.partition(" ")[0].lower() in common:  # The, What, At
            name = name.partition(" ")[2]
        is_one_word = " " not in name and "-" not in name
        if len(name) > 1 and not (is_one_word and _BEGINS_SENTENCE.search(text, 0, found.start())):
            yield name


def _is_word(name: str, spread: Counter[str], small: Counter[str]) -> bool:
    """Whether it is a word like another that was written large, in a heading or a menu."""
    word = name.lower()
    return small[word] * 5 > spread[word]


def _phrases(text: str, common: set[str]) -> Iterator[str]:
    """Parts of runs of words that neither begin nor end with a word that every other item has."""
    for run in _RUN.finditer(text):
        parts = re.split(r"([ -])", run[0])
        for first in range(0, len(parts), 4):
            length = 3 + 2 * (first // 4 % 3)
            phrase = parts[first : first + length]
            if len(phrase) == length and phrase[0] not in common and phrase[-1] not in common:
                yield "".join(phrase)


def _chinese(items: list[Item]) -> list[str]:
    grams = [
        gram
        for item in items
        for gram in dict.fromkeys(
            run[at : at + length]
            for run in _HAN.findall(f"{item.title}\n{item.text}")
            for length in (2, 3, 4, 6)
            for at in range(len(run) - length + 1)
        )
        if not _GRAMMAR.intersection(gram)
    ]
    spread = Counter(grams)
    return [gram for gram in grams if spread[gram] > 1]


def _is_tag(tag: str) -> bool:
    return tag.isascii() and tag.isalpha()
