"""When the next edition is due: words and cron lines, on the subscriber's wall clock."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from feedwatch.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {"hourly": "0 * * * *", "daily": "0 8 * * *", "weekly": "0 8 * * mon"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ANY = ("*", "?")
_DAY = timedelta(days=1)
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that was understood. `crons` is empty for `instant`; an edition is due when any of them fires."""

    text: str
    crons: tuple[CronTrigger, ...]

    @property
    def is_instant(self) -> bool:
        """An edition is due as soon as something matches."""
        return not self.crons


@dataclass(frozen=True, slots=True)
class _Field:
    """One of a cron line's five fields: its name, the numbers allowed, and the names of the first ones."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        numbers = f"{self.low}-{self.high}"
        return f"neither {numbers} nor {self.names[0]}-{self.names[-1]}" if self.names else f"not in {numbers}"


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _WEEKDAYS),
)


@lru_cache(maxsize=4096)
def parse_schedule(text: str) -> Schedule:
    """Read `instant`, `hourly`, `daily`, `weekly`, or a cron line of five fields (crontab(5)).

    As in cron, 0 and 7 are Sunday, and a line that restricts both the day of month and the day of week (neither
    begins with `*`) fires on either. Raises ScheduleError.
    """
    words = text.strip().lower()
    if words == "instant":
        return Schedule(text, ())
    fields = _WORDS.get(words, words).split()
    if len(fields) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        raise ScheduleError(
            f"expected instant, hourly, daily, weekly, or a cron line of five fields ({names}); this has {len(fields)}"
        )
    minute, hour, day, month, weekday = (
        "*" if written in _ANY else _numbers(field, written) for field, written in zip(_FIELDS, fields, strict=True)
    )
    if weekday != "*":  # by name, since APScheduler 3 counts from Monday and has no 7
        weekday = ",".join(dict.fromkeys(_WEEKDAYS[int(number) % 7] for number in weekday.split(",")))
    is_either = not (fields[2].startswith(_ANY) or fields[4].startswith(_ANY))  # so that `*/2` narrows, as in cron
    days = [(day, "*"), ("*", weekday)] if is_either else [(day, weekday)]
    if not _comes(day, month):
        days = [(on_day, on_weekday) for on_day, on_weekday in days if on_day == "*"]
    if not days:
        raise ScheduleError(f"this never comes: no month that it names has the day {fields[2]}")
    crons = (
        CronTrigger(minute=minute, hour=hour, day=on_day, month=month, day_of_week=on_weekday, timezone=UTC)
        for on_day, on_weekday in days
    )
    return Schedule(text, tuple(crons))


def next_due(schedule: Schedule, timezone: str, after: datetime) -> datetime | None:
    """The first due time later than `after` (aware), in UTC; None for `instant`.

    The cron line is read on the wall clock of `timezone`. A time that the clock skips (02:30 on the day that
    summer time begins) is due once, as long after the jump as it would have been before it; a time that the clock
    shows twice is due the first time alone.
    """
    if schedule.is_instant:
        return None
    zone = ZoneInfo(timezone)
    local = after.astimezone(zone)
    # What the clock skipped in the last day may be due still: the search begins that much earlier.
    skipped = _offset(local) - _offset((after - _DAY).astimezone(zone))
    wall = local.replace(tzinfo=UTC) - max(skipped, timedelta())
    while True:
        wall = min(cron.get_next_fire_time(None, wall + timedelta(microseconds=1)) for cron in schedule.crons)
        due: datetime = wall.replace(tzinfo=zone).astimezone(UTC)
        if due > after:
            return due


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _numbers(field: _Field, written: str) -> str:
    """A field as the list of its numbers: `1-5/2,9` as `1,3,5,9`."""
    return ",".join(str(number) for part in written.split(",") for number in _expand(field, part))


def _expand(field: _Field, part: str) -> Iterator[int]:
    found = re.fullmatch(r"(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:/([0-9]+))?", part)
    if not found:
        raise ScheduleError(f"the {field.name} {part!r} is no number, list (1,15), range (1-5) or step (*/2)")
    first = field.low if found[1] is None else _number(field, found[1])
    if found[2] is not None:
        last = _number(field, found[2])
    elif found[1] is None or found[3] is not None:  # `*/2`, and `5/15` for `5-59/15`
        last = max(first, field.high - (field.names is _WEEKDAYS))
    else:
        last = first
    if last < first and field.names is _WEEKDAYS:  # fri-mon goes on past Sunday
        last += 7
    step = int(found[3] or 1)
    if last < first:
        raise ScheduleError(f"the {field.name} {part!r} runs backwards")
    if not 1 <= step <= max(field.high, 1):
        raise ScheduleError(f"the {field.name} {part!r} has a step that is not in 1-{field.high}")
    yield from range(first, last + 1, step)


def _number(field: _Field, word: str) -> int:
    number = field.names.index(word) + field.low if word in field.names else int(word) if word.isdigit() else -1
    if not field.low <= number <= field.high:
        raise ScheduleError(f"the {field.name} {word} is {field.allowed}")
    return number


def _comes(day: str, month: str) -> bool:
    """Whether any of the days exists in any of the months."""
    months = range(1, 13) if month == "*" else [int(number) for number in month.split(",")]
    longest = max(monthrange(_LEAP_YEAR, number)[1] for number in months)
    return day == "*" or min(int(number) for number in day.split(",")) <= longest
