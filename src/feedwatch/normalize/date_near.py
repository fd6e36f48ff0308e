"""Reads the dates of news lists, which lean on today: "3 hours ago", "昨天 10:20", "02-19 08:26"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from feedwatch.normalize.date_words import DAYS_AGO, NOW, WEEKDAYS, month_of, span_of

_MAX_LENGTH = 40
# A list may run ahead of our clock, and far ahead of a zone that was configured wrongly.
_SKEW, _TOLERANCE = timedelta(minutes=10), timedelta(days=1)
_YEARS_BACK = 1
_MONTHS_IN_YEAR = 12
_CLOCK = re.compile(
    r"(?P<day>.*?)[\s,，]*(?:\bat\s+|\bàs\s+|\bà\s+|\ba las\s+|\bum\s+|\bв\s+)?"
    r"(?P<half>上午|下午|晚上|中午|오전|오후|午前|午後)?\s*(?P<hour>\d{1,2})[:：时時h](?P<minute>\d{2})分?"
    r"(?::(?P<second>\d{2}))?\s*(?P<ampm>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_LATE = ("下午", "晚上", "中午", "오후", "午後", "p")
_NOON = 12
_CHINESE_DAY = re.compile(r"(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_DAY_OF_MONTH = re.compile(
    r"(?:[^\W\d]+,\s*)?(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?:\s+de)?\s+([^\W\d]{3,})\.?", re.IGNORECASE
)
_MONTH_AND_DAY = re.compile(r"(?:[^\W\d]+,\s*)?([^\W\d]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?")
_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\.?")


def read_near(raw: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The moment that `raw` names if it was written at `now`, in UTC; None where it names none.

    Spans (3 hours ago), days (yesterday, Monday) with or without a clock, a clock alone (the last time it showed that),
    and dates without a year, which fall into the twelve months before now. Days are those of `zone`. 02-03 is the third
    of February, as lists of East Asia write it; 02/03 and 02.03 can be read in two ways and are not.
    """
    words = " ".join(raw.split()).strip("[]()（）【】·| ").lower()
    if not words or len(words) > _MAX_LENGTH:
        return None
    with suppress(ValueError, OverflowError):
        if words in NOW:
            return now.astimezone(UTC)
        if span := span_of(words):
            return (now - span).astimezone(UTC)
        return _read_day(words, zone, now)
    return None


def _read_day(words: str, zone: tzinfo, now: datetime) -> datetime | None:
    match = _CLOCK.fullmatch(words)
    named = match["day"].strip() if match else words
    clock = _clock_of(match) if match else time()
    today = now.astimezone(zone).date()
    for day, ahead in _days(named, today, has_clock=match is not None):
        at = datetime.combine(day, clock, zone).astimezone(UTC)
        if at <= now + ahead:
            return at
    return None


def _clock_of(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    half = match["half"] or match["ampm"] or ""
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half.startswith(_LATE) else 0)
    return time(hour, int(match["minute"]), int(match["second"] or 0))


def _days(named: str, today: date, *, has_clock: bool) -> Iterator[tuple[date, timedelta]]:
    """The days that can be meant, the likeliest first, and how far ahead of now each may lie."""
    if not named:
        if has_clock:
            yield from ((today, _SKEW), (today - timedelta(days=1), _SKEW))
    elif named in DAYS_AGO:
        yield today - timedelta(days=DAYS_AGO[named]), _TOLERANCE
    elif named in WEEKDAYS:
        last = today - timedelta(days=(today.weekday() - WEEKDAYS[named]) % 7)
        yield from ((last, _SKEW), (last - timedelta(days=7), _SKEW))
    elif month_and_day := _month_and_day(named):
        for year in (today.year, today.year - _YEARS_BACK):
            with suppress(ValueError):  # 29 February
                yield date(year, *month_and_day), _TOLERANCE


def _month_and_day(named: str) -> tuple[int, int] | None:
    if match := _CHINESE_DAY.fullmatch(named):
        return int(match[1]), int(match[2])
    if match := _FIGURES.fullmatch(named):
        first, second = int(match[1]), int(match[3])
        if first > _MONTHS_IN_YEAR:
            return second, first
        return (first, second) if second > _MONTHS_IN_YEAR or match[2] == "-" or first == second else None
    if match := _DAY_OF_MONTH.fullmatch(named):
        month = month_of(match[2])
        return (month, int(match[1])) if month else None
    if match := _MONTH_AND_DAY.fullmatch(named):
        month = month_of(match[1])
        return (month, int(match[2])) if month else None
    return None
