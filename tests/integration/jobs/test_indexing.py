"""Housekeeping makes the search index whole, and counts how rare tokens are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.jobs.indexing import SAMPLE, index_by_steps, sample_by_steps, tokens_of
from feedwatch.model import Rarity
from feedwatch.plan import INDEX_RULES
from feedwatch.store import tables
from feedwatch.store.index import count_unindexed
from feedwatch.store.rarity import read_rarity, sampled_at
from tests.integration.store.examples import DAY, HOUR, NOW, count, matched, new_source, poll

if TYPE_CHECKING:
    from feedwatch.store import Store


def unindexed(store: Store) -> int:
    with store.read() as session:
        return count_unindexed(session)


def test_items_of_an_older_feedwatch_are_indexed(store: Store) -> None:
    poll(store, new_source(store), *(matched(f"g{n}", text=f"Text {n} ☂") for n in range(450)))
    assert unindexed(store) == 450
    assert len(list(index_by_steps(store))) == 4  # the beginning, and 200 at a time
    assert unindexed(store) == 0
    with store.read() as session:
        state = session.scalar(sa.select(tables.ItemIndex.is_indexed).where(tables.ItemIndex.item_id == 450))
    assert state is True


def test_an_item_without_any_word_is_indexed_too(store: Store) -> None:
    poll(store, new_source(store), matched("g1", title="☂", text="…!"))
    list(index_by_steps(store))
    assert unindexed(store) == 0


def test_a_whole_index_costs_one_step(store: Store) -> None:
    poll(store, new_source(store), replace(matched("g1"), tokens="headline"))
    assert len(list(index_by_steps(store))) == 1


@pytest.mark.parametrize("rules", [INDEX_RULES - 1, INDEX_RULES + 1])
def test_an_index_of_other_rules_is_made_anew(store: Store, rules: int) -> None:
    poll(store, new_source(store), replace(matched("g1"), tokens="headline"))
    with store.begin() as session:
        session.merge(tables.IndexState(number=1, rules=rules))
    assert len(list(index_by_steps(store))) == 2
    assert unindexed(store) == 0
    with store.read() as session:
        assert session.scalar(sa.select(tables.IndexState.rules)) == INDEX_RULES


def test_what_dies_in_between_is_taken_up_the_next_time(store: Store) -> None:
    poll(store, new_source(store), *(matched(f"g{n}") for n in range(450)))
    steps = index_by_steps(store)
    next(steps), next(steps)
    assert unindexed(store) == 250
    assert len(list(index_by_steps(store))) == 3
    assert unindexed(store) == 0


def test_rarity_is_counted_once_a_day(store: Store) -> None:
    texts = ("The green bonds", "The green bonds, the toll", "A toll of five")
    poll(store, new_source(store), *(matched(f"g{n}", title="Toll", text=text) for n, text in enumerate(texts)))
    with store.read() as session:
        assert read_rarity(session) == Rarity()
    list(sample_by_steps(store, NOW))
    with store.read() as session:
        assert read_rarity(session) == Rarity(3, {"the": 2, "green": 2, "bonds": 2, "toll": 3})  # words alone
    assert list(sample_by_steps(store, NOW + 23 * HOUR)) == []
    list(sample_by_steps(store, NOW + DAY))
    with store.read() as session:
        assert sampled_at(session) == NOW + DAY


def test_rarity_is_that_of_the_newest_items(store: Store) -> None:
    source = new_source(store)
    poll(store, source, *(matched(f"g{n}", title="", text="old") for n in range(10)))
    poll(store, source, *(matched(f"n{n}", title="", text="new") for n in range(SAMPLE)))
    list(sample_by_steps(store, NOW))
    with store.read() as session:
        assert read_rarity(session) == Rarity(SAMPLE, {"new": SAMPLE})
    assert count(store, tables.Item) == SAMPLE + 10


def test_tokens_are_parted_by_spaces() -> None:
    assert tokens_of("Bay area", "The bay") == "area bay the ¶area ¶bay"
