"""Editions to try templates with: a full one, one of many watchlists, an empty one, and one from hostile feeds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from feedwatch.digest.personal import Personal
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory, RisingTerm

SAMPLES = ("full", "many watchlists", "empty", "hostile")
PERSON = Personal(
    name="陈大文",
    address="man@example.org",
    view_url="https://watch.example.org/e/42.x",
    archive_url="https://watch.example.org/e/42.x/all",
    settings_url="https://watch.example.org/s/7.x",
    unsubscribe_url="https://watch.example.org/u/9.x",
)
"""Who gets the samples."""
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></tr></table><h1>Owned</h1>",
    "{{ edition.subscription }}{% raw %}",
    "<!--[if mso]><b>",
    "<!--fragments 0-->",
    "&lt;script&gt;",
    "a\x00b\ud800\u202e",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
)
"""What a feed may say in place of a headline."""


@cache
def sample_edition(name: str = "full", locale: str = "en") -> Edition:
    """One of SAMPLES, as a reader of that locale gets it."""
    full = replace(_full_edition(), locale=locale)
    if name == "many watchlists":
        stories = [story for section in full.sections for story in section.stories]
        sections = tuple(EditionSection(story.terms[0], (story,), at % 3) for at, story in enumerate(stories))
        return replace(full, sections=sections)
    if name == "empty":
        return replace(full, sections=(), rising=(), source_count=0, previous_story_count=None)
    if name == "hostile":
        section = EditionSection(HOSTILE[0], tuple(_hostile_story(at, text) for at, text in enumerate(HOSTILE)), 1)
        rising = tuple(RisingTerm(text, 1, 0.0, 1.0) for text in HOSTILE)
        return replace(full, subscription=HOSTILE[1], sections=(section,), rising=rising)
    return full


def with_spans(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """`a [[term]]` as the text `a term` and the span of the term."""
    spans, text = [], ""
    for at, part in enumerate(re.split(r"\[\[(.*?)\]\]", marked)):
        if at % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    return text, tuple(spans)


def _full_edition() -> Edition:
    rows = yaml.safe_load(Path(__file__).with_name("edition.yaml").read_text(encoding="utf-8"))
    sections = tuple(
        EditionSection(
            section["watchlist"],
            tuple(_story(100 * number + at, row) for at, row in enumerate(section["stories"])),
            section["more"],
        )
        for number, section in enumerate(rows.pop("sections"))
    )
    window_start, window_end = rows.pop("window")
    rising = tuple(RisingTerm(**term) for term in rows.pop("rising"))
    return Edition(
        locale="en", window_start=window_start, window_end=window_end, sections=sections, rising=rising, **rows
    )


def _story(story_id: int, row: dict[str, Any]) -> EditionStory:
    title, title_spans = with_spans(row["title"])
    snippet, snippet_spans = with_spans(row["snippet"])
    return EditionStory(
        story_id=story_id,
        title=title,
        title_spans=title_spans,
        url=row["url"],
        source=row["source"],
        source_language=row["language"],
        published_at=row["at"],
        snippet=snippet,
        snippet_spans=snippet_spans,
        terms=tuple(row["terms"]),
        also_in=tuple(EditionItem(title, item["url"], item["source"], item["at"]) for item in row.get("also_in", ())),
        also_matched=tuple(row.get("also_matched", ())),
        is_update=row.get("is_update", False),
        relatives=tuple(EditionRelative(**relative) for relative in row.get("relatives", ())),
    )


def _hostile_story(story_id: int, text: str) -> EditionStory:
    at = _full_edition().window_end
    return EditionStory(
        story_id=story_id,
        title=text,
        title_spans=((0, 3),),
        url="javascript:alert(1)",
        source=text,
        source_language=text if story_id else "ar",
        published_at=at,
        snippet=text,
        snippet_spans=((1, 4),),
        terms=(text,),
        also_in=(EditionItem(text, 'https://x.example/"><b>', f"Other {text}", at),),
        also_matched=(text,),
        relatives=(EditionRelative(text, "data:text/html,x", text, "ar"),),
    )
