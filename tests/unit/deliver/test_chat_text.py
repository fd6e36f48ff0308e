"""What a headline must not do in a room full of people, whatever the room's service reads as a sign."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.deliver.chat_text import JOINER, plain

ANY = st.lists(
    st.sampled_from(
        ["https://a.example/", "http://[::1]:80/", *"[]()<>@!&|:", "everyone", "here", "b", "c.d", " ", "\n"]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone look", "@¦everyone look"),
        (".@everyone and x@all", ".@¦everyone and x@¦all"),
        ("(@here) and <@!123> and <@&9>", "(@¦here) and <¦@¦!123> and <¦@¦&9>"),
        ("x@everyone.example", "x@¦everyone.example"),
        ("<!channel> <users/all>", "<¦!channel> <¦users/all>"),
        ("https://a.example/@Everyone?to=@here", "https://a.example/%40Everyone?to=%40here"),
    ],
)
def test_a_headline_calls_nobody(text: str, shown: str) -> None:
    assert plain(text) == shown.replace("¦", JOINER)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[free](https://evil.example)", "[free]¦(https://evil.example)"),
        ("![](https://evil.example/pixel.png)", "![]¦(https://evil.example/pixel.png)"),
        ("[free][1]\n[1]: https://evil.example", "[free]¦[1]\n[1]¦: https://evil.example"),
        ("<https://evil.example|free>", "<¦https://evil.example|free>"),
        ("<a href=x>free</a>", "<¦a href=x>free<¦/a>"),
        ("[https://a.example](https://evil.example)", "[https://a.example%5D(https://evil.example)"),
        ("[https://a.example]:https://evil.example", "[https://a.example%5D:https://evil.example"),
    ],
)
def test_a_headline_hides_no_address_behind_words(text: str, shown: str) -> None:
    assert plain(text) == shown.replace("¦", JOINER)


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example/a_b-c/2026_11_25?x=1&y=[2]#frag_(1)",
        "https://social.example/@ada/1",
        "https://[2001:db8::1]:8080/x",
        "ask ada@example.org or mailto:bye@example.org",
        "5 @ 3, a < b, [sic] (here)",
        "The *bay* grows_and_grows #1!",
    ],
)
def test_what_is_no_sign_stays(text: str) -> None:
    assert plain(text) == text


@given(ANY | st.text())
def test_no_sign_is_left_and_nothing_is_lost(text: str) -> None:
    shown = plain(text)
    assert not re.search(r"\]\(|\]\[|<[!@a-z/]|@(everyone|here)", shown, re.IGNORECASE)
    assert plain(shown) == shown
    for written, meant in (("%5D", "]"), ("%40", "@"), (JOINER, "")):
        shown, text = shown.replace(written, meant), text.replace(written, meant)
    assert shown == text
