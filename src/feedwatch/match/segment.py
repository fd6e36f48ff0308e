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
        borders: dict[str, int] = {}
        for watchlist in self.watchlists:
            for query in chain(watchlist.queries, watchlist.excludes):
                for squeezed, wanted in query.sought:
                    borders[squeezed] = borders.get(squeezed, wanted) & wanted
        asking: dict[str, list[ReadyQuery]] = {}
        always: list[ReadyQuery] = []
        for query in queries:
            if query.need is None:
                always.append(query)
            else:
                for squeezed, _ in query.need.sought:
                    asking.setdefault(squeezed, []).append(query)
        self._literals = tuple(borders)
        self._borders = bytes(borders.values())
        self._asking = {literal: tuple(queries) for literal, queries in asking.items()}
        """By literal: the queries that need it, or another in its place."""
        self._automaton = AhoCorasick(self._literals) if borders else None
        self._always = tuple(always)
        unsought = dict.fromkeys(chain.from_iterable(query.unsought_regexes() for query in always))
        self._patterns = tuple(unsought)
        self._regexes = RegexSet(self._patterns)

    def asked(self, found: Found) -> set[ReadyQuery]:
        """The queries that an item may meet, and some more."""
        queries = set(self._always)
        if self._automaton is not None:
            asking = self._asking
            for text in found.texts:
                text.search(self._automaton, self._literals, self._borders)
                found.present.update(text.hits)
            for literal in asking.keys() & found.present:
                queries.update(asking[literal])
        if self._patterns:
            self._rule_out(found)
        return queries

    def _rule_out(self, found: Found) -> None:
        """Tell all expressions that stand nowhere in the item in one pass, in place of one for each."""
        standing = frozenset().union(*(self._regexes.matching(text.original) for text in found.texts))
        found.rule_out(pattern for number, pattern in enumerate(self._patterns) if number not in standing)
