"""What becomes of single fields of an XML feed."""

from __future__ import annotations

import warnings

import pytest

from tests.unit.parse.documents import atom, entry_of, read, rss


@pytest.mark.parametrize(
    "document, title",
    [
        (rss("<title>AT&amp;T</title>"), "AT&amp;T"),
        (rss("<title>1 &lt; 2</title>"), "1 &lt; 2"),
        (rss("<title>AT&amp;amp;T</title>"), "AT&amp;T"),
        (rss("<title>&lt;b&gt;Now&lt;/b&gt;</title>"), "<b>Now</b>"),
        (rss("<title><![CDATA[ Tom & Jerry ]]></title>"), "Tom &amp; Jerry"),
        (atom("<title>&lt;b&gt;literally&lt;/b&gt;</title>"), "&lt;b&gt;literally&lt;/b&gt;"),
        (atom("<title type='html'>&lt;b&gt;Now&lt;/b&gt;</title>"), "<b>Now</b>"),
        (atom("<title type='x/y'>a &lt; b</title>"), "a &lt; b"),
        (rss("<title>caf&eacute;&nbsp;&#8211; now</title>"), "café\xa0\u2013 now"),  # without a DTD: not XML, but usual
    ],
)
def test_title_is_an_html_fragment(document: str, title: str) -> None:
    assert entry_of(document).title == title
    assert read(document).warnings == ()


@pytest.mark.parametrize(
    "document, summary, content",
    [
        (rss("<description>a &lt;i&gt;b&lt;/i&gt;</description>"), "a <i>b</i>", ""),
        (rss("<content:encoded>whole</content:encoded>"), "", "whole"),
        (rss("<content:encoded>whole</content:encoded><description>part</description>"), "part", "whole"),
        (atom("<summary>1 &lt; 2</summary><content>3 &gt; 2</content>"), "1 &lt; 2", "3 &gt; 2"),
        (atom("<title>t</title><content type='image/png'>iVBORw0KGgo=</content>"), "", ""),
        (
            rss("<description><![CDATA[<p onclick='x()'>as it stands]]></description>"),
            "<p onclick='x()'>as it stands",
            "",
        ),
    ],
)
def test_summary_and_content(document: str, summary: str, content: str) -> None:
    entry = entry_of(document)
    assert (entry.summary, entry.content) == (summary, content)


@pytest.mark.parametrize(
    "document, url",
    [
        (rss("<link>https://a.example/x?a=1&amp;b=2</link>"), "https://a.example/x?a=1&b=2"),
        (rss("<link>/x</link>"), "https://news.example/x"),
        (rss("<link>../x</link>"), "https://news.example/x"),
        (rss("<link>//a.example/x</link>"), "https://a.example/x"),
        (rss("<link>\n  https://a.example/x\n</link>"), "https://a.example/x"),
        (rss("<guid>https://a.example/x</guid>"), "https://a.example/x"),
        (rss("<title>t</title><guid>a-17</guid>"), None),
        (rss("<title>t</title><link/><guid>https://a.example/x</guid>"), "https://a.example/x"),
        (rss("<title>t</title><link>javascript:alert(1)</link>"), None),
        (rss("<title>t</title><link>http://[</link>"), None),
        (
            rss("<link>https://proxy.example/1</link><feedburner:origLink>https://a.example/x</feedburner:origLink>"),
            "https://a.example/x",
        ),
        (atom("<link rel='self' href='/self'/><link href='/x'/>"), "https://news.example/x"),
        (atom("<link type='application/pdf' href='/p'/><link type='text/html' href='/x'/>"), "https://news.example/x"),
        (atom("<link type='application/pdf' href='/p'/><id>tag:x</id>"), "https://news.example/p"),
        (atom("<link href='x'/>", attributes="xml:base='https://a.example/b/'"), "https://a.example/b/x"),
        (atom("<link xml:base='c/' href='x'/>", attributes="xml:base='/b/'"), "https://news.example/b/c/x"),
    ],
)
def test_url_is_absolute_or_none(document: str, url: str | None) -> None:
    assert entry_of(document).url == url


