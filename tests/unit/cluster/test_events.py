from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster.events import MOST_KEYS, event_keys, is_same_event, likeness
from feedwatch.model import Item, Report, SketchKind
from feedwatch.parse import parse

AT = datetime(2024, 2, 20, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "samples" / "jiangmen-republished.xml"
ORIGINAL = (
    "江门日报讯（记者/邓少军 罗佩）2月19日，蓬江区召开高质量发展推进会。区委书记劳茂昌出席会议并讲话，区委副书记、"
    "区长马平高主持会议，区人大常委会主任李大成、区政协主席何腾参加会议。劳茂昌强调，要奋力打造千亿强区，今年完成"
    "工业投资不少于130亿元、增长30%，推动超75家企业技术改造，引进项目总投资超350亿元。"
)
ENGLISH = (
    "Kaiping city held its conference on Feb. 28. Tan Yongqiang, secretary of the party committee, said that projects"
    " worth 12 billion yuan must come this year. Mayor Zhou Huiling presided; 32 projects were signed."
)
CHINESE = "2月28日，开平市召开大会。市委书记谭永强强调，全年引进项目120亿元。市长周慧玲主持会议，32个项目签约。"


def item(text: str, language: str, title: str = "") -> Item:
    return Item(
        guid="g",
        url="",
        title=title,
        text=text,
        html="",
        authors=(),
        tags=(),
        language=language,
        published_at=AT,
        published_from="published",
    )


def report(text: str, language: str, url: str = "https://a.example/1", source: int = 1) -> Report:
    return Report("", text, language, url, source, AT)


def test_original_and_translation_share_keys_and_are_one_event() -> None:
    assert len({*event_keys(item(CHINESE, "zh-Hans"))} & {*event_keys(item(ENGLISH, "en"))}) >= 4
    assert is_same_event(report(CHINESE, "zh-Hans"), report(ENGLISH, "en-GB"))


def test_the_samples_machine_translation_meets_its_original() -> None:
    entry = parse(SAMPLE.read_bytes(), content_type=None, url="https://www.example.com/feed").entries[0]
    translation = entry.summary
    assert len({*event_keys(item(ORIGINAL, "zh"))} & {*event_keys(item(translation, "en"))}) >= 3
    assert is_same_event(report(ORIGINAL, "zh"), replace(report(translation, "en"), title=entry.title))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((ENGLISH, "en"), (ENGLISH, "en-US")),
        ((CHINESE, "zh-Hans"), (CHINESE, "zh-Hant")),
        ((CHINESE, "zh"), (ENGLISH, "fr")),
        ((CHINESE, "und"), (ENGLISH, "en")),
        (("", "zh"), ("", "en")),
    ],
)
def test_only_chinese_beside_english_is_compared(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not is_same_event(report(*first), report(*second))


@pytest.mark.parametrize(
    "other",
    [
        # the same people on another day
        "Tan Yongqiang, party secretary of Kaiping, visited the town of Chikan on March 2 to look at 3 dykes and 17"
        " watchtowers. He said that heritage comes first. Work will cost 94 million yuan.",
        # mentioned in one sentence
        "Investors signed 87 contracts worth 41 billion yuan in Zhaoqing on Feb. 29, said Mayor Xu Xiaoxiong. Duanzhou"
        " and Dinghu districts took 56 of them, 9.7 percent more than in 2023. Kaiping had asked for 12 billion yuan.",
    ],
)
def test_another_event_of_the_same_people_or_topic_is_none(other: str) -> None:
    assert not is_same_event(report(CHINESE, "zh"), report(other, "en"))


def test_contradicting_days_count_against() -> None:
    other_day = ENGLISH.replace("Feb. 28", "Feb. 21")
    without_day = ENGLISH.replace(" on Feb. 28", "")
    assert likeness(report(CHINESE, "zh"), report(other_day, "en")) < 0.8 * likeness(
        report(CHINESE, "zh"), report(without_day, "en")
    )


def test_one_site_and_one_day_count_for() -> None:
    chinese = report(CHINESE, "zh", "https://zh.gov.hk/1", source=1)
    english = report(ENGLISH, "en", "https://en.gov.hk/2", source=2)
    family = report(ENGLISH, "en", "https://www.b.gov.hk/2", source=2)
    later = replace(english, published_at=AT + timedelta(days=2))
    assert likeness(chinese, later) < likeness(chinese, english) < likeness(replace(chinese, url=family.url), family)


def test_latin_words_in_a_chinese_text_are_found_in_english() -> None:
    chinese = report("TurboJET与COP29代表签署协议，涉及168人。", "zh")
    assert likeness(chinese, report("TurboJET signed with delegates of COP29 for 168 people.", "en")) > 4
    assert likeness(chinese, report("The company signed with delegates for 168 people.", "en")) < 2


texts = st.lists(
    st.sampled_from(
        (
            *(
                "Tan Yongqiang",
                "谭永强",
                "市长谭永强说，",
                "Mr He Teng",
                "主席何腾参加",
                "佛山市",
                "Foshan",
                "Hong Kong",
            ),
            *(
                "香港",
                "12 billion",
                "120亿",
                "Feb. 28",
                "2月28日",
                "3-1",
                "3比1",
                "10:30",
                "6%",
                "百分之六",
                "COP29",
                "x",
            ),
        )
    ),
    max_size=12,
).map(" ".join) | st.text(max_size=60)


@given(texts, texts)
def test_likeness_is_symmetric_and_bounded(chinese: str, english: str) -> None:
    a, b = report(chinese, "zh"), report(english, "en")
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) < 17
    assert is_same_event(a, b) == is_same_event(b, a)


@given(texts, st.sampled_from(["zh", "zh-Hant", "en", "fr", "und"]))
def test_keys_are_few_different_and_of_their_kind(text: str, language: str) -> None:
    keys = event_keys(item(text, language))
    assert len(keys) == len(set(keys)) <= MOST_KEYS
    assert all(0 <= key < 1 << 63 and key & 3 == SketchKind.EVENT for key in keys)


def test_keys_are_the_same_in_every_process() -> None:
    code = f"from tests.unit.cluster.test_events import *; print(event_keys(item({ENGLISH!r}, 'en')))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {f"{event_keys(item(ENGLISH, 'en'))}\n"}
