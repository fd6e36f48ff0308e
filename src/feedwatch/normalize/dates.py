"""Which time an item was published: its own, its text's, its URL's, or that of the fetch."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedwatch.model import PublishedFrom
from feedwatch.normalize.date_forms import read_date
from feedwatch.normalize.date_near import read_near
from feedwatch.normalize.url_date import day_of_url

_FIRST_YEAR = 1990
_SKEW = timedelta(minutes=10)
_TOLERANCE = timedelta(days=1)
_MAX_DOUBTED = 80


class Dates(NamedTuple):
    """An item's times, aware and in UTC; none is later than the fetch."""

    published_at: datetime
    published_from: PublishedFrom
    updated_at: datetime | None
    doubted_date: str = ""
    """The entry's published date as written (without one, its updated date), where it was not taken as it stands."""


class _Reading(NamedTuple):
    at: datetime | None = None
    is_doubted: bool = False


def choose_dates(
    published: str | None, updated: str | None, text_time: str | None, url: str, timezone: str, fetched_at: datetime
) -> Dates:
    """The first of published, updated, the text's time, the URL's day and fetched_at that can be believed.

    Naive times are read in the source's zone (UTC where `timezone` is no IANA name), and so are words ("yesterday").
    Not believed: what cannot be read, before 1990, and more than a day ahead of fetched_at. Up to a day ahead counts as
    fetched_at: clocks and zones err by that much; by ten minutes without a mark. A URL tells no more than a day: its
    beginning counts, unless it is that of the fetch.
    """
    zone = _zone(timezone)
    fetched_at = fetched_at.astimezone(UTC)
    first = _read(published, zone, fetched_at)
    second = first if published == updated else _read(updated, zone, fetched_at)
    doubted = published if first.is_doubted else updated if not (published or "").strip() and second.is_doubted else ""
    doubted = (doubted or "").strip()[:_MAX_DOUBTED]
    if first.at is not None:
        later = second.at if second.at is not None and second.at > first.at else None
        return Dates(first.at, "published", later, doubted)
    if second.at is not None:
        return Dates(second.at, "updated", None, doubted)
    third = _read(text_time, zone, fetched_at)
    if third.at is not None:
        return Dates(third.at, "text", None, doubted)
    if day := _start_of_day(url, zone, fetched_at):
        return Dates(day, "url", None, doubted)
    return Dates(fetched_at, "fetched", None, doubted)


def _read(raw: str | None, zone: tzinfo, fetched_at: datetime) -> _Reading:
    if not raw or raw.isspace():
        return _Reading()
    at = read_date(raw, zone) or read_near(raw, zone, fetched_at)
    if at is None or at.year < _FIRST_YEAR or at > fetched_at + _TOLERANCE:
        return _Reading(is_doubted=True)
    return _Reading(min(at, fetched_at), is_doubted=at > fetched_at + _SKEW)


def _start_of_day(url: str, zone: tzinfo, fetched_at: datetime) -> datetime | None:
    day = day_of_url(url)
    if day is None or day >= fetched_at.astimezone(zone).date():
        return None
    return min(datetime.combine(day, time(), zone).astimezone(UTC), fetched_at)


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
