"""Pieces of text as an entry holds them: HTML fragments, plain words, absolute links, language tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LINE_ENDS = re.compile(r"\r\n?|\n")
_TAGS = re.compile(r"<[A-Za-z/!][^<>]*>")
_URL_NOISE = str.maketrans("", "", "\t\r\n")


def escape(text: str) -> str:
    """Plain text as an HTML fragment."""
    return html.escape(text.strip(), quote=False)


def escape_lines(text: str) -> str:
    """Plain text whose line ends mean something as an HTML fragment."""
    return _LINE_ENDS.sub("<br>\n", escape(text))


def plain(fragment: str) -> str:
    """An HTML fragment's words on one line; good for names, too coarse for prose."""
    return one_line(html.unescape(_TAGS.sub("", fragment)))


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each non-empty word once, on one line, in the order of its first appearance."""
    return tuple(dict.fromkeys(line for word in words if (line := one_line(word))))


def absolute_url(link: str, base: str) -> str | None:
    """The link as an absolute http(s) URL, resolved against base (RFC 3986, 5); None where it cannot be one."""
    try:
        url = urljoin(base, link.strip().translate(_URL_NOISE))
        parts = urlsplit(url)
    except ValueError:  # such as "http://[": an address that never ends
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def language_tag(value: str) -> str | None:
    """A language tag in the shape of RFC 5646 (2.1), its subtags not looked up; None where it has not that shape."""
    tag = value.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
