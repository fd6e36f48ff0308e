"""Folding, and the way back from the folded text to the text as it was written."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwatch.match.fold import fold, squeeze

# All of the small alphabets, and a part of what follows (all of it takes 20 s).
CODES = [*range(0x3400), *range(0x3400, 0xD800, 97), *range(0xF900, 0x10000), *range(0x10000, sys.maxunicode + 1, 89)]
CHARACTERS = list(map(chr, CODES))
TRICKY = st.text(st.sampled_from("aÉe\u0301ßﬁ㎏İ…“’ \n-‑—_\u00ad\u200b\0ｶﾞが\u3099한\u1112\u1161\u11ab大，й\u0306ЙΣςø"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("High-Quality", "high quality"),
        ("Ａ１，。", "a1,。"),
        ("naïve Ångström Łódź", "naive angstrom lodz"),
        ("ΑΘΉΝΑΣ Ёлка й", "αθηνασ елка и"),
        ("“it’s”", '"it\'s"'),
        ("ﬁ㎏ß…İ", "fikgss...i"),
        ("a\u00adb\u200bc\ufeff", "abc"),
        ("a\tb\u00a0c\u3000d\u2003e\x00f", "a b c d e f"),
        ("a‐b‑c‒d–e—f―g−h﹣i－j_k", "a b c d e f g h i j k"),
        ("が ｶﾞ हिन्दी עִ", "が ガ हिन्दी עִ"),
        ("葛\U000e0100", "葛"),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text).folded == folded


def test_every_character_folds_alone_as_in_a_text_that_needs_the_table() -> None:
    # Thirty-odd different characters make `fold` take the table instead of replacing one kind at a time.
    many = "".join(map(chr, range(0x3B1, 0x3B1 + 25))) + "éèêëàâîïôûùü"
    tail = len(fold(many).folded)
    wrong = [c for c in CHARACTERS[::7] if fold(f"{c} {many}").folded[:-tail] != f"{fold(c).folded} "]
    assert wrong == []


def test_every_character_folds_as_its_fold_and_its_lower_case_do() -> None:
    wrong = [c for c in CHARACTERS if not fold(c).folded == fold(fold(c).folded).folded == fold(c.lower()).folded]
    assert wrong == []


def test_every_character_squeezes_as_it_folds() -> None:
    wrong = [
        c
        for c in CHARACTERS
        if squeeze(f"{c} 大{c}").decode(errors="replace") != fold(f"{c} 大{c}").folded.replace(" ", "")
    ]
    assert wrong == []


@given(TRICKY | st.text(max_size=80))
@example("ｶﾞ か\u3099 \u1112\u1161")
def test_squeezed_is_folded_without_spaces(text: str) -> None:
    assert squeeze(text) == fold(text).folded.replace(" ", "").encode()


@given(TRICKY)
def test_normal_forms_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)).folded == fold(unicodedata.normalize("NFD", text)).folded


@given(TRICKY, TRICKY)
def test_offsets_lead_back_to_what_was_written(before: str, after: str) -> None:
    folded = fold(f"{before}大{after}")
    places = [at for at, character in enumerate(folded.folded) if character == "大"]
    assert all(folded.original[folded.start(at) : folded.end(at + 1)].startswith("大") for at in places)
    assert len(before) in {folded.start(at) for at in places}


@given(TRICKY)
def test_offsets_run_forward_and_inside(text: str) -> None:
    folded = fold(text)
    starts = [folded.start(at) for at in range(len(folded.folded))]
    ends = [folded.end(at + 1) for at in range(len(folded.folded))]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))


@pytest.mark.parametrize(
    ("text", "at", "written"),
    [
        ("ﬁne", 0, "ﬁ"),
        ("ﬁne", 1, "ﬁ"),
        ("ﬁne", 2, "n"),
        ("5㎏!", 2, "㎏"),
        ("Cafe\u0301s", 3, "e\u0301"),
        ("a\u00adb", 1, "b"),
    ],
)
def test_offsets_of_clusters(text: str, at: int, written: str) -> None:
    folded = fold(text)
    assert text[folded.start(at) : folded.end(at + 1)] == written
