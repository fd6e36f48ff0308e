"""The bytes of an HTML page to its text and its tree, as browsers read it, within bounds."""

from __future__ import annotations

import codecs
import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from feedwatch.parse.decode import decode
from feedwatch.parse.fragment import one_line
from feedwatch.parse.html_bounds import check_bounds

_PRESCANNED_BYTES: Final = 4096
_META_CHARSET: Final = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADER_CHARSET: Final = re.compile(r"\bcharset\s*=", re.IGNORECASE)
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_GUESSED_BYTES: Final = 50_000
_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_GB2312_HANZI: Final = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
_BIG5_FREQUENT: Final = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_MOST_OF: Final = 0.7

_SHOWN: Final = 80


def html_text(body: bytes, content_type: str | None) -> str:
    """The text of an HTML page. Never raises.

    In the order of HTML (13.2.3.2): byte order mark, header, `meta`, then a guess. Past it where a page is plainly not
    what it says: text that is valid UTF-8 is UTF-8, and a `meta` that names a Chinese encoding goes before a header
    that names a Western one, which servers add to whatever they send.
    """
    if body.startswith(_MARKS):
        return decode(body, None)[0]
    in_page = _meta_charset(body)
    if in_page is None and not _HEADER_CHARSET.search(content_type or ""):
        in_page = _guess(body)
    if in_page is None:
        return decode(body, content_type)[0]
    # decode weighs the header against what the document declares; a page's meta stands for XML's declaration.
    declaration = f'<?xml version="1.0" encoding="{in_page}"?>'
    return decode(declaration.encode() + body, content_type)[0].removeprefix(declaration)


def _meta_charset(body: bytes) -> str | None:
    head = _COMMENT.sub(b"", body[:_PRESCANNED_BYTES])
    found = _META_CHARSET.search(head)
    if found is None:
        return None
    label = found[1].decode("ascii", "replace").lower()
    # A page in UTF-16 could not have been read up to here (HTML, 13.2.3.2, step 15 of the prescan).
    return "utf-8" if label.startswith("utf-16") else label


def _guess(body: bytes) -> str | None:
    """gb18030 or big5 for a page that tells nothing and is mostly that; None where decode's own guess is as good.

    Nearly every text in Big5 is also valid GB18030, so that validity tells nothing. Common Chinese characters stand in
    the rows of GB2312 and, in Big5, before its rare characters; a text wrongly taken for the other hits half of them.
    """
    sample = body[:_GUESSED_BYTES]
    pairs = _PAIR.findall(sample)
    if not pairs or _is_utf8(sample):
        return None
    if sum(map(_is_gb2312, pairs)) >= _MOST_OF * len(pairs):
        return "gb18030"
    return "big5" if sum(map(_is_big5, pairs)) >= _MOST_OF * len(pairs) else None


def _is_gb2312(pair: bytes) -> bool:
    return _GB2312_HANZI.match(pair) is not None or (0xA1 <= pair[0] <= 0xA3 and pair[1] >= 0xA1)  # noqa: PLR2004


def _is_big5(pair: bytes) -> bool:
    return _BIG5_FREQUENT.match(pair) is not None or 0xA1 <= pair[0] <= 0xA3  # noqa: PLR2004


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character that the sample cuts is no fault
    except UnicodeDecodeError:
        return False
    return True


def html_tree(text: str) -> LexborHTMLParser:
    """The page's tree, as the HTML standard builds it.

    Raises:
        DocumentError: it would take seconds or gigabytes (see html_bounds).
    """
    check_bounds(text)
    return LexborHTMLParser(text.encode("utf-8", "replace"))


def page_title(tree: LexborHTMLParser) -> str:
    """What the page calls itself in its head; plain, empty where it has no title."""
    title = tree.css_first(":not(svg) > title")
    return one_line(title.text()) if title is not None else ""


def named(title: str) -> str:
    """A page's title as messages quote it."""
    if not title:
        return "without a title"
    return f"(title “{title}”)" if len(title) <= _SHOWN else f"(title “{title[:_SHOWN].rstrip()}…”)"
