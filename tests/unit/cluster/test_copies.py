from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster import is_copy
from feedwatch.cluster.forms import compare_figures, figures_in_characters, figures_in_words, swapped
from feedwatch.model import Report

NOON = datetime(2024, 2, 20, 12, tzinfo=UTC)
FERRY = (
    "A high-speed ferry carrying 47 passengers and eight crew ran aground near the island early on Tuesday, and "
    "everybody "
    "on board was taken off safely, the marine department said. The vessel, which left at 6.30am, struck rocks "
    "in thick "
    "fog about two nautical miles from its berth. Five people were treated for minor injuries. A salvage company "
    "is to "
    "inspect the hull at high tide, and the captain has been asked to explain why he left the usual channel. The "
    "operator "
    "said that it would run buses in place of the morning sailings until further notice."
)
OTHERS = (
    "Rescuers brought 55 people ashore on Tuesday morning after a ferry hit rocks off the largest island in poor "
    "visibility. Passengers described a loud bang shortly after seven o'clock, followed by an order to put on "
    "life jackets. "
    "Five were taken to hospital with bruises and cuts, according to the fire services. The department has "
    "opened an inquiry."
)
BACKGROUND = (
    "It was the third accident in these waters since the new timetable was introduced, and unions have asked for "
    "slower "
    "crossings when visibility is low. Ferries carry about a tenth of the travellers between the two cities; "
    "most now go by "
    "the bridge. The service is to be put out to tender again next year, when two of the oldest boats are to be "
    "replaced."
)
ZH = (
    "临江区昨日举行高质量发展大会，全区七十五家企业的代表到场。区委书记梁伟强在会上说，去年全区生产总值达到1,026"
    "亿元，同比增长6.2%，"
    "工业投资增长一成半。大会现场签下18个项目，总投资130亿元，涉及新能源电池、智能家电和海洋装备。首个项目预计在8"
    "月动工，建成后可提供"
    "三千个就业岗位。区政府同时公布了今年的十项重点任务，包括改造旧工业园、新建两所小学，以及开通一条接驳高铁站的"
    "公交快线。"
)
CLOSE = (
    "The benchmark index rose 1.2%, or 216.4 points, to close at 18,234.56 on Monday. Turnover was 92.1 billion "
    "dollars. "
    "Technology shares rose 2.4%, while property stocks ended 0.7% lower and energy stocks were little changed. "
    "In the broader "
    "market, 640 stocks advanced and 512 declined. Index futures for next month settled at 18,190."
)
NEXT_CLOSE = (
    "The benchmark index rose 0.4%, or 73.1 points, to close at 18,307.66 on Tuesday. Turnover was 88.0 billion "
    "dollars. "
    "Technology shares rose 0.9%, while banking stocks ended 0.2% lower and energy stocks were little changed. "
    "In the broader "
    "market, 588 stocks advanced and 549 declined. Index futures for next month settled at 18,260."
)
HEADLINE = "Dozens saved after ferry hits rocks in fog"


def report(text: str, title: str = HEADLINE, source: int = 1, hours: float = 0, language: str = "en") -> Report:
    return Report(
        title, text, language, f"https://s{source}.example/{len(text)}", source, NOON + timedelta(hours=hours)
    )


