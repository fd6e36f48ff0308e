"""What regular expressions and word forms cost, beside Python's own `re` and a stemmer in Python.

    pip install snowballstemmer==3.1.1     # beside which PyStemmer is measured; left out where it is not there
    python -m tests.bench.leaves

Over every fourth item of the corpus's real feeds. Prints the figures of docs/decisions/0021: CPU time, the best of
three rounds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from random import Random
from time import process_time

import Stemmer  # type: ignore[import-not-found]

from feedwatch.match.regexes import RegexSet, check_regex
from tests.bench.normalize import item_of, real_entries

EVERY = 4
BY_HAND = (
    r"GDP .{0,20}(100|one hundred) billion",
    r"\d+ (million|billion)",
    "第[一二三四]季",
    r"\b[A-Z]{2,5} \d{2,4}\b",
    "colou?r(ed|ing)?",
)
EXPRESSIONS = 100
BACKTRACKING, BAIT = "(a+)+$", "a" * 24 + "b"


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """CPU time; the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = process_time()
        work()
        best = min(best, process_time() - begun)
    return best


def expressions(texts: Sequence[str]) -> list[str]:
    """Some by hand, the others two or three of the corpus's words near each other."""
    words = Counter(word for text in texts for word in re.findall("[A-Za-z]{4,}", text))
    frequent = [word for word, _ in words.most_common(4_000)]
    random = Random(1)

    def near() -> str:
        first, second, third = (random.choice(frequent) for _ in range(3))
        return f"{first} .{{0,20}}({second}|{third})"

    return [*BY_HAND, *(near() for _ in range(EXPRESSIONS - len(BY_HAND)))]


def is_readable(pattern: str) -> bool:
    """Read it, or raise RegexError."""
    check_regex(pattern)
    return True


def measure_regexes(texts: Sequence[str]) -> None:
    """RE2 and `re`, with the same expressions over the same texts."""
    written = expressions(texts)
    together, own = RegexSet(written), [re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in written]
    together.matching("")
    hostile, own_hostile = RegexSet([BACKTRACKING]), re.compile(BACKTRACKING)
    hostile.matching("")
    print(
        f"{BACKTRACKING} in 24 a and a b: RE2 {seconds(lambda: hostile.places(0, BAIT)) * 1e6:.0f} us, "
        f"re {seconds(lambda: own_hostile.search(BAIT), 1) * 1e6:,.0f} us"
    )
    some = texts[::8]
    visits = len(some) * len(written)
    places = seconds(lambda: [together.places(number, text) for text in some for number in range(len(written))])
    own_places = seconds(lambda: [list(pattern.finditer(text)) for text in some for pattern in own])
    print(
        f"places of one expression in one text: RE2 {places / visits * 1e6:.1f} us, "
        f"re {own_places / visits * 1e6:.1f} us"
    )
    which = seconds(lambda: [together.matching(text) for text in texts])
    one_by_one = seconds(lambda: [[bool(pattern.search(text)) for pattern in own] for text in some])
    print(
        f"which of {len(written)} expressions are in a text: RE2 in one pass {which / len(texts) * 1e6:.0f} us, "
        f"re one by one {one_by_one / len(some) * 1e6:.0f} us"
    )
    fresh = iter([f"{pattern}{number}" for number in range(3) for pattern in written])  # RE2 keeps the last
    checking = seconds(lambda: all(map(is_readable, islice(fresh, len(written)))))
    print(f"reading and checking one expression: {checking / len(written) * 1e6:.0f} us")


def measure_stemmers(texts: Sequence[str]) -> None:
    """Snowball's English stemmer in C and in Python, each of the corpus's words once."""
    words = list(dict.fromkeys(word.lower() for text in texts for word in re.findall("[A-Za-z]{4,}", text)))
    ours = Stemmer.Stemmer("english", 0)
    taken = seconds(lambda: [ours.stemWord(word) for word in words]) / len(words) * 1e6
    print(f"the stem of one of {len(words):,} different words: PyStemmer {taken:.1f} us", end="")
    if find_spec("snowballstemmer") is None:
        print("; snowballstemmer is not installed")
        return
    other = import_module("snowballstemmer.english_stemmer").EnglishStemmer()
    taken = seconds(lambda: [other.stemWord(word) for word in words], 1) / len(words) * 1e6
    differ = sum(ours.stemWord(word) != other.stemWord(word) for word in words)
    print(f", snowballstemmer {taken:.0f} us; {differ} stems differ")


def main() -> None:
    items = [item_of(entry) for entry in real_entries()[::EVERY]]
    texts = [f"{item.title}\n{item.text}" for item in items]
    print(f"{len(texts):,} items, {sum(map(len, texts)) / len(texts):,.0f} characters on average")
    measure_regexes(texts)
    measure_stemmers(texts)


if __name__ == "__main__":
    main()
