"""What a server answered, and its headers read into values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCUMENTS = frozenset([HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION])
"""The statuses whose body is the whole document."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: a document (200, 203), its new entries alone (226), or nothing new (304)."""

    status: int
    url: str
    """Where the redirects ended."""
    moved_to: str | None = None
    """Where the permanent redirects (301, 308) at the head of the chain lead; None without one. The step from https to
    http is never taken as a move."""
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    """Each character stands for the byte of its number (latin-1)."""
    last_modified: str | None = None
    fresh_for: timedelta | None = None
    """How long the answer stays fresh (RFC 9111, 4.2); None where the server does not tell."""
    hub: str | None = None
    """The WebSub hub that a Link header names; absolute."""
    topic: str | None = None
    """What a Link header calls the document (rel=self); absolute."""
    elapsed_ms: int = 0
    """From the request to the end of the body, redirects included, waiting for free slots left out."""

    @property
    def is_not_modified(self) -> bool:
        """The server says that nothing has changed."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def is_partial(self) -> bool:
        """The body holds the new entries only (RFC 3229, 10.4.1)."""
        return self.status == HTTPStatus.IM_USED


def header_values(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their name in lower case, each byte as the character of its number.

    Those that came more than once are one list with commas (RFC 9110, 5.2), but for the ones that are no lists: of
    these the first counts.
    """
    values: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in values:
            values[name] = value
        elif name in _LISTS:
            values[name] = f"{values[name]}, {value}"
    return values


_LISTS = frozenset(["cache-control", "content-encoding", "im", "link"])


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from seconds or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    then = http_date(value)
    return None if then is None else max(0.0, (then - now).total_seconds())


def http_date(value: str) -> datetime | None:
    """A date in any of the three forms of RFC 9110, 5.6.7, in UTC; None where it is none of them."""
    try:
        then = parsedate_to_datetime(value)
        return then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def status_line(status: int, phrase: str) -> str:
    """`410 Gone`: with the server's own phrase, else the registered one."""
    if not phrase:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = ""
    return f"{status} {phrase}".rstrip()
