from __future__ import annotations

import time

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize import html as room
from feedwatch.normalize.debris import clean
from feedwatch.normalize.html import sanitize, trim
from feedwatch.normalize.text import text_of

BASE = "https://example.com/news/1"


@pytest.mark.parametrize(
    "fragment, safe",
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ("<style>p{}</style><p>a</p>", "<p>a</p>"),
        ('<p onclick="a()" style="color:red" class="x">a</p>', "<p>a</p>"),
        ('<form action="/x"><p>a</p><input name="q"></form>', "<p>a</p>"),
        ('<iframe src="https://example.com/">old browsers</iframe><p>a</p>', "<p>a</p>"),
        ("<noscript><img src='https://example.com/a.png'></noscript>b", "b"),
        ('<a href="/b">b</a>', '<a href="https://example.com/b" rel="noopener nofollow">b</a>'),
        ('<a href="javascript:a()">b</a>', '<a rel="noopener nofollow">b</a>'),
        (
            '<a href="java\x01script:a()">b</a>',
            '<a href="https://example.com/news/java%01script:a()" rel="noopener nofollow">b</a>',
        ),
        ('<a href="mailto:a@example.com">b</a>', '<a href="mailto:a@example.com" rel="noopener nofollow">b</a>'),
        ('<img src="pic.jpg" onerror="a()">', '<img src="https://example.com/news/pic.jpg" loading="lazy">'),
        ('<img src="data:image/gif;base64,R0">a', "a"),
        ('<img src="https://t.example/p.gif" width="1" height="1">a', "a"),
        ('<img src="https://pixel.wp.com/b.gif?x=1">a', "a"),
        (
            '<img src="https://example.com/a.png" width="600" loading="eager">',
            '<img src="https://example.com/a.png" width="600" loading="lazy">',
        ),
        ('<img src="https://www.facebook.com/tr?id=1&ev=PageView">a', "a"),
        ('<img src="https://news.example/matomo.php?idsite=1">a', "a"),
        (
            '<img src="https://example.com/counter.html.png">',
            '<img src="https://example.com/counter.html.png" loading="lazy">',
        ),
        ("<p>a<b>b", "<p>a<b>b</b></p>"),
        ('<b title="x>y">z</b>', "<b>z</b>"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("2 > 1\u00a0m\r\nand\0 more", "2 &gt; 1&nbsp;m\nand more"),
    ],
)
def test_sanitize(fragment: str, safe: str) -> None:
    assert sanitize(fragment, BASE) == safe


@pytest.mark.parametrize("base", ["", "file:///feeds/a.xml", "not a url", "https://[::1"])
def test_relative_links_go_without_a_web_address_to_resolve_against(base: str) -> None:
    assert sanitize('<a href="/b">b</a>', base) == '<a rel="noopener nofollow">b</a>'


@pytest.mark.parametrize("tag", ["div", "blockquote", "span"])
def test_deep_nesting_costs_no_more_than_its_length(tag: str) -> None:
    started = time.process_time()
    html = sanitize(f"<{tag}>" * 50_000 + "end", BASE)
    assert html.endswith("end")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "html, trimmed",
    [
        ("<p>It opened.</p><p>Read more</p>", "<p>It opened.</p>"),
        ('<p>It opened. <a href="https://example.com/">Read more &gt;</a></p>', "<p>It opened.</p>"),
        ("It opened.<br>2024-02-20 08:26:24<br>#a #b", "It opened."),
        ("<p>‘);<br>}</p><p>It <b>opened</b>.</p>", "<p>It <b>opened</b>.</p>"),
        ("<p>The bridge that […]</p>", "<p>The bridge that…</p>"),
        ("<p>A &amp; B opened.</p><p>Share on Facebook</p>", "<p>A &amp; B opened.</p>"),
        ("<p>It opened.</p>", "<p>It opened.</p>"),
        ("<p>It opened.</p><p><b>Advertisement</b></p><p>Cars came.</p>", "<p>It opened.</p><p>Cars came.</p>"),
        ("It opened.<br>Advertisement<br>Cars came.", "It opened.<br> <br>Cars came."),
        (
            '<p>[caption id="a1"]<img src="https://a.example/b"> A &amp; B[/caption]</p><p>Open.</p><p>Read more</p>',
            '<p><img src="https://a.example/b">A &amp; B </p><p>Open.</p>',
        ),
        ("<p>A <i>b</i> [vc_row] c [/vc_row] d.</p>", "<p>A <i>b</i>  c  d.</p>"),
        ("<p>A&nbsp;[vc<b>_row]</b> d.</p>", "<p>A&nbsp;  d.</p>"),
    ],
)
def test_trim_cuts_what_cleaning_cut(html: str, trimmed: str) -> None:
    assert trim(html, clean(text_of(html))) == trimmed


@pytest.mark.parametrize(
    "fragment, safe",
    [
        ('<p>a</p><figure><a href="https://a.example/"><img src="https://a.example/b"></a></figure>', "<p>a</p>"),
        ('<p>a <img src="https://a.example/b"> b</p>', "<p>a  b</p>"),
        ('<figure><img src="https://a.example/b"><figcaption>c</figcaption></figure>',
         "<figure><figcaption>c</figcaption></figure>"),
    ],
)  # fmt: skip
def test_without_images_nothing_is_left_of_them(fragment: str, safe: str) -> None:
    assert sanitize(fragment, BASE, images=False).replace(' rel="noopener nofollow"', "") == safe


def test_trim_leaves_html_alone_that_does_not_agree() -> None:
    assert trim("<p>Quite another text.</p>", clean("It opened.\nRead more")) == "<p>Quite another text.</p>"


_PIECES = st.sampled_from(
    [*"a &>\"'=/\n\r\0\u00a0é", "<p>", "</p>", "<b title='", "<a href=", "<a title=x href", "<a HREF = ", "<IMG SRC=",
     "href=", "https://example.org/b", "http:/c", "mailto:a@example.com", "//example.org", "#top", "javascript:a()", "&#104;ttps://",
     "&lt;", "&nbsp;", "</a>", "<br", "<!--"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_ready_made_sanitizers_do_what_one_made_for_the_base_does(fragment: str) -> None:
    made = nh3.clean(
        fragment,
        tags=room._TAGS,
        clean_content_tags=room._DROPPED_WITH_CONTENT,
        attributes=room._ATTRIBUTES,
        set_tag_attribute_values=room._SET,
        link_rel="noopener nofollow",
        url_schemes=room._SCHEMES,
        url_relative=("rewrite_with_base", BASE),
    )
    assert sanitize(fragment, BASE) == room._IMAGE.sub(room._keep_image, made).strip()
