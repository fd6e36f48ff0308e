"""`items` and `stories`: filtered, read, compared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.cells import cell_len

from feedwatch.cli.history_shown import changes
from feedwatch.store.revisions import RevisionRow
from feedwatch.store.tables import Item
from tests.unit.cli.archives import database, item_of, story_of
from tests.unit.cli.conftest import Call


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("options", "sources"),
    [
        ("", ["chinese", "copy", "english", "sample", "sample", "sample"]),
        ("--source english", ["english"]),
        ("--source english --source chinese", ["chinese", "english"]),
        ("--source english --source chinese --limit 1", ["chinese"]),
        ("--language zh", ["chinese"]),
        ("--watchlist greater\u00a0bay\u00a0area", ["sample"]),
        ("--since 2026-03-01", ["chinese", "copy", "english"]),
        ("--until 2024-02-20", ["sample", "sample", "sample"]),
        ("--until 2024-02-19", []),
        ("--since 2024-02-20T03:00+00:00 --until 2026-03-02T09:30+00:00", ["copy", "english", "sample"]),
        ("--text HIGH\u00a0QUALITY", ["sample"]),
        ("--text 大桥", ["chinese"]),
        ("--text ｔｏｌｌ", ["copy", "english"]),
        ("--text toll --source copy", ["copy"]),
        ("--text bridge --limit 2", ["copy", "english"]),
        ("--text tolls", []),
    ],
)
def test_items_are_filtered(options: str, sources: list[str], feedwatch: Call, archive: Path) -> None:
    answer = feedwatch("items", "--json", *[word.replace("\u00a0", " ") for word in options.split(" ") if word])
    assert answer.code == 0, answer.err
    found = [row["source"] for row in json.loads(answer.out)]
    assert sorted(found) == sources
    if "chinese" in found:
        assert found[0] == "chinese"  # the newest


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ("", {"chinese": 1, "english": 2, "sample": 1}),
        ("--source copy", {"english": 2}),
        ("--source copy --source english", {"english": 2}),
        ("--source copy --source chinese --limit 1", {"chinese": 1}),
        ("--language zh-Hans", {"chinese": 1}),
        ("--text 7 --limit 2", {"chinese": 1, "english": 2}),
        ("--text ferry", {"english": 2}),
    ],
)
def test_stories_are_filtered(options: str, counts: dict[str, int], feedwatch: Call, archive: Path) -> None:
    rows = json.loads(feedwatch("stories", "--json", *options.split()).out)
    found = {row["url"]: row["item_count"] for row in rows}
    urls = {"english": "https://en.example/1", "chinese": "https://zh.example/1"}
    wanted = {urls[name]: count for name, count in counts.items() if name in urls}
    assert {url: count for url, count in found.items() if url in urls.values()} == wanted
    assert (len(rows) > len(wanted)) == ("sample" in counts)


@pytest.mark.parametrize("language", ["chinese", "zh_CN", "1", ""])
def test_a_language_that_is_no_code(language: str, feedwatch: Call, archive: Path) -> None:
    answer = feedwatch("items", "--language", language)
    assert (answer.code, answer.out) == (2, "")
    assert f"--language {language!r}: expected a code such as en, zh or zh-Hant" in answer.err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("items --source englsh", "there is no source named 'englsh'; did you mean 'english'?"),
        ("items --source scraped", "there is no source named 'scraped'; did you mean 'sample'?"),  # of its title
        ("items --source english --source zzz", "there is no source named 'zzz'; see 'feedwatch sources list'"),
        ("stories --watchlist greater", "did you mean 'Greater Bay Area'? See 'feedwatch watchlists list'"),
        ("items --until tomorrow", "--until 'tomorrow': expected an age such as 12h or 30d, or a date"),
        ("items --since 1d --until 2d", "--since 1d is not before --until 2d: nothing lies between"),
        ("items --text ...", "has no letter or digit"),
        ("items --history", "--history is of one item: give its number, as in 'feedwatch items 12 --history'"),
        ("items 99 --history", "there is no item 99; see 'feedwatch items'"),
        ("stories 99", "there is no story 99; see 'feedwatch stories'"),
        (f"stories {10**30}", "there is no story"),
        ("items show 99", "there is no item 99"),
    ],
)
def test_a_slip_is_told(call: str, said: str, feedwatch: Call, archive: Path) -> None:
    answer = feedwatch(*call.split())
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


@pytest.mark.parametrize("call", ["stories three", "items -5", "items ４", "items 3 4"])
def test_what_is_no_number(call: str, feedwatch: Call, archive: Path) -> None:
    answer = feedwatch(*call.split())
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_one_item_tells_where_it_stands(feedwatch: Call, archive: Path) -> None:
    with database(archive) as session:
        english, chinese = story_of(session, "english"), story_of(session, "chinese")
    number, copy = item_of(archive, "english"), item_of(archive, "copy")
    shown = feedwatch("items", str(number)).out
    assert feedwatch("items", "show", str(number)).out == shown
    assert f"story {english}, revision 2 (what changed: feedwatch items {number} --history)" in shown
    assert f"also in English News (item {copy})" in shown  # the copy's feed calls itself so
    assert f"also in Chinese: 大桥收费7元 (story {chinese}, Chinese News)" in shown


def test_what_normalizing_found_is_told(feedwatch: Call, archive: Path) -> None:
    number = item_of(archive, "english")
    with database(archive) as session:
        item = session.get_one(Item, number)
        item.place, item.origin, item.canonical = "JIANGMEN", "Xinhua", "https://first.example/1"
        item.doubted_date = "31 Feb 2026"
    shown = feedwatch("items", str(number)).out
    for line in (
        "filed in: JIANGMEN",
        "taken over from: Xinhua",
        "copy of: https://first.example/1",
        "the document dated it '31 Feb 2026', which was not believed",
    ):
        assert line in shown.splitlines()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (
            "english",
            [
                "title: The toll of the bridge is [-5-]{+7+} yuan",
                "… 1 paragraph unchanged",
                "It takes cars for [-5-]{+7+} yuan, the mayor said at the opening.",
                "… 1 paragraph unchanged",
            ],
        ),
        (
            "chinese",
            [
                "title: 大桥收费[-5-]{+7+}元",
                "… 1 paragraph unchanged",
                "市长在开通仪式上表示，小车收费[-5-]{+7+}元，即日起实施。",
                "… 1 paragraph unchanged",
            ],
        ),
    ],
)
def test_a_history_marks_what_changed(source: str, lines: list[str], feedwatch: Call, archive: Path) -> None:
    answer = feedwatch("items", str(item_of(archive, source)), "--history", columns=80)
    shown = [line.rstrip() for line in answer.out.splitlines()]
    assert "2 revisions; first seen " in answer.out
    assert re.fullmatch(r"Revision 2, \d{4}-\d\d-\d\d \d\d:\d\d", shown[shown.index(lines[0]) - 1])
    assert shown[-len(lines) :] == lines
    assert max(map(cell_len, shown)) <= 80


def test_with_colours_what_went_is_struck_and_what_came_is_green() -> None:
    before = RevisionRow(1, "A", "收费5元\n旧渡轮", None)
    after = RevisionRow(2, "A", "收费7元\n旧渡轮", None)
    changed, unchanged = changes(before, after, is_coloured=True)
    assert changed.plain == "收费57元"
    assert [(changed.plain[span.start : span.end], span.style) for span in changed.spans] == [
        ("5", "red strike"), ("7", "green"),
    ]  # fmt: skip
    assert unchanged.plain == "… 1 paragraph unchanged"


def test_a_history_in_a_pipe_is_not_wrapped(feedwatch: Call, archive: Path) -> None:
    with database(archive) as session:
        number = session.scalars(sa.select(Item.id).where(Item.url == "https://zh.example/1")).one()
        item = session.get_one(Item, number)
        item.text = item.text.replace("小车", "小车、客车和二十座以下的旅游车（节假日除外）")
    line = feedwatch("items", str(number), "--history").out.splitlines()[-2]
    assert line.startswith("市长在开通仪式上表示，") and line.endswith("元，即日起实施。")
    assert cell_len(line) > 80


def test_a_history_of_one_revision_says_so(feedwatch: Call, archive: Path) -> None:
    shown = feedwatch("items", str(item_of(archive, "copy")), "--history").out
    assert "One revision: it has not changed since it was first seen, " in shown


def test_a_history_for_programs(feedwatch: Call, archive: Path) -> None:
    history = json.loads(feedwatch("items", str(item_of(archive, "english")), "--history", "--json").out)
    assert [(row["revision"], row["title"][-6:]) for row in history] == [(1, "5 yuan"), (2, "7 yuan")]
    assert history[0]["replaced_at"] is not None
    assert history[1]["replaced_at"] is None


def test_a_story_shows_its_items_and_its_relatives(feedwatch: Call, archive: Path) -> None:
    with database(archive) as session:
        english, chinese = story_of(session, "english"), story_of(session, "chinese")
    shown = feedwatch("stories", str(english), columns=80).out
    words = _words(shown)
    assert f"story {english}: 2 items in 1 source, en" in words
    assert words.count("https://en.example/1") == 2
    assert words.count("stands for the story") == 1
    assert f"also in Chinese: 大桥收费7元 (story {chinese}, Chinese News) https://zh.example/1" in words
    assert json.loads(feedwatch("stories", str(english), "--json").out)["related"][0]["story_id"] == chinese


def test_a_list_of_stories_tells_their_relatives(feedwatch: Call, archive: Path) -> None:
    shown = _words(feedwatch("stories", columns=80).out)
    assert "also in Chinese: 大桥收费7元 (story" in shown
    assert "in Sample scraped feed matched by Greater Bay Area, High-quality development" in shown
    piped = feedwatch("stories", "--source", "chinese").out.rstrip("\n").split("\t")
    assert [piped[at] for at in (2, 3, 4, 5)] == ["1", "Chinese News", "zh-Hans", "大桥收费7元"]
    assert re.match(r"English: The toll of the bridge is [57] yuan \(story \d+, English News\)", piped[7])


def test_the_cleaning_rules_are_listed_without_a_configuration(feedwatch: Call, nowhere: Path) -> None:
    from feedwatch.normalize.credit_rules import CREDITS
    from feedwatch.normalize.debris_rules import RULES, check_rule

    listed = json.loads(feedwatch("items", "rules", "--json").out)
    assert [row["name"] for row in listed] == [*(rule.name for rule in RULES), *(credit.name for credit in CREDITS)]
    assert all(check_rule(row["name"]) for row in listed)
    assert [row for row in listed if row["example"] == row["becomes"]] == []
    lines = feedwatch("items", "rules").out.splitlines()
    assert [line.count("\t") for line in lines] == [4] * len(listed)
    assert max(map(cell_len, feedwatch("items", "rules", columns=80).out.splitlines())) <= 80
