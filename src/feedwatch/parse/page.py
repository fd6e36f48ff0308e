"""A page that lists news, read by CSS selectors: for the many papers and offices without a feed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry, Selectors
from feedwatch.parse.fragment import absolute_url, escape, language_tag, one_line
from feedwatch.parse.html_text import html_text, html_tree, named, page_title

_MOST_ITEMS: Final = 1000
_SPOKEN_CHARS: Final = 200
UNSEEN: Final = "script, style, noscript, template"
_CUT_SHORT: Final = ("…", "...", "..", "⋯")
_IMAGE_SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "src")

_AROUND_DATE: Final = " \t[]()（）【】〔〕|·-—:："
_BEFORE_DATE: Final = re.compile(r"[^\d:：]{1,20}[:：]\s*(?=\S)")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[\s/日]+(\d{4})\s*[-./年]\s*(\d{1,2})月?")


def check_selector(text: str) -> None:
    """Whether pages can be read by this CSS selector. Raises ValueError with a sentence where not."""
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        wanted = f"{text!r} is none that is known" if text.strip() else "it is empty"
        raise ValueError(f"expected a CSS selector, such as `ul.news > li`; {wanted}") from None


def read_page(body: bytes, *, content_type: str | None, url: str, selectors: Selectors) -> Document:
    """Read a list of news, in the order of the page, each URL once; dates stand as the page wrote them.

    selectors must have passed `check_selector`. At most 1,000 items are read, with a warning.

    Raises:
        DocumentError: the item selector finds nothing, or nothing with a link; the text says so and what to try.
    """
    tree = html_tree(html_text(body, content_type))
    title = page_title(tree)
    has_scripts = tree.css_first("script") is not None
    for unseen in tree.css(UNSEEN):
        unseen.decompose()
    items = tree.css(selectors.item)
    if not items:
        raise DocumentError(_nothing_found(tree, selectors.item, title, url, has_scripts=has_scripts))

    base = base_of(tree, url)
    faults: Counter[str] = Counter()
    entries: dict[str, Entry] = {}
    for item in items[:_MOST_ITEMS]:
        entry = _entry(item, selectors, base, url, faults)
        if entry is not None and entry.url is not None:
            known = entries.get(entry.url)
            entries[entry.url] = entry if known is None or (entry.title and not known.title) else known
    if not entries:
        elements = "1 element" if len(items) == 1 else f"{len(items):,} elements"
        raise DocumentError(
            f"the selector {selectors.item!r} finds {elements} in this page {named(title)}, "
            f"but {selectors.link!r} finds no link to an article in any; try: feedwatch sources try {url} --item ..."
        )
    return Document(
        title=title,
        language=_language(tree),
        entries=tuple(entries.values()),
        warnings=tuple(_warnings(faults, len(items))),
        reader="page",
    )


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Where the page's relative links start from (HTML, 2.4.3)."""
    base = tree.css_first("base[href]")
    try:
        return urljoin(url, (base.attributes["href"] or "").strip()) if base is not None else url
    except ValueError:
        return url


def _nothing_found(tree: LexborHTMLParser, selector: str, title: str, url: str, *, has_scripts: bool) -> str:
    words = one_line(tree.body.text()) if tree.body is not None else ""
    by_script = has_scripts and len(words) < _SPOKEN_CHARS
    return (
        f"the selector {selector!r} finds nothing in this page {named(title)}; "
        + ("it has hardly any text: its news may come by script, which is not run; " if by_script else "")
        + f"try: feedwatch sources try {url} --item ..."
    )


def _entry(item: LexborNode, selectors: Selectors, base: str, url: str, faults: Counter[str]) -> Entry | None:
    links = links_of(item, selectors.link, base, url)
    if not links:
        faults["link"] += 1
        return None
    found = links[0][0]
    title = _text(item, selectors.title)
    faults["title"] += bool(selectors.title and not title)
    date = _date(item, selectors.date)
    faults["date"] += bool(selectors.date and not date)
    return Entry(
        url=found,
        title=escape(title or title_of([node for link, node in links if link == found])),
        summary=escape(_text(item, selectors.summary)),
        published=date or None,
        image=_image(item, base),
    )


def links_of(item: LexborNode, selector: str, base: str, url: str) -> list[tuple[str, LexborNode]]:
    """The item's links that lead away from the page, in its order; an element without href lends the one within it."""
    here = urldefrag(url)[0]
    found = []
    for element in item.css(selector):
        node = element if element.attributes.get("href") else element.css_first("a[href]")
        link = absolute_url(node.attributes.get("href") or "", base) if node is not None else None
        if link is not None and node is not None and urldefrag(link)[0] != here:
            found.append((link, node))
    return found


def title_of(links: list[LexborNode]) -> str:
    """What the links to one article say: the first text, whole; else a title attribute, else a picture's words.

    Lists that cut headlines short keep the whole in the title attribute.
    """
    for link in links:
        if text := one_line(link.text()):
            whole = one_line(link.attributes.get("title") or "")
            is_cut = text.endswith(_CUT_SHORT) and whole.startswith(text.rstrip(".…⋯ "))
            return whole if is_cut else text
    pictures = [picture for link in links for picture in link.css("img[alt]")]
    spoken = [link.attributes.get("title") for link in links] + [picture.attributes.get("alt") for picture in pictures]
    return next((one_line(words) for words in spoken if words and not words.isspace()), "")


def _text(item: LexborNode, selector: str) -> str:
    found = item.css_first(selector) if selector else None
    return one_line(found.text()) if found is not None else ""


def _date(item: LexborNode, selector: str) -> str:
    found = item.css_first(selector) if selector else None
    if found is None:
        return ""
    timed = found if found.attributes.get("datetime") else found.css_first("[datetime]")
    written = (timed.attributes.get("datetime") or "").strip() if timed is not None else ""
    return written or date_words(found.text(separator=" "))


def date_words(text: str) -> str:
    """A date without what lists put around it: brackets and "发布时间："; a boxed one in its usual order."""
    words = one_line(text).strip(_AROUND_DATE)
    words = _BEFORE_DATE.sub("", words, count=1).strip(_AROUND_DATE)
    return boxed_date(words) or words


def boxed_date(words: str) -> str | None:
    """The date of a day in a box above its year and month, "19 2024-02"; None for anything else."""
    found = _DAY_FIRST.fullmatch(words)
    return f"{found[2]}-{found[3]:0>2}-{found[1]:0>2}" if found else None


def _image(item: LexborNode, base: str) -> str | None:
    """The item's first picture; a page that loads them late keeps the address aside."""
    for picture in item.css("img"):
        for name in _IMAGE_SOURCES:
            source = picture.attributes.get(name)
            if source and (image := absolute_url(source, base)):
                return image
    return None


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.css_first("html[lang]")
    return language_tag(root.attributes["lang"] or "") if root is not None else None


def _warnings(faults: Counter[str], found: int) -> Iterator[str]:
    if found > _MOST_ITEMS:
        yield f"{found:,} items; read the first {_MOST_ITEMS:,}."
    if count := faults["link"]:
        yield f"{count:,} {'item' if count == 1 else 'items'} without a link; left out."
    kept = min(found, _MOST_ITEMS) - faults["link"]
    for part, instead in (("title", "the link's text is taken"), ("date", "no date is taken")):
        if count := faults[part]:
            yield f"The selector for the {part} finds nothing in {count:,} of {kept:,} items; there {instead}."
