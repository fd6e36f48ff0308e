"""The bytes of a file that somebody's program wrote -> text: UTF-8, UTF-16, GBK, Big5 or Windows-1252."""

from __future__ import annotations

import re

_MOSTLY = 0.9
_COMMON_BIG5 = (0xA440, 0xC67E)
"""Big5's 5,401 characters of everyday use (its level 1), and what parts them."""


def decoded(body: bytes) -> str:
    """The text, without a byte order mark. Never raises: what fits nothing is read as Windows-1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    if b"\0" in body[:200]:  # UTF-16 without its mark: every ASCII character has a zero byte
        return body.decode("utf-16-le" if body[1:200:2].count(0) > body[:200:2].count(0) else "utf-16-be", "replace")
    for name in ("utf-8", "gb2312"):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    is_latin = not re.search(rb"[\x80-\xff]{2}", body)  # accents stand alone, Chinese characters side by side
    return (None if is_latin else _chinese(body)) or body.decode("cp1252", "replace")


def _chinese(body: bytes) -> str | None:
    """Big5 where nearly all is of its everyday characters, else GBK."""
    try:
        traditional = body.decode("big5")
    except UnicodeDecodeError:
        traditional = ""
    if traditional:
        pairs = [character.encode("big5") for character in traditional if ord(character) > 0x7F]  # noqa: PLR2004
        low, high = _COMMON_BIG5
        common = sum(low <= int.from_bytes(pair, "big") <= high for pair in pairs)
        if common >= _MOSTLY * len(pairs):
            return traditional
    try:
        text = body.decode("gb18030")
    except UnicodeDecodeError:
        return None
    wide = [character for character in text if ord(character) > 0x7F]  # noqa: PLR2004
    han = sum("\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" for character in wide)
    return text if han >= _MOSTLY * len(wide) else None
