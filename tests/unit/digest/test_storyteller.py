"""A story that was told before is told in the same words: what is kept never shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.digest.columns import columns
from feedwatch.digest.dates import story_time
from feedwatch.digest.fit import filled_size
from feedwatch.digest.render import Renderer, _context, shipped_templates
from feedwatch.digest.samples import sample_edition
from feedwatch.digest.storyteller import KEPT, WHEN
from feedwatch.digest.words import LOCALES
from feedwatch.model import Edition, EditionSection

WARM = Renderer(shipped_templates())
COLD = Renderer(shipped_templates())
STORIES = [story for section in sample_edition().sections for story in section.stories]

sections = st.lists(
    st.builds(
        EditionSection,
        st.sampled_from(["Ports", "大灣區", "<b>"]),
        st.lists(
            st.builds(replace, st.sampled_from(STORIES), is_update=st.booleans()),
            max_size=3,
        ).map(tuple),
        st.integers(0, 2),
    ),
    max_size=12,
).map(tuple)
editions = st.builds(
    replace,
    st.just(sample_edition()),
    sections=sections,
    locale=st.sampled_from(["en", "zh-Hans", "zh-HK"]),
    timezone=st.sampled_from(["Asia/Shanghai", "America/New_York"]),
)


@given(edition=editions, has_pages=st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_renderer_that_told_before_says_the_same(edition: Edition, has_pages: bool) -> None:
    COLD._storyteller.telling.cache_clear()
    COLD._storyteller.part.cache_clear()
    assert WARM.render(edition, has_pages=has_pages) == COLD.render(edition, has_pages=has_pages)
    assert WARM.render_short(edition, has_pages=has_pages) == COLD.render_short(edition, has_pages=has_pages)


@given(edition=editions, has_pages=st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_size_is_summed_as_it_would_be_counted(edition: Edition, has_pages: bool) -> None:
    assembly = WARM._begin(edition, has_pages=has_pages)
    html, size = assembly.html(_context(assembly))
    markers = 2 * len("<!--fragments 0-->")  # stood for the fragments, and are gone
    assert 0 <= size - filled_size(html) <= markers


def test_equal_stories_are_told_once() -> None:
    renderer = Renderer(shipped_templates())
    renderer.render(sample_edition(), has_pages=True)
    again = replace(
        sample_edition(),
        sections=tuple(
            replace(section, stories=tuple(replace(story) for story in section.stories))
            for section in sample_edition().sections
        ),
    )
    renderer.render(again, has_pages=False)
    told = renderer._storyteller.telling.cache_info()
    assert (told.misses, told.hits) == (20, 20)


@pytest.mark.parametrize(
    "other, tellings",
    [
        ({"locale": "zh-Hans"}, 2),
        ({"title": "Other"}, 2),
        ({"terms": ("other",)}, 2),
        ({"timezone": "Europe/London"}, 1),  # its time is put in afterwards
    ],
)
def test_what_a_telling_depends_on_makes_another(other: dict[str, object], tellings: int) -> None:
    renderer = Renderer(shipped_templates())
    edition = replace(sample_edition(), sections=(EditionSection("Ports", tuple(STORIES[:1])),))
    first = renderer.render(edition, has_pages=True)[0].body
    of_edition = {key: value for key, value in other.items() if key in ("locale", "timezone")}
    of_story = {key: value for key, value in other.items() if key not in of_edition}
    story = replace(STORIES[0], **of_story)  # type: ignore[arg-type]
    changed = replace(edition, sections=(EditionSection("Ports", (story,)),), **of_edition)  # type: ignore[arg-type]
    assert renderer.render(changed, has_pages=True)[0].body.text.split("=\n")[2] != first.text.split("=\n")[2]
    assert renderer._storyteller.telling.cache_info().misses == tellings


@given(
    st.datetimes(datetime(1999, 1, 1), datetime(2101, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    st.integers(-9, 9),
    st.sampled_from(list(LOCALES)),
)
def test_a_time_is_no_wider_than_what_stands_for_it(at: datetime, days: int, locale: str) -> None:
    """So lines that were broken before it was put in stay within their width."""
    last_day = (at + timedelta(days=days)).date()
    assert columns(story_time(at, last_day, ZoneInfo("Asia/Shanghai"), locale)) <= columns(WHEN)


def test_what_is_kept_is_bounded() -> None:
    renderer = Renderer(shipped_templates())
    for cached in (renderer._storyteller.telling, renderer._storyteller.part):
        assert cached.cache_info().maxsize == KEPT


def test_threads_say_the_same() -> None:
    renderer = Renderer(shipped_templates())
    asked = [sample_edition(locale=locale) for locale in ("en", "zh-Hans", "zh-Hant")] * 4
    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda edition: renderer.render(edition, has_pages=True), asked))
    assert said[3:] == said[:3] * 3
    assert said[0] == WARM.render(asked[0], has_pages=True)
