"""What an item is found by in the archive's index."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedwatch.han import to_simplified
from feedwatch.match.fold import fold
from feedwatch.match.index_tokens import LONGEST, _line, _read, index_tokens, word_tokens
from feedwatch.match.plain_text import in_ascii
from feedwatch.match.scripts import Kind, kind_of
from feedwatch.match.word_pairs import is_pair, pair_token, pairs_of_line
from feedwatch.plan import INDEX_RULES
from tests.effort import examples


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ""),
        ("... !", ""),
        ("The Greater Bay", "the greater bay"),
        ("GREATER greater", "greater"),
        ("co-operate", "co operate cooperate"),
        ("co_operate", "co operate"),
        ("co- operate", "co operate"),
        ("state-of-the", "state of the stateof stateofthe ofthe"),
        ("HighQuality", "high quality highquality"),
        ("Expo2025", "expo 2025 expo2025"),
        ("#GDPGrowth!", "gdp growth gdpgrowth"),
        ("#highquality", "highquality"),
        ("R&D, A.I.", "r d a i"),
        ("Café “naïve”", "cafe naive"),
        ("e\u2011mail", "e mail email"),  # a non-breaking hyphen
        ("ﬁsh…", "fish"),
        ("Москва", "москва"),
        ("大湾区", "大湾 湾区 区"),
        ("大灣區", "大湾 湾区 区"),
        ("大 湾\n区", "大湾 湾区 区"),
        ("大湾，区", "大湾 湾 区"),
        ("建GBA区", "gba 建 区"),
        ("ガンダム", "ガン ンダ ダム ム"),
        ("한국의", "한국 국의 의"),
        ("大\0湾", "大 湾"),
        ("w" * 50, "w" * LONGEST),
        ("w" * 30 + "-" + "v" * 30, f"{'w' * 30} {'v' * 30} {'w' * 30 + 'v' * 10}"),
    ],
)
def test_the_tokens_of_a_text(text: str, tokens: str) -> None:
    assert sorted(word_tokens(text)) == sorted(tokens.split())


def test_title_and_text_are_one_set_and_the_title_is_one_by_itself() -> None:
    assert index_tokens("Bay area", "The bay") == {"bay", "area", "the", "¶bay", "¶area"}


@pytest.mark.parametrize(
    ("title", "text"),
    [("green bonds", "sold"), ("sold", "green bonds"), ("sold", "“green” — green\xa0bonds"), ("", "green_bonds")],
)
def test_neighbours_have_a_token_wherever_they_stand(title: str, text: str) -> None:
    assert {token for token in index_tokens(title, text) if is_pair(token)} == {pair_token("green", "bonds")}


def test_words_of_title_and_text_are_no_neighbours() -> None:
    assert not any(map(is_pair, index_tokens("green", "bonds")))


def test_other_tokens_are_other_rules() -> None:
    """Where this fails, the tokens of stored items are no longer these: INDEX_RULES has to be one more."""
    text = "The HighQuality co-operation of Expo2025, #GBA “café” e\u2011mail 粵港澳大灣區 ﬁrms ガンダム 한국의 R&D"
    every_han = to_simplified("".join(map(chr, range(0x3400, 0xA000))))
    tokens = sorted(index_tokens(text, "high-quality development"))
    digest = hashlib.sha256(" ".join([*tokens, every_han]).encode()).hexdigest()
    assert (INDEX_RULES, digest[:16]) == (2, "7446e22da264678f")


words = st.lists(st.sampled_from([*"aB1-_ #&.\t", "Ab", "HighQ"]), max_size=20).map("".join)


@given(words)
def test_ascii_has_a_faster_way_to_the_same_tokens(text: str) -> None:
    assert word_tokens(text) == {token for chunk in text.split() for token in _read(chunk).words}


@given(st.text(max_size=30))
def test_tokens_are_folded_letters_digits_and_marks(text: str) -> None:
    for token in word_tokens(text):
        assert token
        assert all(kind_of(character) is not Kind.SIGN for character in token)
        assert fold(token).folded == token or len(token) == LONGEST or any(map(_is_joining, token))


def _is_joining(character: str) -> bool:
    return fold("a" + character).folded != fold("a").folded + fold(character).folded or not character.isascii()


_odd = st.sampled_from(
    [*"aBz 19-'.’“—–‑…\u00a0\u2028éÉüＡ²①ª•→™½ßÆø\u00ad\u200b\u0301ﬁжЖ\ufffdſ\u212aı", "High", "2025"],
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(_odd, max_size=24).map("".join))
def test_quotes_dashes_and_accents_have_a_faster_way_to_the_same_tokens(text: str) -> None:
    plain = in_ascii(text)
    assume(plain.isascii())
    read = [_read(chunk) for chunk in text.split()]
    assert word_tokens(plain) == {token for chunk in read for token in chunk.words}
    line = _line(" ".join(chunk.line for chunk in read))
    assert pairs_of_line(_line(plain)) == pairs_of_line(line)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Café” — ‘naïve’…", ".Cafe. - .naive.."),
        ("ÉCOLE\u00a0No²", "ECOLE No2"),
        ("co\u00adop", "co\u00adop"),  # what is invisible, and what joins, is left to the slower way
        ("e\u0301", "e\u0301"),
        ("大湾区", "大湾区"),
        ("½ of it", "½ of it"),
    ],
)
def test_in_ascii(text: str, plain: str) -> None:
    assert in_ascii(text) == plain
