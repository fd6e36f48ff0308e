"""The query language and the engine that matches watchlists against items: pure, text in, spans out.

`check_query` and `check_term` tell whether a query or term can be read, `unreadable` which of a watchlist's cannot,
`query_warnings` and `term_warnings` what in it
is probably not meant; `Matcher` holds watchlists and matches items one by one; `plan_of` tells the archive what to look
for.
"""

from __future__ import annotations

from .compile import filter_literals, unreadable
from .engine import Matcher
from .index_tokens import index_tokens
from .parse import check_query, check_term, parse_query
from .planning import plan_of, plan_of_watchlist
from .warnings import QueryWarning, query_warnings, term_warnings

__all__ = [
    "Matcher",
    "QueryWarning",
    "check_query",
    "check_term",
    "filter_literals",
    "index_tokens",
    "parse_query",
    "plan_of",
    "plan_of_watchlist",
    "query_warnings",
    "term_warnings",
    "unreadable",
]
