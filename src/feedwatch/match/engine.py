"""All watchlists against one item, in one pass over its text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from feedwatch.model import Item, Match, Rarity

from .compile import ReadyQuery, ReadyWatchlist
from .found import Found, Leaf
from .held import Held, Versioned
from .score import NEUTRAL, rated

Met = tuple[ReadyQuery, Sequence[Leaf]]
"""A query that an item meets, and the leaves through which it does."""


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
        met: dict[ReadyWatchlist, list[Met]] = {}
        held = self._held
        for segment in held.segments:
            for query in segment.asked(found):
                watchlist = query.watchlist
                if held.has_dead and held.live.get(watchlist.definition.name) is not watchlist:
                    continue
                if watchlist.scope is not None and not found.meets(watchlist.scope):
                    continue
                leaves = (query.made or query.condition).met_by(found)
                if leaves is not None:
                    met.setdefault(watchlist, []).append((query, leaves))
        if not met:
            return ()
        return tuple(self._matches(met, found))

    def _matches(self, met: dict[ReadyWatchlist, list[Met]], found: Found) -> Iterator[Match]:
        for watchlist in sorted(met, key=_KEY):
            queries = met[watchlist]
            definition = watchlist.definition
            if definition.mode == "all":
                queries = []
                for query in watchlist.queries:
                    leaves = query.met_by(found)
                    if leaves is None:
                        break
                    queries.append((query, leaves))
                if len(queries) < len(watchlist.queries):
                    continue
            if watchlist.excludes and any(query.met_by(found) is not None for query in watchlist.excludes):
                continue
            match = self._match(watchlist, queries, found)
            if match.score >= definition.min_score:
                yield match

    def _match(self, watchlist: ReadyWatchlist, queries: list[Met], found: Found) -> Match:
        if len(queries) == 1:
            ((query, taking),) = queries
            leaves: Collection[Leaf] = set(taking) if len(taking) > 1 else taking
            coverage = len(leaves) / query.breadth if query.breadth else 1.0
            written: tuple[str, ...] = (query.written,)
        else:
            queries.sort(key=_number)
            own = [set(taking) for _, taking in queries]
            leaves = set().union(*own)
            coverage = max(
                len(taken) / query.breadth if query.breadth else 1.0
                for (query, _), taken in zip(queries, own, strict=True)
            )
            written = tuple(dict.fromkeys([query.written for query, _ in queries]))
        rarity = NEUTRAL
        if self._held.rarity.documents and leaves:
            rarity = max(map(self._held.weight, leaves))
        spans, place = found.placed(leaves)
        return Match(watchlist.definition.name, watchlist.version, written, spans, rated(place, coverage, rarity))


_KEY = attrgetter("key")


def _number(met: Met) -> int:
    return met[0].number
