"""Characters that must not travel: controls, invisible ones, and halves of surrogate pairs."""

from __future__ import annotations

import re
from unicodedata import normalize

_STRAY = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but tab and newline
    "\u00ad\u200b\u2060\ufeff"  # soft hyphen, zero width space, word joiner, byte order mark
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides: they can make a headline read as another
    "\ufff9-\uffff\ud800-\udfff"
    "]"
)
_BREAKS = str.maketrans("\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029", "\n" * 10)


def scrub(text: str) -> str:
    """The text without stray characters; foreign line breaks become newlines.

    Zero width joiners stay: Persian, the scripts of India and emoji are spelt with them.
    """
    if is_plain(text) or is_plain(text.replace("\xa0", " ")) or _STRAY.search(text) is None:
        return text
    return _STRAY.sub("", text.replace("\r\n", "\n").translate(_BREAKS))


def is_plain(text: str) -> bool:
    """Whether a text surely has no stray character, and no white space but spaces, tabs and newlines.

    Quicker to tell than by a pattern. False for some that have neither: joiners, private characters.
    """
    # Of the stray characters these two alone are printable: the object replacement and the replacement character.
    flat = text.replace("\n", " ").replace("\t", " ")
    return flat.isprintable() and (text.isascii() or not ("\ufffc" in text or "\ufffd" in text))


def to_nfc(text: str) -> str:
    """The text in NFC, so that one letter is one character."""
    return normalize("NFC", text)


def compose(text: str) -> str:
    """The text in NFC and without stray characters."""
    return to_nfc(scrub(text))
