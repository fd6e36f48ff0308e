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
from feedwatch.digest.personal import CLOSE, OPEN, PLACEHOLDERS
from feedwatch.digest.render import HTML_LIMIT, Renderer, shipped_templates
from feedwatch.digest.samples import HOSTILE
from feedwatch.model import Body, Edition, EditionItem, EditionRelative, EditionSection, EditionStory, RisingTerm

GOLDEN = Path(__file__).parent / "golden"

Render = Callable[..., Body]
MakeEdition = Callable[..., Edition]
MakeStory = Callable[..., EditionStory]


def story_also_in(count: int) -> tuple[EditionItem, ...]:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    return tuple(EditionItem("Same", f"https://{name}.example.com/", f"Paper {name}", at) for name in "ABCDEF"[:count])


@pytest.mark.parametrize(
    "part, locale, file",
    [
        ("html", "en", "full.html"),
        ("text", "en", "full.txt"),
        ("text", "zh-Hans", "full.zh-Hans.txt"),
        ("text", "zh-Hant", "full.zh-Hant.txt"),
        ("subject", "en", "subject.txt"),
    ],
)
def test_golden(part: str, locale: str, file: str, full_edition: Edition, render: Render) -> None:
    rendered = getattr(render(replace(full_edition, locale=locale)), part)
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
    cells = LexborHTMLParser(mail.html).css("td.figure")
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
    assert "In Chinese: 大桥开通 (南方晨报)\n" in mail.text
    assert "In Portuguese: A ponte abriu (Jornal)\n" in mail.text
    assert "Russian" not in mail.text  # two are enough
    page = LexborHTMLParser(mail.html)
    assert [(link.attributes["href"], link.text()) for link in page.css("a[lang^=zh], a[lang=pt]")] == [
        ("https://a.example/1", "大桥开通")
    ]
    assert "In Portuguese: A ponte abriu (Jornal)" in " ".join(page.text().split())


