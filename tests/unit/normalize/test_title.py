from __future__ import annotations

import pytest

from feedwatch.normalize.labels import clean_authors, clean_tags
from feedwatch.normalize.title import clean_title, headline


@pytest.mark.parametrize(
    "fragment, title",
    [
        ("The bridge is open", "The bridge is open"),
        ("  The \n bridge\tis&nbsp;open ", "The bridge is open"),
        ("<b>The</b> <i>bridge</i>", "The bridge"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),  # escaped twice
        ("Mayor&amp;#8217;s &amp;quot;plan&amp;quot;", 'Mayor’s "plan"'),
        ("AT&amp;amp;amp;amp;T", "AT&T"),
        ("CafÃ© &Atilde;&copy;tÃ©", "Café été"),
        ("l\x92homme", "l’homme"),
        ("Using &amp;lt;b&amp;gt;", "Using &lt;b&gt;"),  # may be meant
        ("Using &lt;b&gt;", "Using <b>"),
        ("R&D; more", "R&D; more"),
        ("The\x00 bri\u200bdge\u202e", "The bridge"),
        ("<script>a()</script>Bridge", "Bridge"),
        ("x" * 600, "x" * 499 + "…"),
        ("word " * 200, "word " * 98 + "word…"),
        ("<img src=x>", ""),
    ],
)
def test_clean_title(fragment: str, title: str) -> None:
    assert clean_title(fragment) == title


@pytest.mark.parametrize(
    "text, title",
    [
        ("It opened. Cars came.", "It opened."),
        ("It opened\nCars came.", "It opened"),
        ("It grew by 3.5 percent. Good.", "It grew by 3.5 percent."),
        ("“It is open!” she said.", "“It is open!”"),
        ("大桥开通。汽车来了。", "大桥开通。"),
        ("word " * 50, "word " * 22 + "word…"),
        ("", ""),
    ],
)
def test_headline_is_the_first_sentence(text: str, title: str) -> None:
    assert headline(text) == title
    assert len(title) <= 120


@pytest.mark.parametrize(
    "tags, cleaned",
    [
        (["#Macau", "macau", " Hong  Kong ", "", "#", "R&amp;D"], ("Macau", "Hong Kong", "R&D")),
        (["#江门#"], ("江门",)),
        (["x" * 150], ("x" * 100,)),
        (["x" * 99 + "#y"], ("x" * 99,)),
        ([str(number) for number in range(60)], tuple(str(number) for number in range(50))),
    ],
)
def test_clean_tags(tags: list[str], cleaned: tuple[str, ...]) -> None:
    assert clean_tags(tags) == cleaned


@pytest.mark.parametrize(
    "authors, cleaned",
    [
        ([" Deng  Shaojun ", "deng shaojun", "", "Luo Pei"], ("Deng Shaojun", "Luo Pei")),
        (["desk@example.com (Luo Pei)"], ("Luo Pei",)),
        (["desk@example.com"], ("desk@example.com",)),
    ],
)
def test_clean_authors(authors: list[str], cleaned: tuple[str, ...]) -> None:
    assert clean_authors(authors) == cleaned
