from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.han import to_simplified, variant


@pytest.mark.parametrize(
    "text, simplified",
    [
        ("粵港澳大灣區建設", "粤港澳大湾区建设"),
        ("軟體和滑鼠", "软体和滑鼠"),  # the characters, not another region's words
        ("髮型與發展", "发型与发展"),  # two become one
        ("GDP增長5%", "GDP增长5%"),
        ("已经简化", "已经简化"),
        ("後臺", "后台"),
        ("Bridge economy", "Bridge economy"),
        ("", ""),
    ],
)
def test_to_simplified(text: str, simplified: str) -> None:
    assert to_simplified(text) == simplified


@pytest.mark.parametrize(
    "text, script",
    [
        ("江门市召开高质量发展大会", "Hans"),
        ("江門市召開高質量發展大會", "Hant"),
        ("旺角三人涉打劫被捕", None),  # written alike in both
        ("皇后大道中的台北菜里", None),  # right in both
        ("质量發展", None),  # half and half
        ("他們說“质”字，也說這個國家的經濟與發展", "Hant"),  # one word quoted
        ("佢哋喺呢度住咗三十年", None),  # no character of one way alone
        ("江門市は高品質な発展", "Hant"),
        ("Bridge economy", None),
        ("", None),
        ("们" + "們" * 4 + "a" * 500 + "们" * 50, "Hant"),  # what stands far behind does not count
    ],
)
def test_variant(text: str, script: str | None) -> None:
    assert variant(text) == script


_CHINESE = st.text(
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("aé🏮\U00020000"), max_size=40
)


@given(_CHINESE)
def test_to_simplified_is_idempotent_and_keeps_the_length(text: str) -> None:
    once = to_simplified(text)
    assert to_simplified(once) == once
    assert len(once) == len(text)


@given(_CHINESE)
def test_simplified_text_is_never_surely_traditional(text: str) -> None:
    assert variant(to_simplified(text)) in {None, "Hans"}
