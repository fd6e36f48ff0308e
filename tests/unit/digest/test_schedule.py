from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedwatch.digest.schedule import next_due, parse_schedule
from feedwatch.errors import ScheduleError

NEW_YORK, BERLIN, HONG_KONG = "America/New_York", "Europe/Berlin", "Asia/Hong_Kong"


def local_times(schedule: str, zone: str, after: str, count: int) -> list[str]:
    """The next due times after a wall-clock time, as a clock in the zone shows them."""
    begin = datetime.fromisoformat(after)
    moment = begin if begin.tzinfo else begin.replace(tzinfo=ZoneInfo(zone))
    shown: list[str] = []
    for _ in range(count):
        due = next_due(parse_schedule(schedule), zone, moment)
        assert due is not None
        assert due.tzinfo is UTC
        shown.append(due.astimezone(ZoneInfo(zone)).strftime("%a %m-%d %H:%M"))
        moment = due
    return shown


@pytest.mark.parametrize(
    "schedule, after, expected",
    [
        ("hourly", "2026-11-25 07:59:59", ["Wed 11-25 08:00", "Wed 11-25 09:00"]),
        ("daily", "2026-11-25 07:59:59", ["Wed 11-25 08:00", "Thu 11-26 08:00"]),
        ("daily", "2026-11-25 08:00", ["Thu 11-26 08:00", "Fri 11-27 08:00"]),  # later than, never the same moment
        ("daily", "2026-11-25 07:59:59.999999", ["Wed 11-25 08:00", "Thu 11-26 08:00"]),
        ("weekly", "2026-11-25 08:00", ["Mon 11-30 08:00", "Mon 12-07 08:00"]),
        (" Daily ", "2026-11-25 08:00", ["Thu 11-26 08:00", "Fri 11-27 08:00"]),
        ("30 6 * * *", "2026-11-25 08:00", ["Thu 11-26 06:30", "Fri 11-27 06:30"]),
        (
            "*/20 9 * * *",
            "2026-11-25 08:00",
            ["Wed 11-25 09:00", "Wed 11-25 09:20", "Wed 11-25 09:40", "Thu 11-26 09:00"],
        ),
        (
            "5/25 9 * * *",
            "2026-11-25 08:00",
            ["Wed 11-25 09:05", "Wed 11-25 09:30", "Wed 11-25 09:55", "Thu 11-26 09:05"],
        ),
        ("0 8-12/2,18 * * *", "2026-11-25 08:00", ["Wed 11-25 10:00", "Wed 11-25 12:00", "Wed 11-25 18:00"]),
        ("0 8 * * 0", "2026-11-25 08:00", ["Sun 11-29 08:00", "Sun 12-06 08:00"]),
        ("0 8 * * 7", "2026-11-25 08:00", ["Sun 11-29 08:00", "Sun 12-06 08:00"]),
        ("0 8 * * sun", "2026-11-25 08:00", ["Sun 11-29 08:00", "Sun 12-06 08:00"]),
        ("0 8 * * 1", "2026-11-25 08:00", ["Mon 11-30 08:00", "Mon 12-07 08:00"]),
        ("0 8 * * 6,0", "2026-11-25 08:00", ["Sat 11-28 08:00", "Sun 11-29 08:00", "Sat 12-05 08:00"]),
        (
            "0 8 * * 5-7",
            "2026-11-25 08:00",
            ["Fri 11-27 08:00", "Sat 11-28 08:00", "Sun 11-29 08:00", "Fri 12-04 08:00"],
        ),
        ("0 8 * * FRI-mon", "2026-11-29 08:00", ["Mon 11-30 08:00", "Fri 12-04 08:00"]),
        ("0 8 * * mon-fri/2", "2026-11-29 08:00", ["Mon 11-30 08:00", "Wed 12-02 08:00", "Fri 12-04 08:00"]),
        (
            "0 8 * * 1/2",
            "2026-11-29 08:00",
            ["Mon 11-30 08:00", "Wed 12-02 08:00", "Fri 12-04 08:00", "Mon 12-07 08:00"],
        ),
        ("0 8 1 * *", "2026-11-25 08:00", ["Tue 12-01 08:00", "Fri 01-01 08:00"]),
        ("0 8 31 * *", "2026-11-25 08:00", ["Thu 12-31 08:00", "Sun 01-31 08:00", "Wed 03-31 08:00"]),
        ("0 8 29 feb *", "2026-11-25 08:00", ["Tue 02-29 08:00"]),
        ("0 8 1 jan-mar,12 *", "2026-11-25 08:00", ["Tue 12-01 08:00", "Fri 01-01 08:00", "Mon 02-01 08:00"]),
        # The day of month or the day of week, where both are restricted ...
        ("0 8 1 * mon", "2026-11-25 08:00", ["Mon 11-30 08:00", "Tue 12-01 08:00", "Mon 12-07 08:00"]),
        ("0 8 30 2 mon", "2026-11-25 08:00", ["Mon 02-01 08:00", "Mon 02-08 08:00"]),
        # ... but not where one begins with a star.
        ("0 8 */10 * mon", "2026-11-25 08:00", ["Mon 12-21 08:00", "Mon 01-11 08:00"]),
        ("0 8 ? * mon", "2026-11-25 08:00", ["Mon 11-30 08:00", "Mon 12-07 08:00"]),
    ],
)
def test_due_times(schedule: str, after: str, expected: list[str]) -> None:
    assert local_times(schedule, HONG_KONG, after, len(expected)) == expected


