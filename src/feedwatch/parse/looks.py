"""What a document that is no feed looks like, in a sentence."""

from __future__ import annotations

import re

from feedwatch.parse.fragment import one_line, plain

_ROOTS = {
    "urlset": "A sitemap, not a feed",
    "sitemapindex": "An index of sitemaps, not a feed",
    "opml": "An OPML list of feeds, not a feed",
}
_HTML_ROOTS = frozenset(
    ["html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "br", "b", "h1", "center", "table"]
)
_MAGIC = {
    "\x1f": "Compressed (gzip) bytes",
    "\x89PNG": "A PNG picture",
    "\u2030PNG": "A PNG picture",  # the same byte, read as windows-1252
    "GIF8": "A GIF picture",
    "%PDF": "A PDF document",
    "PK\x03\x04": "A ZIP archive",
}
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,1000})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_SAMPLE = 80
_TITLE_WITHIN = 100_000
_BINARY_SHARE = 0.05


def is_html(prolog: str, root: str) -> bool:
    """Whether a document with this prolog and root element is an HTML page or a piece of one."""
    return root.lower() in _HTML_ROOTS or re.search(r"<!doctype\s+html\b", prolog[:1000], re.IGNORECASE) is not None


def html_page(text: str) -> str:
    """The sentence for an HTML page, with its title: most often a login, a block or a moved page."""
    title = _TITLE.search(text, 0, _TITLE_WITHIN)
    words = plain(title[1]) if title else ""
    return f"An HTML page, not a feed: {_quoted(words)}" if words else "An HTML page, not a feed; it has no title"


def known_root(root: str) -> str | None:
    """The sentence for an XML document whose root element is known and no feed."""
    return _ROOTS.get(root.rpartition(":")[2].lower())


def unknown_root(root: str) -> str:
    """The sentence for an XML document of another kind."""
    return f"XML with the root <{root[:_SAMPLE]}>, in which no feed is known"


def too_large_to_mend(root: str, characters: int, why: str) -> str:
    """The sentence for XML that only a slow reader could read, and that is too long for it."""
    return f"XML with the root <{root[:_SAMPLE]}> that cannot be read: {why}, and {characters:,} characters long"


def not_markup(text: str) -> str:
    """The sentence for a document that is neither markup nor JSON."""
    for magic, name in _MAGIC.items():
        if text.startswith(magic):
            return f"{name}, not a feed"
    sample = text[:1000]
    if text.startswith("<"):
        return f"Broken markup, not a feed: {_quoted(one_line(sample))}"
    if len(_CONTROLS.findall(sample)) > _BINARY_SHARE * len(sample):
        return "Binary bytes, not a feed"
    return f"Plain text, not a feed: {_quoted(one_line(sample))}"


def not_json_feed(why: str) -> str:
    """The sentence for JSON of another kind."""
    return f"JSON, but not a JSON Feed: {why}"


def _quoted(words: str) -> str:
    return f"“{words}”" if len(words) <= _SAMPLE else f"“{words[:_SAMPLE].rstrip()}…”"
