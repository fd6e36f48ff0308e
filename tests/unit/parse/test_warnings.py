"""A document that is wrong and readable is read, and the admin told how."""

from __future__ import annotations

import pytest

from tests.unit.parse.documents import read, rss

ITEM = "<title>t</title>"


@pytest.mark.parametrize(
    "document, warnings",
    [
        (
            rss(ITEM + "<description>a < b</description>").replace("<channel>", "\n<channel>"),
            ("Not well-formed at line 2, column 66 (not well-formed (invalid token)); read all the same: 1 entry.",),
        ),
        (
            rss(ITEM + "<description>a & b && c</description>"),
            ("3 ampersands are not written as &amp;; read all the same.",),
        ),
        (
            rss(ITEM + "<undeclared:x/>"),
            (
                "Not well-formed at line 1, column 247 (Namespace prefix undeclared on x is not defined); "
                "read all the same: 1 entry.",
            ),
        ),
        (
            "<?xml version='1.0'?>\n<!-- a\ncomment -->\n\n"
            "<rss version='2.0'><channel><item><title>t</title></channel></rss>",
            ("Not well-formed at line 5, column 52 (mismatched tag); read all the same: 1 entry.",),
        ),
        (
            rss(ITEM).removesuffix("</item></channel></rss>"),
            ("Cut off before its end: </rss> is missing; read all the same: 1 entry.",),
        ),
        ("<br />\n<b>Notice</b>: old\n<?xml version='1.0'?>" + rss(ITEM), ("Text before the feed was skipped.",)),
        (rss(ITEM) + "<script>x()</script>", ("Text after the end of the feed was skipped.",)),
        (rss(ITEM) + "\n<!-- cached -->\n", ()),
        ("\n  \n<?xml version='1.0'?>" + rss(ITEM), ()),
        (rss("<title>t\x00\x0b</title>"), ("Dropped 2 characters that XML forbids.",)),
        (rss("<title>t&#0;&#x1F;&#xD800;&#99999999999;</title>"), ("Dropped 4 characters that XML forbids.",)),
    ],
)
def test_warnings(document: str, warnings: tuple[str, ...]) -> None:
    read_document = read(document)
    assert read_document.warnings == warnings
    assert [entry.title for entry in read_document.entries] == ["t"]


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; charset=utf-8", "application/octet-stream", ""])
def test_a_content_type_that_is_not_xml_harms_nobody(content_type: str) -> None:
    assert read(rss("<title>é 湾区</title>"), content_type=content_type).warnings == ()