@pytest.mark.parametrize(
    "zone, schedule, after, expected",
    [
        # 02:30 does not exist on these days, and is sent once all the same.
        (NEW_YORK, "30 2 * * *", "2026-03-07 03:00", ["Sun 03-08 03:30", "Mon 03-09 02:30"]),
        (BERLIN, "30 2 * * *", "2026-03-28 03:00", ["Sun 03-29 03:30", "Mon 03-30 02:30"]),
        # Asked after the jump, but before what was skipped is due.
        (NEW_YORK, "30 2 * * *", "2026-03-08 03:10", ["Sun 03-08 03:30", "Mon 03-09 02:30"]),
        (BERLIN, "30 2 * * *", "2026-03-29 03:10", ["Sun 03-29 03:30", "Mon 03-30 02:30"]),
        (NEW_YORK, "30 2 * * *", "2026-03-08 03:30", ["Mon 03-09 02:30"]),
        # 02:00 and 03:00 are one moment on that day.
        (NEW_YORK, "hourly", "2026-03-08 00:30", ["Sun 03-08 01:00", "Sun 03-08 03:00", "Sun 03-08 04:00"]),
        # 01:30 comes twice on this day, and is sent the first time alone.
        (NEW_YORK, "30 1 * * *", "2026-11-01 00:00", ["Sun 11-01 01:30", "Mon 11-02 01:30"]),
        (NEW_YORK, "30 1 * * *", "2026-11-01 01:10-04:00", ["Sun 11-01 01:30", "Mon 11-02 01:30"]),
        (NEW_YORK, "30 1 * * *", "2026-11-01 01:10-05:00", ["Mon 11-02 01:30"]),
        (BERLIN, "30 2 * * *", "2026-10-25 00:00", ["Sun 10-25 02:30", "Mon 10-26 02:30"]),
        (NEW_YORK, "hourly", "2026-11-01 00:30", ["Sun 11-01 01:00", "Sun 11-01 02:00", "Sun 11-01 03:00"]),
        # The hours that are not touched stay on the wall clock.
        (NEW_YORK, "daily", "2026-03-07 08:00", ["Sun 03-08 08:00", "Mon 03-09 08:00"]),
        (NEW_YORK, "daily", "2026-10-31 08:00", ["Sun 11-01 08:00", "Mon 11-02 08:00"]),
        (HONG_KONG, "30 2 * * *", "2026-03-08 00:00", ["Sun 03-08 02:30", "Mon 03-09 02:30"]),
    ],
)
def test_due_times_where_the_clock_changes(zone: str, schedule: str, after: str, expected: list[str]) -> None:
    assert local_times(schedule, zone, after, len(expected)) == expected


def test_the_time_of_the_first_showing_is_meant() -> None:
    first = next_due(parse_schedule("30 1 * * *"), NEW_YORK, datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 of summer time


@pytest.mark.parametrize(
    "zone", [NEW_YORK, BERLIN, HONG_KONG, "Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago", "UTC"]
)
@pytest.mark.parametrize("schedule", ["daily", "30 2 * * *", "30 1 * * *", "0 0 * * *"])
def test_a_daily_schedule_is_due_once_on_every_local_date_of_a_year(zone: str, schedule: str) -> None:
    parsed, end = parse_schedule(schedule), datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))
    due = next_due(parsed, zone, datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)) - timedelta(seconds=1))
    dues: list[datetime] = []
    while due is not None and due < end:
        dues.append(due)
        due = next_due(parsed, zone, due)
    dates = [due.astimezone(ZoneInfo(zone)).date() for due in dues]
    assert all(earlier < later for earlier, later in pairwise(dues))
    assert len(dates) == len(set(dates)) == 365


