"""What it costs to word a story: its telling terms, whether an update is one, the best passage, what rises.

    python -m tests.bench.wording [SEGMENTED.txt]

Reads the English items of the corpus, and Chinese articles from the file that tests.bench.rising reads, where it is
given. Prints milliseconds of CPU, of each the best of five rounds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from time import process_time

from feedwatch.digest.rising import HISTORY, rising_terms
from feedwatch.digest.snippet import best_passage
from feedwatch.digest.terms import telling_terms
from feedwatch.digest.updates import is_material
from tests.bench.events.corpus import real_items
from tests.bench.rising import chinese_stories

_ROUNDS = 5
_TEXTS = 100
_TERM = 4


def best(run: Callable[[], object], count: int) -> float:
    """Milliseconds for one of `count`."""
    times = []
    for _ in range(_ROUNDS):
        begun = process_time()
        run()
        times.append(process_time() - begun)
    return min(times) / count * 1000


def read_texts() -> dict[str, list[str]]:
    """Texts by their language."""
    found = {"en": [item.text for _, item in real_items() if item.language.startswith("en") and item.text]}
    if len(sys.argv) > 1:
        found["zh"] = [story.text for story in chinese_stories(Path(sys.argv[1]))]
    return found


def of_size(texts: Sequence[str], size: int) -> list[str]:
    """Texts of about so many bytes: whole ones where there are enough, else several in a row."""
    long = [text for text in texts if len(text.encode()) >= size]
    random = Random(7)
    if len(long) < _TEXTS:
        long = ["\n".join(random.choices(texts, k=1 + size // 200)) for _ in range(_TEXTS)]
    return [text.encode()[:size].decode(errors="ignore") for text in random.sample(long, _TEXTS)]


def main() -> None:
    for language, texts in read_texts().items():
        _print_words(language, texts)
        for kilobytes in (1, 10, 90):
            for count in (1, 20, 2000):
                _print_passage(language, of_size(texts, kilobytes * 1024)[:20], kilobytes, count)
        for stories in (10, 50):
            _print_rising(language, texts, stories)


def _print_words(language: str, texts: Sequence[str]) -> None:
    short, middle = of_size(texts, 3000), of_size(texts, 5000)
    spent = best(lambda: [telling_terms(text[:60], text, language) for text in short], _TEXTS)
    print(f"{language}  telling terms of 3 KB                {spent:8.3f} ms")
    changed = [f"{text[: len(text) // 2]} xyz {text[len(text) // 2 :]}" for text in middle]
    pairs = {"a word changed": list(zip(middle, changed, strict=True)), "all changed": list(pairwise(middle))}
    for what, given in pairs.items():
        spent = best(partial(_compare, given), len(given))
        print(f"{language}  an update of 5 KB, {what:14}    {spent:8.3f} ms")


def _compare(pairs: Sequence[tuple[str, str]]) -> None:
    for told, now in pairs:
        is_material("", told, "", now)


def _print_passage(language: str, given: Sequence[str], kilobytes: int, count: int) -> None:
    if count * 10 > min(map(len, given)):
        return
    random = Random(7)
    marked = [
        (text, [(at, at + _TERM) for at in (random.randrange(len(text) - _TERM) for _ in range(count))])
        for text in given
    ]
    spent = best(lambda: [best_passage(text, spans) for text, spans in marked], len(marked))
    print(f"{language}  a passage of {kilobytes:2} KB, {count:4} spans       {spent:8.3f} ms")


def _print_rising(language: str, texts: Sequence[str], stories: int) -> None:
    found = [telling_terms(text[:60], text, language) for text in texts]
    editions = [
        (stories, Counter(term for terms in Random(at).choices(found, k=stories) for term in terms))
        for at in range(HISTORY + 1)
    ]
    spent = best(lambda: [rising_terms(editions[0][1], stories, editions[1:]) for _ in range(20)], 20)
    print(f"{language}  what rises in {stories} stories             {spent:8.3f} ms")


if __name__ == "__main__":
    main()
