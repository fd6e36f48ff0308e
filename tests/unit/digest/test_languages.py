from __future__ import annotations

import pytest

from feedwatch.digest.languages import direction, foreign_language, language_name, script


@pytest.mark.parametrize(
    "tag, locale, name",
    [
        ("zh-Hans", "en", "Chinese"),
        ("zh-Hant", "zh_CN", ""),
        ("en-GB", "en_US", ""),
        ("und", "en", ""),
        ("", "en", ""),
        ("yue-HK", "en", "Cantonese"),
        ("xx-YY", "en", "xx-YY"),
        ("de", "zh-Hans", "德语"),
        ("de", "zh-HK", "德文"),
        ("en", "zh-HK", "英文"),
    ],
)
def test_foreign_language(tag: str, locale: str, name: str) -> None:
    assert foreign_language(tag, locale) == name


def test_a_language_has_a_name_for_its_own_readers_too() -> None:
    assert (language_name("zh-Hant"), language_name("zh", "zh-TW")) == ("Chinese", "中文")


@pytest.mark.parametrize("tag, way", [("ar-EG", "rtl"), ("he", "rtl"), ("zh-Hans", "ltr"), ("und", "ltr")])
def test_direction(tag: str, way: str) -> None:
    assert direction(tag) == way


@pytest.mark.parametrize(
    "tag, drawn",
    [("zh-TW", "tc"), ("zh_HK", "tc"), ("yue", "tc"), ("zh", "sc"), ("zh-Hans-HK", "sc"), ("ja-JP", "ja"), ("ko", "")],
)
def test_script(tag: str, drawn: str) -> None:
    assert script(tag) == drawn
