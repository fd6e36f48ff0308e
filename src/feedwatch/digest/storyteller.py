"""Stories in words, each made once: a digest is mostly stories that other digests tell too."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import css_inline

from feedwatch.digest.fit import filled_size, legible_story
from feedwatch.digest.languages import foreign_language
from feedwatch.digest.personal import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.digest.templates import Templates
    from feedwatch.model import EditionStory

ANCHOR = f"{OPEN}anchor{CLOSE}"
"""Stands for a section's anchor in what is shared, as its number is not."""
SHOWN, TOTAL = f"{OPEN}shown{CLOSE}", f"{OPEN}total{CLOSE}"
"""Stand for the figures of an entry of the contents."""
WHEN = f"{OPEN}when........{CLOSE}"
"""Stands for a story's local time in what is shared by readers in all zones: as wide as the widest, 2026年11月18日."""
KEPT = 8192
"""Tellings at most, some 8 KB each; those that were not asked for the longest go first."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A story's part of a mail."""

    text: str
    size: int
    """In bytes, once what is personal is filled in, at most; without what is put in for the marks above."""
    faults: tuple[str, ...]
    """One sentence for each overriding template that failed."""


@dataclass(slots=True)
class Telling:
    """A story told in one language, and what was made of it so far."""

    story: EditionStory
    """Legible: what templates see."""
    locale: str
    generation: int
    """Of the templates that tell it."""
    made: dict[str, Fragment] = field(default_factory=dict)
    """By the kind of fragment."""


class Storyteller:
    """Makes stories into HTML and text by the templates in force, and keeps the latest; safe between threads."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self.telling = lru_cache(maxsize=KEPT)(self._telling)
        """The telling of (story, locale, generation of the templates); equal stories have one."""
        self.part = lru_cache(maxsize=KEPT)(self._part)
        """Any other part that many digests share, of (template, locale, generation, names and values for it)."""
        self.look = lru_cache(maxsize=16)(self._look)
        """What inlines the styles of (locale, generation), and the faults of an override of them."""

    def html(self, telling: Telling, *, leads: bool) -> Fragment:
        """parts/story.html.j2 with its styles inlined: rows of a table."""
        return self._told("html that leads" if leads else "html", "parts/story.html.j2", telling, leads=leads)

    def text(self, telling: Telling) -> Fragment:
        """parts/story.txt.j2."""
        return self._told("text", "parts/story.txt.j2", telling, leads=False)

    def _told(self, kind: str, name: str, telling: Telling, *, leads: bool) -> Fragment:
        if kind not in telling.made:
            context = {
                "story": telling.story,
                "leads": leads,
                "when": WHEN,
                "language": foreign_language(telling.story.source_language, telling.locale),
                "locale": telling.locale,
            }
            telling.made[kind] = self._made(name, telling.locale, telling.generation, context)
        return telling.made[kind]

    def _part(self, name: str, locale: str, generation: int, values: tuple[tuple[str, str | int], ...]) -> Fragment:
        return self._made(name, locale, generation, {**dict(values), "locale": locale})

    def _made(self, name: str, locale: str, generation: int, context: Mapping[str, object]) -> Fragment:
        text, faults = self._templates.render(name, context, locale)
        text = text.strip("\n")
        if name.endswith(".html.j2"):
            look, look_faults = self.look(locale, generation)
            text, faults = _inlined(look, text), faults + look_faults
        return Fragment(text, _size(text), faults)

    def _telling(self, story: EditionStory, locale: str, generation: int) -> Telling:
        return Telling(legible_story(story), locale, generation)

    def _look(
        self,
        locale: str,
        generation: int,  # noqa: ARG002 - of another generation it is made anew
    ) -> tuple[css_inline.CSSInliner, tuple[str, ...]]:
        css, faults = self._templates.render("parts/look.css.j2", {"locale": locale}, locale)
        inliner = css_inline.CSSInliner(
            extra_css=css,
            keep_style_tags=True,  # parts/style.html.j2, which asks not to be inlined itself
            minify_css=True,
            load_remote_stylesheets=False,
        )
        return inliner, faults


def _size(text: str) -> int:
    """In bytes, without what is put in afterwards for the marks above."""
    for mark in (ANCHOR, SHOWN, TOTAL, WHEN):
        text = text.replace(mark, "")
    return filled_size(text)


def _inlined(look: css_inline.CSSInliner, text: str) -> str:
    """An HTML parser drops rows that stand outside of a table: they get one for the while."""
    if not text.startswith("<tr"):
        return look.inline_fragment(text, "")
    before, after = "<table><tbody>", "</tbody></table>"
    return look.inline_fragment(before + text + after, "").removeprefix(before).removesuffix(after)
