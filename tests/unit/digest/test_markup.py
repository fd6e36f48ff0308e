from __future__ import annotations

import pytest

from feedwatch.digest.markup import action_link, marked, printable, web_link


@pytest.mark.parametrize(
    "text, spans, html",
    [
        ("a bond", [(2, 6)], "a <m>bond</m>"),
        ("bond bond", [(5, 9), (0, 4)], "<m>bond</m> <m>bond</m>"),
        ("<b>&\"'", [], "&lt;b&gt;&amp;&#34;&#39;"),
        ("<script>", [(0, 8)], "<m>&lt;script&gt;</m>"),
        ("a<b", [(1, 2)], "a<m>&lt;</m>b"),  # a span never parts an escape
        ("bond", [(0, 3), (1, 4)], "<m>bon</m>d"),
        ("bond", [(2, 2), (3, 9), (-4, 2)], "bond"),
    ],
)
def test_marked(text: str, spans: list[tuple[int, int]], html: str) -> None:
    short = str(marked(text, spans, "m")).replace('<span class="m">', "<m>")
    assert short.replace("</span>", "</m>") == html


@pytest.mark.parametrize(
    "url, is_web",
    [
        ("https://news.example.com/a?b=c&d=1#e", True),
        ("HTTP://news.example.com", True),
        ("https://新闻.example.cn/大湾区", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)//https://news.example.com", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("//news.example.com/a", False),
        ("/a", False),
        ("https:///a", False),
        ("https://[broken", False),
        ("mailto:a@example.org", False),
        ('https://news.example.com/"onmouseover="x', False),
        ("https://news.example.com/\njavascript:x", False),
        ("https://news.example.com/\u202egnp.exe", False),
        ("https://news.example.com/" + "a" * 2000, False),
        ("", False),
        (None, False),
    ],
)
def test_web_link(url: str | None, is_web: bool) -> None:
    assert web_link(url) == (url if is_web else "")


@pytest.mark.parametrize(
    "url, is_link",
    [
        ("https://watch.example.org/u/1", True),
        ("mailto:bye@example.org?subject=unsubscribe", True),
        ("mailto:bye@example.org, eve@example.org", False),
        ("javascript:alert(1)", False),
    ],
)
def test_action_link(url: str, is_link: bool) -> None:
    assert action_link(url) == (url if is_link else "")


def test_printable_keeps_positions() -> None:
    text = "a\x00b\x1b[c\u202ed\ud800e\n"
    assert printable(text) == "a b [c d e\n"
    assert len(printable(text)) == len(text)
