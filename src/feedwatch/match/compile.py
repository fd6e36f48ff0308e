"""Watchlists -> phrases to search for and conditions to ask. A query that cannot be read is left out and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import WatchlistDef, query_def

from .condition import Condition, condition_of, needed
from .parse import parse_query, parse_term
from .phrase import Literal, compile_phrase
from .tree import Node, Phrase, with_inner_nots


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """One term or query of a watchlist."""

    watchlist: int
    written: str
    condition: Condition
    is_exclude: bool


@dataclass(frozen=True, slots=True)
class CompiledWatchlists:
    """All watchlists together. Numbers are places in `literals` and `queries`."""

    literals: tuple[Literal, ...]
    queries: tuple[CompiledQuery, ...]
    queries_by_phrase: tuple[tuple[int, ...], ...]
    """The queries to ask where a phrase was found; any other phrase of theirs may be absent, this one not."""
    problems: tuple[str, ...]


def compile_watchlists(watchlists: Iterable[WatchlistDef]) -> CompiledWatchlists:
    """Compile, sharing what the queries have in common."""
    compiling = _Compiling()
    for number, watchlist in enumerate(watchlists):
        add = partial(compiling.add, number, watchlist.name)
        for term in dict.fromkeys(watchlist.terms):
            add("term", term, partial(parse_term, term))
        for query in dict.fromkeys(watchlist.queries):
            add("query", query_def(query).text, partial(parse_query, query))
        for query in dict.fromkeys(watchlist.exclude):
            add("exclude", query_def(query).text, partial(parse_query, query))
    return compiling.result()


@dataclass
class _Compiling:
    literals: dict[Literal, int] = field(default_factory=dict)
    phrases: dict[str, int] = field(default_factory=dict)
    queries: list[CompiledQuery] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, watchlist: int, name: str, what: str, written: str, parse: Callable[[], Node]) -> None:
        try:
            node = parse()
        except QuerySyntaxError as error:
            self.problems.append(f"watchlist {name!r}, {what} left out: {error}")
            return
        condition = condition_of(with_inner_nots(node), self._number)
        self.queries.append(CompiledQuery(watchlist, written, condition, is_exclude=what == "exclude"))

    def _number(self, phrase: Phrase) -> int:
        known = self.phrases.get(phrase.text)
        if known is None:
            literal = compile_phrase(phrase.text)
            known = self.phrases[phrase.text] = self.literals.setdefault(literal, len(self.literals))
        return known

    def result(self) -> CompiledWatchlists:
        lengths = [len(literal.squeezed) for literal in self.literals]
        queries_by_phrase: list[list[int]] = [[] for _ in lengths]
        for number, query in enumerate(self.queries):
            for phrase in needed(query.condition, lengths):
                queries_by_phrase[phrase].append(number)
        return CompiledWatchlists(
            tuple(self.literals), tuple(self.queries), tuple(map(tuple, queries_by_phrase)), tuple(self.problems)
        )
