"""An edition made into the subject, the HTML and the plain text of a mail, or into a message for a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from feedwatch.digest.assembly import Assembly
from feedwatch.digest.columns import clip, columns, wrap
from feedwatch.digest.dates import short_date, story_time, window_line
from feedwatch.digest.fit import filled_size, first_stories, legible_frame, without_last_stories
from feedwatch.digest.languages import direction, language_name, script
from feedwatch.digest.markup import action_link, marked, web_link
from feedwatch.digest.personal import PLACEHOLDERS
from feedwatch.digest.storyteller import Storyteller, Telling
from feedwatch.digest.templates import Templates, shipped_templates
from feedwatch.digest.words import reader_locale
from feedwatch.model import Body, Edition, EditionSection, EditionStory, RenderedEdition

__all__ = ["FILTERS", "HTML_LIMIT", "Renderer", "shipped_templates"]

HTML_LIMIT = 102_000
"""Bytes; large web mail services cut a longer page and hide its end behind a link."""
SHORT_LIMIT = 3_500
"""Bytes of a chat message: Telegram takes 4,096 characters, and the others more."""
SHORT_STORIES = 10
_FRAME_SIZE, _RISING_SIZE = 7_400, 800
"""About what the page takes around the fragments, and each term that rises: an edition that would be too large by this
is cut before its page is rendered. That it is small enough is told by the page itself."""
_MORE_SIZE = 500
"""Bytes at most of parts/more.html.j2, filled in."""
_PREHEADER_COLUMNS = 150
_NO_PAGES = {"view_url": "", "archive_url": "", "settings_url": "", "confirm_url": ""}
_NOBODYS = {"settings_url": "", "unsubscribe_url": "", "confirm_url": ""}
"""What a message that many read leaves out: links to what is one subscriber's own."""
FILTERS: Mapping[str, Callable[..., object]] = {
    "action_link": action_link,
    "clip": clip,
    "columns": columns,
    "direction": direction,
    "language_name": language_name,
    "marked": marked,
    "script": script,
    "web_link": web_link,
    "wrap": wrap,
}
"""What templates may use beside Jinja's own and those of `feedwatch.digest.templates`."""


class Renderer:
    """Renders editions with the shipped templates and an admin's overrides; safe to share between threads.

    What a template may use is written in docs/templates.md. A story that many editions tell is made into words once.
    """

    def __init__(self, shipped: Path, overrides: Path | None = None) -> None:
        self._templates = Templates(shipped, overrides, FILTERS)
        self._storyteller = Storyteller(self._templates)

    def render(self, edition: Edition, *, has_pages: bool) -> tuple[RenderedEdition, tuple[str, ...]]:
        """The mail's parts, and one sentence for each overriding template that failed and was passed over.

        has_pages: whether the mail links to pages that feedwatch serves. Times are told in the edition's zone, words in
        its locale; the HTML stays below HTML_LIMIT, filled in too, for which the last stories of the longest sections
        are left out and counted as "more". Raises FeedwatchError where a shipped template fails, ZoneInfoNotFoundError
        for an unknown zone. 1.3 ms of CPU for 50 stories that were told before (tests/bench/render.py).
        """
        assembly = self._begin(edition, has_pages=has_pages)
        while True:
            size = assembly.prepare() + _FRAME_SIZE + _RISING_SIZE * len(edition.rising)
            if size <= HTML_LIMIT or not assembly.edition.story_count:
                context = _context(assembly)
                html, size = assembly.html(context)
                if size <= HTML_LIMIT or not assembly.edition.story_count:
                    break
            assembly.edition = without_last_stories(
                assembly.edition,
                size - HTML_LIMIT,
                lambda story: assembly.sizes.get(id(story), 0),
                more_size=_MORE_SIZE,
            )
        text = assembly.text(context)
        subject = assembly.render("subject.txt.j2", context)
        mail = RenderedEdition(
            body=Body(subject=" ".join(subject.split()), html=html, text=text.strip("\n") + "\n"),
            story_ids=tuple(story.story_id for section in assembly.edition.sections for story in section.stories),
        )
        return mail, tuple(dict.fromkeys(assembly.faults))

    def render_short(self, edition: Edition, *, has_pages: bool) -> tuple[Body, tuple[str, ...]]:
        """The edition for a chat: plain text of at most SHORT_LIMIT bytes with the first headlines, and the same
        faults as `render` tells; no HTML."""
        assembly = self._begin(edition, has_pages=has_pages)
        context = _context(assembly)
        context["personal"] = {**PLACEHOLDERS, **({} if has_pages else _NO_PAGES), **_NOBODYS}
        subject = assembly.render("subject.txt.j2", context)
        for count in range(SHORT_STORIES, -1, -1):
            text = assembly.render("short.txt.j2", {**context, "shown": first_stories(assembly.edition, count)})
            if filled_size(text) <= SHORT_LIMIT:
                break
        body = Body(subject=" ".join(subject.split()), html="", text=text.strip("\n") + "\n")
        return body, tuple(dict.fromkeys(assembly.faults))

    def _begin(self, edition: Edition, *, has_pages: bool) -> Assembly:
        zone = ZoneInfo(edition.timezone)
        locale = reader_locale(edition.locale)
        last_day = edition.window_end.astimezone(zone).date()
        generation = self._templates.generation()
        tellings: dict[int, tuple[Telling, str]] = {}

        def legible_stories(section: EditionSection) -> tuple[EditionStory, ...]:
            found = []
            for story in section.stories:
                when = story_time(story.published_at, last_day, zone, locale)
                telling = self._storyteller.telling(story, locale, generation)
                tellings[id(telling.story)] = (telling, when)
                found.append(telling.story)
            return tuple(found)

        return Assembly(
            templates=self._templates,
            storyteller=self._storyteller,
            edition=legible_frame(edition, legible_stories),
            tellings=tellings,
            locale=locale,
            generation=generation,
            archive_url=PLACEHOLDERS["archive_url"] if has_pages else "",
        )


def _context(assembly: Assembly) -> dict[str, object]:
    edition, locale = assembly.edition, assembly.locale
    zone, before = ZoneInfo(edition.timezone), edition.previous_story_count
    return {
        "edition": edition,
        "sections": assembly.sections,
        "window": window_line(edition.window_start, edition.window_end, zone, locale),
        "day": short_date(edition.window_end, zone, locale),
        "change": None if before is None else edition.story_count - before,
        "preheader": _preheader(edition),
        "personal": PLACEHOLDERS if assembly.archive_url else {**PLACEHOLDERS, **_NO_PAGES},
        "locale": locale,
    }


def _preheader(edition: Edition) -> str:
    """What the inbox shows behind the subject: the first headline of each section, then the second of each."""
    told = ""
    for headline in _headlines(edition):
        told += f" · {headline}" if told else headline
        if len(told) >= _PREHEADER_COLUMNS:
            break
    return clip(told, _PREHEADER_COLUMNS)


def _headlines(edition: Edition) -> Iterator[str]:
    depth = max((len(section.stories) for section in edition.sections), default=0)
    for at in range(min(depth, 3)):
        for section in edition.sections:
            if at < len(section.stories):
                yield " ".join(section.stories[at].title.split())
