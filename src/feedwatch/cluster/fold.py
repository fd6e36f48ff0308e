"""Text reduced to what survives republication: its letters and digits."""

from __future__ import annotations

import re
from unicodedata import normalize

_NOT_ASCII_WORD = bytes(code for code in range(128) if not chr(code).isalnum())
_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]"
)


def fold(text: str) -> str:
    """The letters and digits of a text, NFKC and case-folded, with nothing between them."""
    if text.isascii():
        return text.lower().encode().translate(None, _NOT_ASCII_WORD).decode()
    return "".join(_WORD.findall(normalize("NFKC", text).casefold()))


def weight(folded: str) -> int:
    """How much a folded text says, in Latin letters: an ideograph, kana or hangul syllable counts two."""
    return len(folded) if folded.isascii() else len(folded) + len(_WIDE.findall(folded))
