from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from feedwatch.digest.columns import columns
from feedwatch.digest.render import HTML_LIMIT
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory, RenderedEdition

GOLDEN = Path(__file__).parent / "golden"
LINKS = {
    "archive_url": "https://watch.example.org/editions/42",
    "settings_url": "https://watch.example.org/me",
    "unsubscribe": "https://watch.example.org/u/abc",
}

Render = Callable[..., RenderedEdition]
MakeEdition = Callable[..., Edition]
MakeStory = Callable[..., EditionStory]


def story_also_in(count: int) -> tuple[EditionItem, ...]:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    return tuple(EditionItem("Same", f"https://{name}.example.com/", f"Paper {name}", at) for name in "ABCDEF"[:count])


@pytest.mark.parametrize("part, file", [("html", "full.html"), ("text", "full.txt"), ("subject", "subject.txt")])
def test_golden(part: str, file: str, full_edition: Edition, render: Render) -> None:
    rendered = getattr(render(full_edition, **LINKS), part)
    if os.environ.get("FEEDWATCH_UPDATE_GOLDEN") == "1":
        (GOLDEN / file).write_text(rendered, encoding="utf-8")
    assert rendered == (GOLDEN / file).read_text(encoding="utf-8"), "look at it, then FEEDWATCH_UPDATE_GOLDEN=1"


# What it shows


@pytest.mark.parametrize(
    "before, html, text",
    [
        (None, [("1", "story"), ("1", "source")], "1 story · 1 source\n"),
        (0, [("1", "story"), ("1", "source"), ("+1", "vs last edition")], "1 more than in the last edition"),
        (1, [("1", "story"), ("1", "source"), ("±0", "vs last edition")], "as many as in the last edition"),
        (4, [("1", "story"), ("1", "source"), ("−3", "vs last edition")], "3 fewer than in the last edition"),
    ],
)
def test_figures(
    before: int | None,
    html: list[tuple[str, str]],
    text: str,
    render: Render,
    edition_of: MakeEdition,
    story: MakeStory,
) -> None:
    mail = render(edition_of(story(), previous_story_count=before))
    cells = LexborHTMLParser(mail.html).css("td.fig")
    assert [tuple(cell.text(separator="|", strip=True).split("|")) for cell in cells] == html
    assert text in mail.text


