"""Moments counted by days, weeks, months and years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedwatch.jobs.periods import by_day, by_period

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_is_that_of_the_zone() -> None:
    moments = [_at("2026-03-01T15:59"), _at("2026-03-01T16:00")]  # 23:59 and 00:00 in Hong Kong
    days = by_day(moments, _at("2026-03-01T00:00"), _at("2026-03-03T00:00"), HONG_KONG)
    assert [(day.begins.isoformat(), day.stories) for day in days] == [
        ("2026-03-01T00:00:00+08:00", 1),
        ("2026-03-02T00:00:00+08:00", 1),
        ("2026-03-03T00:00:00+08:00", 0),
    ]


@pytest.mark.parametrize(
    "begins, ends, unit, firsts",
    [
        ("2026-03-04", "2026-03-06", "day", ["2026-03-04", "2026-03-05", "2026-03-06"]),
        ("2026-02-25", "2026-03-18", "week", ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"]),
        ("2025-12-31", "2026-08-01", "month", ["2025-12-01"] + [f"2026-{month:02}-01" for month in range(1, 9)]),
        ("2021-12-31", "2026-01-01", "year", [f"{year}-01-01" for year in range(2021, 2027)]),
        ("2026-03-04", "2026-03-04", "day", ["2026-03-04"]),
    ],
)
def test_periods_follow_without_a_gap(begins: str, ends: str, unit: str, firsts: list[str]) -> None:
    first, last = _at(f"{begins}T10:00"), _at(f"{ends}T12:00")
    periods, found = by_period([first, last], first, last, UTC)
    assert (found, [f"{period.begins:%F}" for period in periods]) == (unit, firsts)
    assert sum(period.stories for period in periods) == 2


def test_every_day_of_years_belongs_to_one_period() -> None:
    first = _at("2020-01-01T00:00")
    moments = [first + timedelta(days=day) for day in range(2200)]
    for days in (13, 150, 700, 2199):
        inside = moments[: days + 1]
        periods, _ = by_period(inside, first, inside[-1], UTC)
        assert sum(period.stories for period in periods) == len(inside)
        assert len({period.begins for period in periods}) == len(periods)
