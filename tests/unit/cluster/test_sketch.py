from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster import sketch, story_keys, text_hash
from feedwatch.cluster.fold import fold_spaced, fold_spaced_by_the_book
from feedwatch.cluster.scripts import is_unspaced, simplified
from feedwatch.cluster.sketch import near_keys, title_key
from feedwatch.model import Item, SketchKind

REPORT = (
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
CHINESE = (
    "临江区昨日举行高质量发展大会，全区七十五家企业的代表到场。区委书记梁伟强在会上说，去年全区生产总值达到1,026"
    "亿元，同比增长6.2%，"
    "工业投资增长一成半。大会现场签下18个项目，总投资130亿元，涉及新能源电池、智能家电和海洋装备。首个项目预计在8"
    "月动工。"
)
TRADITIONAL = (
    "臨江區昨日舉行高質量發展大會，全區七十五家企業的代表到場。區委書記梁偉強在會上說，去年全區生產總值達到1,026"
    "億元，同比增長6.2%，"
    "工業投資增長一成半。大會現場簽下18個項目，總投資130億元，涉及新能源電池、智能家電和海洋裝備。首個項目預計在8"
    "月動工。"
)


def item(text: str, title: str = "", language: str = "en") -> Item:
    return Item("g", "", title, text, "", (), (), language, datetime(2024, 2, 20, tzinfo=UTC), "published")


def keys(text: str, kind: SketchKind, title: str = "") -> set[int]:
    return {key for key in near_keys(item(text, title)) if key & 3 == kind}


@pytest.mark.parametrize(
    "copy",
    [
        REPORT.upper(),
        REPORT.replace(" ", "\n"),
        REPORT.replace("passengers", "passen\u00adgers"),
        REPORT.replace("-", " – ").replace(".", "…"),
    ],
)
def test_sketch_is_the_same_however_a_text_is_set(copy: str) -> None:
    assert near_keys(item(copy)) == near_keys(item(REPORT))


def test_sketch_is_the_same_in_both_ways_to_write_chinese() -> None:
    assert near_keys(item(TRADITIONAL, "臨江區舉行高質量發展大會")) == near_keys(
        item(CHINESE, "临江区举行高质量发展大会")
    )


def test_traditional_copy_shares_the_story_key_but_is_another_revision() -> None:
    assert story_keys(item(TRADITIONAL)) == story_keys(item(CHINESE))
    assert text_hash(item(TRADITIONAL)) != text_hash(item(CHINESE))


@pytest.mark.parametrize(
    "copy",
    [
        "MACAO, Feb. 20 (Newswire) - " + REPORT,
        REPORT + " Sign up for our newsletter. Follow us. All rights reserved.",
        REPORT[REPORT.index("The vessel") :],
        REPORT[: REPORT.index("A salvage")],
        REPORT.replace("47", "49").replace("Five", "Six"),
    ],
)
def test_copies_share_two_keys_of_the_text(copy: str) -> None:
    assert len(keys(copy, SketchKind.TEXT) & keys(REPORT, SketchKind.TEXT)) >= 2


@pytest.mark.parametrize("words", [25, 30, 40, 70])
@pytest.mark.parametrize("dateline", ["", "MACAO, Feb. 20 - "])
def test_teaser_shares_a_key_of_the_beginning(words: int, dateline: str) -> None:
    teaser = dateline + " ".join(REPORT.split()[:words]) + "…"
    assert keys(teaser, SketchKind.LEAD) & keys(REPORT, SketchKind.LEAD)


def test_chinese_teaser_shares_a_key_of_the_beginning() -> None:
    assert keys(CHINESE[:45] + "……", SketchKind.LEAD) & keys(CHINESE, SketchKind.LEAD)


@pytest.mark.parametrize(
    "title, tells",
    [
        ("Dozens saved after ferry hits rocks", True),
        ("Photo of the day", False),
        ("今日要闻", False),
        ("跨海大桥车流量首破千万", True),
        ("", False),
    ],
)
def test_only_a_headline_that_says_something_has_a_key(title: str, tells: bool) -> None:
    assert bool(keys("", SketchKind.TITLE, title)) is tells


def test_different_reports_share_no_key() -> None:
    other = (
        "The central bank left its benchmark rate unchanged on Thursday, the third meeting in a row without a "
        "change. " * 3
    )
    assert not set(near_keys(item(REPORT, "One headline about a ferry"))) & set(
        near_keys(item(other, "Another one on rates"))
    )


@pytest.mark.parametrize(
    "text, is_one",
    [
        ("", False),
        ("Plain English", False),
        ("建設粵港澳大灣區", True),
        ("GDP增长5%", True),
        ("Deng Shaojun (邓少军) said on Monday that the bridge was open", False),
        ("นายกรัฐมนตรี", True),
        ("हिन्दी समाचार", False),
        ("한국어 뉴스", False),
        ("これはペンです", True),
    ],
)
def test_scripts_without_spaces(text: str, is_one: bool) -> None:
    assert is_unspaced(text) is is_one


@given(st.text(max_size=300), st.text(max_size=60))
def test_keys_fit_a_database_and_tell_their_kind(text: str, title: str) -> None:
    found = sketch(item(text, title))
    assert all(0 <= key < 1 << 63 for key in found)
    assert len(found) == len(set(found)) <= 21
    assert len(near_keys(item(text, title))) <= 13


@given(st.text(max_size=120) | st.text(st.sampled_from("aA é’-大.\u00ad\u0301ﬁ½Я한ｶﾞ\ud800"), max_size=60))
def test_fold_spaced_is_what_the_book_says(text: str) -> None:
    assert fold_spaced(text).split() == fold_spaced_by_the_book(text).split()


@given(st.text(st.sampled_from("臨江區临江区发展發展abc 1"), max_size=40))
def test_title_key_and_simplified_are_idempotent(text: str) -> None:
    assert simplified(simplified(text)) == simplified(text)
    assert title_key(simplified(text)) == title_key(text)


def test_sketch_is_the_same_in_every_process() -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from feedwatch.cluster import sketch; from "
        "feedwatch.model import Item\n"
        "text, title = sys.stdin.buffer.read().decode().split('|')\n"
        "at = datetime(2024, 2, 20, tzinfo=UTC)\n"
        "print(sketch(Item('g', '', title, text, '', (), (), 'en', at, 'published')))"
    )
    title = "Dozens saved after ferry hits rocks"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        input=f"{REPORT}|{title}".encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "123"},
    )
    assert printed.stdout.decode().strip() == str(sketch(item(REPORT, title)))
