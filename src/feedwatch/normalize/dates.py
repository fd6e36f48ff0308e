"""Which time an item was published: its own, its text's, or that of the fetch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedwatch.model import PublishedFrom
from feedwatch.normalize.date_forms import read_date

_FIRST_YEAR = 1990
_TOLERANCE = timedelta(days=1)


class Dates(NamedTuple):
    """An item's times, aware and in UTC."""

    published_at: datetime
    published_from: PublishedFrom
    updated_at: datetime | None


def choose_dates(
    published: str | None, updated: str | None, text_time: str | None, timezone: str, fetched_at: datetime
) -> Dates:
    """The first of published, updated, the text's time and fetched_at that can be believed.

    Naive times are read in the source's zone (UTC where `timezone` is no IANA name). Not believed: before 1990, and
    more than a day ahead of fetched_at; up to a day ahead counts as fetched_at: clocks and zones err by that much.
    """
    zone = _zone(timezone)
    fetched_at = fetched_at.astimezone(UTC)
    updated_at = _believed(updated, zone, fetched_at)
    published_at = updated_at if published == updated else _believed(published, zone, fetched_at)
    if published_at is None and updated_at is not None:
        return Dates(updated_at, "updated", None)
    published_from: PublishedFrom = "published"
    if published_at is None:
        published_at, published_from = _believed(text_time, zone, fetched_at), "text"
    if published_at is None:
        return Dates(fetched_at, "fetched", None)
    if updated_at is not None and updated_at <= published_at:
        updated_at = None
    return Dates(published_at, published_from, updated_at)


def _believed(raw: str | None, zone: tzinfo, fetched_at: datetime) -> datetime | None:
    at = read_date(raw, zone) if raw else None
    if at is None or at.year < _FIRST_YEAR or at > fetched_at + _TOLERANCE:
        return None
    return min(at, fetched_at)


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
