"""A watchlist tried on the archive: counts, noise, duplicates, what is kept out, and what a change does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedwatch.jobs.backtest import BackTest, Comparison, back_test, compare
from feedwatch.jobs.query_shares import QueryShare
from feedwatch.model import QueryDef, Rarity, WatchlistDef
from feedwatch.store import Store
from feedwatch.store.items import ItemFilter
from tests.integration.jobs.newsroom import NOW, Newsroom, open_newsroom

LONG = "Nothing of note was decided at the meeting, and all went home. " * 40


@pytest.fixture
async def newsroom(store: Store, tmp_path: Path) -> Any:
    async with open_newsroom(store, tmp_path) as opened:
        yield opened


def _test(newsroom: Newsroom, definition: WatchlistDef, since: datetime | None = None) -> BackTest:
    with newsroom.store.read() as session:
        return back_test(session, definition, ItemFilter(since=since), newsroom.clock(), UTC, Rarity())


def _compare(newsroom: Newsroom, before: WatchlistDef, after: WatchlistDef) -> Comparison:
    with newsroom.store.read() as session:
        return compare(session, before, after, ItemFilter(), Rarity())


def _shares(found: BackTest) -> dict[str, tuple[int, int, str]]:
    return {share.written: (share.stories, share.alone, share.within) for share in found.shares}


async def test_stories_are_counted_and_not_items(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A toll bridge opens", "A ferry sinks")
    newsroom.publish("bb", "A toll bridge opens")  # the same text: one story
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",)))
    assert (found.stories, found.items, found.archive_items) == (1, 2, 3)


async def test_the_volume_of_three_days(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "Bridge one", "Bridge two")
    newsroom.clock.pass_time(days=2)
    newsroom.publish("aa", "Bridge three")
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",)))
    assert [(f"{period.begins:%d}", period.stories) for period in found.periods] == [("02", 2), ("03", 0), ("04", 1)]
    volume = found.volume
    assert (found.period_unit, volume.a_week, volume.a_day) == ("day", 10.5, 1.5)
    assert volume.busiest is not None and (volume.busiest.begins.day, volume.busiest.stories) == (2, 2)
    assert (volume.empty_days, volume.days) == (1, 3)


async def test_the_window_leaves_out_what_is_older(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "Bridge one")
    newsroom.clock.pass_time(days=20)
    newsroom.publish("aa", "Bridge two")
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",)), newsroom.clock() - timedelta(days=5))
    assert (found.stories, found.archive_items, found.begins) == (1, 1, NOW + timedelta(days=20))


async def test_which_query_brings_what(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A toll bridge", "A bridge", "A tunnel", "大橋通車")
    definition = WatchlistDef("Links", terms=("bridge", "toll bridge", "大桥"), queries=("bridge OR toll", "gondola"))
    assert _shares(_test(newsroom, definition)) == {
        "bridge": (2, 0, ""),
        "toll bridge": (1, 0, "bridge"),
        "大桥": (1, 1, ""),
        "bridge OR toll": (2, 0, "bridge"),  # the same stories: the first stays
        "gondola": (0, 0, ""),
    }
    assert _test(newsroom, definition).never_matched == ("gondola",)


async def test_where_all_must_be_met_none_has_a_share(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A toll bridge", "A bridge")
    found = _test(newsroom, WatchlistDef("Both", terms=("bridge", "toll"), mode="all"))
    assert (found.stories, found.shares) == (1, ())


async def test_doubtful_is_what_one_query_alone_found_and_scores_low(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "Bridge bridge", "Toll bridge", "A bridge of three")
    newsroom.publish("bb", "The council met", text=f"{LONG} A bridge was named. {LONG}")
    newsroom.publish("cc", "The board met", text=f"{LONG} {LONG} A bridge and its toll were named.")
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge", "toll")))
    assert found.doubtful_stories == 1
    assert found.shares[0] == QueryShare("bridge", stories=5, alone=3, doubtful=1)
    assert (found.shares[1].stories, found.shares[1].doubtful) == (2, 0)


async def test_the_best_and_the_most_doubtful(newsroom: Newsroom) -> None:
    newsroom.publish("aa", *(f"Bridge number {number}" for number in range(12)))
    newsroom.clock.pass_time(hours=1)
    newsroom.publish("bb", "The council met", text=f"{LONG}The new bridge was named. {LONG}")
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",)))
    assert len(found.best) == 10 and len(found.doubtful) == 3
    assert [one.score for one in found.best] == sorted((one.score for one in found.best), reverse=True)
    doubtful = found.doubtful[0]
    assert (doubtful.title, doubtful.source, doubtful.title_spans) == ("The council met", "bb", ())
    assert [doubtful.passage[start:end] for start, end in doubtful.passage_spans] == ["bridge"]
    assert "The new bridge was named." in doubtful.passage
    best = found.best[0]
    assert [best.title[start:end] for start, end in best.title_spans] == ["Bridge"]
    assert {one.story_id for one in found.best}.isdisjoint(one.story_id for one in found.doubtful)


async def test_what_is_kept_out(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A bridge", "Bridge at a casino", "A bridge of teeth", "Casino bridge, of teeth", "Teeth")
    definition = WatchlistDef("Bridges", terms=("bridge",), exclude=("casino", QueryDef("teeth"), "golf"))
    found = _test(newsroom, definition)
    assert (found.stories, found.excluded.stories) == (1, 3)
    assert found.excluded.shares == (("casino", 2), ("teeth", 2), ("golf", 0))
    assert len(found.excluded.examples) == 3
    title, spans = found.excluded.examples[0].title, found.excluded.examples[0].title_spans
    assert [title[start:end].lower() for start, end in spans] == ["bridge"]


async def test_a_story_with_another_item_that_matches_is_not_kept_out(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A bridge opens")
    newsroom.publish("bb", "A bridge opens", url="https://aa.example/casino", tags=("casino",))
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",), exclude=("tag:casino",)))
    assert (found.stories, found.items, found.excluded.stories) == (1, 1, 0)


async def test_sources_tags_and_languages_are_looked_at_in_what_is_kept_out_too(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A bridge opens")
    newsroom.publish("bb", "Bridge at night")
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",), exclude=("source:a*",)))
    assert (found.stories, found.excluded.shares) == (1, (("source:a*", 1),))


async def test_an_empty_archive(newsroom: Newsroom) -> None:
    found = _test(newsroom, WatchlistDef("Bridges", terms=("bridge",), exclude=("casino",)))
    assert (found.stories, found.best, found.doubtful, found.volume.busiest) == (0, (), (), None)
    assert found.never_matched == ("bridge",)


async def test_what_a_change_gains_and_loses(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A bridge", "A tunnel", "A toll bridge", "大橋通車")
    before = WatchlistDef("Links", terms=("bridge",))
    after = WatchlistDef("Links", terms=("bridge", "tunnel", "大桥"), exclude=("toll",))
    found = _compare(newsroom, before, after)
    assert (found.before, found.after, found.gained, found.lost) == (2, 3, 2, 1)
    assert sorted(one.title for one in found.gained_examples) == ["A tunnel", "大橋通車"]
    assert [(one.title, one.queries) for one in found.lost_examples] == [("A toll bridge", ("bridge",))]
    gained = next(one for one in found.gained_examples if one.title == "大橋通車")
    assert [gained.title[start:end] for start, end in gained.title_spans] == ["大橋"]
