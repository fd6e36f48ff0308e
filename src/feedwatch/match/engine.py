"""All watchlists against one item, in one pass over its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter

from feedwatch.model import Item, Match, Rarity

from .compile import ReadyQuery, ReadyWatchlist
from .found import Found, Leaf
from .held import Held, Versioned
from .score import NEUTRAL, score


class Matcher:
    """Watchlists ready to be matched, each with its version. Immutable, and safe to share between threads.

    What a query cannot be met without is searched for, for all queries at once: a query costs nothing in an item that
    has nothing of it. `rarity`: of terms in the archive, which the score looks at. Of two watchlists of one name the
    last is matched.
    """

    def __init__(
        self,
        watchlists: Iterable[Versioned],
        rarity: Rarity = Rarity(),  # noqa: B008 - immutable
        *,
        held: Held | None = None,
    ) -> None:
        """Read the watchlists; or take them from `held`, as `changed` does."""
        self._held = held or Held.of(watchlists, rarity)
        wrong = [watchlist for watchlist in self._held.live.values() if watchlist.problems]
        self.problems: tuple[str, ...] = tuple(
            problem for watchlist in sorted(wrong, key=_KEY) for problem in watchlist.problems
        )
        """The terms and queries that cannot be read, and were left out: which, and why."""

    def changed(
        self, watchlists: Iterable[Versioned], dropped_names: Iterable[str] = (), rarity: Rarity | None = None
    ) -> Matcher:
        """The matcher with these watchlists too, or in place of what had their names, and without the dropped ones.

        It shares all that has not changed, so that it costs what the change does, and a few milliseconds. It matches
        as one that is made of all of them anew.
        """
        return Matcher((), held=self._held.changed(watchlists, dropped_names, rarity))

    def match(self, item: Item, source: str = "", source_tags: tuple[str, ...] = ()) -> tuple[Match, ...]:
        """The watchlists that an item of a source meets: one Match each, in the order of their names, case aside."""
        return self._matched(Found(item.title, item.text, item, source, source_tags))

    def find(self, title: str, text: str) -> tuple[Match, ...]:
        """As `match`, for texts that are not items."""
        return self._matched(Found(title, text, None, "", ()))

    def _matched(self, found: Found) -> tuple[Match, ...]:
        met: dict[ReadyWatchlist, list[ReadyQuery]] = {}
        held = self._held
        for segment in held.segments:
            for query in segment.asked(found):
                watchlist = query.watchlist
                if held.has_dead and held.live.get(watchlist.definition.name) is not watchlist:
                    continue
                if watchlist.scope is not None and not found.meets(watchlist.scope):
                    continue
                if (query.made or query.condition).holds(found):
                    met.setdefault(watchlist, []).append(query)
        if not met:
            return ()
        return tuple(self._matches(met, found))

    def _matches(self, met: dict[ReadyWatchlist, list[ReadyQuery]], found: Found) -> Iterator[Match]:
        for watchlist in sorted(met, key=_KEY):
            queries = met[watchlist]
            definition = watchlist.definition
            if definition.mode == "all":
                queries = watchlist.queries
                if not all(query.holds(found) for query in queries):
                    continue
            if watchlist.excludes and any(query.holds(found) for query in watchlist.excludes):
                continue
            match = self._match(watchlist, queries, found)
            if match.score >= definition.min_score:
                yield match

    def _match(self, watchlist: ReadyWatchlist, queries: list[ReadyQuery], found: Found) -> Match:
        leaves: set[Leaf] = set()
        coverage = 0.0
        for query in queries:
            own: set[Leaf] = set()
            query.condition.add_taking_part(found, own)
            covered = len(own) / query.breadth if query.breadth else 1.0
            coverage = max(coverage, covered)
            leaves |= own
        rarity = NEUTRAL
        if self._held.rarity.documents and leaves:
            rarity = max(map(self._held.weight, leaves))
        spans = found.merged(leaves)
        first, *others = queries
        written = tuple(dict.fromkeys([query.written for query in queries])) if others else (first.written,)
        return Match(watchlist.definition.name, watchlist.version, written, spans, score(spans, coverage, rarity))


_KEY = attrgetter("key")
