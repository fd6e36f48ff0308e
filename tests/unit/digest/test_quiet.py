"""Quiet hours, on the subscriber's clock, and where that clock is put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.quiet import quiet_until

NEW_YORK, BERLIN, HONG_KONG, LORD_HOWE = "America/New_York", "Europe/Berlin", "Asia/Hong_Kong", "Australia/Lord_Howe"


def until(quiet_hours: str, zone: str, at: str) -> str | None:
    """The end of the quiet time as a clock in the zone shows it, with its offset; `at` is such a time too."""
    moment = datetime.fromisoformat(at)
    end = quiet_until(quiet_hours, zone, (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))))
    if end is None:
        return None
    assert end.tzinfo is UTC
    return end.astimezone(ZoneInfo(zone)).isoformat(" ", "minutes")


@pytest.mark.parametrize(
    "quiet_hours, at, end",
    [
        ("", "2026-11-25 23:00", None),
        ("22:00-07:00", "2026-11-25 21:59:59", None),
        ("22:00-07:00", "2026-11-25 22:00", "2026-11-26 07:00+08:00"),  # the start is quiet
        ("22:00-07:00", "2026-11-26 00:00", "2026-11-26 07:00+08:00"),
        ("22:00-07:00", "2026-11-26 06:59:59.999999", "2026-11-26 07:00+08:00"),
        ("22:00-07:00", "2026-11-26 07:00", None),  # the end is not
        ("12:30-13:15", "2026-11-25 12:29", None),
        ("12:30-13:15", "2026-11-25 13:00", "2026-11-25 13:15+08:00"),
        ("00:00-06:00", "2026-11-25 00:00", "2026-11-25 06:00+08:00"),
        ("18:00-00:00", "2026-11-25 23:59", "2026-11-26 00:00+08:00"),
        ("07:00-06:59", "2026-11-25 07:00", "2026-11-26 06:59+08:00"),
        ("22:00-07:00", "2026-12-31 23:59", "2027-01-01 07:00+08:00"),
    ],
)
def test_quiet_hours(quiet_hours: str, at: str, end: str | None) -> None:
    assert until(quiet_hours, HONG_KONG, at) == end


@pytest.mark.parametrize(
    "zone, quiet_hours, at, end",
    [
        # Put forward within the night: it is an hour shorter, and ends when the clock says.
        (NEW_YORK, "22:00-07:00", "2026-03-07 23:00", "2026-03-08 07:00-04:00"),
        (BERLIN, "22:00-07:00", "2026-03-28 23:00", "2026-03-29 07:00+02:00"),
        # Over the end: 02:30 is skipped, and the night is over when the clock jumps past it.
        (NEW_YORK, "22:00-02:30", "2026-03-08 01:59", "2026-03-08 03:00-04:00"),
        (NEW_YORK, "22:00-02:30", "2026-03-08 03:00", None),
        (LORD_HOWE, "22:00-02:15", "2026-10-04 01:59", "2026-10-04 02:30+11:00"),
        # Over the start: it is quiet from the jump on.
        (NEW_YORK, "02:30-07:00", "2026-03-08 01:59", None),
        (NEW_YORK, "02:30-07:00", "2026-03-08 03:00", "2026-03-08 07:00-04:00"),
        (BERLIN, "02:30-07:00", "2026-03-29 03:10", "2026-03-29 07:00+02:00"),
        # Over all of it: there is no such time on this day.
        (NEW_YORK, "02:10-02:50", "2026-03-08 01:59", None),
        (NEW_YORK, "02:10-02:50", "2026-03-08 03:00", None),
        # Put back within the night: it is an hour longer.
        (NEW_YORK, "22:00-07:00", "2026-10-31 23:00", "2026-11-01 07:00-05:00"),
        # Over the end: 01:30 is shown twice, and the night goes on until the second showing.
        (NEW_YORK, "22:00-01:30", "2026-11-01 01:10-04:00", "2026-11-01 01:30-05:00"),
        (NEW_YORK, "22:00-01:30", "2026-11-01 01:45-04:00", "2026-11-01 01:30-05:00"),
        (NEW_YORK, "22:00-01:30", "2026-11-01 01:30-05:00", None),
        (BERLIN, "22:00-02:30", "2026-10-25 02:45+02:00", "2026-10-25 02:30+01:00"),
        # Over the start: it is quiet from the first showing on.
        (NEW_YORK, "01:30-07:00", "2026-11-01 01:29-04:00", None),
        (NEW_YORK, "01:30-07:00", "2026-11-01 01:30-04:00", "2026-11-01 07:00-05:00"),
        (NEW_YORK, "01:30-07:00", "2026-11-01 01:10-05:00", "2026-11-01 07:00-05:00"),
        # The only hour that is not quiet is skipped: one night goes over into the next.
        (NEW_YORK, "03:00-02:00", "2026-03-08 01:59", "2026-03-09 02:00-04:00"),
        # A zone that left out a day.
        ("Pacific/Apia", "22:00-07:00", "2011-12-29 23:00", "2011-12-31 07:00+14:00"),
    ],
)
def test_quiet_hours_where_the_clock_changes(zone: str, quiet_hours: str, at: str, end: str | None) -> None:
    assert until(quiet_hours, zone, at) == end


MINUTE = timedelta(minutes=1)
TIMES = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
HOURS = st.lists(TIMES, min_size=2, max_size=2, unique=True).map("-".join)
ZONES = st.sampled_from(
    [NEW_YORK, BERLIN, HONG_KONG, LORD_HOWE, "Pacific/Chatham", "America/Santiago", "Africa/Casablanca"]
)
MOMENTS = st.sampled_from(
    [
        datetime(2026, month, day, tzinfo=UTC)
        for month, day in ((3, 7), (3, 28), (4, 4), (9, 5), (10, 3), (10, 24), (10, 31))
    ]
).flatmap(lambda day: st.integers(0, 3 * 24 * 60 - 1).map(lambda minutes: day + minutes * MINUTE))


@given(HOURS, ZONES, MOMENTS)
def test_at_the_end_it_is_quiet_no_more_and_before_it_it_is(quiet_hours: str, zone: str, at: datetime) -> None:
    end = quiet_until(quiet_hours, zone, at)
    if end is not None:
        assert at < end
        assert quiet_until(quiet_hours, zone, end) is None
        for moment in (at + (end - at) / 3, end - timedelta(microseconds=1)):
            assert quiet_until(quiet_hours, zone, moment) == end


@given(HOURS, ZONES, MOMENTS)
def test_what_the_clock_shows_as_quiet_is_quiet(quiet_hours: str, zone: str, at: datetime) -> None:
    first, last = quiet_hours.split("-")
    shown = at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    is_shown_as_quiet = first <= shown < last if first < last else shown >= first or shown < last
    end = quiet_until(quiet_hours, zone, at)
    if is_shown_as_quiet:
        assert end is not None
    elif end is not None:  # the clock was put back within the day, over the start or the end
        offsets = {(at + hours * timedelta(hours=1)).astimezone(ZoneInfo(zone)).utcoffset() for hours in (-25, 25)}
        assert len(offsets) > 1
