"""What an article's page says of itself beside its text: in meta elements, JSON-LD and microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from feedwatch.parse.fragment import absolute_url, distinct, language_tag, one_line
from feedwatch.parse.html_text import page_title

# In lower case, the surest first. PubDate, ArticleTitle: what Chinese government sites must give (国办发〔2017〕47号).
_DATES: Final = (
    "article:published_time", "pubdate", "publishdate", "publish_date", "publish-date", "og:published_time",
    "og:article:published_time", "parsely-pub-date", "sailthru.date", "datepublished", "dc.date.issued",
    "dcterms.created", "dc.date", "firstpublishedtime", "date",
)  # fmt: skip
_TITLES: Final = ("articletitle", "og:title", "twitter:title", "dc.title")
_AUTHORS: Final = ("author", "article:author", "parsely-author", "dc.creator")
_IMAGES: Final = ("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src")
_LANGUAGES: Final = ("og:locale", "content-language", "dc.language")

_ARTICLE: Final = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)\Z")
_MOST_SCRIPTS: Final = 20
_MOST_SCRIPT_CHARS: Final = 500_000
_MOST_OBJECTS: Final = 500
_MOST_AUTHORS: Final = 10
_LONGEST_AUTHOR: Final = 80
_LONGEST_DATE: Final = 80

_TIME_PLACES: Final = (
    "[itemprop=datePublished]", "article time[datetime]", "time[pubdate]", "time[datetime]",
    "[class*=pubtime i]", "[id*=pubtime i]", "[class*=publish i]", "[class*=date i]",
    "[class*=time i]", "[class*=source i]",
)  # fmt: skip
_WRITTEN: Final = re.compile(
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s*\d{1,2}[:：时時]\d{2}(?:[:：分]\d{2})?)?"
)
_MOST_PLACES: Final = 20

Object = dict[str, object]


@dataclass(frozen=True, slots=True)
class Facts:
    """Plain texts, empty or None where the page does not tell; dates as written, URLs absolute."""

    title: str
    published: str | None
    authors: tuple[str, ...]
    canonical_url: str | None
    image: str | None
    language: str | None


def read_facts(tree: LexborHTMLParser, url: str) -> Facts:
    """The page's facts; what several places tell is taken from the one that is least often wrong."""
    metas = _metas(tree)
    article = _json_article(tree)
    return Facts(
        title=_title(tree, metas, article),
        published=_published(tree, metas, article),
        authors=_authors(metas, article),
        canonical_url=_canonical(tree, metas, url),
        image=_image(metas, article, url),
        language=_language(tree, metas, article),
    )


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """Contents by name, property or http-equiv, in lower case."""
    metas: dict[str, list[str]] = {}
    for meta in tree.css("meta[content]"):
        attributes = meta.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        name = name or attributes.get("http-equiv") or ""
        if content := one_line(attributes.get("content") or ""):
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _first(metas: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((metas[name][0] for name in names if name in metas), "")


def _json_article(tree: LexborHTMLParser) -> Object:
    """The page's article in JSON-LD; empty where there is none, or none that can be read."""
    for script in tree.css('script[type="application/ld+json"]')[:_MOST_SCRIPTS]:
        text = script.text()
        if len(text) > _MOST_SCRIPT_CHARS:
            continue
        try:
            value = json.loads(text, strict=False)  # line ends within strings are common
        except (ValueError, RecursionError):
            continue
        for found in _objects(value):
            kinds = found.get("@type")
            if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in _several(kinds)):
                return found
    return {}


def _objects(value: object) -> Iterator[Object]:
    """The objects of a graph, outer ones first."""
    waiting = [value]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += [value.get("@graph"), value.get("mainEntity"), value.get("mainEntityOfPage")]
        elif isinstance(value, list):
            waiting += value[:_MOST_OBJECTS]


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _said(article: Object, key: str, within: str = "") -> Iterator[str]:
    """The texts under a key, of objects those under `within`."""
    for value in _several(article.get(key)):
        held = value.get(within) if isinstance(value, dict) else value
        for text in _several(held):
            if isinstance(text, str) and (line := one_line(text)):
                yield line


def _title(tree: LexborHTMLParser, metas: dict[str, list[str]], article: Object) -> str:
    headings = tree.css("h1")
    return (
        _first(metas, _TITLES)
        or next(_said(article, "headline"), "")
        or (one_line(headings[0].text()) if len(headings) == 1 else "")
        or page_title(tree)
    )


def _published(tree: LexborHTMLParser, metas: dict[str, list[str]], article: Object) -> str | None:
    written = _first(metas, _DATES[:1]) or next(_said(article, "datePublished"), "") or _first(metas, _DATES)
    if written and len(written) <= _LONGEST_DATE:
        return written
    for place in _TIME_PLACES:
        for node in tree.css(place)[:_MOST_PLACES]:
            given = node.attributes.get("datetime") or node.attributes.get("content") or ""
            if 0 < len(given.strip()) <= _LONGEST_DATE:
                return given.strip()
            if (text := node.text(separator=" ")[:1000]) and (found := _WRITTEN.search(text)):
                return one_line(found[0])
    return None


def _authors(metas: dict[str, list[str]], article: Object) -> tuple[str, ...]:
    names = [*_said(article, "author", "name")] or next((metas[name] for name in _AUTHORS if name in metas), [])
    people = (name for name in names if len(name) <= _LONGEST_AUTHOR and "://" not in name)
    return distinct(people)[:_MOST_AUTHORS]


def _canonical(tree: LexborHTMLParser, metas: dict[str, list[str]], url: str) -> str | None:
    """rel=canonical (RFC 6596), else og:url; never a front page for an article, as careless templates have it."""
    written = [link.attributes.get("href") or "" for link in tree.css("link[rel~=canonical i][href]")]
    for href in [*written[:1], *metas.get("og:url", [])[:1]]:
        found = absolute_url(href, url)
        if found and (urlsplit(found).path.strip("/") or urlsplit(found).query or not urlsplit(url).path.strip("/")):
            return found
    return None


def _image(metas: dict[str, list[str]], article: Object, url: str) -> str | None:
    written = _first(metas, _IMAGES) or next(_said(article, "image", "url"), "")
    return absolute_url(written, url) if written else None


def _language(tree: LexborHTMLParser, metas: dict[str, list[str]], article: Object) -> str | None:
    root = tree.css_first("html[lang]")
    in_root = root.attributes.get("lang") if root is not None else None
    for written in (in_root, _first(metas, _LANGUAGES), next(_said(article, "inLanguage"), "")):
        if written and (language := language_tag(written)):
            return language
    return None
