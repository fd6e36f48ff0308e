"""Two common accidents on the way of a text into a feed, undone: UTF-8 taken for Latin-1, and Windows' punctuation."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

_C1: Final = re.compile("[\x80-\x9f]")
_IN_UTF8: Final = re.compile(rb"\xc2(?:[\x80-\x9f]|(?<=\xc3[\x82-\xb4]\xc2)[\xa0-\xbf])")
_C1_REFERENCE: Final = re.compile(rb"&#(?:1[2-5][0-9];|[xX][89])")
_UTF8_TAKEN_FOR_LATIN: Final = re.compile(rb"\xc3[\x82-\xb4]\xc2")
_WINDOWS: Final = {
    code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))
}


def may_be_mangled(document: bytes) -> bool:
    """Whether a document in UTF-8 can hold either: asked once, it spares the look at each text."""
    if b"\xc2" in document and _IN_UTF8.search(document):
        return True
    return _C1_REFERENCE.search(document) is not None


def mended(text: str) -> str:
    """The text with both undone; as it stands where neither happened.

    A whole text in Latin-1's characters that is valid UTF-8 when written in them is no accident of the language. The
    controls of U+0080 to U+009F mean windows-1252's characters, as in HTML (13.2.5.80).
    """
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("latin-1").decode()
    return text.translate(_WINDOWS) if _C1.search(text) else text
