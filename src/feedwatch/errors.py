"""One small tree of errors: each one's text is a sentence for the person who can mend it."""

from __future__ import annotations

import unicodedata


class FeedwatchError(Exception):
    """Base. `str(error)` says what is wrong, where, and what to do."""


class ConfigError(FeedwatchError):
    """The configuration cannot be used. Holds every problem found, not the first alone."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class QuerySyntaxError(FeedwatchError):
    """A query that cannot be read. Knows the query and the column (0-based), and draws the caret."""

    def __init__(self, query: str, column: int, problem: str) -> None:
        self.query = query
        self.column = column
        self.problem = problem
        super().__init__(f"{problem}\n{pointed_at(query, column)}")


class ScheduleError(FeedwatchError):
    """A schedule (cron line or word) that cannot be read."""


class DocumentError(FeedwatchError):
    """A document in which no feed can be read; the text says what it looks like instead."""


class FetchError(FeedwatchError):
    """A source could not be fetched; the text is what the admin reads beside the source.

    `retry_after` is the seconds that the server asked us to wait, where it did (RFC 9110, 10.2.3); `elapsed_ms` the
    time from the request to the failure, waiting for a free slot left out.
    """

    def __init__(self, problem: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        self.elapsed_ms = 0
        super().__init__(problem)


class StoreError(FeedwatchError):
    """The database cannot be used as asked: unreachable, of another version, or without the named thing."""


class DeliveryError(FeedwatchError):
    """A mail was not accepted. `permanent` tells whether another try can help (RFC 5321, 4.2.1); `retry_after` is the
    seconds that the server asked us to wait, where it did (RFC 9110, 10.2.3)."""

    def __init__(self, problem: str, *, permanent: bool, retry_after: float | None = None) -> None:
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(problem)


class BoxError(FeedwatchError):
    """A box of bounces cannot be read: out of reach, the login refused, the folder missing."""


class OpmlError(FeedwatchError):
    """An OPML file that cannot be read; names the file and line."""


_MOST_BEFORE = 70
_MOST_AFTER = 40


def pointed_at(text: str, column: int) -> str:
    """The line of a text that has a column (0-based), and a caret under it, both two blanks in.

    What is far from the column is left out.
    """
    begin = text.rfind("\n", 0, column) + 1
    before, after = text[begin:column], text[column:].partition("\n")[0]
    if len(before) > _MOST_BEFORE:
        before = "…" + before[-_MOST_BEFORE + 1 :]
    if len(after) > _MOST_AFTER:
        after = after[: _MOST_AFTER - 1] + "…"
    return f"  {before}{after}\n  {''.join(map(_blank, before))}^"


def _blank(character: str) -> str:
    """As much room as a character takes: a caret under 大 must stand two columns further for each such one before."""
    if character == "\t":
        return character
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # drawn upon the one before, or not at all
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