def test_links_of_content_follow_xml_base_and_else_stay() -> None:
    link = '&lt;a href="x"&gt;x&lt;/a&gt;'
    based = atom(f"<content type='html' xml:base='https://a.example/b/'>{link}</content>")
    assert entry_of(based).content == '<a href="https://a.example/b/x">x</a>'
    assert entry_of(atom(f"<content type='html'>{link}</content>")).content == '<a href="x">x</a>'


@pytest.mark.parametrize("url", ["http://old.example/feed", "https://new.example/rss"])
def test_guid_does_not_depend_on_where_the_feed_lies(url: str) -> None:
    assert entry_of(rss("<title>t</title><guid>a-17</guid>"), url=url).guid == "a-17"


@pytest.mark.parametrize(
    "document, published, updated",
    [
        (rss("<title>t</title><pubDate>2026-03-01 08:00:00</pubDate>"), "2026-03-01 08:00:00", None),
        (rss("<title>t</title><pubDate>2026年3月1日 08:00</pubDate>"), "2026年3月1日 08:00", None),
        (rss("<title>t</title><pubDate> Sun, 01 Mar 2026 08:00 </pubDate>"), "Sun, 01 Mar 2026 08:00", None),
        (rss("<title>t</title><dc:date>2026-03-01</dc:date>"), None, "2026-03-01"),
        (atom("<title>t</title><updated>2026-03-01T08:00:00</updated>"), None, "2026-03-01T08:00:00"),
        (rss("<title>t</title><pubDate></pubDate>"), None, None),
    ],
)
def test_dates_stand_as_written(document: str, published: str | None, updated: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        entry = entry_of(document)
    assert (entry.published, entry.updated) == (published, updated)


@pytest.mark.parametrize(
    "document, authors",
    [
        (rss("<title>t</title><dc:creator>Li Na</dc:creator><dc:creator>Wu Wei</dc:creator>"), ("Li Na", "Wu Wei")),
        (rss("<title>t</title><author>li@a.example (Li Na)</author><dc:creator>Li  Na</dc:creator>"), ("Li Na",)),
        (rss("<title>t</title><author>li@a.example</author>"), ("li@a.example",)),
        (rss("<title>t</title><author>Li Na &lt;li@press.agency&gt;</author>"), ("Li Na",)),
        (rss("<title>t</title><author>li@press.agency (Li Na)</author><dc:creator>Wu</dc:creator>"), ("Li Na", "Wu")),
        (rss("<title>t</title><author>li@press.com (Li (Reuters))</author>"), ("Li (Reuters)",)),
        (atom("<title>t</title>", feed="<author><name>Desk</name></author>"), ("Desk",)),
        (
            atom("<title>t</title><author><name>Li</name></author>", feed="<author><name>Desk</name></author>"),
            ("Li",),
        ),
        (rss("<title>t</title>", channel="<managingEditor>e@a.example (Ed)</managingEditor>"), ()),
    ],
)
def test_authors_are_names(document: str, authors: tuple[str, ...]) -> None:
    assert entry_of(document).authors == authors


@pytest.mark.parametrize(
    "item, tags",
    [
        ("<category>a</category><category>b</category><category>a</category>", ("a", "b")),
        ("<category>a, b/c</category>", ("a, b/c",)),
        ("<category> </category><dc:subject>x  y</dc:subject>", ("x y",)),
    ],
)
def test_tags_are_kept_whole_once_and_in_order(item: str, tags: tuple[str, ...]) -> None:
    assert entry_of(rss(f"<title>t</title>{item}")).tags == tags


@pytest.mark.parametrize(
    "document, language",
    [
        (rss("<title>t</title><dc:language>zh</dc:language>", channel="<language>en</language>"), "zh"),
        (rss("<title>t</title>", channel="<language>en</language>"), None),
        (atom("<title>t</title>", attributes="xml:lang='en'"), None),
        (atom("<title xml:lang='pt-MO'>t</title>", attributes="xml:lang='en'"), "pt-MO"),
    ],
)
def test_language_is_the_entrys_own(document: str, language: str | None) -> None:
    assert entry_of(document).language == language


def test_an_entry_of_nothing_is_left_out_with_a_warning() -> None:
    document = read(rss("<guid isPermaLink='false'>1</guid></item><item><title>kept</title>"))
    assert [entry.title for entry in document.entries] == ["kept"]
    assert document.warnings == ("1 entry without title, link and text; left out.",)
