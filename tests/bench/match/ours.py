"""feedwatch's own matcher, in a process of its own."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Sequence
from time import process_time

from ahocorasick_rs import AhoCorasick

from feedwatch.match import Matcher
from feedwatch.match.compile import filter_literals
from feedwatch.match.fold import squeeze
from feedwatch.model import WatchlistDef
from tests.bench.match.case import Measured, Sourced, percentile, rss_mb, timed

ROUNDS = 3
QUERIES_A_WATCHLIST = 10


def measure(written: Sequence[str], items: Sequence[Sourced]) -> Measured:
    """Build watchlists of ten queries each, match every item some rounds, and tell which queries each met.

    Python's collector rests as it does in a worker.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)
    definitions = [
        (WatchlistDef(f"{first:06}", queries=tuple(written[first : first + QUERIES_A_WATCHLIST])), 1)
        for first in range(0, len(written), QUERIES_A_WATCHLIST)
    ]
    before = rss_mb()
    begun = process_time()
    matcher = Matcher(definitions)
    build_s = process_time() - begun
    grown, peak = rss_mb() - before, rss_mb("VmHWM")
    gc.collect()
    gc.freeze()
    taken = timed(items, lambda sourced: matcher.match(sourced.item, sourced.source), ROUNDS)
    numbers = {query: number for number, query in enumerate(written)}
    found = [
        frozenset(numbers[query] for match in matcher.match(item, source) for query in match.queries)
        for item, source in items
    ]
    return Measured(
        "feedwatch", len(written), range(len(items)), len(taken) / sum(taken), build_s, peak, grown,
        percentile(taken, 0.5) * 1e6, percentile(taken, 0.99) * 1e6, _asked(written, items), found,
        "; ".join(f"left out: {problem}" for problem in matcher.problems[:3]),
    )  # fmt: skip


def _asked(written: Sequence[str], items: Sequence[Sourced]) -> float:
    """Queries an item of which the item has a literal without which they cannot match; within other words too."""
    queries_by_literal: dict[str, list[int]] = defaultdict(list)
    always = 0
    for number, query in enumerate(written):
        literals = filter_literals(query)
        always += not literals
        for literal in literals:
            queries_by_literal[literal].append(number)
    queries = list(queries_by_literal.values())
    automaton = AhoCorasick(list(queries_by_literal))
    asked = 0
    for item, _ in items:
        found = {
            pattern
            for text in (item.title, item.text)
            for pattern, _, _ in automaton.find_matches_as_indexes(squeeze(text).decode(), overlapping=True)
        }
        asked += always + len({number for pattern in found for number in queries[pattern]})
    return asked / len(items)
