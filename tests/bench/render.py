"""What making a digest's words costs: python -m tests.bench.render

An edition of 50 stories of real length, as made for the first time and from stories that were told before; and two
other ways to its HTML: css-inline for the whole page, and mrml (MJML). CPU time, the least of many runs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import css_inline
import mrml
from markupsafe import escape

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.digest.samples import sample_edition
from feedwatch.model import Edition, EditionSection

RUNS = 40


def least_ms(work: Callable[[], object]) -> float:
    """CPU milliseconds of the quickest run."""
    best = float("inf")
    for _ in range(RUNS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best * 1000


def fifty(watchlists: int) -> Edition:
    """50 stories under so many watchlists."""
    stories = [story for section in sample_edition().sections for story in section.stories]
    fifty = [replace(stories[at % len(stories)], story_id=at) for at in range(50)]
    size = len(fifty) // watchlists
    sections = tuple(
        EditionSection(f"Watchlist {at}", tuple(fifty[at * size : (at + 1) * size]), 0 if at % 5 else 3)
        for at in range(watchlists)
    )
    return replace(sample_edition(), sections=sections)


def mjml(edition: Edition) -> str:
    """The same stories in MJML: a section and a column each, four texts in it."""
    stories = (
        f'<mj-section background-color="#fff" padding="18px 0 24px"><mj-column><mj-text font-size="18px">'
        f'<h3><a href="{escape(story.url)}">{escape(story.title)}</a></h3></mj-text>'
        f'<mj-text font-size="13px">{escape(story.source)} · 07:12</mj-text>'
        f"<mj-text>{escape(story.snippet)}</mj-text>"
        f'<mj-text font-size="12px">{" ".join(map(escape, story.terms))}</mj-text></mj-column></mj-section>'
        for section in edition.sections
        for story in section.stories
    )
    return (
        '<mjml><mj-head><mj-attributes><mj-all font-family="Arial" /><mj-text padding="0 40px" color="#1c2024" '
        f'line-height="24px" /></mj-attributes></mj-head><mj-body width="640px">{"".join(stories)}</mj-body></mjml>'
    )


def main() -> None:
    renderer = Renderer(shipped_templates())
    for watchlists in (1, 10, 50):
        edition = fifty(watchlists)
        mail, _ = renderer.render(edition, has_pages=True)
        shown = f"{len(mail.story_ids)} stories under {watchlists} watchlists, {len(mail.body.html.encode()):,} bytes"
        before, anew = least_ms(partial(_told, renderer, edition)), least_ms(partial(_told_anew, renderer, edition))
        print(f"{shown}: {before:.2f} ms told before, {anew:.1f} ms told anew")
    html = renderer.render(fifty(1), has_pages=True)[0].body.html
    css, _ = renderer._templates.render("parts/look.css.j2", {"locale": "en"})
    bare = re.sub(r' style="[^"]*"', "", html)
    look = css_inline.CSSInliner(extra_css=css, keep_style_tags=True, load_remote_stylesheets=False, minify_css=True)
    size, spent = len(look.inline(bare).encode()), least_ms(partial(look.inline, bare))
    print(f"css-inline, the whole page: {size:,} bytes, {spent:.2f} ms")
    source = mjml(fifty(1))
    made = mrml.to_html(source)
    size, spent = len(str(getattr(made, "content", made)).encode()), least_ms(partial(mrml.to_html, source))
    print(f"mrml, stories alone and no marks: {size:,} bytes, {spent:.2f} ms")


def _told(renderer: Renderer, edition: Edition) -> None:
    renderer.render(edition, has_pages=True)


def _told_anew(renderer: Renderer, edition: Edition) -> None:
    renderer._storyteller.telling.cache_clear()
    renderer.render(edition, has_pages=True)


if __name__ == "__main__":
    main()
