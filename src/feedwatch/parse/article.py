"""An article's own page: its text without what stands around it, for feeds that carry a teaser only."""

from __future__ import annotations

import logging
import re
from configparser import ConfigParser
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from feedwatch.errors import DocumentError
from feedwatch.model import Entry
from feedwatch.parse.article_facts import read_facts
from feedwatch.parse.fragment import escape, plain
from feedwatch.parse.html_text import html_text, html_tree, named, page_title

_MOST_CHARS: Final = 1_000_000
"""Scripts and styles left out, which are most of a large page; so many characters of hostile markup take 8 s."""
# Not JSON-LD, in which some pages keep the only copy of their text.
_UNREAD: Final = re.compile(r"<(script|style)\b(?![^>]{0,200}ld\+json).*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BODY: Final = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_HEADLINE: Final = re.compile(r"\s*<h1\b[^>]*>.*?</h1>", re.DOTALL)
_DENSE_SCRIPTS: Final = ("zh", "ja", "ko")
_FEWEST_CHARS: Final = 250
_FEWEST_DENSE_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class Article:
    """What an article's page holds."""

    title: str
    """Plain; empty where the page has none."""
    html: str
    """The text as an HTML fragment, paragraphs kept, the headline left out; never empty. Not sanitized."""
    published: str | None
    """As written."""
    authors: tuple[str, ...]
    canonical_url: str | None
    """Absolute: where the page says that the article lives."""
    image: str | None
    """Absolute."""
    language: str | None
    """BCP 47: as the page says, else as given."""


def read_article(body: bytes, *, content_type: str | None, url: str, language: str | None = None) -> Article:
    """Read an article's page; takes some 13 ms for a page of 30 KB, 36 for one of 100 (docs/decisions/0014).

    language (BCP 47) is the source's: what counts as short depends on the script, where the page does not tell.

    Raises:
        DocumentError: no text of an article can be found, or the page is too large to be one.
    """
    text = html_text(body, content_type)
    markup = _UNREAD.sub("", text)
    if len(markup) > _MOST_CHARS:
        raise DocumentError(f"A page of {len(markup):,} characters beside its scripts, which is no article; not read")
    tree = html_tree(text)
    facts = read_facts(tree, url)
    spoken = facts.language or language
    html = _main_text(markup, url, is_dense=(spoken or "").lower().startswith(_DENSE_SCRIPTS))
    if not plain(html):
        raise DocumentError(f"No text of an article can be found in this page {named(page_title(tree))}")
    return Article(
        title=facts.title,
        html=html,
        published=facts.published,
        authors=facts.authors,
        canonical_url=facts.canonical_url,
        image=facts.image,
        language=spoken,
    )


def complete(entry: Entry, article: Article) -> Entry:
    """The entry with the article's text where that is longer than its own, and with what it lacked otherwise."""
    own = max(len(plain(entry.content)), len(plain(entry.summary)))
    return replace(
        entry,
        title=entry.title or escape(article.title),
        content=article.html if len(plain(article.html)) > own else entry.content,
        authors=entry.authors or article.authors,
        published=entry.published or article.published,
        image=entry.image or article.image,
        canonical=article.canonical_url,
    )


def _main_text(markup: str, url: str, *, is_dense: bool) -> str:
    # Imported here: it takes 0.15 s and 21 MB, which only those pay who have sources with full_text.
    import trafilatura  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not read is told by the error
    html = trafilatura.extract(
        markup,
        url=url,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
        with_metadata=False,
        config=_settings(is_dense=is_dense),
    )
    found = _BODY.search(html or "")
    if found is None:
        return ""
    headline = _HEADLINE.match(found[1])
    return found[1][headline.end() if headline else 0 :].strip()


@cache
def _settings(*, is_dense: bool) -> ConfigParser:
    """trafilatura's, but for how short a text makes it try harder: where characters are words, few say much."""
    from trafilatura.settings import use_config  # noqa: PLC0415

    settings = use_config()
    fewest = _FEWEST_DENSE_CHARS if is_dense else _FEWEST_CHARS
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(fewest))
    return settings
