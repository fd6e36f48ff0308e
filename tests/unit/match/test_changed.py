"""A matcher after a change: as one that is made anew, at the price of the change."""

from __future__ import annotations

import random
from time import process_time

import pytest

from feedwatch.match import Matcher
from feedwatch.match.segments import FEW, MANY
from feedwatch.model import Rarity, WatchlistDef

WORDS = [f"{first}{second}{third}" for first in "bcdfg" for second in "aeiou" for third in "lmnrst"]


def watchlist(name: str, seed: int, count: int = 3) -> WatchlistDef:
    rng = random.Random(seed)
    queries = {f"{rng.choice(WORDS)} {rng.choice(['OR', 'AND', 'NOT'])} {rng.choice(WORDS)}" for _ in range(count)}
    return WatchlistDef(name, queries=tuple(sorted(queries)), exclude=(rng.choice(WORDS),))


def test_a_replaced_watchlist_matches_as_it_is_now_and_the_former_matcher_as_it_was() -> None:
    before = Matcher([(WatchlistDef("w", ("bay",)), 1), (WatchlistDef("v", ("bay",)), 1)])
    after = before.changed([(WatchlistDef("w", ("area",)), 2)], ["v"])
    assert [(match.watchlist, match.version) for match in after.find("", "bay area")] == [("w", 2)]
    assert [(match.watchlist, match.version) for match in before.find("", "bay area")] == [("v", 1), ("w", 1)]
    assert after.changed([], ["w"]).find("", "bay area") == ()


def test_a_dropped_name_that_is_given_too_stays_and_an_unknown_one_is_no_matter() -> None:
    after = Matcher([]).changed([(WatchlistDef("w", ("bay",)), 1)], ["w", "none"])
    assert [match.watchlist for match in after.find("", "bay")] == ["w"]


def test_problems_are_those_of_what_is_held() -> None:
    before = Matcher([(WatchlistDef("w", ("--",)), 1), (WatchlistDef("B", ("(",), ("(",)), 1)])
    assert [problem[:13] for problem in before.problems] == ["watchlist 'B'", "watchlist 'B'", "watchlist 'w'"]
    assert before.changed([(WatchlistDef("w", ("bay",)), 2)], ["B"]).problems == ()


def test_a_new_rarity_changes_scores_alone() -> None:
    before = Matcher([(WatchlistDef("w", ("bay",)), 1)])
    after = before.changed([], [], Rarity(1_000, {"bay": 1}))
    (low,), (high,) = before.find("", "bay"), after.find("", "bay")
    assert low.score < high.score
    assert low.spans == high.spans


@pytest.mark.parametrize("size", [1, 40])
def test_many_changes_are_as_one_matcher_made_anew(size: int) -> None:
    rng = random.Random(size)
    known: dict[str, tuple[WatchlistDef, int]] = {f"base{at}": (watchlist(f"base{at}", at), 1) for at in range(200)}
    matcher = Matcher(known.values())
    texts = [" ".join(rng.choices(WORDS, k=30)) for _ in range(20)]
    for version in range(2, 30):
        names = [rng.choice([f"base{rng.randrange(200)}", f"new{rng.randrange(90)}"]) for _ in range(size)]
        given = [(watchlist(name, version * 1_000 + at), version) for at, name in enumerate(dict.fromkeys(names))]
        dropped = [name for name in rng.sample(sorted(known), 2) if name not in names]
        matcher = matcher.changed(given, dropped)
        known = {name: entry for name, entry in known.items() if name not in dropped}
        known |= {definition.name: (definition, version) for definition, version in given}
    anew = Matcher(known.values())
    assert [matcher.find("", text) for text in texts] == [anew.find("", text) for text in texts]
    assert any(anew.find("", text) for text in texts)


def test_a_change_costs_what_has_changed() -> None:
    held = Matcher([(watchlist(f"base{at}", at, 10), 1) for at in range(MANY // 5)])
    assert held.find("", "bal bel") != ()
    took = []
    for at in range(FEW // 4):
        begun = process_time()
        held = held.changed([(watchlist(f"new{at}", at, 10), 1)])
        took.append(process_time() - begun)
    assert sorted(took)[len(took) // 2] < 0.1


def test_what_was_dropped_is_let_go_of_once_it_is_half() -> None:
    names = [f"base{at}" for at in range(10)]
    held = Matcher([(WatchlistDef(name, ("bay",)), 1) for name in names])
    held = held.changed([], names[:4])
    assert held._held.has_dead
    held = held.changed([], names[4:5])
    assert not held._held.has_dead
    assert [match.watchlist for match in held.find("", "bay")] == names[5:]