def cut(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


@pytest.mark.parametrize(
    "name, copy",
    [
        ("another headline", report(FERRY, "What we know so far", 2, 40)),
        ("dateline", report("MACAO, Feb. 20 (Newswire) -- " + FERRY, source=2)),
        ("footer", report(FERRY + " Sign up for our newsletter. Copyright 2024 The Daily Example.", "Other", 2)),
        ("teaser", report(cut(FERRY, 30) + "…", "Other", 2, 60)),
        ("teaser behind a dateline", report("MACAO, Feb. 20 - " + cut(FERRY, 40) + " [...]", "Other", 2)),
        ("sentences dropped", report(FERRY[FERRY.index("The vessel") :], "Other", 2)),
        ("reordered", report(FERRY[FERRY.index("Five") :] + " " + FERRY[: FERRY.index("Five")], "Other", 2)),
        ("quoted whole in a longer piece", report(BACKGROUND + "\n" + FERRY, "Other", 2)),
        ("updated figures", report(FERRY.replace("47", "52").replace("Five", "Seven"), "Other", 2, 6)),
        ("capitals and quotes", report(FERRY.upper().replace("'", "’"), "OTHER", 2)),
        ("headline alone", report("", source=2, hours=20)),
        ("headline and its first words", report(cut(FERRY, 12), source=2, hours=20)),
        ("a publisher's second print", report(FERRY + " Updated at noon.", "Other", 1)),
    ],
)
def test_copies(name: str, copy: Report) -> None:
    assert is_copy(copy, report(FERRY))
    assert is_copy(report(FERRY), copy)


@pytest.mark.parametrize(
    "name, one, other",
    [
        ("another report on the event", report(FERRY), report(OTHERS, source=2)),
        ("quoted in part", report(FERRY), report(BACKGROUND + " " + FERRY[: FERRY.index("Five")], "Other", 2)),
        ("the next day's form", report(CLOSE, "Stocks gain"), report(NEXT_CLOSE, "Stocks gain again", 2, 24)),
        ("a form filled in anew", report(CLOSE, "Stocks gain"), report(NEXT_CLOSE, "Stocks gain again", 2, 2)),
        ("figures updated too late", report(CLOSE), report(CLOSE.replace("640", "641"), source=2, hours=30)),
        ("headline alone, too late", report(FERRY), report("", source=2, hours=49)),
        ("headline alone, of one publisher", report(FERRY), report("", source=1)),
        ("a rubric", report("", "Photo of the day"), report("", "Photo of the day", 2)),
        ("one headline, two texts", report(FERRY), report(BACKGROUND, source=2)),
        ("one headline in two languages", report(FERRY, "G20"), report(ZH, "G20", 2, language="zh")),
        ("block of links", report(FERRY + BACKGROUND, "One"), report(OTHERS + BACKGROUND, "Other", 1)),
        ("nothing", report("", ""), report("", "", 2)),
    ],
)
def test_no_copies(name: str, one: Report, other: Report) -> None:
    assert not is_copy(one, other)
    assert not is_copy(other, one)


@pytest.mark.parametrize("configuration", ["s2t", "s2hk", "s2tw", "s2twp"])
@pytest.mark.parametrize("hours", [0, 40])
def test_chinese_copies_in_traditional_characters(configuration: str, hours: float) -> None:
    copy = opencc.OpenCC(configuration).convert(ZH)
    assert is_copy(report(ZH, "临江区举行大会", language="zh"), report(copy, "另一標題", 2, hours, "zh"))


def test_chinese_teaser() -> None:
    assert is_copy(report(ZH, "临江区举行大会"), report("本报讯（记者 李明）" + ZH[:60] + "……", "另一标题", 2, 30))


@pytest.mark.parametrize(
    "one, other, kept, changed",
    [
        ("toll of 5 and loss of 7", "toll of 6 and loss of 7", 1, 1),
        ("toll of 5", "loss of 6", 0, 0),                    # behind other words
        ("up by 1 up by 2", "up by 2 up by 1", 0, 0),        # which is which cannot be told
        ("5", "6", 0, 0),
    ],
)  # fmt: skip
def test_figures_behind_the_same_words(one: str, other: str, kept: int, changed: int) -> None:
    left, right = (figures_in_words(text.encode().split()) for text in (one, other))
    assert compare_figures(left, right) == (kept, changed)


def test_figures_behind_the_same_characters() -> None:
    left, right = figures_in_characters("总投资130亿元签下18个"), figures_in_characters("总投资150亿元签下18个")
    assert compare_figures(left, right) == (1, 1)


@pytest.mark.parametrize(
    "one, other, count",
    [
        ("Tokyo Optical issues 40 mln", "Keihanshin Estate issues 25 mln", 3),
        ("Noranda Inc says 12", "Noranda says 12", 0),  # left out, not swapped
        ("closed at 0.77", "closed at 0.80", 1),
    ],
)
def test_swapped_names_and_figures(one: str, other: str, count: int) -> None:
    assert swapped(one, other) == count


WORDS = st.lists(
    st.sampled_from(
        [
            "ferry",
            "rocks",
            "fog",
            "Tuesday",
            "47",
            "crew",
            "6",
            "said",
            "the",
            "of",
            "on",
            "A",
            "临",
            "江",
            "区",
            "大",
            "会",
        ]
    ),
    max_size=60,
)
REPORTS = st.builds(
    report, WORDS.map(" ".join), st.sampled_from(["One headline about a ferry", "Another", ""]), st.integers(1, 2),
    st.sampled_from([0, 10, 30, 60]),
)  # fmt: skip


@given(REPORTS, REPORTS)
def test_symmetric(one: Report, other: Report) -> None:
    assert is_copy(one, other) is is_copy(other, one)


@given(st.sampled_from([FERRY, OTHERS, BACKGROUND, ZH, CLOSE]), st.integers(1, 2), st.integers(-500, 500))
def test_a_text_is_its_own_copy_however_it_is_set(text: str, source: int, hours: int) -> None:
    known = report(text)
    for same in (text, text.upper(), text.replace(" ", "\n"), f"“{text}”"):
        assert is_copy(replace(report(same, source=source, hours=hours), url="https://other.example/"), known)


@given(st.text(max_size=80), st.text(max_size=80))
def test_never_raises(one: str, other: str) -> None:
    assert is_copy(report(one, other), report(other, one, 2)) in {True, False}
