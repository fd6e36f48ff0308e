"""The table of claims: each word stands in one line of it, and is found where a text has it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from feedwatch.digest.claims import claims_of, negations

LINES = [
    line
    for line in files("feedwatch.digest").joinpath("claims.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
WORDS = [word for line in LINES for word in line.replace("|", " ").split()]


def test_each_word_stands_in_one_line() -> None:
    assert sorted(WORDS) == sorted(set(WORDS))
    assert all(word == word.lower() for word in WORDS)
    assert all(line.count("|") == 1 for line in LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[0])
def test_the_words_of_a_line_make_one_claim(line: str) -> None:
    english, _, chinese = line.partition("|")
    claims = [claims_of({word}, word) for word in english.split()] + [
        claims_of((), f"据报{form}。") for form in chinese.split()
    ]
    assert len(claims) > 1
    assert all(claim == claims[0] for claim in claims)
    assert len(claims[0]) == 1


def test_a_text_without_such_a_word_claims_nothing() -> None:
    assert claims_of({"the", "council", "met"}, "市政府今日开会") == set()


@pytest.mark.parametrize(
    "sentence, count",
    [
        ("It will resume.", 0),
        ("It will not resume.", 1),
        ("It won't, and nobody cannot.", 3),
        ("It isn’t so.", 1),
        ("A note on knots.", 0),
        ("服务恢复正常", 0),
        ("服务未能恢复，也没有通知", 2),
    ],
)
def test_what_denies(sentence: str, count: int) -> None:
    assert negations(sentence) == count
