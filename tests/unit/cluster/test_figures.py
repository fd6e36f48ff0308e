from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster.chinese_figures import chinese_figures, chinese_number
from feedwatch.cluster.english_figures import english_figures
from feedwatch.cluster.figures import weight


@pytest.mark.parametrize(
    ("english", "chinese", "number"),
    [
        ("100 billion yuan", "1,000亿元", "100000000000"),
        ("100 billion yuan", "一千亿元", "100000000000"),
        ("13 billion yuan", "130亿元", "13000000000"),
        ("8.65bn yuan", "86.5亿元", "8650000000"),
        ("1.05 trillion dollars", "1.05万亿美元", "1050000000000"),
        ("HK$1.345 billion", "13亿4,500万元", "1345000000"),
        ("MOP20.54 billion", "205.4亿澳门元", "20540000000"),
        ("a million people", "100万人", "1000000"),
        ("three hundred houses", "三百栋", "300"),
        ("25,614", "25,614点", "25614"),
        ("6 per cent", "百分之六", "6%"),
        ("5.2 per cent", "百分之五点二", "5.2%"),
        ("1.15 billion", "十一点五亿", "1150000000"),
        ("6 percent", "6%", "6%"),
        ("6.5 percentage points", "6.5个百分点", "6.5%"),
        ("more than 75 enterprises", "75家以上企业", "75"),
        ("the 75th session", "第75届", "75"),
        ("thirty villages", "三十多个村", "30"),
        ("twenty-five people", "二十五人", "25"),
        ("12,000 jobs", "1.2万个岗位", "12000"),
    ],
)
def test_one_number_is_equal_in_both_languages(english: str, chinese: str, number: str) -> None:
    assert list(english_figures(english).numbers) == [number]
    assert list(chinese_figures(chinese).numbers) == [number]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Feb. 19", "2月19日"),
        ("February 19th", "二月十九日"),
        ("19 February", "2月19号"),
        ("the 19th of February", "2月19日"),
    ],
)
def test_one_day_is_equal_in_both_languages(english: str, chinese: str) -> None:
    assert list(english_figures(english).days) == list(chinese_figures(chinese).days) == [(2, 19)]


@pytest.mark.parametrize(
    ("english", "chinese", "tallies", "times"),
    [
        ("won 3-1", "以3比1获胜", ["3-1"], []),
        ("lost 18–21", "18-21告负", ["18-21"], []),
        ("the “1+6+3” plan", "“1+6+3”部署", ["1+6+3"], []),
        ("at 10.18pm", "22时18分", [], ["10:18"]),
        ("at 7:35 a.m.", "早上7时35分", [], ["7:35"]),
        ("at 10:30", "10:30", [], ["10:30"]),
    ],
)
def test_results_and_times_are_equal_in_both_languages(
    english: str, chinese: str, tallies: list[str], times: list[str]
) -> None:
    for figures in (english_figures(english), chinese_figures(chinese)):
        assert (list(figures.tallies), list(figures.times), figures.numbers) == (tallies, times, {})


@pytest.mark.parametrize("text", ["in 2024", "page A4", "nine people", "v2.1.10", "abc123", "at 5pm", "someone alone"])
def test_what_says_little_is_no_number_in_english(text: str) -> None:
    assert not english_figures(text).numbers


@pytest.mark.parametrize(
    "text", ["2024年", "二〇二六年", "十分重要", "千万不要", "一二把手", "3月", "下午3点", "五人", "十一点五分"]
)
def test_what_says_little_is_no_number_in_chinese(text: str) -> None:
    assert not chinese_figures(text).numbers


@given(st.integers(10, 10**12))
def test_any_number_is_equal_with_digits_of_both_kinds(number: int) -> None:
    english = english_figures(f"some {number:,} metres").numbers
    assert english == english_figures(f"some {number:,} metres").numbers
    assert list(chinese_figures(f"约{number:,}米").numbers) == list(english)
    assert chinese_number(in_characters(number)) == Decimal(number)


@given(st.integers(1, 9999), st.sampled_from([("million", 2, "亿"), ("billion", 1, "亿"), ("million", 0, "万")]))
def test_any_amount_is_equal_in_units_of_both_languages(hundredths: int, units: tuple[str, int, str]) -> None:
    english_unit, _, chinese_unit = units
    size = {"million": 10**6, "billion": 10**9}[english_unit]
    amount = Decimal(hundredths) / 100 * size
    in_chinese = amount / {"亿": 10**8, "万": 10**4}[chinese_unit]
    english = english_figures(f"worth {Decimal(hundredths) / 100} {english_unit} yuan").numbers
    assert list(chinese_figures(f"价值{in_chinese:f}{chinese_unit}元").numbers) == list(english)


@given(st.text("0123456789,.-:+%亿万千百十一点月日时分之 amp", max_size=80), st.integers(1, 400))
def test_any_text_can_be_read(text: str, times: int) -> None:
    for figures in (english_figures(text * times), chinese_figures(text * times)):
        assert all(weight(number) > 0 for number in figures.numbers)


def test_a_number_of_many_digits_says_more() -> None:
    weights = [weight(number) for number in ("100", "75", "312", "18234.5", "3127000000")]
    assert weights == sorted(weights)


def in_characters(number: int) -> str:
    """A number as it is written out in Chinese: the parser's other way."""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            many, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return in_characters(many) + unit + gap + (in_characters(rest) if rest else "")
    return "零一二三四五六七八九"[number]
