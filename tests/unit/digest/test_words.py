"""The catalogs: every word of the templates is in each, and no template says anything that is in none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from feedwatch.digest.render import shipped_templates
from feedwatch.digest.words import CATALOGS, LOCALES, listed, number, reader_locale, signed, translations

Message = str | tuple[str, ...]

TEMPLATES = [
    path
    for path in sorted(shipped_templates().rglob("*.j2"))
    if path.relative_to(shipped_templates()).parts[0] != "pages" and not path.name.startswith("confirm.")
]
"""Those of the digest; the pages' have catalogs of their own."""


def messages(template: Path) -> set[Message]:
    return {
        message if isinstance(message, str) else tuple(message)
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", template)
    }


SAID = {message for template in TEMPLATES for message in messages(template)}


def catalog(locale: str) -> dict[Message, Message]:
    with (CATALOGS / f"{LOCALES[locale]}.po").open("rb") as file:
        found = read_po(file, abort_invalid=True)
    return {message.id: message.string for message in found if message.id}  # type: ignore[misc]


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_every_message_is_translated_and_nothing_else(locale: str) -> None:
    translated = catalog(locale)
    assert set(translated) == SAID
    for message, said in translated.items():
        forms = (said,) if isinstance(said, str) else said
        assert len(forms) == 1  # Chinese has no plural
        assert all(forms)
        assert all(form != message for form in forms) or message == "%(shown)s of %(total)s"


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_no_placeholder_is_lost(locale: str) -> None:
    def places(text: Message) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s", text if isinstance(text, str) else text[0]))

    for message, said in catalog(locale).items():
        assert places(said) == places(message)
        assert "%" not in re.sub(r"%\(\w+\)s", "", said if isinstance(said, str) else said[0])


def test_the_two_ways_of_writing_are_not_mixed() -> None:
    simplified, traditional = (
        "".join(said if isinstance(said, str) else said[0] for said in catalog(locale).values())
        for locale in ("zh-Hans", "zh-Hant")
    )
    assert re.findall("[報導來個較閱訂設這時間沒條還檔庫]", simplified) == []
    assert re.findall("[报导来个较阅订设这时间没条还档库]", traditional) == []
    assert re.findall(r"[一-鿿][,:;!?(]", simplified + traditional) == []  # full-width punctuation beside Han


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for code in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<style.*?</style>", r"<!--.*?-->", r"<[^>]*>", r"&\w+;"):
        text = re.sub(code, "", text, flags=re.DOTALL)
    assert template.name == "look.css.j2" or re.findall(r"\w+", text) == []


def test_a_string_in_a_template_is_said_through_the_catalog() -> None:
    """What looks like words (a capital and a small letter, or two words) stands in a call of _ or ngettext."""
    for template in TEMPLATES:
        if template.suffixes[0] == ".css":
            continue
        code = "".join(re.findall(r"\{[{%].*?[%}]\}", template.read_text(encoding="utf-8"), flags=re.DOTALL))
        said = messages(template)
        known = {part for message in said for part in ([message] if isinstance(message, str) else message)}
        for literal in re.findall(r'"([^"]*)"', code):
            assert not re.search(r"[A-Z][a-z]|[a-z] [a-z]", literal) or literal in known, (template.name, literal)


@pytest.mark.parametrize(
    "tag, locale",
    [
        ("en", "en"),
        ("en-HK", "en"),
        ("de", "en"),
        ("", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("ZH-hant", "zh-Hant"),
        ("yue", "zh-Hant"),
    ],
)
def test_reader_locale(tag: str, locale: str) -> None:
    assert reader_locale(tag) == locale


@given(st.text())
def test_any_locale_is_answered(tag: str) -> None:
    assert reader_locale(tag) in LOCALES


def test_english_is_what_the_templates_say() -> None:
    assert translations("en").ngettext("%(count)s story", "%(count)s stories", 1) == "%(count)s story"
    assert translations("zh-Hant").ngettext("%(count)s story", "%(count)s stories", 1) == "%(count)s篇報道"


@pytest.mark.parametrize(
    "parts, english, simplified, traditional",
    [
        ([], "", "", ""),
        (["A"], "A", "A", "A"),
        (["A", "B"], "A and B", "A和B", "A及B"),
        (["A", "B", "C"], "A, B and C", "A、B和C", "A、B及C"),
        (["A", "B", "C", "D"], "A, B, C and D", "A、B、C和D", "A、B、C及D"),
    ],
)
def test_listed(parts: list[str], english: str, simplified: str, traditional: str) -> None:
    assert [listed(parts, locale) for locale in LOCALES] == [english, simplified, traditional]


def test_a_list_of_markup_is_markup_and_escapes_what_is_none() -> None:
    joined = listed([Markup("<b>a</b>"), "<i>", "c"], "en")
    assert isinstance(joined, Markup)
    assert joined == "<b>a</b>, &lt;i&gt; and c"
    assert listed([Markup("<b>"), "<i>"], "en") == "<b> and &lt;i&gt;"


@pytest.mark.parametrize("value, shown", [(0, "0"), (1204, "1,204"), (0.55, "0.6"), (2.0, "2")])
def test_number(value: float, shown: str) -> None:
    assert {number(value, locale) for locale in LOCALES} == {shown}


@pytest.mark.parametrize("value, shown", [(4, "+4"), (-1204, "−1,204"), (0, "±0")])
def test_signed(value: int, shown: str) -> None:
    assert signed(value, "en") == shown
