"""Why an address could not be looked at, with what to do about it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from feedwatch.cli.pasting import to_paste
from feedwatch.cli.source_options import path_of
from feedwatch.errors import FeedwatchError, FetchError
from feedwatch.kinds import show_duration

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.model import Selectors

_LOGIN = frozenset([HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN])
_LONGEST_S = 30 * 86400
_NOT_THERE = frozenset([HTTPStatus.NOT_FOUND, HTTPStatus.GONE])


def complaint(
    error: FeedwatchError, address: str, config: Path, selectors: Selectors | None = None, *, hint: str = ""
) -> FeedwatchError:
    """The error with its address, and below it the next step where there is one; `hint` is the last line."""
    shown = path_of(address) if address.startswith("file:") else address
    sentence = str(error).partition("; try: feedwatch")[0]  # that is for whoever meets the error in a poll
    told = f"{shown}: {sentence}"
    return FeedwatchError("\n".join(filter(None, [told, _advice(error, address, config, selectors), hint])))


def _advice(error: FeedwatchError, address: str, config: Path, selectors: Selectors | None) -> str:
    if not isinstance(error, FetchError):
        if selectors is not None:
            return f"To have selectors proposed:\n  {to_paste(config, 'sources', 'try', address)}"
        if "opml" in str(error).lower():
            return f"To add the feeds that it lists, from a file:\n  {to_paste(config, 'sources', 'import', 'FILE')}"
        return ""
    if error.status in _LOGIN:
        return (
            "The site wants a login, or lets no programs in. A source that logs in is declared in config.yaml, with "
            "auth, headers or cookies."
        )
    front = urljoin(address, "/")
    if error.status in _NOT_THERE and front != address:
        return f"To look for feeds from the site's front page:\n  {to_paste(config, 'sources', 'try', front)}"
    if error.retry_after is not None:
        wait = show_duration(timedelta(seconds=min(error.retry_after, _LONGEST_S)))
        return f"It asks to be left alone for {wait}; try again after that."
    if error.status is not None and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "The trouble is the site's own; try again later."
    return ""
