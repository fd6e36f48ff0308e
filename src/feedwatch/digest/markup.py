"""Feed text and feed URLs made safe for a mail: nothing from a feed becomes markup, and only web links are links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\uf0f0\uf0f1\ufffe\uffff]"
)
_NOT_IN_URL = re.compile("[\\s\"'<>\\\\^`{|}\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_OURS = re.compile("\uf0f0[a-z_]+\uf0f1")
_MAILTO = re.compile(r"mailto:[^\s\"'<>@]+@[^\s\"'<>@?]+(\?[^\s\"'<>]*)?", re.IGNORECASE)
_LONGEST_URL = 2000


def printable(text: str) -> str:
    """The text with control, bidi override and lone surrogate characters, and the marks of placeholders
    (`feedwatch.digest.personal`), as spaces: as long as before."""
    return _UNPRINTABLE.sub(" ", text)


def marked(text: str, spans: Iterable[tuple[int, int]], css_class: str) -> Markup:
    """Escaped HTML with each span in a <span> of that class; one that overlaps another, or is empty, is left out."""
    opening = f'<span class="{escape(css_class)}">'
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start < done or end <= start or end > len(text):
            continue
        parts += [escape(text[done:start]), opening, escape(text[start:end]), "</span>"]
        done = end
    return Markup("".join([*parts, escape(text[done:])]))  # noqa: S704 - each part is ours or escaped


def web_link(url: str | None) -> str:
    """The URL where it is http or https with a host and fit for an href, else ""; still to be escaped."""
    if not url or len(url) > _LONGEST_URL or _NOT_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_web else ""


def action_link(url: str | None) -> str:
    """As web_link, and mailto: and placeholders too: for our own links, never for a feed's."""
    return url if url and (_MAILTO.fullmatch(url) or _OURS.fullmatch(url)) else web_link(url)
