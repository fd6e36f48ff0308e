from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.language import choose_language, normal_tag
from feedwatch.normalize.language_model import likelihoods
from feedwatch.normalize.script import NOT_LATIN, SCRIPTS, Script, language_of_eastern_script, languages_of_script
from tests.bench.language import labelled, verdict

HAN = "江门日报讯二月十九日蓬江区高质量发展促进会召开"
KANA = "江門市は高品質な発展を促進するための会議を開きました"
HANGUL = "장먼시는 고품질 발전 회의를 열었다"
TRADITIONAL = "江門日報訊二月十九日蓬江區高質量發展促進會召開"
PORTUGUESE = (
    "O Governo de Macau vai lançar no próximo mês o concurso público para a construção da linha leste do metro "
    "ligeiro, anunciou o secretário para os Transportes e Obras Públicas."
)
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
        ("iw", "he"),
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
        # What is declared is believed, the nearest first
        ("fr", "de", "en", "Bonjour", "fr"),
        (None, "de", "en", "Guten Tag", "de"),
        (None, None, "en", "Hello", "en"),
        ("rubbish!", None, "en", "Hello", "en"),
        (None, "en-GB", None, ENGLISH, "en-GB"),
        (None, "ru", None, "Москва", "ru"),
        (None, "id", None, "BYD bangun pabrik di Subang", "id"),  # too short for the model to know better
        (
            None,
            "nb",
            None,
            "Regjeringen legger fram statsbudsjettet for neste år i dag",
            "nb",
        ),  # by the model's name: no
        (None, "ms", None, "Kerajaan akan mengumumkan belanjawan baharu pada hari Jumaat ini", "ms"),  # close kin
        # unless the text surely says another
        (None, "en-us", None, HAN, "zh-Hans"),
        (None, "en", None, KANA, "ja"),
        (None, "zh-CN", None, KANA, "ja"),
        (None, "en", None, HANGUL, "ko"),
        (None, "en", None, PORTUGUESE, "pt"),  # a Macau feed that declares English
        (None, "zh-CN", None, ENGLISH, "en"),  # an English report in a Chinese feed
        (None, "en", "pt-MO", PORTUGUESE, "pt-MO"),  # what is farther off fits better
        (None, "en", None, "Экономика Китая выросла на пять процентов за год", "ru"),
        (None, "ru", None, "Економіка Китаю зросла на п'ять відсотків, повідомили в уряді країни", "uk"),
        (None, "en", None, "نمو الاقتصاد الصيني بنسبة 5 بالمئة", "ar"),
        (None, "en", None, "หุ้นไทยปิดบวก 10 จุด", "th"),
        # Without a declaration the text tells, or nobody does
        (None, None, None, HAN, "zh-Hans"),
        (None, None, None, TRADITIONAL, "zh-Hant"),
        (None, None, None, "江門市は高品質な発展を促進", "ja"),
        (None, None, None, "日経平均株価反発、終値300円高", "ja"),  # without kana, in characters that only Japan has
        (None, None, None, "鲜の每日水果店在江门开业", "zh-Hans"),  # one の is at home in China
        (None, None, None, PORTUGUESE, "pt"),
        (None, None, None, "Hello", "und"),
        (None, None, None, "2024-02-20 08:26 -- 12:30 (1) 2:1", "und"),
        (None, None, None, "", "und"),
        # Mixed
        (None, "ru", None, "<L29Ah> [[ clang++ == *g++ ]] && echo yay\n«*g++»? Указатели в моём шелле?", "ru"),
        (None, "en", None, ENGLISH, "en"),
        (None, "zh-CN", None, "GDP增长5%", "zh-Hans-CN"),
        (None, None, None, "比亚迪BYD海鸥Seagull在巴西Camaçari工厂下线", "zh-Hans"),
        (None, "zh-CN", None, "OpenAI o3-mini", "zh-Hans-CN"),  # names alone are no English
        (None, "ja", None, "東京株続伸", "ja"),  # ideographs alone may be Japanese
        # The script of Chinese: by its characters, else as declared, else by its region
        (None, "zh-CN", None, HAN, "zh-Hans-CN"),
        (None, "zh-HK", None, TRADITIONAL, "zh-Hant-HK"),
        (None, "zh-HK", None, HAN, "zh-Hans-HK"),  # a Hong Kong publisher's simplified edition
        (None, "zh-Hant", None, HAN, "zh-Hans"),
        (None, "zh-Hans", None, "旺角三人涉打劫被捕", "zh-Hans"),
        (None, "zh-TW", None, "旺角三人涉打劫被捕", "zh-Hant-TW"),
        (None, "zh-419", None, "旺角三人涉打劫被捕", "zh-419"),
        (None, "zh", None, "旺角三人涉打劫被捕", "zh"),
        (None, "yue", None, "佢哋話唔會再加價", "yue"),
        (None, "en-us", "zh-HK", HAN, "zh-Hans-HK"),
    ],
)
def test_choose_language(entry: str | None, document: str | None, source: str | None, text: str, language: str) -> None:
    assert choose_language((entry, document, source), "", text) == language


