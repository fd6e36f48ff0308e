"""Which selectors would read a page's list of news: repeated elements with a headline that links, and mostly a date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedwatch.model import Selectors
from feedwatch.parse.css_names import ROOTS, selectors_of, selectors_within
from feedwatch.parse.fragment import one_line
from feedwatch.parse.html_text import html_text, html_tree
from feedwatch.parse.page import UNSEEN, base_of, boxed_date, links_of, title_of

_MOST_GUESSES: Final = 3
_MOST_LINKS: Final = 3000
_MOST_CANDIDATES: Final = 40
_LEVELS: Final = 5
_FEWEST_ITEMS: Final = 3
_LOOKED_AT: Final = 30
_MOSTLY: Final = 0.7
_LEAST_SCORE: Final = 0.1
_HEADLINE_WIDTH: Final = 10
_FULL_WIDTH: Final = 30
_SUMMARY_WIDTH: Final = 40
_ENOUGH_ITEMS: Final = 15
_LINKS_PER_ITEM: Final = 3

_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_ASIDE: Final = re.compile(
    r"(?<![a-z])(?:nav|header|foot|footer|aside|menu|sidebar|breadcrumb|copyright)(?![a-z])", re.IGNORECASE
)
"""Names of elements, ids and classes around what is not news."""
_HEADINGS: Final = "h1, h2, h3, h4, h5"
_DATE: Final = re.compile(
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}|(?<!\d)\d{1,2}[-/月]\d{1,2}(?!\d)|\d{1,2}[:：]\d{2}"
    r"|\d{1,2}\s?(?:小时|分钟|小時|分鐘|天)前"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}\b|\b\d{1,2}\s+(?:minute|hour|day)s?\s+ago\b"
)
_LONGEST_DATE: Final = 40


@dataclass(frozen=True, slots=True)
class Guess:
    """Selectors that seem to read the page's news, and what they find."""

    selectors: Selectors
    count: int
    """How many items."""
    titles: tuple[str, ...]
    """Of the first three; plain."""


@dataclass(frozen=True, slots=True)
class _Item:
    element: LexborNode
    url: str
    """Of the link with the widest headline; empty where there is none."""
    title: str
    links: tuple[str, ...]
    """Each URL once."""
    is_dated: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    selector: str
    count: int
    items: tuple[_Item, ...]
    score: float


def guess_selectors(body: bytes, *, content_type: str | None, url: str) -> list[Guess]:
    """Up to three ways to read the page, the likeliest first; none where it shows no list.

    Raises:
        DocumentError: nested too deeply to be read.
    """
    tree = html_tree(html_text(body, content_type))
    for unseen in tree.css(UNSEEN):
        unseen.decompose()
    base = base_of(tree, url)
    candidates = [_judge(tree, selector, base, url) for selector in _repeated(tree, base, url)]
    candidates = [candidate for candidate in candidates if candidate.score >= _LEAST_SCORE]
    candidates.sort(key=lambda candidate: (-candidate.score, len(candidate.selector)))
    chosen: list[_Candidate] = []
    for candidate in candidates:
        if len(chosen) < _MOST_GUESSES and not any(_overlap(candidate, other) for other in chosen):
            chosen.append(candidate)
    return [_guess(candidate) for candidate in chosen]


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    mine, theirs = ({item.url for item in candidate.items} for candidate in (one, other))
    return 2 * len(mine & theirs) > min(len(mine), len(theirs))


def _repeated(tree: LexborHTMLParser, base: str, url: str) -> list[str]:
    """Selectors of elements around headlines, those of the most elements first."""
    elements: defaultdict[str, set[int]] = defaultdict(set)
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        if width(_headline([node])) < _HEADLINE_WIDTH or not links_of(node, "a[href]", base, url):
            continue
        element: LexborNode | None = node
        for _ in range(_LEVELS):
            if element is None or element.tag in ROOTS:
                break
            for selector in selectors_of(element):
                elements[selector].add(element.mem_id)
            element = element.parent
    often = sorted(elements, key=lambda selector: -len(elements[selector]))
    return [selector for selector in often if len(elements[selector]) >= _FEWEST_ITEMS][:_MOST_CANDIDATES]


