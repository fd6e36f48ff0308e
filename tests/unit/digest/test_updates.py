"""Which changes of a story a reader is told of again: one text in English, one in Chinese, and what became of them."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.updates import is_material

TITLE = "Three injured as bus hits railing in Sha Tin"
TEXT = """By Peter Lam
A double-decker bus hit a railing on Tai Po Road in Sha Tin on Tuesday morning, and three passengers were injured.
The accident happened at 7.40am near the Lion Rock Tunnel, police said. The driver, surnamed Chan, passed a breath test.
About 1,200 commuters were affected as two of four lanes were closed. The bus company KMB said that it would look into
the cause and that the driver had worked for it for 12 years.
A spokesman for the Transport Department said traffic was expected to return to normal in the afternoon.
Updated at 10:32am"""

ZH_TITLE = "沙田巴士撞栏 三人受伤"
ZH_TEXT = """一辆双层巴士星期二早上在沙田大埔公路撞向栏杆，三名乘客受伤。
警方表示，意外在早上7时40分发生，地点近狮子山隧道。姓陈司机通过酒精测试。
事故影响约1200名乘客，四条行车线中有两条需要封闭。巴士公司表示，会调查事故原因，涉事司机在公司工作了12年。
运输署发言人说，预计下午交通可恢复正常。
更新时间：10:32"""

Change = tuple[str, str]


@pytest.mark.parametrize(
    "changes, is_told",
    [
        # Figures
        ([("three passengers were", "five passengers were"), ("Three injured", "Five injured")], True),
        ([("three passengers were", "five passengers were")], True),
        ([("1,200 commuters", "12,000 commuters")], True),
        ([("1,200", "1200")], False),
        ([("1,200", "1.2")], True),
        ([("two of four lanes", "three of four lanes")], True),
        ([("12 years", "twelve years")], False),
        ([("at 7.40am", "at 8.15am")], True),
        ([("on Tuesday morning", "on Nov. 24")], True),
        ([("said traffic", "said on Tuesday that traffic")], False),
        # Claims
        ([("three passengers were injured", "one passenger died and two were injured")], True),
        ([("Three injured", "One dead")], True),
        ([("passed a breath test", "was arrested")], True),
        ([("passed a breath test", "failed a breath test")], True),
        ([("traffic was expected to return to normal", "traffic was not expected to return to normal")], True),
        ([("would look into", "would not look into")], True),
        ([("hit a railing on", "struck a railing on")], False),
        ([("were injured", "were hurt")], False),
        ([("Three injured", "Three hurt")], False),
        ([("were closed", "were shut")], False),
        # Names
        ([("surnamed Chan", "surnamed Wong")], True),
        ([("near the Lion Rock Tunnel", "near the Eagles Nest Tunnel")], True),
        ([("in Sha Tin on", "in Tai Wai on"), ("in Sha Tin", "in Tai Wai")], True),
        ([("surnamed Chan", "Mr Chan")], False),
        ([("Transport Department", "Transprot Department")], False),
        # The headline
        ([(TITLE, "Lawmakers call for seat belts after Sha Tin crash")], True),
        ([(TITLE, "Bus driver tested after accident near Lion Rock Tunnel")], False),  # as the text told
        ([(TITLE, "Bus hits railing in Sha Tin, three injured")], False),
        ([(TITLE, TITLE.upper())], False),
        ([(TITLE, f"UPDATE: {TITLE}")], False),
        ([(TITLE, "Driver arrested after bus hits railing in Sha Tin")], True),
        # New text
        ([("Updated at", """Lawmakers on the council's transport panel called for seat belts on every upper deck seat.
They want operators to fit older vehicles within a decade, and ask the government to share the expense.
Unions replied that tired staff and tight timetables matter more.\nUpdated at""")], True),
        ([("Updated at", "Lawmakers called for seat belts.\nUpdated at")], False),
        ([("Updated at", "Read more: The ten worst bus accidents since 2003\nUpdated at")], False),
        ([("Updated at", "Related: Minibus crash kills two in Tuen Mun\nUpdated at")], False),
        # What nobody has to be told
        ([], False),
        ([("10:32am", "11:58am")], False),
        ([("By Peter Lam", "By Peter Lam and Mary Ho")], False),
        ([("Tuesday morning, and", "Tuesday morning and")], False),
        ([("double-decker", "double decker"), ("\n", " ")], False),
        ([("A double-decker", "“A double-decker"), ("injured.", "injured.”")], False),
        ([("accident", "acident")], False),
        ([("acident", "accident"), ("commuters", "comuters")], False),
        ([("A spokesman for the Transport Department said", "The Transport Department said")], False),
        ([("look into", "investigate")], False),
        ([("A spokesman for the Transport Department said traffic was expected to return to normal in the afternoon.\n",
           "")], False),  # what is gone is nothing to tell
        # Corrections
        ([("Updated at", "Correction: an earlier version gave a wrong name for the road.\nUpdated at")], True),
    ],
)  # fmt: skip
def test_a_changed_story_in_english(changes: list[Change], is_told: bool) -> None:
    title, text = TITLE, TEXT
    for before, after in changes:
        title, text = title.replace(before, after), text.replace(before, after)
    assert is_material(TITLE, TEXT, title, text) is is_told


@pytest.mark.parametrize(
    "changes, is_told",
    [
        ([("三名乘客", "五名乘客"), ("三人", "五人")], True),
        ([("三名乘客", "3名乘客")], False),
        ([("1200名", "1.2万名")], True),
        ([("1200名", "1,200名")], False),
        ([("两条需要", "三条需要")], True),
        ([("7时40分", "8时15分")], True),
        ([("三名乘客受伤", "一名乘客死亡，两名受伤")], True),
        ([("三人受伤", "一死两伤")], True),
        ([("通过酒精测试", "被捕")], True),
        ([("通过酒精测试", "涉嫌酒驾被警方拘捕")], True),
        ([("交通可恢复正常", "交通未能恢复正常")], True),
        ([("会调查事故原因", "不会调查事故原因")], True),
        ([("三名乘客受伤", "三名乘客负伤")], False),
        ([("撞向栏杆", "撞上栏杆")], False),
        ([("星期二早上", "周二早上")], False),
        ([("表示，意外", "称，意外")], False),
        ([(ZH_TITLE, "议员促巴士上层全面安装安全带")], True),
        ([(ZH_TITLE, "三人受伤！沙田巴士撞栏")], False),
        ([(ZH_TITLE, "【更新】" + ZH_TITLE)], False),
        ([("更新时间：10:32", "更新时间：12:05")], False),
        ([("更新时间", "责任编辑：王小明\n更新时间")], False),
        ([("更新时间", "相关阅读：2003年以来十大巴士意外\n更新时间")], False),
        ([("。", "."), ("，", ",")], False),
        ([("1200名", " 1200 名 ")], False),
        ([("运输署发言人说，预计下午交通可恢复正常。\n", "")], False),
        ([("更新时间", """立法会交通事务委员会多名议员要求巴士上层座位全面安装安全带，又促请当局分担旧车改装费用。
