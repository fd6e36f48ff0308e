"""NEAR and ONEAR: what is close enough, and which places are shown."""

from __future__ import annotations

import pytest

from feedwatch.match.fold import fold
from feedwatch.match.near import Words
from tests.unit.match.finding import spans_of_query


@pytest.mark.parametrize(
    ("query", "text", "spans"),
    [
        # neighbours are 1 apart
        ("chip NEAR/1 ban", "chip ban", [(0, 4), (5, 8)]),
        ("chip NEAR/1 ban", "a ban (chip)", [(2, 5), (7, 11)]),
        ("chip NEAR/1 ban", "chip export ban", []),
        ("chip NEAR/2 ban", "chip export ban", [(0, 4), (12, 15)]),
        ("chip NEAR/2 ban", "chip-export—ban", [(0, 4), (12, 15)]),
        ("chip ONEAR/2 ban", "ban chip ban", [(4, 8), (9, 12)]),
        ("chip ONEAR/2 ban", "ban chip", []),
        # each side's words count from its end
        ('"export ban" NEAR/1 chip', "export ban chip", [(0, 10), (11, 15)]),
        ("(chip OR semi*) NEAR/2 (export OR ban)", "a ban on semiconductors, no chip", [(2, 5), (9, 23)]),
        # what is too far is not shown
        ("chip NEAR/1 ban", "chip x ban chip y", [(7, 10), (11, 15)]),
        # neither overlaps the other
        ("bay NEAR/3 bay", "the bay", []),
        ("bay NEAR/3 bay", "bay bay", [(0, 3), (4, 7)]),
        ('"bay area" NEAR/3 area', "bay area", []),
        # a Chinese character is a word, and a sign is none
        ("出口 NEAR/3 芯片", "出口了，新芯片", [(0, 2), (5, 7)]),
        ("出口 NEAR/2 芯片", "出口了，新芯片", []),
        ("GDP NEAR/2 增长", "GDP的增长", [(0, 3), (4, 6)]),
        # one within another: from the hull of the first
        ("a NEAR/2 b NEAR/2 c", "a x b x c", [(0, 1), (4, 5), (8, 9)]),
        ("a NEAR/2 b NEAR/2 c", "c x a x b", [(0, 1), (4, 5), (8, 9)]),
        ("a ONEAR/2 b ONEAR/2 c", "a x c b", []),
        ("a NEAR/1 (b NEAR/1 c)", "a b c", [(0, 1), (2, 3), (4, 5)]),
        # with other kinds of leaves
        ("/G.P/ NEAR/2 billion", "GDP of billion", [(0, 3), (7, 14)]),
        ("ban NOT (chip NEAR/1 ban)", "chip x ban", [(7, 10)]),
        ("ban NOT (chip NEAR/1 ban)", "chip ban", []),
    ],
)
def test_near(query: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert spans_of_query(query, text) == spans


def test_many_places_take_no_longer_than_their_number_says() -> None:
    text = "chip " * 3_000 + "x " * 50 + "ban " * 3_000
    assert len(spans_of_query("chip NEAR/60 ban", text)) == 20
    assert len(spans_of_query("(chip NEAR/60 ban) ONEAR/1 ban", text)) == 21


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" one, two-three (4th)!", ["one", "two", "three", "4th"]),
        ("café déjà…vu", ["café", "déjà", "vu"]),
        ("大湾区 GDP增长", ["大", "湾", "区", "GDP", "增", "长"]),
        ("in soft\u00adened ﬁne … Ω", ["in", "soft\u00adened", "ﬁne", "Ω"]),
        ("ｶﾞﾝ 한국 ไทย", ["ｶﾞ", "ﾝ", "한", "국", "ไ", "ท", "ย"]),
        ("ab " * 700 + "大", ["ab"] * 700 + ["大"]),
        ("".join(map(chr, range(0x3B1, 0x3B1 + 40))) + " é", ["".join(map(chr, range(0x3B1, 0x3B1 + 40))), "é"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found = Words(fold(text))
    end = 0
    for number, word in enumerate(words):
        start = text.index(word, end)
        assert found.last_of(start) == number - 1
        assert found.first_of(end) == number
        end = start + len(word)
        assert (
            found.first_of(start) == found.first_of(end - 1) == found.last_of(start + 1) == found.last_of(end) == number
        )
    assert found.last_of(len(text)) == len(words) - 1
    assert found.first_of(end) == len(words)
