"""The day that the address of an article names, as most news sites have it. A table: each row with its example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class UrlDate:
    """A way of writing a day into a path."""

    name: str
    pattern: str
    """Looked for in the path; its groups are the year, the month and the day."""
    example: str
    """Must give 20 February 2024."""


# The first that fits counts. A number that goes on is an id (/20240220123), and so is one that other letters lead
# (/item20240220); /2024/02/20-bridges is the twenty bridges of February.
URL_DATES: tuple[UrlDate, ...] = (
    UrlDate("folders", r"/(\d{4})/(\d{1,2})/(\d{1,2})(?=/|$)", "https://example.com/news/2024/02/20/bridge.html"),
    UrlDate("one folder", r"/(\d{4})-(\d{1,2})-(\d{1,2})(?=[/_-]|\.\D|$)", "https://example.com/2024-2-20/106342536"),
    UrlDate("two folders", r"/(\d{4})-?(\d\d)/(\d\d)(?=/)", "https://example.com/news/2024-02/20/c_1.html"),
    UrlDate("two folders, short", r"/(\d{4})/(\d\d)-?(\d\d)(?=/)", "https://example.com/n1/2024/0220/c1-2.html"),
    UrlDate(
        "eight digits",
        r"[/_-](?:[a-z]|content)?(\d{4})(\d\d)(\d\d)(?=[/_.-]|$)",
        "https://example.com/zwgk/202402/t20240220_5678.html",
    ),
    UrlDate(
        "eight digits and a clock",
        r"[/_-](\d{4})(\d\d)(\d\d)(?:[01]\d|2[0-3])(?:[0-5]\d){1,2}(?=[/_.-]|$)",
        "https://example.com/a/202402201030.html",
    ),
    UrlDate("end of the name", r"[-_](\d{4})-(\d\d)-(\d\d)(?=[/.]|$)", "https://example.com/budget-2024-02-20.html"),
)
_PATTERNS = tuple(re.compile(row.pattern, re.ASCII | re.IGNORECASE) for row in URL_DATES)
_ANY = re.compile(r"(?:19|20)\d\d[-/]?\d")


def day_of_url(url: str) -> date | None:
    """The day from 1990 on that the path of a URL names; None where it names none."""
    if not _ANY.search(url):
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(path):
            year, month, day = map(int, match.groups())
            try:
                named = date(year, month, day)
            except ValueError:
                continue
            if named.year >= _FIRST_YEAR:
                return named
    return None
