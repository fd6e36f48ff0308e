"""An edition made into the subject, the HTML and the plain text of a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from feedwatch.digest.columns import clip, columns, wrap
from feedwatch.digest.dates import short_date, story_time, window_line
from feedwatch.digest.fit import legible, stories_over, without_last_stories
from feedwatch.digest.languages import direction, foreign_language, language_name
from feedwatch.digest.markup import action_link, marked, web_link
from feedwatch.digest.personal import PLACEHOLDERS
from feedwatch.digest.templates import Templates, shipped_templates
from feedwatch.model import Body, Edition, EditionStory, RenderedEdition

__all__ = ["HTML_LIMIT", "Renderer", "shipped_templates"]

HTML_LIMIT = 102_000
"""Bytes; large web mail services cut a longer page and hide its end behind a link."""
_PREHEADER_COLUMNS = 150
_NO_PAGES = {"view_url": "", "archive_url": "", "settings_url": "", "confirm_url": ""}
_FILTERS: dict[str, Callable[..., object]] = {
    "action_link": action_link,
    "clip": clip,
    "columns": columns,
    "direction": direction,
    "marked": marked,
    "web_link": web_link,
    "wrap": wrap,
}


class Renderer:
    """Renders editions with the shipped templates and an admin's overrides; safe to share between threads.

    What a template may use is written at the top of templates/digest.html.j2.
    """

    def __init__(self, shipped: Path, overrides: Path | None = None) -> None:
        self._templates = Templates(shipped, overrides, _FILTERS)

    def render(self, edition: Edition, *, has_pages: bool) -> tuple[RenderedEdition, tuple[str, ...]]:
        """The mail's parts, and one sentence for each overriding template that failed and was passed over.

        has_pages: whether the mail links to pages that feedwatch serves. Times are told in the edition's zone; the HTML
        stays below HTML_LIMIT, for which the last stories of the longest sections are left out and counted as "more".
        Raises FeedwatchError where a shipped template fails, ZoneInfoNotFoundError for an unknown zone.
        """
        edition = legible(edition)
        while True:
            context = _context(edition, has_pages=has_pages)
            html, html_faults = self._templates.render("digest.html.j2", context)
            size = len(html.encode())
            if size < HTML_LIMIT or not edition.story_count:
                break
            edition = without_last_stories(edition, stories_over(size, HTML_LIMIT, edition.story_count))
        text, text_faults = self._templates.render("digest.txt.j2", context)
        subject, subject_faults = self._templates.render("subject.txt.j2", context)
        mail = RenderedEdition(
            body=Body(subject=" ".join(subject.split()), html=html, text=text.strip("\n") + "\n"),
            story_ids=tuple(story.story_id for section in edition.sections for story in section.stories),
        )
        return mail, tuple(dict.fromkeys(html_faults + text_faults + subject_faults))


def _context(edition: Edition, *, has_pages: bool) -> dict[str, object]:
    zone = ZoneInfo(edition.timezone)
    before = edition.previous_story_count

    def when(story: EditionStory) -> str:
        return story_time(story.published_at, edition.window_end, zone)

    def language(story: EditionStory) -> str:
        return foreign_language(story.source_language, edition.locale)

    return {
        "edition": edition,
        "sections": tuple(section for section in edition.sections if section.stories or section.more),
        "window": window_line(edition.window_start, edition.window_end, zone),
        "day": short_date(edition.window_end, zone),
        "change": None if before is None else edition.story_count - before,
        "preheader": clip(" · ".join(_headlines(edition)), _PREHEADER_COLUMNS),
        "when": when,
        "language": language,
        "name_language": language_name,
        "personal": PLACEHOLDERS if has_pages else {**PLACEHOLDERS, **_NO_PAGES},
    }


def _headlines(edition: Edition) -> Iterator[str]:
    """The first of each section, then the second of each: what the inbox shows behind the subject."""
    depth = max((len(section.stories) for section in edition.sections), default=0)
    for at in range(min(depth, 3)):
        for section in edition.sections:
            if at < len(section.stories):
                yield " ".join(section.stories[at].title.split())
