"""Plain text out of sanitized HTML.

By patterns over the sanitizer's own output, whose grammar is small and regular: far quicker than a second parse.
`tests/bench/normalize.py` tells what it costs.
"""

from __future__ import annotations

import re

from feedwatch.normalize.chars import compose, is_plain, to_nfc

TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|caption|thead|tbody|tfoot|tr|td|th|blockquote|pre|article|section"
    r"|aside|header|footer|nav|figure|figcaption|details|summary|center|hgroup)\b[^>]*>"
)
_BREAK = re.compile(BLOCK.pattern + " *")
_PREFORMATTED = re.compile(r"<pre\b[^>]*>.*?</pre>", re.DOTALL)
_SPACES = re.compile("  +")
_ODD_SPACE = re.compile(r"[^\S\n ]")
# The sanitizer writes these four; every other entity it has already read.
_ENTITY = re.compile("&(nbsp|lt|gt|amp);")
_CHARACTERS = {"nbsp": " ", "lt": "<", "gt": ">", "amp": "&"}


def text_of(html: str, *, surely_plain: bool = False) -> str:
    """The text of sanitized HTML: one line a paragraph, white space collapsed, NFC, no control characters.

    `surely_plain`: whether `is_plain` is known to hold for it, entities read.
    """
    if "<" in html:
        if "<pre" in html:
            html = _PREFORMATTED.sub(lambda match: match[0].replace("\n", "<br>"), html)
        html = html.replace("\n", " ").replace("\r", " ")
        html = TAG.sub("", _BREAK.sub("\n", html))
    else:
        html = html.replace("\n", " ")
    if "&" in html:
        pieces = _ENTITY.split(html)
        pieces[1::2] = [_CHARACTERS[name] for name in pieces[1::2]]
        html = "".join(pieces)
    text = html.replace("\t", " ")
    text = to_nfc(text) if surely_plain or is_plain(text) else _ODD_SPACE.sub(" ", compose(text))
    return tidy(text)


def tidy(text: str) -> str:
    """The text without double spaces, empty lines, and spaces at the edges of lines."""
    if "  " in text:
        text = _SPACES.sub(" ", text)
    return "\n".join([line for written in text.split("\n") if (line := written.strip(" "))])
