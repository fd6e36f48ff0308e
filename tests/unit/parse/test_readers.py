"""Which reader reads what: ours unless a reason is named."""

from __future__ import annotations

import pytest

from feedwatch.parse.xml_feed import FIRST_CHOICE
from tests.unit.parse.documents import atom, read, rss

ITEM = "<title>t</title>"
CDF = "<CHANNEL><TITLE>N</TITLE><ITEM HREF='https://a.example/'><TITLE>t</TITLE></ITEM></CHANNEL>"
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel><title>N</title></channel><item><title>t</title></item></rdf:RDF>"
)


@pytest.mark.parametrize(
    "document, reader",
    [
        (rss(ITEM), FIRST_CHOICE),
        (atom(ITEM), FIRST_CHOICE),
        (RDF, FIRST_CHOICE),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>t</title></entry></feed>', FIRST_CHOICE),
        ("<rss><item><title>t</title></item></rss>", FIRST_CHOICE),  # without a channel
        (rss(ITEM + "<description>&nbsp;&eacute; &unknown; a & b</description>"), FIRST_CHOICE),  # mended
        (rss(ITEM + "<description>\x00\x0b</description>"), FIRST_CHOICE),
        (rss(ITEM + "<content type='xhtml' xml:base='http://a.example/'><b>x</b></content>"), FIRST_CHOICE),
        (rss(ITEM + "<dcx:creator>Li</dcx:creator>"), "lxml, prefixes undeclared"),
        (CDF, "feedparser: root <CHANNEL>"),
        ("<rss><channel><items><item><title>t</title></item></items></channel></rss>", "feedparser: no entries"),
        (
            "<rss><channel><item><title>t</title></item><more><item><title>u</title></item></more></channel></rss>",
            "feedparser: 1 entries in an unknown place",
        ),
        (
            rss(ITEM + "<description>a < b</description>"),
            "feedparser: not well-formed (line 1, column 250: StartTag: invalid element name)",
        ),
        (
            rss(ITEM).removesuffix("</channel></rss>"),
            "feedparser: not well-formed (line 1, column 241: Premature end of data in tag channel line 1)",
        ),
    ],
)
def test_reader_is_named_with_its_reason(document: str, reader: str) -> None:
    found = read(document)
    assert found.reader == reader
    assert [entry.title for entry in found.entries][:1] == ["t"]


def test_what_feedparser_fails_on_is_read_as_far_as_libxml2_recovers_it() -> None:
    document = read(rss("<title>t</title></width><description>d</description>"))
    assert [(entry.title, entry.summary) for entry in document.entries] == [("t", "d")]
    assert document.reader.startswith(
        "lxml, recovering; feedparser: XML with the root <rss> that cannot be read (TypeError"
    )
    assert document.warnings[0].startswith("Not well-formed at line 1, column ")
    assert document.warnings[0].endswith("read as far as it goes: 1 entry.")


def test_a_misspelt_end_tag_costs_nothing() -> None:
    document = read(rss(ITEM, channel="<language>zh-HK</langauge>"))
    assert (document.language, [entry.title for entry in document.entries]) == ("zh-HK", ["t"])
    assert document.reader.startswith("lxml, recovering: not well-formed (line 1, column ")


def test_what_only_feedparser_could_read_and_is_too_long_for_it_is_read_as_far_as_it_goes() -> None:
    document = read(rss(ITEM + "<description>a < b</description>" + " " * 4_000_000))
    assert [entry.title for entry in document.entries] == ["t"]
    assert "4,000," in document.reader


@pytest.mark.parametrize(
    "document",
    [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"/>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://channel.netscape.com/rdf/simple/0.9/">'
        "<channel/></rdf:RDF>",
        "<rss version='2.0'><channel/></rss>",
    ],
)
def test_an_empty_feed_is_a_feed(document: str) -> None:
    assert (read(document).entries, read(document).warnings, read(document).reader) == ((), (), FIRST_CHOICE)


def test_too_many_entries_are_cut_with_a_warning() -> None:
    document = read("<rss version='2.0'><channel>" + "<item><title>t</title></item>" * 100_001 + "</channel></rss>")
    assert len(document.entries) == 100_000
    assert document.warnings == ("Of 100,001 entries the first 100,000 were read.",)
