"""A digest put together: the page that is its own, around fragments that it shares with others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from feedwatch.digest.columns import numbered
from feedwatch.digest.fit import filled_size
from feedwatch.digest.storyteller import ANCHOR, SHOWN, TOTAL, WHEN
from feedwatch.digest.words import number

if TYPE_CHECKING:
    from feedwatch.digest.storyteller import Fragment, Storyteller, Telling
    from feedwatch.digest.templates import Templates
    from feedwatch.model import Edition, EditionSection

MANY_SECTIONS = 10
"""Of more, the contents are one paragraph and not a line each."""
_MARKER = re.compile("<!--fragments (\\d+)-->")


@dataclass(slots=True)
class Assembly:
    """One edition on its way into words: `html` and `text` make its parts by the templates in force."""

    templates: Templates
    storyteller: Storyteller
    edition: Edition
    """Legible."""
    tellings: Mapping[int, tuple[Telling, str]]
    """By the identity of the edition's stories, which live as long; each with its local time."""
    locale: str
    generation: int
    """Of the templates."""
    archive_url: str
    """What "n more" leads to; "" where there are no pages."""
    faults: list[str] = field(default_factory=list)
    """One sentence for each overriding template that failed; some are said several times."""
    sizes: dict[int, int] = field(default_factory=dict)
    """The bytes that each story takes of the HTML, by its identity."""
    size: int = 0
    """Of the fragments taken so far, once what is personal is filled in; at most."""
    entries: str = ""
    """Of the contents, in HTML; as `stories`, made by `prepare`."""
    stories: str = ""

    @property
    def sections(self) -> tuple[EditionSection, ...]:
        """Those that are shown."""
        return tuple(section for section in self.edition.sections if section.stories or section.more)

    def prepare(self) -> int:
        """Put the HTML's fragments together; returns how many bytes they have at most, the page around them left out.

        What the page needs beside them is little: an edition that is too large is told by this, before it is rendered.
        """
        self.size = 0
        sections = self.sections
        is_row = len(sections) <= MANY_SECTIONS
        self.entries = "".join(
            self._put(self._entry("html", section, is_row=is_row), ANCHOR, f"w{at}")
            for at, section in enumerate(sections, 1)
        )
        self.stories = "".join(part for at, section in enumerate(sections, 1) for part in self._html(section, f"w{at}"))
        return self.size

    def html(self, context: Mapping[str, object]) -> tuple[str, int]:
        """digest.html.j2 around what was prepared, and how many bytes it has at most, once what is personal is filled
        in.

        The page's styles are inlined without the fragments, whose are already: markers stand for them, comments, as no
        feed can write.
        """
        made: list[str] = []

        def marker(fragments: str) -> Markup:
            made.append(fragments)
            return Markup(f"<!--fragments {len(made) - 1}-->")  # noqa: S704 - a number

        functions = {
            "entries_html": lambda: marker(self.entries),
            "sections_html": lambda: marker(self.stories),
        }
        page = self.render("digest.html.j2", {**context, **functions})
        look, faults = self.storyteller.look(self.locale, self.generation)
        self.faults += faults
        page = look.inline(page)
        return _MARKER.sub(lambda found: made[int(found[1])], page), filled_size(page) + self.size

    def text(self, context: Mapping[str, object]) -> str:
        """digest.txt.j2."""

        def entries_text() -> str:
            return "\n".join(self._entry("txt", section, is_row=True) for section in self.sections)

        def sections_text() -> str:
            return "\n\n".join(part for section in self.sections for part in self._text(section))

        functions = {"entries_text": entries_text, "sections_text": sections_text}
        return self.render("digest.txt.j2", {**context, **functions})

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """A template that is rendered for this edition alone."""
        text, faults = self.templates.render(name, context, self.locale)
        self.faults += faults
        return text

    def _html(self, section: EditionSection, anchor: str) -> Iterator[str]:
        opening = self._part("parts/opening.html.j2", watchlist=section.watchlist, anchor=ANCHOR)
        yield self._put(opening, ANCHOR, anchor)
        for at, story in enumerate(section.stories):
            telling, when = self.tellings[id(story)]
            fragment = self.storyteller.html(telling, leads=at == 0)
            self.sizes[id(story)] = fragment.size
            yield self._put(self._taken(fragment), WHEN, when)
        if section.more:
            yield self._part("parts/more.html.j2", more=section.more, archive_url=self.archive_url)

    def _text(self, section: EditionSection) -> Iterator[str]:
        yield self._part("parts/opening.txt.j2", watchlist=section.watchlist)
        for place, story in enumerate(section.stories, 1):
            telling, when = self.tellings[id(story)]
            yield numbered(self._taken(self.storyteller.text(telling)).replace(WHEN, when), place)
        if section.more:
            yield self._part("parts/more.txt.j2", more=section.more, archive_url=self.archive_url)

    def _entry(self, kind: str, section: EditionSection, *, is_row: bool) -> str:
        total = TOTAL if section.more else ""
        entry = self._part(
            f"parts/entry.{kind}.j2",
            watchlist=section.watchlist,
            anchor=ANCHOR,
            shown=SHOWN,
            total=total,
            is_row=is_row,
        )
        shown = number(len(section.stories), self.locale)
        entry = self._put(entry, SHOWN, shown if kind == "html" else f"{shown:>3}")
        return self._put(entry, TOTAL, number(len(section.stories) + section.more, self.locale)) if total else entry

    def _part(self, name: str, **values: str | int) -> str:
        return self._taken(self.storyteller.part(name, self.locale, self.generation, tuple(values.items())))

    def _put(self, text: str, mark: str, value: str) -> str:
        self.size += text.count(mark) * len(value.encode())
        return text.replace(mark, value)

    def _taken(self, fragment: Fragment) -> str:
        if fragment.faults:
            self.faults += fragment.faults
        self.size += fragment.size
        return fragment.text
