"""Moments counted by days, weeks, months or years, without a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

Unit = Literal["day", "week", "month", "year"]

_DAYS_BY_DAY = 14
_DAYS_BY_WEEK = 200
_DAYS_BY_MONTH = 3 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week, month or year, and how many stories begin in it."""

    begins: datetime
    """Midnight in the zone that was counted in; of a week its Monday."""
    stories: int


def by_period(
    moments: Iterable[datetime], begins: datetime, ends: datetime, zone: tzinfo
) -> tuple[tuple[Period, ...], Unit]:
    """By days for up to two weeks, by weeks for half a year, by months for three years, else by years."""
    days = (ends - begins) / timedelta(days=1)
    if days <= _DAYS_BY_DAY:
        return by_day(moments, begins, ends, zone), "day"
    if days <= _DAYS_BY_WEEK:
        return _counted(moments, begins, ends, zone, lambda day: day - timedelta(days=day.weekday()), 7), "week"
    if days <= _DAYS_BY_MONTH:
        return _counted(moments, begins, ends, zone, lambda day: day.replace(day=1), 31), "month"
    return _counted(moments, begins, ends, zone, lambda day: day.replace(month=1, day=1), 366), "year"


def by_day(moments: Iterable[datetime], begins: datetime, ends: datetime, zone: tzinfo) -> tuple[Period, ...]:
    """One for every day from that of `begins` to that of `ends`."""
    return _counted(moments, begins, ends, zone, lambda day: day, 1)


def _counted(
    moments: Iterable[datetime],
    begins: datetime,
    ends: datetime,
    zone: tzinfo,
    first: Callable[[date], date],
    days: int,
) -> tuple[Period, ...]:
    """`first` gives the first day of a day's period; so many days after that lies the next period."""
    counts = Counter(first(moment.astimezone(zone).date()) for moment in moments)
    periods: list[Period] = []
    day, last = first(begins.astimezone(zone).date()), first(ends.astimezone(zone).date())
    while day <= last:
        periods.append(Period(datetime.combine(day, time(), zone), counts[day]))
        day = first(day + timedelta(days=days))
    return tuple(periods)
