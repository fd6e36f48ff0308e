"""Watchlists -> queries ready to be asked. A query that cannot be read is left out and reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import Query, WatchlistDef, query_def

from .condition import Condition, condition_of
from .facts import scope_test
from .found import FactTest, Found, Leaf
from .leaves import Leaves, test_of
from .parse import parse_query, parse_term
from .seeking import Cost, by_writing, need_of
from .synonyms import with_synonyms
from .tree import And, Near, Node, Not, Or, Regex


class ReadyQuery:
    """One term or query of a watchlist, which has been read once.

    Of its tree no more is kept than what has to be in an item for it to be met: most queries are never met, and
    100,000 trees take 200 MB. It is read again when it is first asked.
    """

    __slots__ = ("_is_term", "_leaves", "_query", "breadth", "made", "need", "number", "sought", "watchlist", "written")

    def __init__(self, watchlist: ReadyWatchlist, query: Query, leaves: Leaves, cost: Cost, *, is_term: bool) -> None:
        """Raises QuerySyntaxError for a term or query that cannot be read."""
        self.watchlist = watchlist
        self.number = len(watchlist.queries)
        """Which one it is of the watchlist's."""
        self.written = query_def(query).text
        self._query = query
        self._is_term = is_term
        self._leaves = leaves
        self.need, sought = need_of(self._node(), cost)
        """What is needed; None where every item has to be asked."""
        self.sought = tuple(sought)
        """All that has to be searched for before it is asked."""
        self.breadth = 0
        """How many different leaves it has; known once it has been asked."""
        self.made: Condition | None = None
        """Its condition, once that has been asked for."""

    def met_by(self, found: Found) -> Sequence[Leaf] | None:
        """The leaves through which an item meets it, some perhaps more than once; None where it does not."""
        return (self.made or self.condition).met_by(found)

    @property
    def condition(self) -> Condition:
        """Made when it is first asked for."""
        if self.made is None:
            condition = condition_of(self._node(), self._leaves.of, test_of)
            self.breadth = len(set(condition.leaves()))
            self.made = condition
        return self.made

    def unsought_regexes(self) -> Iterator[str]:
        """The regular expressions of a query without a need: they would be searched for in every item."""
        return _regexes(self._node())

    def _node(self) -> Node:
        node = parse_term(self.written) if self._is_term else parse_query(self._query)
        synonyms = self.watchlist.definition.synonyms
        return with_synonyms(node, synonyms) if synonyms else node


class ReadyWatchlist:
    """A watchlist in one version, whose queries have been read."""

    __slots__ = ("definition", "excludes", "key", "problems", "queries", "scope", "version")

    def __init__(self, definition: WatchlistDef, version: int, leaves: Leaves, cost: Cost) -> None:
        self.definition = definition
        self.version = version
        self.key = (definition.name.casefold(), definition.name)
        """What watchlists are sorted by."""
        self.scope = _scope(definition.languages, definition.sources, definition.tags)
        """The filter that an item has to pass; None where each does."""
        problems: list[str] = []
        self.queries: list[ReadyQuery] = []
        self.excludes: list[ReadyQuery] = []

        def read(what: str, query: Query, into: list[ReadyQuery]) -> None:
            try:
                into.append(ReadyQuery(self, query, leaves, cost, is_term=what == "term"))
            except QuerySyntaxError as error:
                effect = _effect(definition, what)
                problems.append(f"watchlist {definition.name!r}{effect}, as a {what} of it cannot be read: {error}")

        for term in dict.fromkeys(definition.terms):
            read("term", term, self.queries)
        for query in dict.fromkeys(definition.queries):
            read("query", query, self.queries)
        for query in dict.fromkeys(definition.exclude):
            read("exclude", query, self.excludes)
        self.problems = tuple(problems)

    @property
    def openers(self) -> Sequence[ReadyQuery]:
        """The queries of which one has to be met: all of them, or where all have to be met the rarest alone.

        None where all have to be met and one could not be read: without it the rest would match more than was meant.
        """
        definition = self.definition
        if definition.mode == "any" or not self.queries:
            return self.queries
        if len(self.queries) < len({*definition.terms}) + len({*definition.queries}):
            return ()
        return [min(self.queries, key=lambda query: query.need.cost if query.need else float("inf"))]


def unreadable(definition: WatchlistDef) -> tuple[str, ...]:
    """The terms and queries of a watchlist that cannot be read: which, why, and what it does without them."""
    return ReadyWatchlist(definition, 0, Leaves(), by_writing).problems


def _effect(definition: WatchlistDef, what: str) -> str:
    if what == "exclude":
        return " matches more than it should"
    return " matches nothing" if definition.mode == "all" else " matches less than it should"


def filter_literals(query: Query) -> tuple[str, ...]:
    """Folded literals, without separators, of which an item has to have one to be asked a query.

    Empty where every item is asked. Raises QuerySyntaxError for a query that cannot be read.
    """
    need, _ = need_of(parse_query(query), by_writing)
    return tuple(dict.fromkeys(sought.squeezed for sought in need.sought)) if need else ()


def _regexes(node: Node) -> Iterator[str]:
    match node:
        case Regex(pattern=pattern):
            yield pattern
        case Not(part=part):
            yield from _regexes(part)
        case Near(left=left, right=right):
            yield from _regexes(left)
            yield from _regexes(right)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _regexes(part)


@lru_cache(maxsize=1 << 12)
def _scope(languages: tuple[str, ...], sources: tuple[str, ...], tags: tuple[str, ...]) -> FactTest | None:
    """The same object for watchlists of one scope, so that it is asked once an item."""
    return scope_test(WatchlistDef("", languages=languages, sources=sources, tags=tags))
