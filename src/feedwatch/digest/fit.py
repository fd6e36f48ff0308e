"""An edition cut to what a mail can carry: long fields shortened, republications named once, stories left out last."""

from __future__ import annotations

import re
from dataclasses import replace
from math import ceil

from feedwatch.digest.columns import clip
from feedwatch.digest.markup import printable
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory

LONGEST_TITLE = 300
LONGEST_SNIPPET = 700
LONGEST_NAME = 120
LONGEST_TERM = 60
_LANGUAGE = re.compile("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
"""RFC 5646, 2.1, as far as a lang attribute cares."""


def legible(edition: Edition) -> Edition:
    """The edition with no field longer than a reader would follow, and no character that upsets a mail client."""
    return replace(
        edition,
        subscription=_name(edition.subscription),
        sections=tuple(_section(section) for section in edition.sections),
    )


def without_last_stories(edition: Edition, count: int) -> Edition:
    """The edition with `count` stories fewer, each the last of the section that is then longest, counted as more."""
    sections = list(edition.sections)
    for _ in range(count):
        at = max(range(len(sections)), key=lambda index: len(sections[index].stories))
        section = sections[at]
        if not section.stories:
            break
        sections[at] = replace(section, stories=section.stories[:-1], more=section.more + 1)
    return replace(edition, sections=tuple(sections))


def stories_over(html_bytes: int, limit: int, stories: int) -> int:
    """How many of `stories` to leave out for a page of `html_bytes` to come near `limit`; at least one."""
    return max(1, ceil((html_bytes - limit) / html_bytes * stories))


def _section(section: EditionSection) -> EditionSection:
    return replace(section, watchlist=_name(section.watchlist), stories=tuple(map(_story, section.stories)))


def _story(story: EditionStory) -> EditionStory:
    title, title_spans = _cut(story.title, story.title_spans, LONGEST_TITLE)
    snippet, snippet_spans = _cut(story.snippet, story.snippet_spans, LONGEST_SNIPPET)
    return replace(
        story,
        title=title,
        title_spans=title_spans,
        source=_name(story.source),
        source_language=_language(story.source_language),
        snippet=snippet,
        snippet_spans=snippet_spans,
        terms=tuple(clip(printable(term), LONGEST_TERM) for term in story.terms),
        also_in=_elsewhere(story),
        also_matched=tuple(map(_name, story.also_matched)),
        relatives=tuple(map(_relative, story.relatives)),
    )


def _relative(relative: EditionRelative) -> EditionRelative:
    title, _ = _cut(relative.title, (), LONGEST_TITLE)
    return replace(relative, title=title, source=_name(relative.source), language=_language(relative.language))


def _language(tag: str) -> str:
    return tag if _LANGUAGE.fullmatch(tag) else "und"


def _elsewhere(story: EditionStory) -> tuple[EditionItem, ...]:
    """The first republication of each other source: a reader counts sources, not copies."""
    by_source: dict[str, EditionItem] = {}
    for item in story.also_in:
        name = _name(item.source)
        by_source.setdefault(name, replace(item, source=name))
    by_source.pop(_name(story.source), None)
    return tuple(by_source.values())


def _cut(text: str, spans: tuple[tuple[int, int], ...], longest: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    text = printable(text)
    if len(text) <= longest:
        return text, spans
    return text[: longest - 1] + "…", tuple((start, end) for start, end in spans if end < longest)


def _name(text: str) -> str:
    return clip(" ".join(printable(text).split()), LONGEST_NAME)
