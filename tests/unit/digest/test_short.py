"""The edition as a chat gets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from feedwatch.digest.personal import PLACEHOLDERS, fill
from feedwatch.digest.render import SHORT_LIMIT, SHORT_STORIES, Renderer, shipped_templates
from feedwatch.digest.samples import PERSON, sample_edition
from feedwatch.model import Edition, EditionSection, EditionStory

RENDERER = Renderer(shipped_templates())


def short(edition: Edition, *, has_pages: bool = True) -> str:
    body, faults = RENDERER.render_short(edition, has_pages=has_pages)
    assert (body.html, faults) == ("", ())
    return fill(body.text, PERSON)


def test_it_reads_at_a_glance(edition_of: Callable[..., Edition], story: Callable[..., EditionStory]) -> None:
    edition = edition_of(
        previous_story_count=1,
        sections=(
            EditionSection("Ports", (story(title="Harbour opens"), story(title="Second", is_update=True)), 3),
            EditionSection("Silent", ()),
            EditionSection("大灣區", (story(title="大橋通車", source="港澳日報", url="javascript:x"),)),
        ),
    )
    assert (
        short(edition)
        == """\
Brief · 25 Nov
3 stories · 1 source · 2 more than in the last edition

Ports
- Harbour opens (Harbour Post)
  https://news.example.com/1
- Updated: Second (Harbour Post)
  https://news.example.com/1

大灣區
- 大橋通車 (港澳日報)

And 3 more.
View in browser:
https://watch.example.org/e/42.x
"""
    )


def test_it_speaks_the_readers_language() -> None:
    text = short(sample_edition(locale="zh-Hant"))
    assert text.startswith("Morning brief · 11月25日\n20篇報道 · 14個來源 · 較上期多4篇\n")
    assert "- 有更新：粤港澳大湾区国际" in text
    assert "還有25篇。\n在瀏覽器中檢視：\nhttps://" in text


def test_without_pages_it_links_to_none() -> None:
    body, _ = RENDERER.render_short(sample_edition(), has_pages=False)
    assert "View in browser" not in body.text
    assert not any(place in body.text for place in PLACEHOLDERS.values())


def test_the_first_of_each_watchlist_come_before_the_second_of_any() -> None:
    stories = sample_edition().sections[0].stories
    sections = (*(EditionSection(f"Watched {at}", stories[:2]) for at in range(8)), EditionSection("Last", stories[:1]))
    text = short(replace(sample_edition(), sections=sections))
    assert re.findall(r"^(\w+ ?\d?)\n- ", text, re.MULTILINE) == [*(f"Watched {at}" for at in range(8)), "Last"]
    assert text.count("\n- ") == SHORT_STORIES
    assert "And 7 more." in text


@pytest.mark.parametrize("has_pages", [True, False])
def test_it_fits_into_a_message(
    has_pages: bool, edition_of: Callable[..., Edition], story: Callable[..., EditionStory]
) -> None:
    long = story(title="長" * 400, url=f"https://news.example.com/{'a' * 900}", source="源" * 99)
    stories = [long] * 30
    body, _ = RENDERER.render_short(edition_of(*stories), has_pages=has_pages)
    assert len(body.text.encode()) <= SHORT_LIMIT
    assert body.text.count("\n- ") == 2
    assert "And 28 more." in body.text


def test_nothing_of_it_is_html() -> None:
    assert "<script>alert(1)</script>" in short(sample_edition("hostile"))


def test_a_failing_override_gives_way(tmp_path: Path) -> None:
    (tmp_path / "short.txt.j2").write_text("{{ shown.nothing }}")
    body, faults = Renderer(shipped_templates(), tmp_path).render_short(sample_edition(), has_pages=True)
    assert body == RENDERER.render_short(sample_edition(), has_pages=True)[0]
    assert [fault.split(" failed")[0] for fault in faults] == ["Your template short.txt.j2, line 1"]
