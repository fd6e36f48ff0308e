"""What of a configuration is legal and probably not meant, for `feedwatch check`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from feedwatch.jobs.provision import watchlist_def
from feedwatch.match import query_warnings, term_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.config import Config
    from feedwatch.declared import WatchlistSettings


def doubts(loaded: Config) -> Iterator[str]:
    """A sentence each, with file, line and key; a query's with the query below it and a caret."""
    settings = loaded.settings
    for number, watchlist in enumerate(settings.watchlists):
        at = ("watchlists", number)
        for key, place, said in _of_queries(loaded, watchlist):
            yield f"{loaded.place((*at, key, place))}: {said}"
        for place, wanted in enumerate(watchlist.sources):
            if not any(fnmatchcase(source.name, wanted) for source in settings.sources):
                said = f"no source of this file is called {wanted}, and so it finds nothing in them"
                yield f"{loaded.place((*at, 'sources', place))}: {said}"
    used = {name for watchlist in settings.watchlists for name in watchlist.synonyms}
    for name in settings.synonyms:
        if name not in used:
            yield f"{loaded.place(('synonyms', name))}: no watchlist names this set"


def _of_queries(loaded: Config, watchlist: WatchlistSettings) -> Iterator[tuple[str, int, str]]:
    definition = watchlist_def(watchlist, loaded.settings.synonyms)
    for place, term in enumerate(definition.terms):
        yield from (("terms", place, str(warning)) for warning in term_warnings(term))
    for key, queries in (("queries", definition.queries), ("exclude", definition.exclude)):
        for place, query in enumerate(queries):
            yield from ((key, place, str(warning)) for warning in query_warnings(query))
