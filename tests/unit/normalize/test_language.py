from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.language import choose_language, language_of_script, normal_tag

HAN = "江门日报讯二月十九日蓬江区高质量发展促进会召开"
KANA = "江門市は高品質な発展を促進するための会議を開きました"
HANGUL = "장먼시는 고품질 발전 회의를 열었다"
ENGLISH = "The district held a meeting on high-quality development (高质量发展) in the city."


@pytest.mark.parametrize(
    "tag, normal",
    [
        ("en", "en"),
        ("en-us", "en-US"),
        ("EN_us", "en-US"),
        ("zh_CN", "zh-CN"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("zh_CN.UTF-8", "zh-CN"),
        ("zh-cmn-Hans-CN", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de-DE-1996", "de-DE"),
        ("eng", "en"),
        ("cn", "zh"),
        ("yue-HK", "yue-HK"),
        ("", "und"),
        ("english", "und"),
        ("e", "und"),
        ("en us", "und"),
        ("<b>", "und"),
        ("x" * 100, "und"),
    ],
)
def test_normal_tag(tag: str, normal: str) -> None:
    assert normal_tag(tag) == normal


@pytest.mark.parametrize(
    "entry, document, source, text, language",
    [
        ("fr", "de", "en", "Bonjour", "fr"),  # the nearest outranks
        (None, "de", "en", "Guten Tag", "de"),
        (None, None, "en", "Hello", "en"),
        ("rubbish!", None, "en", "Hello", "en"),
        (None, None, None, "Hello", "und"),
        (None, "en-us", None, HAN, "zh"),  # the script says otherwise
        (None, "en-us", "zh-HK", HAN, "zh-HK"),
        (None, "ja", None, HAN, "ja"),  # ideographs alone may be Japanese
        (None, "en", None, KANA, "ja"),
        (None, "zh-CN", None, KANA, "ja"),
        (None, "en", None, HANGUL, "ko"),
        (None, None, None, HAN, "zh"),
        (None, "en", None, ENGLISH, "en"),
        (None, "ru", None, "Москва", "ru"),
    ],
)
def test_choose_language(entry: str | None, document: str | None, source: str | None, text: str, language: str) -> None:
    assert choose_language((entry, document, source), "", text) == language


@given(st.text(st.sampled_from("aé яב.1大湾区のカ한국"), max_size=40))
def test_the_script_is_that_of_most_letters_where_an_eastern_one_counts_two(text: str) -> None:
    scripts = [unicodedata.name(character).partition(" ")[0] for character in text if character.isalpha()]
    han, kana, hangul = (
        sum(script in names for script in scripts) for names in ({"CJK"}, {"HIRAGANA", "KATAKANA"}, {"HANGUL"})
    )
    east = han + kana + hangul
    language = language_of_script(text)
    assert (language is None) == (not east or east * 2 <= len(scripts) - east)
    assert (language == "ko") == (language is not None and hangul * 2 > east)
    assert language != "zh" or kana * 20 <= east
