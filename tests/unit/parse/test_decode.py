"""Encodings: what header, byte order mark and XML declaration say, and what the bytes prove."""

from __future__ import annotations

import codecs

import pytest

from tests.unit.parse.documents import read

SIMPLIFIED = "粤港澳大湾区：高质量发展"
TRADITIONAL = "粵港澳大灣區：高質量發展"


def feed(title: str, declared: str | None = None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{declaration}<rss version="2.0"><channel><title>{title}</title></channel></rss>'


@pytest.mark.parametrize(
    "encoding, declared, content_type, title",
    [
        ("gb2312", "gb2312", None, SIMPLIFIED),
        ("gbk", "GB2312", "text/xml", TRADITIONAL),  # as most sites that say GB2312 mean it
        ("gb18030", "gb18030", None, "\U00020000"),
        ("gbk", None, "text/xml; charset=GBK", SIMPLIFIED),
        ("gbk", "gbk", "text/xml; charset=iso-8859-1", SIMPLIFIED),  # a server's default against the document
        ("gbk", "utf-8", 'text/xml;charset="gbk"', SIMPLIFIED),  # transcoded on the way: the header knows
        ("big5", "Big5", None, TRADITIONAL),
        ("big5hkscs", "big5", None, "啩㗎"),
        ("euc_kr", "euc-kr", None, "대만구 발전"),
        ("shift_jis", "Shift_JIS", None, "大湾区の発展"),
        ("cp1252", "iso-8859-1", None, "“São Tomé”"),
        ("cp1251", "windows-1251", None, "Развитие"),
        ("utf-8", "utf-8", None, SIMPLIFIED),
        ("utf-8", None, None, SIMPLIFIED),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1", SIMPLIFIED),
        ("utf-8-sig", None, "application/xml; charset=us-ascii", SIMPLIFIED),
        ("utf-16", "utf-16", None, SIMPLIFIED),
        ("utf-16-le", "utf-16", None, SIMPLIFIED),
        ("utf-16-be", None, None, SIMPLIFIED),
        ("utf-32", None, None, SIMPLIFIED),
        ("iso2022_jp", "iso-2022-jp", None, "大湾区"),
        ("ascii", "gb2312", "text/xml; charset=big5", "plain"),
    ],
)
def test_title_survives_and_nobody_is_warned(
    encoding: str, declared: str | None, content_type: str | None, title: str
) -> None:
    document = read(feed(title, declared).encode(encoding), content_type=content_type)
    assert (document.title, document.warnings) == (title, ())


@pytest.mark.parametrize(
    "body, content_type, title, warning",
    [
        (feed(SIMPLIFIED, "gbk").encode(), None, SIMPLIFIED, "Declared as gbk, but is utf-8."),
        (
            feed("São", "utf-8").encode("cp1252"),
            None,
            "São",
            "Declared as utf-8, but not valid as that; read as cp1252.",
        ),
        (feed(SIMPLIFIED, "foo-8").encode(), None, SIMPLIFIED, "The encoding 'foo-8' is unknown; read as utf-8."),
        (feed(SIMPLIFIED, "rot13").encode(), None, SIMPLIFIED, "The encoding 'rot13' is unknown; read as utf-8."),
        (
            feed(SIMPLIFIED * 5 + "!").encode().replace("展!".encode(), b"\xe5\xb1!"),
            None,
            (SIMPLIFIED * 5)[:-1] + "\ufffd!",
            "1 place is not valid utf-8; shown as \ufffd.",
        ),
        (
            feed(SIMPLIFIED * 5 + "!", "gb2312").encode("gbk").replace("展!".encode("gbk"), b"\xd5!"),
            None,
            (SIMPLIFIED * 5)[:-1] + "\ufffd!",
            "1 place is not valid gb18030; shown as \ufffd.",
        ),
    ],
)
def test_what_is_not_what_it_says_is_read_with_a_warning(
    body: bytes, content_type: str | None, title: str, warning: str
) -> None:
    document = read(body, content_type=content_type)
    assert (document.title, document.warnings) == (title, (warning,))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8])
def test_byte_order_mark_outranks_the_header(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(mark, "utf-8")
    assert read(mark + feed("湾区").encode(encoding), content_type="text/xml; charset=big5").title == "湾区"