def test_a_source_is_named_once(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    twice = story_also_in(1) * 2 + (replace(story_also_in(1)[0], source="Harbour Post"),)
    assert "Also in Paper A\n" in render(edition_of(story(also_in=twice))).text


@pytest.mark.parametrize(
    "has_pages, html, text",
    [
        (True, "5 more in the archive", "5 more in the archive:\nhttps://watch.example.org/e/42.x/all\n"),
        (False, "and 5 more", "And 5 more.\n"),
    ],
)
def test_more(has_pages: bool, html: str, text: str, render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    edition = edition_of(sections=(EditionSection("Watched", (story(),), more=5),))
    mail = render(edition, has_pages=has_pages)
    assert html in mail.html
    assert text in mail.text
    assert ('href="https://watch.example.org/e/42.x/all"' in mail.html) == has_pages


def test_an_update_says_so(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    mail = render(edition_of(story(is_update=True), story(title="Other")))
    assert [node.text() for node in LexborHTMLParser(mail.html).css(".news")] == ["Updated"]
    assert mail.text.count("Updated · Harbour Post · 07:12\n") == 1


def test_the_other_watchlists_are_chips(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    mail = render(edition_of(story(terms=("t",), also_matched=("Ports", "大灣區"))))
    assert [node.text() for node in LexborHTMLParser(mail.html).css(".other")] == ["Ports", "大灣區"]
    assert "Also under: Ports, 大灣區\n" in mail.text


def test_rising_terms_are_bars_without_an_image(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    rising = (RisingTerm("eVTOL", 6, 1.25, 1.0), RisingTerm("低空经济", 1, 0.0, 0.166))
    mail = render(edition_of(story(), rising=rising))
    rows = LexborHTMLParser(mail.html).css("tr:has(> .rising)")
    assert [row.css_first(".usual").text() for row in rows] == ["6 stories · usually 1.2", "1 story · usually none"]  # type: ignore[union-attr]
    assert [row.css_first(".track table").attributes["width"] for row in rows] == ["100%", "17%"]  # type: ignore[union-attr]
    assert {row.css_first(".track").attributes["aria-hidden"] for row in rows} == {"true"}  # type: ignore[union-attr]
    assert re.search(r"\n  eVTOL {23}#{16}  6 stories · usually 1.2\n  低空经济 {20}#{3} {15}1 story · ", mail.text)


def test_contents_stand_only_above_two_sections(full_edition: Edition, render: Render) -> None:
    targets = re.compile(r'href="#(w\d+)"')
    assert targets.findall(render(full_edition).html) == ["w1", "w2", "w3"]
    anchors = LexborHTMLParser(render(full_edition).html).css("a[id]")
    assert [anchor.attributes["id"] for anchor in anchors] == ["w1", "w2", "w3"]
    single = replace(full_edition, sections=full_edition.sections[:1])
    assert targets.findall(render(single).html) == []


def test_many_watchlists_make_contents_of_one_paragraph(render: Render, full_edition: Edition) -> None:
    sections = tuple(EditionSection(f"Watched {at}", full_edition.sections[0].stories[:1], at) for at in range(11))
    page = LexborHTMLParser(render(replace(full_edition, sections=sections)).html)
    (flow,) = page.css(".flow")
    assert flow.text().split()[:8] == ["Watched", "0", "1", "Watched", "1", "1", "of", "2"]
    assert [link.attributes["href"] for link in flow.css("a")] == [f"#w{at}" for at in range(1, 12)]
    assert page.css(".entry") == []


def test_an_edition_without_stories_says_so(render: Render, edition_of: MakeEdition) -> None:
    mail = render(edition_of())
    assert "Nothing matched in this window." in mail.html
    assert "Nothing matched in this window." in mail.text
    assert mail.subject == "Brief · 25 Nov · no stories"


@pytest.mark.parametrize(
    "has_pages, unsubscribe",
    [(True, "https://watch.example.org/u/9.x"), (False, "mailto:bye@example.org?subject=unsubscribe")],
)
def test_unsubscribe_is_in_both_parts(
    has_pages: bool, unsubscribe: str, render: Render, edition_of: MakeEdition, story: MakeStory
) -> None:
    mail = render(edition_of(story()), has_pages=has_pages)
    assert f'href="{unsubscribe}"' in mail.html
    assert mail.text.endswith(f"Unsubscribe:\n{unsubscribe}\n")
    assert ("View in browser" in mail.html, "Settings:" in mail.text) == (has_pages, has_pages)


def test_headlines_are_in_the_hidden_preheader(full_edition: Edition, render: Render) -> None:
    hidden = LexborHTMLParser(render(full_edition).html).css_first("div.peek")
    assert hidden is not None
    assert "display:none" in (hidden.attributes["style"] or "")
    assert hidden.text().startswith("Greater Bay Area bond market opens to southbound insurers from January · Netherl")


# What a feed cannot do


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
    mail = render(edition_of(story(url=url, also_in=also)), has_pages=False)
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
    html = render(many(full_edition, 50)).html
    assert html.count("<h3") == 50
    assert len(html.encode()) < 102_000


def test_beyond_the_limit_the_last_stories_become_more(full_edition: Edition, render: Render) -> None:
    mail = render(many(full_edition, 300))
    shown = mail.html.count("<h3")
    assert 0.9 * HTML_LIMIT < len(mail.html.encode()) < HTML_LIMIT
    assert f"{300 - shown} more in the archive" in mail.html
    assert mail.subject.endswith(f"{shown} stories")
    assert mail.text.count(f"\n{shown:2}. ") == 1
    assert f"\n{shown + 1:2}. " not in mail.text


def test_stories_shown_are_those_told(full_edition: Edition) -> None:
    mail, _ = Renderer(shipped_templates()).render(many(full_edition, 300), has_pages=True)
    assert mail.story_ids == tuple(range(mail.body.html.count("<h3")))


def test_the_limit_holds_with_the_longest_address(render: Render, full_edition: Edition) -> None:
    """Each section's archive link grows as it is filled in."""
    stories = [story for section in full_edition.sections for story in section.stories] * 4
    sections = tuple(EditionSection(f"Watched {at}", (story,), at % 4) for at, story in enumerate(stories))
    mail, _ = Renderer(shipped_templates()).render(replace(full_edition, sections=sections), has_pages=True)
    links = f"https://{'w' * 98}.example.org/e/{'x' * 44}/all"
    filled = mail.body.html.replace(PLACEHOLDERS["address"], "a" * 254)
    filled = re.sub(f"{OPEN}\\w+{CLOSE}", links, filled)
    assert 0.8 * HTML_LIMIT < len(filled.encode()) < HTML_LIMIT
    assert mail.story_ids == tuple(story.story_id for story in stories[: len(mail.story_ids)])


def test_one_endless_story_is_shortened(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    endless = story(title="A" * 500_000, title_spans=((0, 5),), snippet="字 " * 500_000, source="S" * 9999)
    assert len(render(edition_of(endless)).html.encode()) < 15_000


def test_the_text_is_78_columns_wide(full_edition: Edition, render: Render) -> None:
    lines = render(full_edition).text.split("\n")
    assert max(columns(line) for line in lines if "https://" not in line) <= 78
    assert all(line.split() == [line.strip()] for line in lines if "https://" in line)


def test_layout_tables_are_hidden_from_screen_readers(full_edition: Edition, render: Render) -> None:
    page = LexborHTMLParser(render(full_edition).html)
    assert {table.attributes.get("role") for table in page.css("table")} == {"presentation"}
    assert page.css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr]
    assert {node.attributes["lang"] for node in page.css("h3")} == {"en", "zh-Hans", "zh-Hant", "de", "ko"}
    assert page.css("img, script, link, iframe, form") == []


def test_right_to_left_stories_say_so(render: Render, edition_of: MakeEdition, story: MakeStory) -> None:
    page = LexborHTMLParser(render(edition_of(story(source_language="ar"))).html)
    assert len(page.css('h3[lang="ar"][dir="rtl"], div.passage[lang="ar"][dir="rtl"]')) == 2


@pytest.mark.parametrize("language, font", [("zh-Hant", "tc"), ("zh-CN", "sc"), ("ja", "ja"), ("en", None)])
def test_han_characters_are_drawn_as_their_language_does(
    language: str, font: str | None, render: Render, edition_of: MakeEdition, story: MakeStory
) -> None:
    html = render(edition_of(story(source_language=language))).html
    assert re.findall(r'<h3 class="headline ?(\w*)"', html) == [font or ""]
    assert font is None or f".{font}{{font-family:" in html
