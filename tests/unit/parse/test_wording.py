"""Text as HTML: plain, escaped, inline, in base64, mangled on its way; links under an xml:base."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.parse.author import author_name
from feedwatch.parse.fragment import absolute_url
from feedwatch.parse.wording import looks_like_html
from tests.unit.parse.documents import atom, entry_of, rss

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    "document, summary",
    [
        (rss("<description>a <b>b</b> &amp; c</description>"), "a <b>b</b> &amp; c"),
        (rss("<description>&lt;i&gt;x&lt;/i&gt; <b>b</b></description>"), "<i>x</i> <b>b</b>"),
        (rss("<description><div>a &lt;b&gt;b&lt;/b&gt;</div></description>"), "a <b>b</b>"),
        (
            rss("<description>a<br/>b<img src='x' title='&lt;&quot;'/></description>"),
            'a<br />b<img src="x" title="&lt;&quot;" />',
        ),
        (rss("<description><a></a></description>"), "<a></a>"),
        (rss("<description>a<!-- not this -->b<?nor this?>c</description>"), "abc"),
        (rss("<description>a<![CDATA[ <b>b</b> ]]>c</description>"), "a <b>b</b> c"),
        (atom(f"<summary type='xhtml'><div {XHTML}>a &lt; <em>b</em></div></summary>"), "a &lt; <em>b</em>"),
        (
            atom("<summary type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>a</h:p></h:div></summary>"),
            "<p>a</p>",
        ),
        (atom("<summary type='xhtml'>a &lt; b</summary>"), "a &lt; b"),
        (atom("<summary mode='base64'>PGI+</summary>"), "&lt;b&gt;"),
        (atom("<summary type='application/octet-stream'>PGI+YTwvYj4=</summary>"), "<b>a</b>"),
        (atom("<summary type='application/octet-stream'>no base64</summary>"), "no base64"),
        (rss("<description>\u00c3\u00a9t\u00c3\u00a9</description>"), "été"),
        (rss("<description>Ã la carte</description>"), "Ã la carte"),
        (rss("<description>it&#146;s \x93so\x94</description>"), "it\u2019s \u201cso\u201d"),
    ],
)
def test_summary(document: str, summary: str) -> None:
    assert entry_of(document).summary == summary


@pytest.mark.parametrize(
    "fragment, resolved",
    [
        ("<a href='x'>", "<a href='https://a.example/b/x'>"),
        ("<img alt='y' src=x>", "<img alt='y' src=https://a.example/b/x>"),
        ('<a href="?a=1&amp;b=2">', '<a href="https://a.example/b/?a=1&amp;b=2">'),
        ("<a href='https://b.example/x'>", "<a href='https://b.example/x'>"),
        ("<a href='mailto:x'>", "<a href='mailto:x'>"),
        ("<a href='http://['>", "<a href='http://['>"),
        ("say <code>x</code> src=y and go", "say <code>x</code> src=y and go"),
        ("<a data-href='x'>", "<a data-href='x'>"),
    ],
)
def test_links_under_an_xml_base(fragment: str, resolved: str) -> None:
    text = fragment.replace("&", "&amp;").replace("<", "&lt;")
    document = atom(f"<content type='html' xml:base='https://a.example/b/'>{text}</content>")
    assert entry_of(document).content == resolved


def test_inline_links_follow_the_nearest_base() -> None:
    inner = "<a href='x'/><p xml:base='c/'><img src='y'/></p>"
    document = atom(f"<content type='xhtml' xml:base='https://a.example/b/'><div {XHTML}>{inner}</div></content>")
    assert entry_of(document).content == (
        '<a href="https://a.example/b/x"></a><p><img src="https://a.example/b/c/y" /></p>'
    )


@pytest.mark.parametrize(
    "text, is_html",
    [
        ("plain", False),
        ("a < b", False),
        ("AT&T", False),
        ("a &amp; b", True),
        ("<b>x</b>", True),
        ("<b>never closed", False),
        ("<nosuch>x</nosuch>", False),
        ("&nosuch; &amp;", False),
    ],
)
def test_plain_text_that_is_html(text: str, is_html: bool) -> None:
    assert looks_like_html(text) is is_html


@pytest.mark.parametrize(
    "line, name",
    [
        ("Li Na", "Li Na"),
        ("li@press.agency (Li Na)", "Li Na"),
        ("Li Na <li@press.agency>", "Li Na"),
        ("Li Na (li@press.agency)", "Li Na"),
        ("mailto:li@press.example", "li@press.example"),
        ("li@press.example", "li@press.example"),
        ("li@press.com (Li (Reuters))", "Li (Reuters)"),
        ("<li@press.example>", "li@press.example"),
        ("(Li Na)", "Li Na"),
        ("@desk", "@desk"),
        ("Li\n Na , li@press.example", "Li Na"),
        ("", ""),
    ],
)
def test_author_name(line: str, name: str) -> None:
    assert author_name(line) == name


@given(
    st.from_regex(r"https?://[a-z.]{1,9}(/[a-z./~%&=;@:+-]{0,9})?(\?[a-z=&/.]{0,9})?(#[a-z/?.]{0,5})?", fullmatch=True)
)
def test_the_short_way_of_absolute_urls_is_the_long_one(link: str) -> None:
    # Behind a tab, which resolving drops, nothing goes the short way.
    assert absolute_url(link, "https://b.example/c") == absolute_url(f"{link[:5]}\t{link[5:]}", "https://b.example/c")
