"""An edition as a page, and all of its stories, those too that its limits cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from feedwatch.digest.personal import PLACEHOLDERS
from feedwatch.jobs import pages as job
from feedwatch.store import tables
from tests.integration.jobs.newsroom import subscriber
from tests.integration.web.pages import Pages, open_pages, told

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.store import Store


async def test_an_edition_is_shown_as_it_was_sent_with_its_links(told_pages: Pages) -> None:
    answer = await told_pages.get(told_pages.links.edition(1))
    assert answer.status_code == 200
    [sent] = [edition.html for edition in told_pages.room.editions() if edition.id == 1]
    headline = "Greater Bay Area"
    assert headline in sent and headline in told(answer)
    assert "\uf0f0" not in answer.text
    for url in (told_pages.links.archive(1), told_pages.links.settings(1), told_pages.links.unsubscribe(1)):
        assert url in answer.text
    assert answer.text.index("fwbar") > answer.text.index("<body")


async def test_an_edition_masks_the_address_for_whom_its_url_is_given_to(told_pages: Pages) -> None:
    answer = await told_pages.get(told_pages.links.edition(1))
    assert "l…@example.org" in answer.text
    assert "lin@example.org" not in answer.text


BODIES = {
    "as it is made": None,
    "of an admin's own templates": (
        f'<p>{PLACEHOLDERS["name"]}, {PLACEHOLDERS["address"]}: <a href="{PLACEHOLDERS["settings_url"]}">change</a>'
        f'<a href="{PLACEHOLDERS["unsubscribe_url"]}">end</a></p>',
        "",
    ),
    "of text alone": (
        "",
        f"Bay\n{PLACEHOLDERS['own']}{PLACEHOLDERS['address']}\n{PLACEHOLDERS['settings_url']}\n",
    ),
    "kept no more": ("", ""),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("of", ["shared", "shared_archive"])
async def test_what_is_shared_leads_to_nothing_of_its_subscribers(
    told_pages: Pages, of: str, body: tuple[str, str] | None
) -> None:
    if body is not None:
        told_pages.set_bodies(html=body[0], text=body[1])
    links = told_pages.links
    answer = await told_pages.get(getattr(links, of)(1))
    assert answer.status_code == 200
    tokens = re.findall(r"/[a-z]+/(\d+\.[\w-]+)", answer.text)
    assert tokens
    assert {links.tokens.read("shared", token) for token in tokens} == {1}
    assert re.search(r"Lin\b|lin@|example\.org|l…|>Settings<|Unsubscribe|href=\"\"", answer.text) is None
    assert "\uf0f0" not in answer.text


async def test_a_shared_edition_shows_its_stories_without_the_personal_foot(told_pages: Pages) -> None:
    shared = told(await told_pages.get(told_pages.links.shared(1)))
    own = told(await told_pages.get(told_pages.links.edition(1)))
    assert "You get this because" in own
    assert "You get this because" not in shared
    headline = "Greater Bay Area rests"
    assert shared.count(headline) == own.count(headline) > 0


async def test_an_edition_runs_and_loads_nothing(told_pages: Pages) -> None:
    policy = (await told_pages.get(told_pages.links.edition(1))).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
    assert "script" not in policy and "img" not in policy


async def test_what_a_feed_wrote_stays_text(told_pages: Pages) -> None:
    for url in (told_pages.links.edition(2), told_pages.links.archive(2)):
        text = (await told_pages.get(url)).text
        assert "&lt;opens&gt;" in text and "<opens>" not in text


async def test_the_archive_has_what_was_cut(told_pages: Pages) -> None:
    answer = await told_pages.get(told_pages.links.archive(1))
    text = told(answer)
    assert "Stories: 3" in text and "Bay Area · 3" in text
    assert text.count("Not in the mail") == 1
    assert text.count("Greater Bay Area") == 3
    assert answer.text.count('rel="noreferrer noopener"') == 3
    assert "(Asia/Hong_Kong)" in text and "2 Mar, 17:30" in text  # 09:30 in London


async def test_the_archive_speaks_the_subscribers_language(told_pages: Pages) -> None:
    text = told(await told_pages.get(told_pages.links.archive(2)))
    assert "“早报”的全部报道" in text and "共 1 篇" in text


async def test_the_archive_is_bounded_and_says_so(told_pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "MOST_STORIES", 2)
    text = told(await told_pages.get(told_pages.links.archive(1)))
    assert "And 1 more" in text
    assert "Not in the mail" not in text  # what was in it comes first


async def test_a_story_whose_item_was_deleted_is_told_by_another_or_named(store: Store, tmp_path: Path) -> None:
    async with open_pages(store, tmp_path, subscriber("lin")) as pages:
        pages.room.publish("aa", "A bridge opens")
        pages.room.publish("bb", "A semiconductor plant opens")
        pages.room.clock.pass_time(days=1)
        assert len(await pages.room.tick()) == 1
        stories = {row[1]: row[0] for row in pages.rows(tables.Item, "story_id", "title")}
        moved = {"moved": stories["A bridge opens"], "old": stories["A semiconductor plant opens"]}
        pages.room.execute("UPDATE edition_stories SET item_id = 99 WHERE story_id = :moved", moved=moved["moved"])
        pages.room.execute("DELETE FROM matches WHERE story_id = :old", old=moved["old"])
        for table in ("item_index", "item_revisions"):
            pages.room.execute(
                f"DELETE FROM {table} WHERE item_id IN (SELECT id FROM items WHERE story_id = {moved['old']})"
            )
        pages.room.execute("DELETE FROM items WHERE story_id = :old", old=moved["old"])
        text = told(await pages.get(pages.links.archive(1)))
        assert "A bridge opens" in text
        assert "A story that is kept no more" in text
        assert "Stories: 2" in text


async def test_an_edition_without_html_is_shown_as_text(told_pages: Pages) -> None:
    told_pages.set_bodies(html="", text=f"Only <text> of {PLACEHOLDERS['name']}")
    answer = await told_pages.get(told_pages.links.edition(1))
    assert answer.status_code == 200
    assert "Only &lt;text&gt; of Lin" in answer.text
    assert told_pages.links.archive(1) in answer.text


async def test_an_edition_that_is_kept_no_more_says_so(told_pages: Pages) -> None:
    told_pages.room.execute("UPDATE editions SET body_id = NULL")
    answer = await told_pages.get(told_pages.links.edition(1))
    assert answer.status_code == 200
    assert "What this edition said is kept no more." in told(answer)
    assert told_pages.links.archive(1) in answer.text


async def test_an_edition_without_a_body_tag_has_its_bar_all_the_same(told_pages: Pages) -> None:
    told_pages.set_bodies(html="<p>An override of the template</p>")
    text = (await told_pages.get(told_pages.links.edition(1))).text
    assert text.index("fwbar") < text.index("<p>An override")


async def test_overrides_of_pages_are_used_and_broken_ones_passed_over(told_pages: Pages, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "home.html.j2").write_text("<p>{{ _('Subscribe') }} here, {{ lang }}</p>", encoding="utf-8")
    (folder / "pages" / "unsubscribe.html.j2").write_text("{{ broken", encoding="utf-8")
    context = told_pages.room.context
    digest = context.settings.digest.model_copy(update={"templates": folder})
    context.settings = context.settings.model_copy(update={"digest": digest})
    assert (await told_pages.get(told_pages.url, **{"Accept-Language": "zh-HK"})).text == "<p>訂閱 here, zh-Hant</p>"
    assert "Unsubscribe from" in told(await told_pages.get(told_pages.links.unsubscribe(1)))
