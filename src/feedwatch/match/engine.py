"""All watchlists against one item, in one pass over its text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from ahocorasick_rs import BytesAhoCorasick

from feedwatch.model import Field, Item, Match, Span, WatchlistDef

from .compile import CompiledQuery, compile_watchlists
from .condition import holds, phrases_that_took_part
from .phrase import Literal
from .score import score
from .squeeze import SqueezedText

FIELDS: tuple[Field, ...] = ("title", "text")
"""In the order in which spans are sorted."""

Place = tuple[int, int, int]
"""The number of a field, and characters [start, end) of it."""


class Matcher:
    """Watchlists ready to be matched, each with its version. Immutable, and safe to share between threads.

    Every literal of every query stands in one Aho-Corasick automaton; a query costs nothing in a text that has none of
    the literals without which it cannot hold.
    """

    def __init__(self, watchlists: Iterable[tuple[WatchlistDef, int]]) -> None:
        definitions = tuple(watchlists)
        self._names = tuple((definition.name, version) for definition, version in definitions)
        compiled = compile_watchlists(definition for definition, _ in definitions)
        self.problems: tuple[str, ...] = compiled.problems
        """The terms and queries that cannot be read, and were left out: which, and why."""
        self._literals = compiled.literals
        self._queries = compiled.queries
        self._queries_by_phrase = compiled.queries_by_phrase
        # Literals that differ in their gaps alone are one pattern.
        phrases_by_pattern: dict[str, list[int]] = defaultdict(list)
        for number, literal in enumerate(compiled.literals):
            phrases_by_pattern[literal.squeezed].append(number)
        self._pattern_phrases = tuple(map(tuple, phrases_by_pattern.values()))
        self._automaton = BytesAhoCorasick([pattern.encode(errors="replace") for pattern in phrases_by_pattern])

    def match(self, item: Item) -> tuple[Match, ...]:
        """The watchlists that an item meets, in their order: one Match each."""
        return self.find(item.title, item.text)

    def find(self, title: str, text: str) -> tuple[Match, ...]:
        """As `match`, for texts that are not items."""
        texts = (SqueezedText(title), SqueezedText(text))
        hits = [squeezed.search(self._automaton) for squeezed in texts]
        if not any(hits):
            return ()
        found = _Found(self._literals, texts)
        for field, hits_in_field in enumerate(hits):
            for pattern, at in hits_in_field:
                for phrase in self._pattern_phrases[pattern]:
                    found.starts[phrase].append((field, at))
        return tuple(self._matches(found))

    def _matches(self, found: _Found) -> Iterator[Match]:
        asked = sorted({query for phrase in found.starts for query in self._asked_by(phrase, found)})
        for number, group in groupby((self._queries[query] for query in asked), key=lambda query: query.watchlist):
            met, excluding = [], []
            for query in group:
                if query.is_exclude:
                    excluding.append(query)
                elif holds(query.condition, found.is_found):
                    met.append(query)
            if met and not any(holds(query.condition, found.is_found) for query in excluding):
                yield self._match(number, met, found)

    def _asked_by(self, phrase: int, found: _Found) -> tuple[int, ...]:
        queries = self._queries_by_phrase[phrase]
        return queries if queries and found.is_found(phrase) else ()

    def _match(self, number: int, met: list[CompiledQuery], found: _Found) -> Match:
        phrases = {phrase for query in met for phrase in phrases_that_took_part(query.condition, found.is_found)}
        spans = merge(place for phrase in phrases for place in found.places(phrase))
        name, version = self._names[number]
        return Match(name, version, tuple(query.written for query in met), spans, score(spans))


def merge(places: Iterable[Place]) -> tuple[Span, ...]:
    """Sort places and make one of those that overlap."""
    spans: list[Span] = []
    last_field = last_start = last_end = -1
    for field, start, end in sorted(places):
        if field == last_field and start < last_end:
            last_end = max(last_end, end)
            spans[-1] = Span(FIELDS[field], last_start, last_end)
        else:
            last_field, last_start, last_end = field, start, end
            spans.append(Span(FIELDS[field], start, end))
    return tuple(spans)


class _Found:
    """What the search met in one item; judged when a query first asks for it, and no further than it asks."""

    def __init__(self, literals: tuple[Literal, ...], texts: tuple[SqueezedText, ...]) -> None:
        self.starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """By phrase: the field, and where in its squeezed text."""
        self._literals = literals
        self._texts = texts
        self._is_found: dict[int, bool] = {}

    def is_found(self, phrase: int) -> bool:
        known = self._is_found.get(phrase)
        if known is None:
            known = self._is_found[phrase] = next(self.places(phrase), None) is not None
        return known

    def places(self, phrase: int) -> Iterator[Place]:
        literal = self._literals[phrase]
        for field, at in self.starts.get(phrase, ()):
            span = self._texts[field].span(literal, at)
            if span is not None:
                yield field, *span
