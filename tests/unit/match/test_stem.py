"""Phrases whose words are found in their other forms."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.match.fold import squeeze
from feedwatch.match.squeeze import SqueezedText
from feedwatch.match.stem import compile_stem, languages, primary, stem_places, stem_sought


@pytest.mark.parametrize(
    ("phrase", "language", "text", "found"),
    [
        (
            "policy",
            "en",
            "Policies, policy; police, the policy's, #PolicyMaking",
            ["Policies", "policy", "policy", "policy's", "Policy"],
        ),
        ("policies", "en", "one policy", ["policy"]),
        (
            "housing policies",
            "en",
            "the housing policy; house-policy; housed, policy",
            ["housing policy", "house-policy"],
        ),
        ("export bans", "en", "exporting\nban exports banned export of bans", ["exporting\nban", "exports banned"]),
        ("run", "en", "running ran runs runner", ["running", "runs"]),
        ("AT&T's plan", "en", "AT&T planning AT&T's plans", ["AT&T planning", "AT&T's plans"]),
        ("high-quality developments", "en", "highquality developments high quality development", None),
        ("5G networks", "en", "a 5G network, a 15G network", ["5G network"]),
        ("price增长", "en", "prices 增长 price增长", ["prices 增长", "price增长"]),
        ("a", "en", "an a", ["a"]),
        ("#Policy", "en", "policies #policy", ["policy"]),
        ("políticas", "es", "la politica, POLÍTICA", ["politica", "POLÍTICA"]),
        ("Häuser", "de", "das Haus des Hauses im Gasthaus", ["Haus", "Hauses"]),
        ("économique", "fr", "économiques, l'économique", ["économiques", "économique"]),
        ("новый город", "ru", "нового города", ["нового города"]),
        ("membaca", "id", "dibaca", ["dibaca"]),
        ("regjering", "nb", "regjeringen", ["regjeringen"]),
        ("政策", "en", "新政策", ["政策"]),
        ("policy", "zh", "policies policy", ["policy"]),
    ],
)
def test_in_the_language(phrase: str, language: str, text: str, found: list[str] | None) -> None:
    places = sorted(stem_places(compile_stem(phrase, language), SqueezedText(text), f"{language.upper()}-X"))
    if found is None:
        assert [text[start:end] for start, end in places] == ["highquality developments", "high quality development"]
    else:
        assert [text[start:end] for start, end in places] == found


@pytest.mark.parametrize("language", ["fr", "und", "", "eng"])
def test_in_other_languages_it_is_found_as_it_is_written(language: str) -> None:
    phrase = compile_stem("policies", "en-GB")
    assert stem_places(phrase, SqueezedText("policy Policies"), language) == [(7, 15)]


@pytest.mark.parametrize(
    ("phrase", "language", "sought"),
    [
        ("policies", "en", "polic"),
        ("studies", "en", "stud"),
        ("the housing policies", "en", "polic"),
        ("run", "en", "ru"),
        ("政策 runs", "en", "政策ru"),
        ("runs 政策", "en", "政策"),
        ("membaca", "id", None),
        ("a", "en", None),
        ("policies", "zh", "policies"),
    ],
)
def test_what_every_text_has(phrase: str, language: str, sought: str | None) -> None:
    found = stem_sought(compile_stem(phrase, language))
    assert (found and found.squeezed) == sought


def test_languages_are_known_by_their_primary_subtags() -> None:
    assert list(languages()) == sorted(languages())
    assert {"en", "de", "fr", "pt", "ru", "nb"} <= set(languages())
    assert "zh" not in languages()
    assert [primary(tag) for tag in ("en", "en-HK", "EN_us", "zh-Hant-HK", "")] == ["en", "en", "en", "zh", ""]


def test_every_language_has_its_stemmer() -> None:
    assert all(compile_stem("Test", language).words for language in languages())


_WORDS = st.sampled_from(
    ["policy", "policies", "Policing", "house", "housing", "houses", "a", "China's", "大湾区", "5G", "#Run", "runs"]
)
_TEXTS = st.lists(st.tuples(_WORDS, st.sampled_from([" ", "-", ", ", "", "\n"])).map("".join), max_size=6).map("".join)


@settings(max_examples=400, deadline=None)
@given(_TEXTS.filter(lambda phrase: any(map(str.isalnum, phrase))), _TEXTS, st.sampled_from(["en", "fr", "id"]))
def test_what_is_sought_stands_in_every_text_and_forms_add_to_what_is_written(
    phrase: str, text: str, language: str
) -> None:
    stem = compile_stem(phrase, language)
    squeezed = SqueezedText(text)
    as_written = squeezed.places(stem.literal)
    for of_item in ("en", "fr", "zh"):
        places = stem_places(stem, squeezed, of_item)
        assert set(as_written) <= set(places)
        sought = stem_sought(stem)
        if places and sought:
            assert sought.squeezed in squeeze(text).decode()


def test_threads_do_not_disturb_each_other() -> None:
    words = [f"{word}{number}ing" for number in range(300) for word in ("test", "run", "hous")]
    expected = [compile_stem(word, "en") for word in words]
    wrong: list[str] = []

    def stem_all() -> None:
        wrong.extend(word for word, stem in zip(words, expected, strict=True) if compile_stem(word, "en") != stem)

    threads = [threading.Thread(target=stem_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