@pytest.mark.parametrize(
    "also_in, words",
    [
        (0, None),
        (1, "Also in Paper A"),
        (2, "Also in Paper A and Paper B"),
        (3, "Also in Paper A, Paper B and Paper C"),
        (4, "Also in Paper A, Paper B and 2 more"),
        (6, "Also in Paper A, Paper B and 4 more"),
    ],
)
def test_also_in(also_in: int, words: str | None, render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    mail = render(edition_of(story(also_in=story_also_in(also_in))))
    seen = " ".join(LexborHTMLParser(mail.html).text().split())
    for part in (seen, mail.text):
        found = re.search(r"Also in (Paper \w|, | and |\d more)+", part)
        assert (found and found.group()) == words


def test_the_event_in_other_languages(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    relatives = (
        EditionRelative("大桥开通", "https://a.example/1", "南方晨报", "zh-Hans"),
        EditionRelative("A ponte abriu", "javascript:x", "Jornal", "pt"),
        EditionRelative("Мост открыт", "https://c.example/1", "Газета", "ru"),
    )
    mail = render(edition_of(story(relatives=relatives)))
    assert "Also in Chinese: 大桥开通 (南方晨报)\n" in mail.text
    assert "Also in Portuguese: A ponte abriu (Jornal)\n" in mail.text
    assert "Russian" not in mail.text  # two are enough
    page = LexborHTMLParser(mail.html)
    assert [(link.attributes["href"], link.text()) for link in page.css("a[lang^=zh], a[lang=pt]")] == [
        ("https://a.example/1", "大桥开通")
    ]
    assert "Also in Portuguese: A ponte abriu (Jornal)" in " ".join(page.text().split())


def test_a_source_is_named_once(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    twice = story_also_in(1) * 2 + (replace(story_also_in(1)[0], source="Harbour Post"),)
    assert "Also in Paper A\n" in render(edition_of(story(also_in=twice))).text


@pytest.mark.parametrize(
    "archive_url, html, text",
    [
        ("https://watch.example.org/e/1", "5 more in the archive", "And 5 more in the archive:\nhttps://watch."),
        (None, "and 5 more", "And 5 more.\n"),
    ],
)
def test_more(
    archive_url: str | None, html: str, text: str, render: Render, edition_of: MakeEdition, story: MakeStory
) -> None:
    edition = edition_of(sections=(EditionSection("Watched", (story(),), more=5),))
    mail = render(edition, archive_url=archive_url)
    assert html in mail.html
    assert text in mail.text
    assert (f'href="{archive_url}"' in mail.html) == (archive_url is not None)


def test_contents_stand_only_above_two_sections(full_edition: Edition, render: Render) -> None:
    targets = re.compile(r'href="#(\w+)"')
    assert targets.findall(render(full_edition).html) == ["w1", "w2", "w3"]
    single = replace(full_edition, sections=full_edition.sections[:1])
    assert targets.findall(render(single).html) == []


def test_an_edition_without_stories_says_so(render: Render, edition_of: MakeEdition) -> None:
    mail = render(edition_of())
    assert "Nothing matched in this window." in mail.html
    assert "Nothing matched in this window." in mail.text
    assert mail.subject == "Brief · 25 Nov · no stories"


@pytest.mark.parametrize("unsubscribe", ["https://watch.example.org/u/1", "mailto:bye@example.org?subject=unsubscribe"])
def test_unsubscribe_is_in_both_parts(
    unsubscribe: str, render: Render, edition_of: MakeEdition, story: MakeStory
) -> None:
    mail = render(edition_of(story()), unsubscribe=unsubscribe)
    assert f'href="{unsubscribe}"' in mail.html
    assert mail.text.endswith(f"Unsubscribe:\n{unsubscribe}\n")


def test_headlines_are_in_the_hidden_preheader(full_edition: Edition, render: Render) -> None:
    hidden = LexborHTMLParser(render(full_edition).html).css_first('div[style*="display:none"]')
    assert hidden is not None
    assert hidden.text().startswith("Greater Bay Area bond market opens to southbound insurers from January · Netherl")


# What a feed cannot do

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></tr></table><h1>Owned</h1>",
    "{{ edition.address }}{% raw %}",
    "<!--[if mso]><b>",
    "&lt;script&gt;",
    "a\x00b\ud800\u202e",
]


def shape(html: str) -> list[str]:
    """The tags and the names of the attributes, in order."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return [f"{node.tag} {sorted(node.attributes)}" for node in root.traverse()]


@pytest.mark.parametrize("text", HOSTILE)
def test_feed_text_stays_text(text: str, render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    fields = {"title": text, "source": text, "source_language": text, "snippet": text, "terms": (text,)}
    also = replace(story_also_in(1)[0], source=f"Other {text}")
    plain = replace(also, source="Other")
    hostile = story(**fields, title_spans=((0, 3),), snippet_spans=((1, 4),), also_in=(also,), also_matched=(text,))
    calm = story(terms=("t",), title_spans=((0, 3),), snippet_spans=((1, 4),), also_in=(plain,), also_matched=("w",))
    mail = render(edition_of(hostile))
    assert shape(mail.html) == shape(render(edition_of(calm)).html)
    headline = LexborHTMLParser(mail.html).css_first("h3")
    assert headline is not None
    assert headline.text() == re.sub("[\x00\ud800\u202e]", " ", text)
    mail.html.encode()
    mail.text.encode()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", 'https://x.example/"><b>', "ftp://x.example/"]
)
def test_only_web_addresses_are_links(url: str, render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    also = (replace(story_also_in(1)[0], url=url),)
    mail = render(edition_of(story(url=url, also_in=also)))
    links = [node.attributes["href"] for node in LexborHTMLParser(mail.html).css("a[href]")]
    assert links == ["mailto:bye@example.org?subject=unsubscribe"]
    assert url not in mail.text
    assert "A headline" in mail.html
    assert "Paper A" in mail.html


def test_a_newline_in_a_title_does_not_break_the_subject(render: Render, edition_of: MakeEdition) -> None:
    assert "\n" not in render(edition_of(subscription="Brief\r\nBcc: eve@example.org")).subject


# Size and form


def many(full_edition: Edition, count: int) -> Edition:
    stories = [story for section in full_edition.sections for story in section.stories]
    repeated = tuple(replace(stories[at % len(stories)], story_id=at) for at in range(count))
    return replace(full_edition, sections=(EditionSection("All", repeated),))


def test_fifty_stories_stay_below_102_kilobytes(full_edition: Edition, render: Render) -> None:
    html = render(many(full_edition, 50), **LINKS).html
    assert html.count("<h3") == 50
    assert len(html.encode()) < 102_000


def test_beyond_the_limit_the_last_stories_become_more(full_edition: Edition, render: Render) -> None:
    mail = render(many(full_edition, 300), **LINKS)
    shown = mail.html.count("<h3")
    assert 0.8 * HTML_LIMIT < len(mail.html.encode()) < HTML_LIMIT
    assert f"{300 - shown} more in the archive" in mail.html
    assert mail.subject.endswith(f"{shown} stories")


def test_one_endless_story_is_shortened(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    endless = story(title="A" * 500_000, title_spans=((0, 5),), snippet="字 " * 500_000, source="S" * 9999)
    assert len(render(edition_of(endless)).html.encode()) < 15_000


def test_the_text_is_78_columns_wide(full_edition: Edition, render: Render) -> None:
    lines = render(full_edition, **LINKS).text.split("\n")
    assert max(columns(line) for line in lines if "https://" not in line) <= 78
    assert all(line.split() == [line.strip()] for line in lines if "https://" in line)


def test_layout_tables_are_hidden_from_screen_readers(full_edition: Edition, render: Render) -> None:
    page = LexborHTMLParser(render(full_edition, **LINKS).html)
    assert {table.attributes.get("role") for table in page.css("table")} == {"presentation"}
    assert page.css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr]
    assert {node.attributes["lang"] for node in page.css("h3")} == {"en", "zh-Hans", "zh-Hant", "de", "ko"}
    assert page.css("img, script, link, iframe, form") == []


def test_right_to_left_stories_say_so(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    assert '<h3 lang="ar" dir="rtl"' in render(edition_of(story(source_language="ar"))).html
