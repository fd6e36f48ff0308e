"""Pieces of text as an entry holds them: HTML fragments, plain words, absolute links, language tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urljoin, urlsplit

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LINE_ENDS = re.compile(r"\r\n?|\n")
_PICTURE = re.compile(r"<img\b[^<>]{0,5000}", re.IGNORECASE)
_PICTURES_TRIED = 3
_ATTRIBUTE = re.compile(r"""\s(src|width|height)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_LONGEST_LINE = 20_000
"""Characters of a fragment that can become a name or a title."""
_TAGS = re.compile(r"<[A-Za-z/!][^<>]*>")
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?"
    r"(?:/(?:[\w!$%&'()*+,:;@~./?=-]*[\w!$%&'()*+,:;@~./=-])?(?:#[\w!$%&'()*+,:;@~./?=-]+)?)?",
    re.ASCII,
)
"""An address that resolving leaves as it is: no dots between slashes (looked at apart), nothing odd or empty."""
_URL_NOISE = str.maketrans("", "", "\t\r\n")


def escape(text: str) -> str:
    """Plain text as an HTML fragment."""
    text = text.strip()
    if "&" in text or "<" in text or ">" in text:
        return html.escape(text, quote=False)
    return text


def escape_lines(text: str) -> str:
    """Plain text whose line ends mean something as an HTML fragment."""
    return _LINE_ENDS.sub("<br>\n", escape(text))


def plain(fragment: str) -> str:
    """An HTML fragment's words on one line; good for names, too coarse for prose."""
    fragment = fragment[:_LONGEST_LINE]
    if "<" in fragment:
        fragment = _TAGS.sub("", _UNSEEN.sub("", fragment))
    return one_line(html.unescape(fragment))


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each non-empty word once, on one line, in the order of its first appearance."""
    return tuple(dict.fromkeys(filter(None, map(one_line, words))))


def absolute_url(link: str, base: str) -> str | None:
    """The link as an absolute http(s) URL, resolved against base (RFC 3986, 5); None where it cannot be one."""
    link = link.strip()
    if _PLAIN_URL.fullmatch(link) and "/." not in link:
        return link  # nine of ten; the whole way takes ten times as long
    try:
        url = urljoin(base, link.translate(_URL_NOISE))
        parts = urlsplit(url)
    except ValueError:  # such as "http://[": an address that never ends
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def first_picture(fragment: str, base: str) -> str | None:
    """The address of the first picture in an HTML fragment that is not there to count readers (one pixel wide)."""
    at = fragment.find("<img")
    if at < 0:
        return None
    for picture in islice(_PICTURE.finditer(fragment, at), _PICTURES_TRIED):
        attributes = {
            name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(picture[0])
        }
        if not {attributes.get("width"), attributes.get("height")} & {"0", "1", "0px", "1px"} and (
            url := absolute_url(html.unescape(attributes.get("src", "")), base) if attributes.get("src") else None
        ):
            return url
    return None


def language_tag(value: str) -> str | None:
    """A language tag in the shape of RFC 5646 (2.1), its subtags not looked up; None where it has not that shape."""
    tag = value.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
