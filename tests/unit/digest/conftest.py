from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory, RenderedEdition

HERE = Path(__file__).parent


def with_spans(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """`a [[term]]` as the text `a term` and the span of the term."""
    spans, text = [], ""
    for at, part in enumerate(re.split(r"\[\[(.*?)\]\]", marked)):
        if at % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    return text, tuple(spans)


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
        relatives=tuple(EditionRelative(**relative) for relative in row.get("relatives", ())),
    )


@pytest.fixture(scope="session")
def full_edition() -> Edition:
    """Twenty stories in five languages under three watchlists."""
    rows = yaml.safe_load((HERE / "edition.yaml").read_text(encoding="utf-8"))
    sections = tuple(
        EditionSection(
            section["watchlist"],
            tuple(_story(100 * number + at, row) for at, row in enumerate(section["stories"])),
            section["more"],
        )
        for number, section in enumerate(rows.pop("sections"))
    )
    window_start, window_end = rows.pop("window")
    return Edition(window_start=window_start, window_end=window_end, sections=sections, **rows)


@pytest.fixture
def edition_of() -> Callable[..., Edition]:
    """Makes an edition of one section from the stories given."""

    def make(*stories: EditionStory, **fields: Any) -> Edition:
        plain: dict[str, Any] = {
            "subscriber": "Ann",
            "address": "ann@example.org",
            "subscription": "Brief",
            "timezone": "UTC",
            "locale": "en",
            "window_start": datetime(2026, 11, 24, 8, tzinfo=UTC),
            "window_end": datetime(2026, 11, 25, 8, tzinfo=UTC),
            "sections": (EditionSection("Watched", stories),),
            "source_count": 1,
        }
        return Edition(**(plain | fields))

    return make


@pytest.fixture
def story() -> Callable[..., EditionStory]:
    """Makes a story from the fields that matter to a test."""

    def make(**fields: Any) -> EditionStory:
        plain: dict[str, Any] = {
            "story_id": 1,
            "title": "A headline",
            "title_spans": (),
            "url": "https://news.example.com/1",
            "source": "Harbour Post",
            "source_language": "en",
            "published_at": datetime(2026, 11, 25, 7, 12, tzinfo=UTC),
            "snippet": "A passage.",
            "snippet_spans": (),
            "terms": (),
        }
        return EditionStory(**(plain | fields))

    return make


@pytest.fixture
def render() -> Callable[..., RenderedEdition]:
    """Renders with the shipped templates, which must not fail."""
    renderer = Renderer(shipped_templates())

    def rendered(edition: Edition, **links: Any) -> RenderedEdition:
        usual = {"archive_url": None, "settings_url": None, "unsubscribe": "mailto:bye@example.org?subject=unsubscribe"}
        mail, faults = renderer.render(edition, **(usual | links))
        assert faults == ()
        return mail

    return rendered
