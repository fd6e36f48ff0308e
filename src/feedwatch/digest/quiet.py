"""Quiet hours: when a subscriber wants no alert, on their own wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def quiet_until(quiet_hours: str, timezone: str, at: datetime) -> datetime | None:
    """The end, in UTC, of the quiet time that `at` (aware) lies in; None where it lies in none.

    quiet_hours: `22:00-07:00`, start included, end excluded; none where empty. At the end that is given, it is never
    quiet again.

    A quiet time is whole, whatever the clock does in it. It begins when the clock first shows its start, and ends when
    the clock last shows its end: where the clock is put back over the end, at its second showing. Where the clock is
    put forward over one of them, it begins or ends with the jump.
    """
    if not quiet_hours:
        return None
    first, last = _times(quiet_hours)
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    until: datetime | None = None
    moment = at
    # A zone's clock change may join one night to the next; the days before are looked at for a night over midnight.
    for day in (today + number * _DAY for number in range(-2, 3)):
        ends = day if first < last else day + _DAY
        if _shown(day, first, zone, fold=0) <= moment < (end := _shown(ends, last, zone, fold=1)):
            until = moment = end
    return until


@lru_cache(maxsize=256)
def _times(quiet_hours: str) -> tuple[time, time]:
    first, last = quiet_hours.split("-")
    return time.fromisoformat(first), time.fromisoformat(last)


def _shown(day: date, wall: time, zone: ZoneInfo, *, fold: int) -> datetime:
    """When the clock shows a time for the first (fold 0) or the last time (1), in UTC; when it jumps over it else."""
    local = datetime.combine(day, wall, zone)
    earlier, later = (local.replace(fold=number).astimezone(UTC) for number in (0, 1))
    if earlier <= later:
        return later if fold else earlier
    # PEP 495: of a time that is skipped, fold 0 lies behind the jump and fold 1 before it, by as much as is skipped.
    before, behind = later, earlier
    jumped = behind.astimezone(zone).utcoffset()
    while behind - before > _SECOND:
        middle = before + (behind - before) // 2
        if middle.astimezone(zone).utcoffset() == jumped:
            behind = middle
        else:
            before = middle
    return behind.replace(microsecond=0)