def test_instant_is_never_due_by_the_clock() -> None:
    assert parse_schedule("Instant").is_instant
    assert next_due(parse_schedule("instant"), "UTC", datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert not parse_schedule("daily").is_instant


KNOWN = (
    "expected instant, hourly, daily, weekly, or a cron line of five fields "
    "(minute, hour, day of month, month, day of week); "
)


@pytest.mark.parametrize(
    "schedule, sentence",
    [
        ("", KNOWN + "this has 0"),
        ("every day", KNOWN + "this has 2"),
        ("@daily", KNOWN + "this has 1"),
        ("0 8 * * * *", KNOWN + "this has 6"),
        ("61 * * * *", "the minute 61 is not in 0-59"),
        ("* 24 * * *", "the hour 24 is not in 0-23"),
        ("* * 0 * *", "the day of month 0 is not in 1-31"),
        ("* * 32 * *", "the day of month 32 is not in 1-31"),
        ("* * * 13 *", "the month 13 is neither 1-12 nor jan-dec"),
        ("* * * sept *", "the month sept is neither 1-12 nor jan-dec"),
        ("* * * * 8", "the day of week 8 is neither 0-7 nor sun-sat"),
        ("* * * * mo", "the day of week mo is neither 0-7 nor sun-sat"),
        ("* mon * * *", "the hour mon is not in 0-23"),
        ("30-10 * * * *", "the minute '30-10' runs backwards"),
        ("* 22-2 * * *", "the hour '22-2' runs backwards"),
        ("*/0 * * * *", "the minute '*/0' has a step that is not in 1-59"),
        ("*/90 * * * *", "the minute '*/90' has a step that is not in 1-59"),
        ("1, * * * *", "the minute '' is no number, list (1,15), range (1-5) or step (*/2)"),
        ("-5 * * * *", "the minute '-5' is no number, list (1,15), range (1-5) or step (*/2)"),
        ("1.5 * * * *", "the minute '1.5' is no number, list (1,15), range (1-5) or step (*/2)"),
        ("* * * * *-3", "the day of week '*-3' is no number, list (1,15), range (1-5) or step (*/2)"),
        ("0 8 30 2 *", "this never comes: no month that it names has the day 30"),
        ("0 8 31 feb,apr,jun *", "this never comes: no month that it names has the day 31"),
        ("0 8 30 feb */2", "this never comes: no month that it names has the day 30"),
    ],
)
def test_errors(schedule: str, sentence: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(schedule)
    assert str(caught.value) == sentence


@given(st.text(alphabet="0123456789*/-,? lastmonfriwd", max_size=20))
def test_no_text_raises_anything_but_a_sentence(text: str) -> None:
    with suppress(ScheduleError):
        schedule = parse_schedule(text)
        due = next_due(schedule, NEW_YORK, datetime(2026, 3, 8, tzinfo=UTC))
        assert schedule.is_instant or due is not None


def numbers(low: int, high: int) -> st.SearchStrategy[list[int] | None]:
    return st.none() | st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True)


Line = tuple[list[int] | None, list[int] | None, list[int] | None, list[int] | None]  # minute, hour, day, day of week


def all_due(line: Line, zone: str, begin: datetime, days: int) -> list[datetime]:
    """Every due time from a local midnight on: each wall-clock minute of each day held against the line."""
    minutes, hours, month_days, weekdays = line
    due: set[datetime] = set()
    for day in (begin.replace(tzinfo=None) + timedelta(days=number) for number in range(days)):
        of_month = month_days is None or day.day in month_days
        of_week = weekdays is None or day.isoweekday() in weekdays
        if (of_month and of_week) if month_days is None or weekdays is None else (of_month or of_week):
            for hour in range(24) if hours is None else hours:
                for minute in range(60) if minutes is None else minutes:
                    wall = day.replace(hour=hour, minute=minute, tzinfo=ZoneInfo(zone))
                    due.add(wall.astimezone(UTC))
    return sorted(due)


@given(
    st.tuples(numbers(0, 59), numbers(0, 23), numbers(1, 28), numbers(1, 7)),
    st.sampled_from([NEW_YORK, BERLIN, HONG_KONG, "Pacific/Chatham"]),
    st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 11, 1), date(2026, 7, 1)]),
    st.integers(0, 2 * 86400),
)
@example(([30], [2], None, None), NEW_YORK, date(2026, 3, 8), 86400 + 2 * 3600 + 600)
@settings(deadline=None)
def test_the_next_time_is_the_first_one_later(line: Line, zone: str, day: date, seconds: int) -> None:
    minute, hour, month_day, weekday = (
        "*" if field is None else ",".join(str(number) for number in field) for field in line
    )
    begin = datetime.combine(day - timedelta(days=1), time(), ZoneInfo(zone))
    after = begin.astimezone(UTC) + timedelta(seconds=seconds)
    expected = next((due for due in all_due(line, zone, begin - timedelta(days=1), 40) if due > after), None)
    assert next_due(parse_schedule(f"{minute} {hour} {month_day} * {weekday}"), zone, after) == expected


