"""Times as a reader in a given zone and language writes them; names of days, months and zones are CLDR's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name

from feedwatch.digest.words import cldr, reader_locale

_WEEKDAY_IS_CLEAR = timedelta(days=6)
"""Within this, "Tue" can mean one day only."""
_PATTERNS = {
    "en": {"short": "d MMM", "day": "EEE d MMM", "year": "d MMM y", "full": "EEE d MMM y", "weekday": "EEE"},
    "zh": {"short": "M月d日", "day": "M月d日EEE", "year": "y年M月d日", "full": "y年M月d日EEE", "weekday": "EEE"},
}
"""CLDR date patterns, shorter than its own: a list of news is read in passing."""
_COMMA = {"en": ", ", "zh": " "}
_ZONE = {"en": " ({})", "zh": "（{}）"}


def short_date(at: datetime, zone: ZoneInfo, locale: str = "en") -> str:
    """`25 Nov`, `11月25日`. locale: BCP 47, here and below."""
    return _written(at.astimezone(zone).date(), "short", reader_locale(locale))


def window_line(start: datetime, end: datetime, zone: ZoneInfo, locale: str = "en") -> str:
    """`Tue 24 Nov 2026, 08:00 – Wed 25 Nov, 08:00 (China Standard Time)`.

    The day is said once where both are on it, the year once where both are in it.
    """
    first, last, locale = start.astimezone(zone), end.astimezone(zone), reader_locale(locale)
    comma = _COMMA[locale[:2]]
    begin = f"{_written(first.date(), 'full', locale)}{comma}{_clock(first)}"
    until = _clock(last)
    if first.date() != last.date():
        until = f"{_written(last.date(), 'day' if first.year == last.year else 'full', locale)}{comma}{until}"
    hour = end.replace(minute=0, second=0, microsecond=0)
    return f"{begin} – {until}{_ZONE[locale[:2]].format(_zone_name(hour, zone, locale))}"


@lru_cache(maxsize=16384)
def story_time(published_at: datetime, last_day: date, zone: ZoneInfo, locale: str = "en") -> str:
    """As short as it is clear beside a window that ends on `last_day`: `07:12` on it, `Tue 21:10` near it, else
    `12 Oct 2026`."""
    local, locale = published_at.astimezone(zone), reader_locale(locale)
    if local.date() == last_day:
        return _clock(local)
    if abs(local.date() - last_day) <= _WEEKDAY_IS_CLEAR:
        return f"{_written(local.date(), 'weekday', locale)} {_clock(local)}"
    return _written(local.date(), "year", locale)


@lru_cache(maxsize=2048)
def _written(day: date, pattern: str, locale: str) -> str:
    return format_date(day, _PATTERNS[locale[:2]][pattern], locale=cldr(locale))


def _clock(local: datetime) -> str:
    """The same in all of LOCALES (CLDR's skeleton Hm)."""
    return f"{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=512)
def _zone_name(hour: datetime, zone: ZoneInfo, locale: str) -> str:
    """`British Summer Time` where the clocks show that, the offset where CLDR has no name for the zone."""
    return get_timezone_name(hour.astimezone(zone), locale=cldr(locale))
