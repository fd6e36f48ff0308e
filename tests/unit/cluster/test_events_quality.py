"""How well events are recognised across languages is held here; tests/bench/events prints it."""

from __future__ import annotations

from functools import cache

from tests.bench.events.labelled import labelled, pairs
from tests.bench.events.quality import Judged, judge, quality, with_other_figures


@cache
def _judged() -> list[Judged]:
    return judge(pairs(labelled()))


def test_links_are_right_on_the_held_out_half() -> None:
    held_out = [pair for pair in _judged() if pair.chinese.is_held_out and pair.english.is_held_out]
    found = quality(held_out)
    assert found.precision >= 0.98
    assert found.recall >= 0.7


def test_links_are_right_among_all_pairs() -> None:
    found = quality(_judged())
    assert found.pairs > 5000
    assert found.precision >= 0.98
    assert found.recall >= 0.7


def test_the_same_names_with_other_figures_are_seldom_linked() -> None:
    changed = judge(with_other_figures(labelled()))
    assert len(changed) > 40
    assert sum(pair.is_linked() for pair in changed) <= 0.05 * len(changed)


def test_the_set_is_what_it_says() -> None:
    items = labelled()
    names = [(item.event, item.language[:2]) for item in items]
    assert len(names) == len(set(names))
    events = {item.event for item in items}
    assert all(item.near in events for item in items)
    assert sum(pair.is_one_event for pair in _judged()) == 60
    assert sum(item.event != item.near for item in items) >= 30