def _judge(tree: LexborHTMLParser, selector: str, base: str, url: str) -> _Candidate:
    elements = tree.css(selector)
    items = tuple(_item(element, base, url) for element in elements[:_LOOKED_AT])
    linked = [item for item in items if item.url]
    if len(linked) < _FEWEST_ITEMS:
        return _Candidate(selector, len(elements), items, 0)
    distinct = len({item.url for item in linked}) / len(items)
    dated = sum(item.is_dated for item in linked) / len(items)
    single = sum(len(item.links) <= _LINKS_PER_ITEM for item in linked) / len(items)
    headline = sum(min(width(item.title), _FULL_WIDTH) for item in linked) / len(items) / _FULL_WIDTH
    many = min(len(elements), _ENOUGH_ITEMS) / _ENOUGH_ITEMS
    place = 0.3 if _is_aside(elements[0]) else 1
    return _Candidate(selector, len(elements), items, distinct * (0.3 + dated) * single * headline * many**0.5 * place)


def _item(element: LexborNode, base: str, url: str) -> _Item:
    links = links_of(element, "a[href]", base, url)
    titles = {link: _headline([node for other, node in links if other == link]) for link, _ in links}
    best = max(titles, key=lambda link: width(titles[link]), default="")
    title = titles.get(best, "")
    beside = one_line(element.text(separator=" ")).replace(title, " ") if title else ""
    return _Item(
        element=element,
        url=best,
        title=title,
        links=tuple(titles),
        is_dated=element.css_first("[datetime]") is not None or _DATE.search(beside) is not None,
    )


def _headline(links: list[LexborNode]) -> str:
    """A link around a whole card has its headline in a heading."""
    headings = (link.css_first(_HEADINGS) for link in links)
    return next((one_line(heading.text()) for heading in headings if heading is not None), "") or title_of(links)


def width(text: str) -> int:
    """How much a text says: a Chinese character counts as two letters."""
    return len(text) + len(_WIDE.findall(text))


def _is_aside(element: LexborNode) -> bool:
    node: LexborNode | None = element
    while node is not None:
        names = (node.tag, node.id, node.attributes.get("class"))
        if any(name and _ASIDE.search(name) for name in names):
            return True
        node = node.parent
    return False


def _guess(candidate: _Candidate) -> Guess:
    items = [item for item in candidate.items if item.url]
    is_first_link = sum(item.links[0] == item.url for item in items) >= _MOSTLY * len(items)
    return Guess(
        Selectors(
            item=candidate.selector,
            link="a[href]" if is_first_link else _within(items, "a[href]", _is_the_link) or "a[href]",
            title=_within(items, _HEADINGS, _is_the_heading),
            date=_within(items, "*", _is_date),
            summary=_within(items, "p, div, span", _is_summary),
        ),
        count=candidate.count,
        titles=tuple(item.title for item in items[:_MOST_GUESSES]),
    )


def _within(items: list[_Item], kinds: str, is_wanted: Callable[[_Item, LexborNode], bool]) -> str:
    """A selector that finds what is wanted first in most of the items; empty where there is none."""
    for item in items[:_FEWEST_ITEMS]:
        for node in item.element.css(kinds):
            if node == item.element or not is_wanted(item, node):
                continue
            for selector in selectors_within(node):
                firsts = ((other, other.element.css_first(selector)) for other in items)
                met = sum(first is not None and is_wanted(other, first) for other, first in firsts)
                if met >= _MOSTLY * len(items):
                    return selector
    return ""


def _is_the_link(item: _Item, node: LexborNode) -> bool:
    return item.title == title_of([node])


def _is_the_heading(item: _Item, node: LexborNode) -> bool:
    """A heading within the link alone: around it, the link's own text will do."""
    return one_line(node.text()) == item.title and node.css_first("a") is None


def _is_date(item: _Item, node: LexborNode) -> bool:
    if node.attributes.get("datetime"):
        return True
    text = one_line(node.text(separator=" "))
    if len(text) > _LONGEST_DATE or text in item.title or not _DATE.search(text):
        return False
    return boxed_date(text) is not None or not any(inner != node and _is_date(item, inner) for inner in node.css("*"))


def _is_summary(item: _Item, node: LexborNode) -> bool:
    text = one_line(node.text())
    return width(text) >= _SUMMARY_WIDTH and item.title not in text and node.css_first("p, a") in (None, node)
