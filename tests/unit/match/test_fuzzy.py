"""Phrases that are found with one letter wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.match.fold import squeeze
from feedwatch.match.fuzzy import compile_fuzzy, fuzzy_places, fuzzy_sought
from feedwatch.match.squeeze import SqueezedText


@pytest.mark.parametrize(
    ("phrase", "text", "places"),
    [
        # put in, left out, changed, exchanged; in either half, at either end and in the middle
        ("Jiangmen", "Jiangmen", [(0, 8)]),
        ("Jiangmen", "jiangmun", [(0, 8)]),
        ("Jiangmen", "Jangmen", [(0, 7)]),
        ("Jiangmen", "Jianggmen", [(0, 9)]),
        ("Jiangmen", "Jinagmen", [(0, 8)]),
        ("Jiangmen", "Jiamgnen", []),
        ("Jiangmen", "Jianmgen", [(0, 8)]),
        ("Jiangmen", "iangmen", [(0, 7)]),
        ("Jiangmen", "Jiangme", [(0, 7)]),
        ("Jiangmen", "xJiangmen", [(0, 9)]),
        ("Jiangmen", "Jiangmens", [(0, 9)]),
        ("Jiangmen", "iJangmen", [(0, 8)]),
        ("Jiangmen", "Jiangmne", [(0, 8)]),
        ("Jiangmen", "Jianmun", []),
        ("Jiangmen", "angmen", []),
        ("Jiangmen", "Jiangmenese", []),
        # whole words
        ("Jiangmen", "in Jiangmun’s", [(3, 11)]),
        ("Jiangmen", "(Jiangmun), Jiangmuns", [(1, 9)]),
        ("Jiangmen", "the a Jiangmen a", [(6, 14)]),
        ("Jiangmen", "Jian gmun", [(0, 9)]),
        ("Greater Bay", "greater-bey Gretaer\nBay", [(0, 11), (12, 23)]),
        ("Greater Bay", "a great bay", []),
        ("Hong Kong", "#HonKongNews", [(1, 8)]),
        ("#HongKong", "Hong Kung", [(0, 9)]),
        ("café noir", "Cafes noir", [(0, 10)]),
        # digits are never wrong, signs may be
        ("COVID-19", "Covid-18 Covid19 Coivd 19 Covid-199", [(9, 16), (17, 25)]),
        ("Expo 2025", "Expo 2052", []),
        ("O'Brien", "OBrien O.Brien", [(0, 6), (7, 14)]),
        ("OBrien", "O'Brien (OBrien)", [(0, 7), (2, 7), (9, 15)]),
        # Chinese
        ("粤港澳大湾区", "粤港奥大湾区", [(0, 6)]),
        ("粤港澳大湾区", "粵港澳大灣區的", [(0, 6)]),
        ("粤港澳大湾区", "的粤港大湾区", [(1, 6)]),
        ("粤港澳大湾区", "粤港澳\n大弯区", [(0, 7)]),
        ("粤港澳大湾区", "粤澳港大湾区", [(0, 6)]),
        ("粤港澳大湾区", "粤港大弯区", []),
        ("高质量发展", "高质发展，高质量发", [(0, 4), (5, 9)]),
        ("高质量发展", "高质量、发展", [(0, 6)]),
        ("Jiangmen江门", "Jiangmen江们", [(0, 9), (0, 10)]),
        ("서울특별시", "서울특벌시에서", [(0, 5)]),
        ("abab", "ababab", []),
    ],
)
def test_places(phrase: str, text: str, places: list[tuple[int, int]]) -> None:
    assert fuzzy_places(compile_fuzzy(phrase), SqueezedText(text)) == places


ALPHABET = "aabbn大湾1 -'"


@settings(max_examples=500, deadline=None)
@given(st.text(ALPHABET, min_size=4, max_size=8), st.text(ALPHABET, max_size=14))
def test_one_of_what_is_sought_stands_in_every_text(phrase: str, text: str) -> None:
    if len(phrase.translate(dict.fromkeys(map(ord, " -'")))) < 4:
        return
    fuzzy = compile_fuzzy(phrase)
    if fuzzy_places(fuzzy, SqueezedText(text)):
        assert any(sought.squeezed in squeeze(text).decode() for sought in fuzzy_sought(fuzzy))


@given(st.text("abc", min_size=4, max_size=9), st.integers(0, 8), st.sampled_from("xyz"))
def test_every_way_to_be_wrong_once_is_found(word: str, at: int, letter: str) -> None:
    fuzzy = compile_fuzzy(word)
    at %= len(word)
    exchanged = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    for text in (
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        exchanged,
    ):
        assert fuzzy_places(fuzzy, SqueezedText(f"- {text},")) == [(2, 2 + len(text))]
        assert any(sought.squeezed in squeeze(text).decode() for sought in fuzzy_sought(fuzzy))
