"""Each format's own words for title, link, text and dates end in the same entry."""

from __future__ import annotations

import pytest

from feedwatch.model import Enclosure, Entry
from tests.unit.parse.documents import atom, entry_of, read, rss

BRIDGE = "https://news.example/bridge"

RSS_091 = f"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>N</title><link>https://news.example/</link><language>en</language>
<item><title>Bridge opens</title><link>{BRIDGE}</link><description>It opened.</description></item></channel></rss>"""

RSS_10 = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>N</title><link>https://news.example/</link></channel>
<item rdf:about="urn:bridge"><title>Bridge opens</title><link>{BRIDGE}</link><description>It opened.</description>
<dc:date>2026-03-01T08:00:00+08:00</dc:date><dc:creator>Li Na</dc:creator><dc:subject>bridges</dc:subject></item>
</rdf:RDF>"""

ATOM_03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>N</title><entry><title>Bridge opens</title>
<link rel="alternate" type="text/html" href="{BRIDGE}"/><id>tag:news.example,2026:1</id>
<issued>2026-03-01T08:00:00+08:00</issued><modified>2026-03-02T08:00:00+08:00</modified>
<summary>It opened.</summary></entry></feed>"""

CDF = f"""<CHANNEL HREF="https://news.example/"><TITLE>N</TITLE>
<ITEM HREF="{BRIDGE}" LASTMOD="2026-03-01T08:00"><TITLE>Bridge opens</TITLE><ABSTRACT>It opened.</ABSTRACT></ITEM>
</CHANNEL>"""

RSS_20 = rss(
    f"<title>Bridge opens</title><link>{BRIDGE}</link><guid isPermaLink='false'>a-17</guid>"
    "<description>It opened.</description><content:encoded><![CDATA[<p>It <b>opened</b>.</p>]]></content:encoded>"
    "<pubDate>Sun, 01 Mar 2026 08:00:00 +0800</pubDate><author>li@news.example (Li Na)</author>"
    "<category>bridges</category><category domain='x'>Pearl River</category>"
)

ATOM_10 = atom(
    f"<title>Bridge opens</title><link href='{BRIDGE}'/><link rel='enclosure' href='https://news.example/a.mp3'/>"
    "<id>tag:news.example,2026:1</id><published>2026-03-01T08:00:00+08:00</published>"
    "<updated>2026-03-02T08:00:00+08:00</updated><author><name>Li Na</name><email>li@news.example</email></author>"
    "<category term='bridges' label='Bridges'/><category term='b2'/><summary>It opened.</summary>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>It <b>opened</b>.</p></div></content>"
)


@pytest.mark.parametrize(
    "document, entry",
    [
        (RSS_091, Entry(url=BRIDGE, title="Bridge opens", summary="It opened.")),
        (
            RSS_10,
            Entry(
                guid="urn:bridge",
                url=BRIDGE,
                title="Bridge opens",
                summary="It opened.",
                authors=("Li Na",),
                tags=("bridges",),
                updated="2026-03-01T08:00:00+08:00",
            ),
        ),
        (
            ATOM_03,
            Entry(
                guid="tag:news.example,2026:1",
                url=BRIDGE,
                title="Bridge opens",
                summary="It opened.",
                published="2026-03-01T08:00:00+08:00",
                updated="2026-03-02T08:00:00+08:00",
            ),
        ),
        (CDF, Entry(url=BRIDGE, title="Bridge opens", summary="It opened.", updated="2026-03-01T08:00")),
        (
            RSS_20,
            Entry(
                guid="a-17",
                url=BRIDGE,
                title="Bridge opens",
                summary="It opened.",
                content="<p>It <b>opened</b>.</p>",
                authors=("Li Na",),
                tags=("bridges", "Pearl River"),
                published="Sun, 01 Mar 2026 08:00:00 +0800",
            ),
        ),
        (
            ATOM_10,
            Entry(
                guid="tag:news.example,2026:1",
                url=BRIDGE,
                title="Bridge opens",
                summary="It opened.",
                content="<p>It <b>opened</b>.</p>",
                authors=("Li Na",),
                enclosures=(Enclosure("https://news.example/a.mp3"),),
                tags=("Bridges", "b2"),
                published="2026-03-01T08:00:00+08:00",
                updated="2026-03-02T08:00:00+08:00",
            ),
        ),
    ],
    ids=["rss091", "rss10", "atom03", "cdf", "rss20", "atom10"],
)
def test_each_format_gives_its_entry(document: str, entry: Entry) -> None:
    assert entry_of(document) == entry
    assert read(document).warnings == ()


@pytest.mark.parametrize(
    "document, title, language",
    [
        (RSS_091, "N", "en"),
        (atom("<title>x</title>", attributes="xml:lang='zh_HK'"), "News", "zh-HK"),
        (rss("<title>x</title>", channel="<language>zh-cn</language>"), "News", "zh-cn"),
        (rss("<title>x</title>", channel="<language>the one, probably</language>"), "News", None),
        ("<rss version='2.0'><channel><title>Q&amp;A &lt;b&gt;now&lt;/b&gt;</title></channel></rss>", "Q&A now", None),
    ],
)
def test_document_title_is_plain_and_language_a_tag(document: str, title: str, language: str | None) -> None:
    assert (read(document).title, read(document).language) == (title, language)


@pytest.mark.parametrize(
    "document",
    [
        "<rss version='2.0'><channel><title>N</title></channel></rss>",
        "<rss/>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "<CHANNEL><TITLE>N</TITLE></CHANNEL>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'/>",
    ],
)
def test_a_feed_without_entries_is_a_feed(document: str) -> None:
    assert read(document).entries == ()
    assert read(document).warnings == ()
