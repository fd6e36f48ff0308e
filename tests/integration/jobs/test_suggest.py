"""What a watchlist could have, or should leave out: in English and Chinese, against the rest of the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedwatch.jobs import suggest as suggesting
from feedwatch.jobs.suggest import Suggestions, suggest
from feedwatch.model import Rarity, WatchlistDef
from feedwatch.store import Store
from feedwatch.store.items import ItemFilter
from tests.integration.jobs.newsroom import Newsroom, open_newsroom

PLACES = ("Foshan", "Huizhou", "Jiangmen", "Dongguan", "Zhuhai", "Zhongshan", "Zhaoqing", "Nansha")


@pytest.fixture
async def newsroom(store: Store, tmp_path: Path) -> Any:
    async with open_newsroom(store, tmp_path) as opened:
        for number, place in enumerate(PLACES):
            opened.publish("aa", f"{place} and the Greater Bay Area", text=f"A link: cross-boundary {place} is built.")
            opened.publish("bb", f"大灣區{number}號", text=f"第{number}：跨境理財通{place}加快。", language="zh-Hant")
        opened.publish("cc", *(f"Fair number {number} of the year" for number in range(60)))
        opened.publish("cc", *(f"第{number}次展覽，天氣很好" for number in range(60)), language="zh-Hant")
        opened.publish("cc", "A cross-boundary bus", "Cross boundary parcels")
        opened.publish("cc", "另一個跨境理財通", language="zh-Hant")
        yield opened


def _suggest(newsroom: Newsroom, definition: WatchlistDef) -> Suggestions:
    with newsroom.store.read() as session:
        return suggest(session, definition, ItemFilter(), Rarity())


REGION = WatchlistDef("Region", terms=("Greater Bay Area", "大湾区"))


async def test_what_would_find_more_is_told_in_both_scripts(newsroom: Newsroom) -> None:
    found = _suggest(newsroom, REGION)
    told = {one.phrase: (one.language, one.inside, one.inside_of, one.outside) for one in found.to_add}
    assert told["cross-boundary"] == ("en", 8, 8, 2)
    assert told["跨境理財通"] == ("zh", 8, 8, 1)  # in the writing of its example
    assert (found.stories, found.step) == (16, 1)


async def test_what_the_watchlist_has_is_left_out_and_so_are_its_pieces(newsroom: Newsroom) -> None:
    newsroom.publish("cc", "The bay area of elsewhere", "A greater bay")
    phrases = [one.phrase.casefold() for one in _suggest(newsroom, REGION).to_add]
    assert phrases
    assert not {"bay", "bay area", "greater bay", "greater bay area", "灣區", "大灣區"} & set(phrases)


async def test_what_its_queries_and_synonyms_name_is_left_out_too(newsroom: Newsroom) -> None:
    definition = WatchlistDef(
        "Region", terms=REGION.terms, queries=('"cross boundary" AND ferry',), synonyms=(("x", "跨境理财通"),)
    )
    phrases = {one.phrase for one in _suggest(newsroom, definition).to_add}
    assert not {"cross-boundary", "跨境理財通"} & phrases


async def test_what_no_other_has_would_find_no_more(newsroom: Newsroom) -> None:
    assert "link" not in {one.phrase for one in _suggest(newsroom, REGION).to_add}  # in the eight stories alone


async def test_an_example_has_the_phrase(newsroom: Newsroom) -> None:
    for one in _suggest(newsroom, REGION).to_add:
        assert one.example in {f"{place} and the Greater Bay Area" for place in PLACES} | {
            f"大灣區{number}號" for number in range(8)
        }


async def test_what_stands_in_the_lower_half_is_told_to_exclude(newsroom: Newsroom) -> None:
    for number in range(12):
        team = f"The basketball team of {PLACES[number % 8]} won. "
        newsroom.publish("bb", f"Round {number}", text=f"{team * 9} It hails from the Greater Bay Area, {number}.")
    found = _suggest(newsroom, REGION)
    assert "basketball team" in {one.phrase for one in found.to_exclude}
    told = next(one for one in found.to_exclude if one.phrase == "basketball team")
    assert (told.language, told.inside_of) == ("en", 12)
    assert told.inside > 4 * told.outside


async def test_a_large_archive_is_sampled_and_counts_are_told_of_all(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish("cc", *(f"Cross-boundary route {number}" for number in range(10)))
    monkeypatch.setattr(suggesting, "MOST_BACKGROUND", 50)
    found = _suggest(newsroom, REGION)
    assert found.step == 3 and found.background < 50
    (outside,) = (one.outside for one in found.to_add if one.phrase == "cross-boundary")
    assert outside % 3 == 0 and 6 <= outside <= 18  # of twelve


async def test_too_few_stories_give_nothing(newsroom: Newsroom) -> None:
    found = _suggest(newsroom, WatchlistDef("Few", terms=("bus",)))
    assert (found.stories, found.to_add, found.to_exclude) == (1, (), ())
