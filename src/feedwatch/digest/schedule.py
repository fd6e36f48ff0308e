"""When the next edition is due: words and cron lines, on the subscriber's wall clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from feedwatch.errors import ScheduleError

_WORDS = {"hourly": "0 * * * *", "daily": "0 8 * * *", "weekly": "0 8 * * mon"}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ANY_DAY = ("*", "?")
_FIELDS = ("minute", "hour", "day of month", "month", "day of week")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that was understood. `crons` is empty for `instant`; an edition is due when any of them fires."""

    text: str
    crons: tuple[CronTrigger, ...]

    @property
    def is_instant(self) -> bool:
        """An edition is due as soon as something matches."""
        return not self.crons


@lru_cache(maxsize=4096)
def parse_schedule(text: str) -> Schedule:
    """Read `instant`, `hourly`, `daily`, `weekly`, or a cron line of five fields (crontab(5)).

    As in cron, 0 and 7 are Sunday, and a line that restricts both the day of month and the day of week fires on
    either. Raises ScheduleError.
    """
    words = text.strip().lower()
    if words == "instant":
        return Schedule(text, ())
    fields = _WORDS.get(words, words).split()
    if len(fields) != len(_FIELDS):
        raise ScheduleError(
            f"expected instant, hourly, daily, weekly, or a cron line of five fields ({', '.join(_FIELDS)}); "
            f"this has {len(fields)}"
        )
    minute, hour, day, month, weekday = fields
    try:
        weekdays = _weekday_names(weekday)
        pairs = [(day, weekdays)]
        if day not in _ANY_DAY and weekday not in _ANY_DAY:
            pairs = [(day, "*"), ("*", weekdays)]
        crons = tuple(
            CronTrigger(
                month=month,
                day=on_day.replace("?", "*"),
                day_of_week=on_weekday,
                hour=hour,
                minute=minute,
                timezone=UTC,
            )
            for on_day, on_weekday in pairs
        )
    except ValueError as error:
        raise ScheduleError(f"not a cron line: {error}") from None
    if all(cron.get_next_fire_time(None, datetime(2024, 1, 1, tzinfo=UTC)) is None for cron in crons):
        raise ScheduleError("a cron line that never fires: no year has that day")
    return Schedule(text, crons)


def next_due(schedule: Schedule, timezone: str, after: datetime) -> datetime | None:
    """The first due time later than `after` (aware), in UTC; None for `instant`.

    The cron line is read on the wall clock of `timezone`. A time that the clock skips (02:30 on the day that
    summer time begins) is due once, as long after the jump as it would have been before it; a time that the clock
    shows twice is due the first time alone.
    """
    zone = ZoneInfo(timezone)
    wall = after.astimezone(zone).replace(tzinfo=UTC)
    while schedule.crons:
        coming = [cron.get_next_fire_time(None, wall + timedelta(microseconds=1)) for cron in schedule.crons]
        wall = min(time for time in coming if time is not None)
        due: datetime = wall.replace(tzinfo=zone).astimezone(UTC)
        if due > after:
            return due
    return None


def _weekday_names(field: str) -> str:
    """cron's numbers as names, ranges written out: APScheduler 3 counts from Monday and has no 7."""
    if field in _ANY_DAY:
        return "*"
    names: list[str] = []
    for part in field.split(","):
        found = re.fullmatch(r"(\*|[0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?(?:/(\d+))?", part)
        if not found:
            raise ValueError(f"day of week {part!r} is neither 0-7 nor sun-sat")
        first, last, step = found[1], found[2], int(found[3] or 1)
        if first == "*":
            first, last = "0", "6"
        start = _weekday_number(first)
        stop = start if last is None else _weekday_number(last)
        if step < 1:
            raise ValueError("a step of 0 never comes")
        days = range(start, (stop if stop >= start else stop + 7) + 1, step)
        names += [_WEEKDAYS[day % 7] for day in days]
    return ",".join(dict.fromkeys(names))


def _weekday_number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word not in _WEEKDAYS:
        raise ValueError(f"day of week {word!r} is neither 0-7 nor sun-sat")
    return _WEEKDAYS.index(word)