@pytest.mark.parametrize(
    "likely, title, language",
    [
        (("en", "zh"), "Benfica vence Porto por 2-1", "es"),  # a wrong guess, which a reader of Portuguese avoids
        (("en", "zh", "pt"), "Benfica vence Porto por 2-1", "pt"),
        (("en", "zh"), "BYD to open Szeged plant", "und"),  # Hungarian to the model
        ((), "BYD to open Szeged plant", "hu"),
        (("en", "zh"), "Police arrest three over robbery", "en"),
        (("en", "zh-Hant-HK"), "旺角三人涉打劫被捕", "zh-Hant-HK"),
        (("ja",), "東京株反落", "ja"),
        (("ja", "zh"), "東京股市下跌", "zh-Hant"),
        (("not a tag",), "Hello", "und"),
    ],
)
def test_expected_languages_outweigh_others(likely: tuple[str, ...], title: str, language: str) -> None:
    assert choose_language((), title, "", likely) == language


def test_the_labelled_texts_come_out_right() -> None:
    """With the right declaration all but one headline, without any nine of ten; passages always."""
    rows = labelled()
    told = [(row, verdict(row, (row.language,), ())) for row in rows]
    untold = [(row, verdict(row, (), ("en", "zh"))) for row in rows]
    assert [row.text for row, found in told if found != "right"] == ["GDP quý I tăng 5,66%"]
    assert [row.text for row, found in untold if row.kind == "passage" and found != "right"] == []
    assert sum(found == "right" for _, found in untold) >= 0.9 * len(rows)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.languages[0])
def test_each_script_is_known(script: Script) -> None:
    assert languages_of_script(f"BBC {script.example} {script.example}") == script.languages


def test_a_language_has_one_foreign_script() -> None:
    assert {"ru", "ar", "zh", "th"} <= NOT_LATIN
    assert NOT_LATIN.isdisjoint({"en", "sr", "vi", "az"})


def test_the_model_does_not_read_addresses_and_chinese_characters() -> None:
    assert likelihoods("https://example.com/der/die/das 高质量发展") == {}


@given(st.text(st.sampled_from("aé яб.1大湾区のカ한국"), max_size=40))
def test_the_script_is_that_of_most_letters_where_an_eastern_one_counts_three(text: str) -> None:
    scripts = [unicodedata.name(character).partition(" ")[0] for character in text if character.isalpha()]
    han, kana, hangul = (
        sum(script in names for script in scripts) for names in ({"CJK"}, {"HIRAGANA", "KATAKANA"}, {"HANGUL"})
    )
    east = han + kana + hangul
    language = language_of_eastern_script(text)
    assert (language is None) == (not east or east * 3 <= len(scripts) - east)
    assert (language == "ko") == (language is not None and hangul * 2 > east)
    assert language != "zh" or kana * 20 <= east or set(re.findall("[のカ]", text)) == {"の"}


_TAGS = st.none() | st.sampled_from(["en", "zh-HK", "pt", "x", "", "yue", "zh_Hant", "\ud800"]) | st.text(max_size=12)


@given(
    st.lists(_TAGS, max_size=3), st.text(max_size=30), st.text(max_size=200), st.lists(st.text(max_size=8), max_size=2)
)
def test_choose_language_never_raises_and_gives_a_normal_tag(
    declared: list[str | None], title: str, text: str, likely: list[str]
) -> None:
    language = choose_language(declared, title, text, tuple(likely))
    assert normal_tag(language) == language


@given(st.text(max_size=20) | st.from_regex(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,4}){0,3}", fullmatch=True))
def test_normal_tag_is_idempotent(tag: str) -> None:
    assert normal_tag(normal_tag(tag)) == normal_tag(tag)
