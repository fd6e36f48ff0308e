"""Times as a reader in a given zone writes them. English alone, independent of the process's locale."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAY_IS_CLEAR = timedelta(days=6)
"""Within this, "Tue" can mean one day only."""


def short_date(at: datetime, zone: ZoneInfo) -> str:
    """`25 Nov`."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]}"


def window_line(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """`Tue 24 Nov 2026, 08:00 – Wed 25 Nov 2026, 08:00 (Asia/Shanghai)`; the day once where both are on it."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = _clock(last) if first.date() == last.date() else f"{_day(last)}, {_clock(last)}"
    return f"{_day(first)}, {_clock(first)} – {until} ({zone.key})"


def story_time(published_at: datetime, window_end: datetime, zone: ZoneInfo) -> str:
    """As short as it is clear beside the window: `07:12` on its last day, `Tue 21:10` near it, else `12 Oct 2026`."""
    local, end = published_at.astimezone(zone), window_end.astimezone(zone)
    if local.date() == end.date():
        return _clock(local)
    if abs(local.date() - end.date()) <= _WEEKDAY_IS_CLEAR:
        return f"{_DAYS[local.weekday()]} {_clock(local)}"
    return f"{short_date(local, zone)} {local.year}"


def _day(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"
