from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.body import read_body
from feedwatch.normalize.chars import is_plain, scrub
from feedwatch.normalize.html import sanitize
from feedwatch.normalize.text import text_of


@pytest.mark.parametrize(
    "fragment, text",
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<p>One.</p>\n\n  <p>Two.</p>", "One.\nTwo."),
        ("One.<br>Two.<br/><br/>Three.", "One.\nTwo.\nThree."),
        ("<p>One\n   two.</p>", "One two."),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", "One\nTwo"),
        ("<h2>One</h2>Two", "One\nTwo"),
        ("Lao <b>Mao</b>chang", "Lao Maochang"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("AT&amp;T &lt;b&gt; &eacute;&nbsp;x", "AT&T <b> é x"),
        ("e\u0301", "é"),
        ("high\u00adquality \u200b\ufeffdevelopment", "highquality development"),
        ("a\x00\x07\x1bb&#1;c", "abc"),
        ("<p>　　江门日报讯</p>", "江门日报讯"),
        ("a\u2003\u00a0b\t c \u3000<br> d", "a b c\nd"),
        ("a\u2028b\x85c\r\nd", "a\nb\nc\nd"),
        ("<p>\ud800half</p>", "half"),
        ("<script>a()</script><style>b{}</style>", ""),
        ("", ""),
    ],
)
def test_text_of_a_fragment(fragment: str, text: str) -> None:
    assert read_body(fragment, "").text == text


def test_text_of_agrees_with_the_sanitizer_on_what_a_tag_is() -> None:
    assert text_of(sanitize('<a title="a > b" href="https://example.com/?a=1&b=2">see</a> <p', "")) == "see"


PLAIN = [
    # newlines without a block tag part paragraphs
    ("One.\nTwo.", "One.\nTwo.", "One.<br>Two."),
    ("One.\n\n\nTwo.", "One.\nTwo.", "One.<br><br>Two."),
    ("See <a>one\ntwo</a>\nThree.", "See one\ntwo\nThree.", None),
    # lines wrapped at some columns are one paragraph
    (
        "The district held a meeting on Monday to promote development and\n"
        "to encourage its industries, which the mayor and the secretary of\n"
        "the committee both attended.\n\nThe next is in May.",
        "The district held a meeting on Monday to promote development and to encourage its industries, which the mayor "
        "and the secretary of the committee both attended.\nThe next is in May.",
        None,
    ),
    # short lines that end are not wrapped
    ("A first line that ends and is long enough to be wrapped.\nA second one that ends too, as long as that.\nThe end.",
     "A first line that ends and is long enough to be wrapped.\nA second one that ends too, as long as that.\nThe end.",
     None),
]  # fmt: skip


@pytest.mark.parametrize("fragment, text, html", PLAIN)
def test_plain_text_keeps_its_paragraphs(fragment: str, text: str, html: str | None) -> None:
    body = read_body(fragment, "")
    assert body.text == text
    assert html is None or body.html == html


@pytest.mark.parametrize(
    "fragment, text",
    [
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\nTwo."),
        ("&lt;script&gt;a()&lt;/script&gt;&lt;p&gt;One.&lt;/p&gt;", "One."),
        ("1 &lt; 2", "1 < 2"),
        ("Smell &amp;amp; Tell:&amp;nbsp;9 o&amp;#39;clock", "Smell & Tell: 9 o'clock"),
        ("Smell &amp; Tell", "Smell & Tell"),
        ("<p>Write &amp;amp; for &amp;.</p>", "Write &amp; for &."),
        ("&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;", "One."),
        ("&amp;amp;amp;lt;p&amp;amp;amp;gt;One.&amp;amp;amp;lt;br&amp;amp;amp;gt;Two.", "One.\nTwo."),
        ("Smell &amp;amp;amp;amp; Tell", "Smell & Tell"),
        ("Heritage&amp;nbsp", "Heritage"),  # a teaser cut off within the entity
        ("Use &lt;b&gt; tags", "Use <b> tags"),
        ("Use &amp;lt;b&amp;gt; tags", "Use &lt;b&gt; tags"),
        ("<x>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</x>", "One.\nTwo."),  # the tag around is none
        ("<p>Write &lt;p&gt;One.&lt;/p&gt;</p>", "Write <p>One.</p>"),  # real tags around: meant to be read
    ],
)
def test_markup_escaped_twice_is_markup(fragment: str, text: str) -> None:
    assert read_body(fragment, "").text == text


@pytest.mark.parametrize("before", ["", "大"])
def test_a_plain_text_has_no_stray_character_and_no_odd_space(before: str) -> None:
    plain = [c for c in map(chr, range(sys.maxunicode + 1)) if is_plain(before + c)]
    assert [c for c in plain if unicodedata.category(c)[0] == "C" and c not in "\n\t"] == []
    assert [c for c in plain if c.isspace()] == ["\t", "\n", " "]
    assert not {"\ufffc", "\ufffd"} & {*plain}
    assert [c for c in plain if scrub(c) != c] == []


_PIECES = st.sampled_from(
    [
        *"ab é大\u3000\u00a0\t\n\r\x1f\x85\u200d\ufffd",
        "  ",
        "e\u0301",
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<pre>",
        "</pre>",
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_text_is_in_lines_of_words(fragment: str) -> None:
    text = read_body(fragment, "").text
    assert text == unicodedata.normalize("NFC", text)
    assert all(line == " ".join(line.split()) != "" for line in text.split("\n")) or not text
