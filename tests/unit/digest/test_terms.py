"""What an item is about, in its own words: English, Chinese in both ways of writing, and a little of the others."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.terms import MOST, telling_terms

PARK = (
    "Low-altitude economy park opens in Hengqin",
    "The low-altitude economy park in Hengqin will bring drone makers to the Greater Bay Area. On Monday the Bank of "
    "England said drones matter. Officials from the Greater Bay Area said the low-altitude economy would grow. Drone "
    "routes from Zhuhai's port to Macao are planned. Nothing else is known. She said I'm glad.",
)
PARK_ZH = (
    "低空经济产业园落户横琴",
    "横琴低空经济产业园昨日揭牌。产业园将引进无人机企业，推动粤港澳大湾区低空经济发展。粤港澳大湾区内地九市的无人机航线将增加。"
    "DeepSeek 与 5G 技术应用于无人机。我们的记者了解到，有关部门表示，我们的工作有关部门。",
)


@pytest.mark.parametrize(
    "term, is_found",
    [
        ("low-altitude economy", True),
        ("Hengqin", True),
        ("Greater Bay Area", True),
        ("Bank of England", True),
        ("Zhuhai", True),  # without its 's
        ("Macao", True),
        ("Greater Bay", False),  # stands in a longer name as often
        ("Bank", False),
        ("England", False),
        ("Monday", False),
        ("Officials", False),  # begins a sentence
        ("Nothing", False),
        ("The", False),
        ("I'm", False),
        ("grow", False),
        ("would", False),
    ],
)
def test_english_terms(term: str, is_found: bool) -> None:
    assert (term in telling_terms(*PARK, "en-HK")) is is_found


@pytest.mark.parametrize(
    "term, is_found",
    [
        ("低空经济", True),
        ("产业园", True),
        ("横琴", True),
        ("粤港澳大湾区", True),
        ("无人机", True),
        ("DeepSeek", True),
        ("5G", True),
        ("空经济", False),  # stands in 低空经济 as often
        ("大湾区", False),
        ("粤港澳", False),
        ("有关", False),
        ("我们", False),
        ("的", False),
    ],
)
def test_chinese_terms(term: str, is_found: bool) -> None:
    assert (term in telling_terms(*PARK_ZH, "zh-Hans")) is is_found


def test_both_ways_of_writing_chinese_have_the_same_terms_each_in_its_own() -> None:
    convert = opencc.OpenCC("s2t").convert
    simplified = telling_terms(*PARK_ZH, "zh-Hans")
    traditional = telling_terms(convert(PARK_ZH[0]), convert(PARK_ZH[1]), "zh-Hant")
    assert traditional == tuple(map(convert, simplified))
    assert "低空經濟" in traditional


def test_a_headline_in_title_case_makes_no_names() -> None:
    terms = telling_terms("Low-Altitude Economy Park Opens in Hengqin", PARK[1], "en")
    assert "low-altitude economy" in terms
    assert "Hengqin" in terms
    assert not {"Low-Altitude Economy Park Opens", "Economy", "Opens"} & set(terms)


@pytest.mark.parametrize(
    "language, title, text, term",
    [
        (
            "pt",
            "Incêndio em Macau",
            "O fogo foi visto pelo Corpo de Bombeiros de Macau.",
            "Corpo de Bombeiros de Macau",
        ),
        ("de", "Neuer Zoll", "Am Montag sprach Ursula von der Leyen vor Kolleginnen in Brüssel.", "Brüssel"),
        ("ru", "Переговоры", "Вчера в Женеве начались переговоры.", "Женеве"),
        ("und", "横琴产业园揭牌", "横琴产业园昨日揭牌。", "横琴产业园"),
        ("", "Park opens", "A park opened in Hengqin.", "Hengqin"),
    ],
)
def test_terms_of_other_languages(language: str, title: str, text: str, term: str) -> None:
    assert term in telling_terms(title, text, language)


def test_what_stands_in_the_headline_comes_first() -> None:
    assert telling_terms(*PARK_ZH, "zh")[0] == "低空经济产业园"
    assert telling_terms("", "", "en") == ()


@given(st.text(max_size=60), st.text(max_size=300), st.sampled_from(["en", "zh-Hans", "zh-Hant", "und", "ja"]))
def test_terms_stand_in_the_item_each_once(title: str, text: str, language: str) -> None:
    terms = telling_terms(title, text, language)
    assert len(terms) == len(set(terms)) <= MOST
    assert all(term.casefold() in f"{title}\n{text}".casefold() for term in terms)