ZONES = st.sampled_from(
    [
        NEW_YORK,
        BERLIN,
        HONG_KONG,
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "America/Santiago",
        "Africa/Casablanca",
        "UTC",
    ]
)
CHANGES = [
    date(2026, month, day)
    for month, day in ((2, 14), (3, 7), (3, 28), (4, 4), (9, 5), (9, 26), (10, 3), (10, 24), (10, 31))
]
"""The days before a zone of those above puts its clock on or back, or both within the next two."""
LINES = st.builds(
    lambda minute, hour, weekday: f"{minute} {hour} * * {weekday}",
    st.sampled_from(["0", "30", "15,45", "*/20", "59"]),
    st.sampled_from(["*", "0", "1", "2", "3", "1-3", "*/2", "8"]),
    st.sampled_from(["*", "sun", "sat,mon"]),
)
MOMENTS = st.builds(
    lambda day, seconds: datetime.combine(day, time(), UTC) + timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.integers(0, 3 * 86400),
)


def due_times(schedule: str, zone: str, after: datetime, until: datetime) -> list[datetime]:
    """Every due time in (after, until], each the next one after the one before."""
    parsed, found, due = parse_schedule(schedule), [], next_due(parse_schedule(schedule), zone, after)
    while due is not None and due <= until:
        found.append(due)
        due = next_due(parsed, zone, due)
    return found


@given(LINES, ZONES, MOMENTS, st.integers(0, 2 * 86400))
@settings(deadline=None)
def test_due_times_are_the_same_whenever_they_are_asked_for(
    schedule: str, zone: str, after: datetime, seconds: int
) -> None:
    """None is skipped and none doubled: whoever asks later sees the rest of what who asked earlier saw."""
    later, until = after + timedelta(seconds=seconds), after + timedelta(days=4)
    all_of_them = due_times(schedule, zone, after, until)
    assert all(earlier < following for earlier, following in pairwise(all_of_them))
    assert due_times(schedule, zone, later, until) == [due for due in all_of_them if due > later]


@given(LINES, ZONES, MOMENTS)
@settings(deadline=None)
def test_every_wall_time_that_the_line_names_is_due_once(schedule: str, zone: str, begin: datetime) -> None:
    until = begin + timedelta(days=3)
    dues = due_times(schedule, zone, begin, until)
    shown = [due.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for due in dues]
    assert len(shown) == len(set(shown))
    minutes, hours, *_ = schedule.split()
    for moment, wall in zip(dues, shown, strict=True):
        local = moment.astimezone(ZoneInfo(zone))
        is_behind_a_jump = local.utcoffset() != (moment - timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset()
        if not is_behind_a_jump:  # there the line's own time does not exist
            assert _names(minutes, wall.minute, range(60))
            assert _names(hours, wall.hour, range(24))


def _names(field: str, number: int, allowed: range) -> bool:
    first, _, step = field.partition("/")
    if step:
        return number % int(step) == 0
    low, _, high = first.partition("-")
    return first == "*" or (int(low) <= number <= int(high) if high else str(number) in first.split(","))


@given(LINES, ZONES, MOMENTS, st.integers(1, 3 * 86400))
@settings(deadline=None)
def test_a_downtime_is_caught_up_with_once_and_the_schedule_goes_on(
    schedule: str, zone: str, down: datetime, seconds: int
) -> None:
    """What was due while nobody looked is one edition, made when somebody looks; the next is the first one after."""
    up = down + timedelta(seconds=seconds)
    missed = due_times(schedule, zone, down, up)
    pending = missed[0] if missed else next_due(parse_schedule(schedule), zone, down)
    assert (pending is not None and pending <= up) is bool(missed)
    following = next_due(parse_schedule(schedule), zone, up)
    assert following is not None
    assert following > up
    assert following == due_times(schedule, zone, down, following)[-1]
    assert len(due_times(schedule, zone, up, following)) == 1
