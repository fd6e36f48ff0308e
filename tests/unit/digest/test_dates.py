from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedwatch.digest.dates import short_date, story_time, window_line
from feedwatch.digest.languages import direction, foreign_language

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "start, end, zone, line",
    [
        (
            "2026-11-24T00:00",
            "2026-11-25T00:00",
            SHANGHAI,
            "Tue 24 Nov 2026, 08:00 – Wed 25 Nov 2026, 08:00 (Asia/Shanghai)",
        ),
        ("2026-11-25T00:00", "2026-11-25T12:00", SHANGHAI, "Wed 25 Nov 2026, 08:00 – 20:00 (Asia/Shanghai)"),
        (  # the clocks go back on 1 November
            "2026-10-31T12:00",
            "2026-11-01T13:00",
            NEW_YORK,
            "Sat 31 Oct 2026, 08:00 – Sun 1 Nov 2026, 08:00 (America/New_York)",
        ),
    ],
)
def test_window(start: str, end: str, zone: ZoneInfo, line: str) -> None:
    assert window_line(utc(start), utc(end), zone) == line


@pytest.mark.parametrize(
    "published, shown",
    [
        ("2026-11-24T23:12", "07:12"),
        ("2026-11-24T13:10", "Tue 21:10"),
        ("2026-11-18T16:00", "Thu 00:00"),  # six days before: still one Thursday only
        ("2026-11-18T15:59", "18 Nov 2026"),
        ("2025-11-02T03:00", "2 Nov 2025"),
        ("2026-11-25T17:00", "Thu 01:00"),  # a clock that runs ahead
        ("2027-01-01T00:00", "1 Jan 2027"),
    ],
)
def test_story_time(published: str, shown: str) -> None:
    assert story_time(utc(published), utc("2026-11-25T00:00"), SHANGHAI) == shown


def test_short_date_is_local() -> None:
    assert short_date(utc("2026-11-24T23:00"), SHANGHAI) == "25 Nov"


@pytest.mark.parametrize(
    "tag, locale, name",
    [
        ("zh-Hans", "en", "Chinese"),
        ("zh-Hant", "zh_CN", ""),
        ("en-GB", "en_US", ""),
        ("und", "en", ""),
        ("", "en", ""),
        ("yue-HK", "en", "yue-HK"),
    ],
)
def test_foreign_language(tag: str, locale: str, name: str) -> None:
    assert foreign_language(tag, locale) == name


@pytest.mark.parametrize("tag, way", [("ar-EG", "rtl"), ("he", "rtl"), ("zh-Hans", "ltr"), ("und", "ltr")])
def test_direction(tag: str, way: str) -> None:
    assert direction(tag) == way
