from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.columns import clip, columns, wrap


@pytest.mark.parametrize(
    "text, width",
    [
        ("", 0),
        ("news", 4),
        ("大湾区", 6),
        ("뉴스", 4),
        ("ｆｕｌｌ", 8),
        ("café", 4),
        ("cafe\u0301", 4),  # a combining accent
        ("a\u200bb", 2),  # a zero-width space
        ("…", 1),  # ambiguous counts as narrow
    ],
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    "text, width, clipped",
    [
        ("short", 5, "short"),
        ("a longer text", 9, "a longer…"),
        ("粤港澳大湾区", 12, "粤港澳大湾区"),
        ("粤港澳大湾区", 8, "粤港澳…"),
    ],
)
def test_clip(text: str, width: int, clipped: str) -> None:
    assert clip(text, width) == clipped


@pytest.mark.parametrize(
    "text, lines",
    [
        ("", [""]),
        ("one two three four", ["one two", "three four"]),
        ("粤港澳大湾区建设", ["粤港澳大湾", "区建设"]),
        ("粤港澳大湾。区", ["粤港澳大", "湾。区"]),  # no line starts with a full stop
        ("粤港澳大「湾区", ["粤港澳大", "「湾区"]),  # none ends with an opening quote
        ("GBA大湾区的GDP", ["GBA大湾区", "的GDP"]),
        ("한국어 뉴스입니다", ["한국어", "뉴스입니다"]),  # Hangul words stay whole
        ("see https://news.example.com/a now", ["see", "https://news.example.com/a", "now"]),
        ("a\n\n  b", ["a b"]),
    ],
)
def test_wrap_at_10_columns(text: str, lines: list[str]) -> None:
    assert wrap(text, width=10).split("\n") == lines


def test_wrap_hangs_the_following_lines() -> None:
    assert wrap("one two three", width=10, first="1. ", indent="   ") == "1. one two\n   three"


@given(st.text(alphabet="ab大湾，。「」 \n", max_size=80), st.integers(8, 30))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    wrapped = wrap(text, width=width)
    assert "".join(wrapped.split()) == "".join(text.split())
    unbreakable = wrap(text, width=1).split("\n")
    assert all(columns(line) <= width or line in unbreakable for line in wrapped.split("\n"))
