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
        line = query[query.rfind("\n", 0, column) + 1 :].partition("\n")[0]
        before = query[query.rfind("\n", 0, column) + 1 : column]
        # A caret under 大 must stand two columns further for each such character before it.
        indent = "".join("  " if unicodedata.east_asian_width(c) in "WF" else " " for c in before)
        super().__init__(f"{problem}\n  {line}\n  {indent}^")


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
    """A mail was not accepted. `permanent` tells whether another try can help (RFC 5321, 4.2.1)."""

    def __init__(self, problem: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(problem)


class OpmlError(FeedwatchError):
    """An OPML file that cannot be read; names the file and line."""
