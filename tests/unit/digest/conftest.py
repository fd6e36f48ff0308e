from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from feedwatch.digest.personal import Personal, fill
from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.digest.samples import PERSON, sample_edition
from feedwatch.model import Body, Edition, EditionSection, EditionStory

WITHOUT_PAGES = Personal("陈大文", "man@example.org", unsubscribe_url="mailto:bye@example.org?subject=unsubscribe")


@pytest.fixture(scope="session")
def full_edition() -> Edition:
    """Twenty stories in five languages under three watchlists."""
    return sample_edition()


@pytest.fixture
def edition_of() -> Callable[..., Edition]:
    """Makes an edition of one section from the stories given."""

    def make(*stories: EditionStory, **fields: Any) -> Edition:
        plain: dict[str, Any] = {
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


@pytest.fixture(scope="session")
def render() -> Callable[..., Body]:
    """Renders with the shipped templates, which must not fail, and fills in what is personal."""
    renderer = Renderer(shipped_templates())

    def rendered(edition: Edition, *, has_pages: bool = True) -> Body:
        mail, faults = renderer.render(edition, has_pages=has_pages)
        assert faults == ()
        person = PERSON if has_pages else WITHOUT_PAGES
        return Body(mail.body.subject, fill(mail.body.html, person, is_html=True), fill(mail.body.text, person))

    return rendered