工会则回应指，前线人手不足和班次过密才是症结，要求检讨编更指引和休息时间安排。\n更新时间""")], True),
        ([("更新时间", "有议员要求安装安全带。\n更新时间")], False),
        ([("更新时间", "更正：本文较早版本路名有误。\n更新时间")], True),
    ],
)  # fmt: skip
def test_a_changed_story_in_chinese(changes: list[Change], is_told: bool) -> None:
    title, text = ZH_TITLE, ZH_TEXT
    for before, after in changes:
        title, text = title.replace(before, after), text.replace(before, after)
    assert is_material(ZH_TITLE, ZH_TEXT, title, text) is is_told


@pytest.mark.parametrize(
    "told, now, is_told",
    [
        (("Typhoon signal No. 8 hoisted", ""), ("Typhoon signal No. 8 lowered", ""), True),
        (("Typhoon signal No. 3 issued", ""), ("Typhoon signal No. 8 issued", ""), True),
        (("Talks on pay begin", "Both sides met."), ("Talks on pay collapse", "Both sides met."), True),
        (("Sixers 98, Nets 94", ""), ("Sixers 101, Nets 99", ""), True),
        (("City draw 1-1 with United", ""), ("City beat United 2-1", ""), True),
        (("GDP grows 5.2%", ""), ("GDP grows 5.2 per cent", ""), False),
        (("Rain expected", "Rain is due on Feb. 19."), ("Rain expected", "Rain is due on 21 Feb."), True),
        (("Rain expected", "Rain is due on Feb. 19."), ("Rain expected", "Rain is due on 19 February."), False),
        (("台风八号风球生效", ""), ("台风八号风球解除", ""), True),
        (("出口增长6%", ""), ("出口增长百分之六", ""), False),
        (("粤港签署合作协议", "双方今日签署协议。"), ("粵港簽署合作協議", "雙方今日簽署協議。"), False),
        # A teaser that goes on; and one that goes on with other news in its headline.
        (("Fire in Kwun Tong", "A fire broke out in a factory…"),
         ("Fire in Kwun Tong", "A fire broke out in a factory in Hoi Yuen Road. Ten engines came, 40 left."), False),
        (("Fire in Kwun Tong", "A fire broke out in a factory…"),
         ("Two dead in Kwun Tong fire", "A fire broke out in a factory in Kwun Tong. Two people died."), True),
        # The same beginning, but nothing was cut: more has become known.
        (("Fire in Kwun Tong", "A fire broke out in a factory."),
         ("Fire in Kwun Tong", "A fire broke out in a factory. Ten engines came and 40 people left."), True),
        (("", ""), ("", ""), False),
        (("Minister resigns", ""), ("Minister resigns", "She gave no reason."), False),
    ],
)  # fmt: skip
def test_two_stories(told: tuple[str, str], now: tuple[str, str], is_told: bool) -> None:
    assert is_material(*told, *now) is is_told


@given(st.text(max_size=200), st.text(max_size=400))
def test_what_is_the_same_is_never_told_again(title: str, text: str) -> None:
    assert not is_material(title, text, title, text)


@given(st.text(alphabet="ab 一二三不死。.\n19%", max_size=60), st.text(alphabet="ab 一二三不死。.\n19%", max_size=60))
def test_what_is_left_out_is_nothing_to_tell(text: str, more: str) -> None:
    assert not is_material("", f"{text}\n{more}", "", text)


def test_the_other_way_of_writing_chinese_is_nothing_to_tell() -> None:
    to_traditional = opencc.OpenCC("s2hk").convert
    assert not is_material(ZH_TITLE, ZH_TEXT, to_traditional(ZH_TITLE), to_traditional(ZH_TEXT))
