"""An edition cut to what a mail can carry: long fields shortened, republications named once, stories left out last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from feedwatch.digest.columns import clip
from feedwatch.digest.markup import printable
from feedwatch.digest.personal import OPEN, PLACEHOLDERS
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory

LONGEST_TITLE = 300
LONGEST_SNIPPET = 700
LONGEST_NAME = 120
LONGEST_TERM = 60
_LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less its brackets; a name may be as long."""
_LONGEST_LINK = 160
"""Of our own: the public URL and 60 characters."""
_LANGUAGE = re.compile("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
"""RFC 5646, 2.1, as far as a lang attribute cares."""


def legible(edition: Edition) -> Edition:
    """The edition with no field longer than a reader would follow, and no character that upsets a mail client."""
    return legible_frame(edition, lambda section: tuple(map(legible_story, section.stories)))


def legible_frame(edition: Edition, stories_of: Callable[[EditionSection], tuple[EditionStory, ...]]) -> Edition:
    """As `legible`, with the stories of each section as `stories_of` gives them."""
    return replace(
        edition,
        subscription=_name(edition.subscription),
        sections=tuple(
            EditionSection(_name(section.watchlist), stories_of(section), section.more) for section in edition.sections
        ),
        rising=tuple(replace(term, term=clip(printable(term.term), LONGEST_TERM)) for term in edition.rising),
    )


def without_last_stories(
    edition: Edition, excess: int, size_of: Callable[[EditionStory], int], *, more_size: int
) -> Edition:
    """The edition without stories of `excess` bytes in all, at least one: each the last of the section that is then
    longest, of equals the last, counted as more; a section's first takes the `more_size` bytes that say so."""
    sections = list(edition.sections)
    while True:
        at = max(range(len(sections)), key=lambda index: (len(sections[index].stories), index))
        section = sections[at]
        if not section.stories:
            break
        sections[at] = replace(section, stories=section.stories[:-1], more=section.more + 1)
        excess -= size_of(section.stories[-1]) - (0 if section.more else more_size)
        if excess <= 0:
            break
    return replace(edition, sections=tuple(sections))


def filled_size(text: str) -> int:
    """Bytes at most, once what is personal is filled in."""
    places = text.count(OPEN)
    people = text.count(PLACEHOLDERS["address"]) + text.count(PLACEHOLDERS["name"]) if places else 0
    return len(text.encode()) + people * _LONGEST_ADDRESS + (places - people) * _LONGEST_LINK


def first_stories(edition: Edition, count: int) -> tuple[EditionSection, ...]:
    """The sections with `count` stories in all: the first of each, then the second of each, each in its place."""
    ranked = sorted((depth, at) for at, section in enumerate(edition.sections) for depth in range(len(section.stories)))
    kept = Counter(at for _, at in ranked[:count])
    return tuple(
        replace(section, stories=section.stories[: kept[at]], more=section.more + len(section.stories) - kept[at])
        for at, section in enumerate(edition.sections)
        if kept[at]
    )


def legible_story(story: EditionStory) -> EditionStory:
    """The story with no field longer than a reader would follow."""
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


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    return clip(" ".join(printable(text).split()), LONGEST_NAME)
