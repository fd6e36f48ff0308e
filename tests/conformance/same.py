"""When two texts, names, addresses or times say the same, though they are written differently."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from urllib.parse import urljoin

from feedparser.datetimes import _parse_date
from feedparser.sanitizer import _sanitize_html
from feedparser.urls import resolve_relative_uris

from feedwatch.parse.author import author_name
from feedwatch.parse.fragment import plain


def same_fragment(ours: str, expected: str, *, base: str, is_plain: bool) -> bool:
    """Whether our fragment is the expected one.

    Links are resolved and markup is sanitized by the next room, not by the parser: so that the texts can be compared,
    ours goes through feedparser's own resolver and sanitizer. What feedparser calls plain, we hold escaped.
    """
    resolved = resolve_relative_uris(ours, base, "utf-8", "text/html") if base else ours
    cleaned = _sanitize_html(resolved, "utf-8", "text/html")
    if is_plain:
        return same_markup(cleaned, html.escape(expected, quote=False))
    return same_markup(cleaned, expected) or same_markup(cleaned, _sanitize_html(expected, "utf-8", "text/html"))


def same_markup(left: str, right: str) -> bool:
    """Whether a browser would make the same of both."""
    return _events(left) == _events(right)


def same_text(ours: str, expected: str) -> bool:
    """Whether our fragment shows the expected text, or is the expected markup."""
    return same_markup(_without_div(ours), expected) or html.unescape(ours).strip() == expected.strip()


def _without_div(ours: str) -> str:
    """Of markup in a lone <div>, which says nothing, what is in it."""
    inner = ours.removeprefix("<div>").removesuffix("</div>")
    return inner if len(inner) == len(ours) - len("<div></div>") and "div>" not in inner else ours


def same_words(ours: str, expected: str) -> bool:
    """Whether our plain line has the words of the expected fragment."""
    return ours in (" ".join(expected.split()), plain(expected), plain(_sanitize_html(expected, "utf-8", "text/html")))


def same_author(ours: str, expected: str) -> bool:
    """Whether our name is that of the expected line, which may have an address with it."""
    return ours in (expected, author_name(expected))


def same_address(ours: str | None, expected: str, base: str) -> bool:
    """Whether our URL is the expected one, resolved; what cannot be an http(s) URL is expected to be none."""
    wanted = urljoin(base, expected.strip()) if expected.strip() else ""
    if not wanted.startswith(("http://", "https://")):
        return ours is None
    return ours is not None and ours.rstrip("/") == wanted.rstrip("/")


def same_time(ours: str | None, expected: tuple[int, ...]) -> bool:
    """Whether our date, which stands as written, is read by feedparser as the expected time."""
    return ours is not None and tuple(_parse_date(ours) or ()) == expected


_VOID = frozenset(["br", "embed", "frame", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


class _Events(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.events.append(f"/{tag}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.events and isinstance(self.events[-1], list):
            self.events[-1].append(data)
        else:
            self.events.append([data])


def _events(text: str) -> list[object]:
    parser = _Events()
    parser.feed(text.strip())
    parser.close()
    return [["".join(event)] if isinstance(event, list) else event for event in parser.events]
