"""Which spellings a phrase finds, and where."""

from __future__ import annotations

import pytest

from tests.unit.match.finding import spans_of_query, spans_of_term

HYPHENATED = [
    "high-quality development",
    "#HighQualityDevelopment",
    "“high-quality development”",
    "High–Quality Development",
]
SPELLINGS = [
    "high-quality development",
    "high quality development",
    "highquality development",
    "High\u2011Quality  Development",
    "HIGH_QUALITY\nDEVELOPMENT",
    "high\u2014quality \u2013 development",
    "#HighQualityDevelopment",
    "#highqualitydevelopment",
    "HighQualityDevelopment",
    "ｈｉｇｈ－ｑｕａｌｉｔｙ\u3000ｄｅｖｅｌｏｐｍｅｎｔ",
    "high-qual\u00adity devel\u200bopment",
]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("phrase", HYPHENATED)
def test_hyphen_space_underscore_and_nothing_are_one(phrase: str, text: str) -> None:
    start = 1 if text.startswith("#") else 0
    assert spans_of_query(phrase if phrase[0] in "#“" else f'"{phrase}"', text) == [(start, len(text))]


@pytest.mark.parametrize(
    ("term", "text", "spans"),
    [
        # whole words
        ("Greater Bay Area", "The Greater Bay Area grows", [(4, 20)]),
        ("Greater Bay Area", "greater-bay-area", [(0, 16)]),
        ("Greater Bay Area", "The Greater Bay Areas", []),
        ("Greater Bay Area", "The Greater Bay, Area", []),
        ("GBA", "(GBA), the GBA's; GBAs, xGBA, 5GBA", [(1, 4), (11, 14)]),
        ("GBA", "a bi-g b.a. big bar", []),
        ("5G", "5G, not 15G or 5GHz", [(0, 2)]),
        ("bridge", "a_bridge_b", [(2, 8)]),
        # nothing for a space: in a hashtag, or where a new word shows
        ("a part", "apart", []),
        ("apart", "a part", []),
        ("a part", "#apart", [(1, 6)]),
        ("a part", "page#apart", []),
        ("high quality", "highquality HighQuality", [(12, 23)]),
        ("Expo 2025", "Expo2025 expo-2025", [(0, 8), (9, 18)]),
        ("GDP growth", "GDPGrowth", [(0, 9)]),
        # a hashtag's words are words, and a hashtag as a term is its words
        ("Hong Kong", "#HongKongNews #hongkongnews", [(1, 9)]),
        ("phone", "an iPhone", []),
        ("#HongKong", "Hong Kong, Hong-Kong, #hongkong", [(0, 9), (11, 20), (23, 31)]),
        ("#COVID19", "COVID-19", [(0, 8)]),
        ("#5G网络", "5G 网络, 5G-网络", [(0, 5)]),
        ("#大湾区#", "粤港澳大湾区", [(3, 6)]),
        # a hyphen
        ("e-mail", "email, e-mail, e mail", [(0, 5), (7, 13), (15, 21)]),
        ("email", "email, e-mail, e mail", [(0, 5), (7, 13)]),
        ("COVID-19", "COVID19", [(0, 7)]),
        ("2024-25", "2024-25 and 202425", [(0, 7)]),
        ("911", "9-11", []),
        # folding
        ("café", "Cafe\u0301 CAFÉ cafe", [(0, 5), (6, 10), (11, 15)]),
        ("Straße", "STRASSE", [(0, 7)]),
        ("strasse", "die Straße", [(4, 10)]),
        ("fine", "a ﬁne day", [(2, 5)]),
        ("Xi's", "Xi’s", [(0, 4)]),
        ("Đồng Nai", "Dong Nai", [(0, 8)]),
        ("Αθήνα", "ΑΘΗΝΑ", [(0, 5)]),
        ("ёлка", "ЕЛКА", [(0, 4)]),
        # signs are literal
        ("AT&T", "at&t, AT & T, ATT", [(0, 4), (6, 12)]),
        ("C++", "C++ and C", [(0, 3)]),
        ("C#", "C# and C", [(0, 2)]),
        ("3.5", "3.5 in 3. 5", [(0, 3)]),
        ('say "yes" AND (no)', 'say "yes" and (no)', [(0, 18)]),
        # Chinese and Japanese
        ("大湾区", "粤港澳大湾区建设", [(3, 6)]),
        ("粤港澳大湾区", "粤港澳 大湾区", [(0, 7)]),
        ("粤港澳大湾区", "粤港澳\r\n\u3000大湾区", [(0, 9)]),
        ("粤港澳大湾区", "粤港澳-大湾区", []),
        ("粤港澳-大湾区", "粤港澳大湾区", [(0, 6)]),
        ("粤港澳大湾区", "粤港澳，大湾区", []),
        ("GDP", "的GDP增长", [(1, 4)]),
        ("GDP增长", "GDP增长 GDP 增长 GDP-增长", [(0, 5), (6, 12)]),
        ("5G 网络", "5G网络 15G网络", [(0, 4)]),
        ("2024年", "到2024 年，12024年", [(1, 7)]),
        ("ガンダム", "ｶﾞﾝﾀﾞﾑ", [(0, 6)]),
        ("かき", "がき", []),
        # Korean and Thai: substrings, and spaces mean something
        ("서울", "서울에서", [(0, 2)]),
        ("가나", "네가 나를", []),
        ("서울 시", "서울시", [(0, 3)]),
        ("ไทย", "ประเทศไทย", [(6, 9)]),
    ],
)
def test_term(term: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert spans_of_term(term, text) == spans
