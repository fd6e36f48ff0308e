"""The pages' words: every one in every language, and the language that a reader asked for."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedwatch import web
from feedwatch.web.words import NAMES, accepted, words, words_for

_ROOT = Path(__file__).resolve().parents[3]
_SAID = re.compile(r'\b(?:_|said)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FILES = [
    *(_ROOT / "templates" / "pages").rglob("*.j2"),
    *(_ROOT / "templates").glob("confirm.*"),
    *Path(web.__file__).parent.glob("*.py"),
]
USED = {"".join(_TEXT.findall(found)) for file in _FILES for found in _SAID.findall(file.read_text(encoding="utf-8"))}


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("locale", [locale for locale in NAMES if locale != "en"])
def test_a_catalog_has_every_text_and_no_other(locale: str) -> None:
    assert {*words(locale).said} == USED


@pytest.mark.parametrize("locale", [locale for locale in NAMES if locale != "en"])
def test_a_translation_keeps_the_places(locale: str) -> None:
    assert {text: places(said) for text, said in words(locale).said.items()} == {text: places(text) for text in USED}


@pytest.mark.parametrize("locale", [locale for locale in NAMES if locale != "en"])
def test_chinese_has_no_half_width_punctuation_beside_it(locale: str) -> None:
    wrong = [said for said in words(locale).said.values() if re.search(r"[\u4e00-\u9fff][,;:?!]", said)]
    assert wrong == []


@pytest.mark.parametrize(
    "header, locale",
    [
        ("", "en"),
        ("*", "en"),
        ("de-CH, fr;q=0.9", "en"),
        ("de, zh-TW;q=0.8, en;q=0.7", "zh-Hant"),
        ("en;q=0.5, zh-CN;q=0.9", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("en-GB,en;q=0.9,zh-HK;q=0.8", "en"),
        ("zh-CN;q=0, en;q=0.1", "en"),
        ("zh-CN;q=nonsense", "en"),
        (";;;,,,=", "en"),
        ("zh" * 5000, "en"),
    ],
)
def test_the_browser_is_heard(header: str, locale: str) -> None:
    assert accepted(header).locale == locale


@pytest.mark.parametrize("tag, locale", [("zh_CN", "zh-Hans"), ("zh-MO", "zh-Hant"), ("fr", "en"), ("", "en")])
def test_a_subscriber_is_spoken_to_in_their_own(tag: str, locale: str) -> None:
    assert words_for(tag).locale == locale


@pytest.mark.parametrize(
    "locale, long, short",
    [
        ("en", "2 Mar 2026, 17:30", "2 Mar, 17:30"),
        ("zh-Hans", "2026年3月2日 17:30", "3月2日 17:30"),
        ("zh-Hant", "2026年3月2日 17:30", "3月2日 17:30"),
    ],
)
def test_times_are_the_readers(locale: str, long: str, short: str) -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert words(locale).time(at, "Asia/Hong_Kong") == long
    assert words(locale).short_time(at, "Asia/Hong_Kong") == short
