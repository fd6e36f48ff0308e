"""Words and phrases that stand out: how they are cut, counted and rated."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.match.grams import is_phrase, runs_of
from feedwatch.match.stand_out import log_likelihood, stand_out


@pytest.mark.parametrize(
    "text, runs",
    [
        ("The Greater Bay Area", [["the", "greater", "bay", "area"]]),
        ("high-quality Development", [["high", "quality", "development"]]),
        ("Macao's bridge", [["macao", "bridge"]]),
        ("one, two. three", [["one"], ["two"], ["three"]]),  # no phrase goes over punctuation
        ("title\ntext", [["title"], ["text"]]),  # nor over the end of a paragraph
        ("粵港澳大灣區建設", ["粤港澳大湾区建设"]),
        ("大湾区，建设", ["大湾区", "建设"]),
        ("深圳GDP增长5%", [["gdp"], "深圳", "增长", ["5"]]),
        ("Café Ｅｘｐｏ", [["cafe", "expo"]]),
        ("", []),
    ],
)
def test_runs(text: str, runs: list[str | list[str]]) -> None:
    assert sorted(map(str, runs_of(text))) == sorted(map(str, runs))


@pytest.mark.parametrize(
    "gram, is_one",
    [
        ("bridge", True),
        ("toll bridge", True),
        ("bank of china", True),  # a function word inside
        ("of china", False),
        ("bridge and", False),
        ("a", False),
        ("x", False),
        ("2026", False),
        ("12 bridges", False),
        ("they're", False),
        ("大湾区", True),
        ("湾", False),
        ("的大湾", False),
        ("大湾区和", False),
        ("和平", True),  # begins a word as well
        ("华为", True),
        ("一二三四五六七", False),  # longer than is shown
        ("one two three four", False),
    ],
)
def test_what_may_be_a_term(gram: str, is_one: bool) -> None:
    assert is_phrase(gram) is is_one


def _by_hand(inside: int, inside_count: int, outside: int, outside_count: int) -> float:
    """Twice the sum of O ln(O/E) over the four cells, as in Dunning 1993, section 5."""
    table = [[inside, inside_count - inside], [outside, outside_count - outside]]
    total = sum(map(sum, table))
    return 2 * sum(
        cell * log(cell / (sum(row) * (table[0][at] + table[1][at]) / total))
        for row in table
        for at, cell in enumerate(row)
        if cell
    )


@pytest.mark.parametrize(
    "counts, rounded",
    [
        ((10, 10, 0, 10), 27.73),  # 40 ln 2
        ((10, 20, 10, 20), 0.0),  # no more than elsewhere
        ((1, 20, 10, 20), 0.0),  # less than elsewhere
        ((5, 20, 1, 1000), 35.29),
        ((5, 5, 0, 0), 0.0),  # nothing to compare with
    ],
)
def test_likelihood(counts: tuple[int, int, int, int], rounded: float) -> None:
    assert log_likelihood(*counts) == pytest.approx(rounded, abs=0.01)


@given(st.integers(1, 500), st.integers(1, 5000), st.data())
def test_likelihood_is_what_it_is_by_hand(inside_count: int, outside_count: int, data: st.DataObject) -> None:
    inside, outside = data.draw(st.integers(0, inside_count)), data.draw(st.integers(0, outside_count))
    rated = log_likelihood(inside, inside_count, outside, outside_count)
    if inside * outside_count > outside * inside_count:
        assert rated == pytest.approx(_by_hand(inside, inside_count, outside, outside_count), abs=0.01)
    else:
        assert rated == 0


_ELSEWHERE = [
    f"The market in town number {number} was quiet, say the papers. 今天第{number}号市场平静。" for number in range(200)
]


def _phrases(inside: list[str]) -> list[str]:
    return [one.phrase for one in stand_out(inside, iter(_ELSEWHERE), outside_count=len(_ELSEWHERE))]


@pytest.mark.parametrize(
    "inside, phrases",
    [
        (
            ["A toll bridge opened", "The Toll-Bridge is shut", "Of the toll bridge they say", "toll bridge"],
            ["toll bridge"],
        ),
        # 大灣 and 湾区 are pieces of it, and it is one phrase in both ways of writing.
        (["建设大湾区", "大灣區的橋", "大湾区新闻", "到大湾区去"], ["大湾区"]),
        (["粤港澳大湾区建设"] * 4, ["粤港澳大湾区"]),  # of what is longer than is shown its beginning
        (["It was quiet, say the papers"] * 4, []),  # as elsewhere
        # A longer one that ends with a function word is none, and takes nothing from what stands in it.
        ([f"A basketball team of {place}" for place in ("Foshan", "Macao", "Zhuhai", "Nansha")], ["basketball team"]),
        (["Bank of China is"] * 4, ["bank of china"]),
        (["bridge", "bridge"], []),  # in too few
    ],
)
def test_what_stands_out(inside: list[str], phrases: list[str]) -> None:
    assert _phrases(inside) == phrases


def test_one_long_article_makes_no_word_stand_out() -> None:
    assert _phrases(["ferry " * 500, "a", "b", "c", "d"]) == []


def test_counts_and_order() -> None:
    inside = [
        "bridge and tunnel",
        "bridge, tunnel",
        "bridge or tunnel",
        "bridge alone",
        "a market of bridges, a tunnel",
    ]
    found = stand_out(inside, iter(_ELSEWHERE), outside_count=len(_ELSEWHERE))
    assert [(one.phrase, one.inside, one.outside) for one in found] == [("bridge", 4, 0), ("tunnel", 4, 0)]
    assert found[0].likelihood == found[1].likelihood > 15.13
