"""What a feed says of how often it is worth a visit, from the words of its elements to a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from feedwatch.model import UpdateHints

_PERIODS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIGITS: Final = 6
"""A number with more of them is not meant as minutes or times."""
_LONGEST: Final = timedelta(days=366)
_HOURS: Final = 24


def update_hints(
    *, ttl: str, period: str, frequency: str, skip_hours: Iterable[str], skip_days: Iterable[str]
) -> UpdateHints:
    """The hints that can be meant; each that is no number, no such word, or asks for no visit ever is left out.

    ttl is in minutes, skip_hours and skip_days in GMT (RSS 2.0); frequency counts the updates in a period
    (RSS 1.0 syndication module: once a day where only one of the two is given).
    """
    wishes = [(_ttl(ttl), "ttl"), (_syndication(period, frequency), "sy:updatePeriod")]
    longest, said_by = max(((wish, by) for wish, by in wishes if wish), key=lambda wish: wish[0], default=(None, ""))
    return UpdateHints(
        period=longest,
        said_by=said_by,
        skip_hours=_some_of(_hours(skip_hours), _HOURS),
        skip_days=_some_of((_DAYS.index(day) for word in skip_days if (day := word.lower()) in _DAYS), len(_DAYS)),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _ttl(text: str) -> timedelta | None:
    minutes = _number(text)
    return timedelta(minutes=minutes) if minutes and timedelta(minutes=minutes) <= _LONGEST else None


def _syndication(period: str, frequency: str) -> timedelta | None:
    if not period and not frequency:
        return None
    length = _PERIODS.get(period.lower() or "daily")
    times = _number(frequency) if frequency else 1
    return length / times if length and times else None


def _hours(texts: Iterable[str]) -> Iterable[int]:
    """RSS 0.91 counts from 1 to 24, where 24 is midnight; 2.0 from 0 to 23."""
    for text in texts:
        hour = _number(text)
        if hour is not None and hour <= _HOURS:
            yield hour % _HOURS


def _some_of(values: Iterable[int], all_of_them: int) -> tuple[int, ...]:
    distinct = sorted(set(values))
    return tuple(distinct) if len(distinct) < all_of_them else ()
