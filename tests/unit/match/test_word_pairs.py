"""Which neighbours have a token of their own in the archive's index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.match.index_tokens import _read, index_tokens
from feedwatch.match.word_pairs import is_pair, pair_token, pairs_of_line


def pairs(text: str) -> set[str]:
    return {token for token in index_tokens("", text) if is_pair(token)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("green bond market", "green·bond bond·market"),
        ("Green Bond, market", "green·bond"),
        ("green (bond market)", "bond·market"),
        ("green - bond", "green·bond"),
        ("green\u200b \u2014 _\nbond", "green·bond"),
        ("green\u2014bond market", "bond·market"),
        ("green\xa0bond", "green·bond"),
        ("green & bond", ""),
        ("green_bond", "green·bond"),
        ("green\0bond", "green·bond"),
        ("GreenBond market", "greenbond·market"),
        ("#greenbond market", "bond·market"),
        ("high-quality development", "quality·development"),
        ("long-term co-op bank", "term·coop coop·bank"),
        ("long\u2011term co\u2011op bank", "term·coop coop·bank"),
        ("well-to-do bank", "todo·bank"),
        ("- green bond -", "green·bond"),
        ("green- bond", "green·bond"),
        ("the bay of it", ""),
        ("Bay Area plan", "area·plan"),
        ("Expo 2025", "expo·2025"),
        ("banks that lend", ""),
        ("China's bank rate", "bank·rate"),
        ("crème brûlée", "creme·brulee"),
        ("ﬁrst ﬁsh", "first·fish"),
        ("大green bond湾", "green·bond"),
        ("green 大 bond", ""),
        ("зелёный рынок", ""),
    ],
)
def test_the_pairs_of_a_text(text: str, expected: str) -> None:
    tokens = {pair_token(*pair.split("·")) for pair in expected.split()} - {None}
    assert pairs(text) == tokens


@pytest.mark.parametrize(
    ("left", "right", "is_one"),
    [
        ("green", "bond", True),
        ("Bay", "area", False),
        ("area", "bay", False),
        ("with", "bonds", False),
        ("which", "bonds", False),
        ("bonds", "which", False),
        ("2025", "2026", True),
        ("рынок", "bond", False),
    ],
)
def test_which_neighbours_are_a_pair(left: str, right: str, is_one: bool) -> None:
    token = pair_token(left, right)
    assert (token is not None) is is_one
    assert token is None or is_pair(token)


def test_a_pair_is_known_by_the_last_letters_and_the_first() -> None:
    assert pair_token("semiconductor", "manufacturing") == pair_token("ctor", "manu")
    assert pair_token("bond", "green") != pair_token("green", "bond")


def test_a_word_is_no_pair() -> None:
    assert not any(map(is_pair, ("green", "¶green", "大湾", "\uff5a")))


pieces = st.lists(
    st.sampled_from([*"-_ .\t\u2011\u00ad", "green", "bond", "long", "caf\u00e9", "ab", " - "]), max_size=14
)


@given(pieces.map("".join))
def test_a_text_has_the_pairs_that_it_has_as_one_piece(text: str) -> None:
    whole = _read(text)
    assert pairs(text) == pairs_of_line(whole.line)
