from __future__ import annotations

import pytest

from feedwatch.cluster.chinese_names import chinese_names
from feedwatch.cluster.english_names import english_names
from feedwatch.cluster.known import Known, known_in_chinese, known_in_english, known_rows
from feedwatch.cluster.pinyin import spelled, spelled_person, syllables_of
from feedwatch.han import to_simplified


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("District Party Secretary Lao Maochang pointed out", ["laomaochang"]),
        ("Mayor Ma Pingao’s speech", ["mapingao"]),
        ("(Reporter/Deng Shaojun Luo Pei)", ["dengshaojun", "luopei"]),
        ("in Pengjiang and Duruan Town", ["pengjiang", "duruan"]),
        ("in Bao'an and Xi'an", ["baoan"]),  # four letters say too little
        ("Lü Ming and Lyu Ming", ["luming", "luming"]),
        ("Wang Xiao-ming and Wang Manyu", ["wangxiaoming", "wangmanyu"]),
        ("The police change a machine in China", []),
        ("John Smith met Angela Merkel", []),
        ("Guarantee and Chance", []),
    ],
)
def test_english_names(text: str, names: list[str]) -> None:
    assert [name.letters for name in english_names(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("区委书记劳茂昌指出，", ["laomaochang"]),
        ("區委書記勞茂昌指出，", ["laomaochang"]),
        ("区长马平高主持会议", ["mapinggao"]),
        ("主席何腾参加会议", ["heteng"]),
        ("江门日报讯（记者/邓少军 罗佩）", ["dengshaojun", "luopei"]),
        ("记者李明、王芳报道", ["liming"]),  # what follows 王芳 is no word that goes with a person
        ("局长曾志伟表示", ["zengzhiwei"]),
        ("市长欧阳明在会上说", ["ouyangming"]),
        ("，谭永强强调，要", ["tanyongqiang"]),
        ("在江门市蓬江区杜阮镇", ["jiangmen", "pengjiang", "duruan"]),
        ("重庆市、厦门市", ["chongqing", "xiamen"]),
        ("开发区、全市和货物市值", []),
        ("高质量、高水平，", []),
    ],
)
def test_chinese_names(text: str, names: list[str]) -> None:
    assert [name.letters for name in chinese_names(to_simplified(text))] == names


@pytest.mark.parametrize(
    ("characters", "letters"), [("江门", "jiangmen"), ("吕", "lu"), ("厦门", "xiamen"), ("佛山", "foshan"), ("𠀀", "")]
)
def test_spelled(characters: str, letters: str) -> None:
    assert spelled(characters) == letters


@pytest.mark.parametrize(
    ("surname", "given", "letters"), [("曾", "荣", "zengrong"), ("单", "伟", "shanwei"), ("解", "军", "xiejun")]
)
def test_surnames_have_readings_of_their_own(surname: str, given: str, letters: str) -> None:
    assert spelled_person(surname, given) == letters


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("pengjiang", {("peng", "jiang"), ("peng", "ji", "ang")}),
        ("xian", {("xian",), ("xi", "an")}),
        ("xi'an", {("xi", "an")}),
        ("smith", set()),
        ("guarantee", set()),
    ],
)
def test_syllables(word: str, ways: set[tuple[str, ...]]) -> None:
    assert set(syllables_of(word)) == ways


@pytest.mark.parametrize("word", ["Xian" * 50, "A" + "a" * 200 + "s", "Xi'" * 80, "Ana" * 60 + "ng"])
def test_long_words_take_no_time(word: str) -> None:
    assert english_names(word) == []


@pytest.mark.parametrize("row", known_rows(), ids=lambda row: row.name)
def test_each_row_of_the_table_is_found_in_both_languages(row: Known) -> None:
    for form in row.chinese:
        assert [found.row for found in known_in_chinese(f"。{to_simplified(form)}。")] == [row]
    for form in row.english:
        assert [found.row for found in known_in_english(f"“{form}”")] == [row]


def test_names_are_whole_words() -> None:
    assert not known_in_english("USA, Hongkonger, UNESCO")
    assert [found.row.name for found in known_in_english("The Guangdong-Hong Kong-Macao Greater Bay Area")] == [
        "Greater Bay Area"
    ]
