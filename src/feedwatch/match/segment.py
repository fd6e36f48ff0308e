"""Watchlists searched for together: one automaton over what their queries need."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from ahocorasick_rs import AhoCorasick

from .compile import ReadyQuery, ReadyWatchlist
from .found import Found
from .regexes import RegexSet


class Segment:
    """A set of watchlists that does not change. Safe to share between threads."""

    def __init__(self, watchlists: Iterable[ReadyWatchlist]) -> None:
        self.watchlists = tuple(watchlists)
        queries = list(chain.from_iterable(watchlist.openers for watchlist in self.watchlists))
        self.query_count = len(queries)
        self._queries = queries
        borders: dict[str, int] = {}
        for watchlist in self.watchlists:
            for query in chain(watchlist.queries, watchlist.excludes):
                for squeezed, wanted in query.sought:
                    borders[squeezed] = borders.get(squeezed, wanted) & wanted
        asking: dict[str, list[int]] = {}
        always: list[int] = []
        for number, query in enumerate(queries):
            if query.need is None:
                always.append(number)
            else:
                for squeezed, _ in query.need.sought:
                    asking.setdefault(squeezed, []).append(number)
        self._literals = tuple(borders)
        self._borders = bytes(borders.values())
        self._asking = tuple(tuple(asking.get(literal, ())) for literal in borders)
        """By literal: the queries that need it, or another in its place."""
        self._automaton = AhoCorasick(self._literals) if borders else None
        self._always = tuple(always)
        unsought = dict.fromkeys(chain.from_iterable(queries[number].unsought_regexes() for number in always))
        self._patterns = tuple(unsought)
        self._regexes = RegexSet(self._patterns)

    def asked(self, found: Found) -> list[ReadyQuery]:
        """The queries that an item may meet, and some more; in the order of the watchlists."""
        numbers: set[int] = set(self._always)
        if self._automaton is not None:
            asking = self._asking
            for text in found.texts:
                for literal in text.search(self._automaton, self._literals, self._borders):
                    numbers.update(asking[literal])
                found.present.update(text.hits)
        if self._patterns:
            self._rule_out(found)
        queries = self._queries
        return [queries[number] for number in sorted(numbers)]

    def _rule_out(self, found: Found) -> None:
        """Tell all expressions that stand nowhere in the item in one pass, in place of one for each."""
        standing = frozenset().union(*(self._regexes.matching(text.original) for text in found.texts))
        found.rule_out(pattern for number, pattern in enumerate(self._patterns) if number not in standing)
