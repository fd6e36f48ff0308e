from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedwatch.digest.dates import short_date, story_time, window_line

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
            "Tue 24 Nov 2026, 08:00 – Wed 25 Nov, 08:00 (China Standard Time)",
        ),
        ("2026-11-25T00:00", "2026-11-25T12:00", SHANGHAI, "Wed 25 Nov 2026, 08:00 – 20:00 (China Standard Time)"),
        (  # the clocks go back on 1 November
            "2026-10-31T12:00",
            "2026-11-01T13:00",
            NEW_YORK,
            "Sat 31 Oct 2026, 08:00 – Sun 1 Nov, 08:00 (Eastern Standard Time)",
        ),
        ("2026-07-01T12:00", "2026-07-01T13:00", NEW_YORK, "Wed 1 Jul 2026, 08:00 – 09:00 (Eastern Daylight Time)"),
        (
            "2026-12-31T00:00",
            "2027-01-01T00:00",
            ZoneInfo("Asia/Kathmandu"),  # has no name of its own
            "Thu 31 Dec 2026, 05:45 – Fri 1 Jan 2027, 05:45 (GMT+05:45)",
        ),
    ],
)
def test_window(start: str, end: str, zone: ZoneInfo, line: str) -> None:
    assert window_line(utc(start), utc(end), zone) == line


@pytest.mark.parametrize(
    "locale, line",
    [
        ("zh-CN", "2026年11月24日周二 08:00 – 11月25日周三 08:00（中国标准时间）"),
        ("zh-HK", "2026年11月24日週二 08:00 – 11月25日週三 08:00（中國標準時間）"),
        ("de", "Tue 24 Nov 2026, 08:00 – Wed 25 Nov, 08:00 (China Standard Time)"),
    ],
)
def test_window_in_the_readers_language(locale: str, line: str) -> None:
    assert window_line(utc("2026-11-24T00:00"), utc("2026-11-25T00:00"), SHANGHAI, locale) == line


@pytest.mark.parametrize(
    "published, english, chinese",
    [
        ("2026-11-24T23:12", "07:12", "07:12"),
        ("2026-11-24T13:10", "Tue 21:10", "週二 21:10"),
        ("2026-11-18T16:00", "Thu 00:00", "週四 00:00"),  # six days before: still one Thursday only
        ("2026-11-18T15:59", "18 Nov 2026", "2026年11月18日"),
        ("2025-11-02T03:00", "2 Nov 2025", "2025年11月2日"),
        ("2026-11-25T17:00", "Thu 01:00", "週四 01:00"),  # a clock that runs ahead
        ("2027-01-01T00:00", "1 Jan 2027", "2027年1月1日"),
    ],
)
def test_story_time(published: str, english: str, chinese: str) -> None:
    last_day = utc("2026-11-25T00:00").astimezone(SHANGHAI).date()
    assert story_time(utc(published), last_day, SHANGHAI) == english
    assert story_time(utc(published), last_day, SHANGHAI, "zh-Hant") == chinese


@pytest.mark.parametrize("locale, shown", [("en", "25 Nov"), ("zh-Hans", "11月25日"), ("zh-Hant", "11月25日")])
def test_short_date_is_local(locale: str, shown: str) -> None:
    assert short_date(utc("2026-11-24T23:00"), SHANGHAI, locale) == shown
