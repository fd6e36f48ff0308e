"""One term or query against one text, for the tables of these tests."""

from __future__ import annotations

from feedwatch.match import Matcher
from feedwatch.model import Match, WatchlistDef


def spans_of_term(term: str, text: str) -> list[tuple[int, int]]:
    """Where a term stands in a text."""
    return _spans(Matcher([(WatchlistDef("w", terms=(term,)), 1)]), text)


def spans_of_query(query: str, text: str) -> list[tuple[int, int]]:
    """Where the phrases of a query stand in a text that meets it."""
    return _spans(Matcher([(WatchlistDef("w", queries=(query,)), 1)]), text)


def matched(watchlist: WatchlistDef, title: str = "", text: str = "") -> Match | None:
    """The match of one watchlist, if it is met."""
    found = Matcher([(watchlist, 1)]).find(title, text)
    return found[0] if found else None


def _spans(matcher: Matcher, text: str) -> list[tuple[int, int]]:
    assert matcher.problems == ()
    return [(span.start, span.end) for match in matcher.find("", text) for span in match.spans]
