"""The query language and the engine that matches watchlists against items: pure, text in, spans out.

`check_query` and `check_term` tell whether a query or term can be read; `Matcher` holds watchlists and matches items
one by one.
"""

from __future__ import annotations

from .engine import Matcher
from .parse import check_query, check_term

__all__ = ["Matcher", "check_query", "check_term"]
