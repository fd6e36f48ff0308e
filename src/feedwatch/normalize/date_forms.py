"""Reads the dates that feeds write. Quick forms first; python-dateutil, twenty times as slow, for the rest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser as dateutil_parser

from feedwatch.normalize.date_words import month_of

_MAX_LENGTH = 80
_HOURS_PER_DAY = 24
_LAST_HOUR, _LAST_SECOND = "23", "59"
_NOON = 12
_CENTURY_PIVOT = 70
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
# Minutes from UTC. Where several zones share a name, the source's own zone decides if it uses that name (CST in
# Shanghai, IST in Kolkata); otherwise this table does, with RFC 822 (5.1) first.
_UNIVERSAL = frozenset({"GMT", "UT", "UTC", "Z"})
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "AST": -240, "ADT": -180,
    "NST": -210, "NDT": -150, "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "IST": 330, "PKT": 300, "ICT": 420, "WIB": 420, "HKT": 480, "SGT": 480, "MYT": 480,
    "PHT": 480, "AWST": 480, "KST": 540, "JST": 540, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "SAST": 120, "BRT": -180, "ART": -180,
}  # fmt: skip

_ZONE = r"(?P<zone>[+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)?"
_CLOCK = (
    r"(?P<hour>\d{1,2})\s*[:：时時시h]\s*(?P<minute>\d{2})\s*[分분]?"
    r"(?:\s*:?\s*(?P<second>\d{2})(?:[.,]\d+)?[秒초]?)?"
)
_PLAIN_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|UTC|Z|([+-]\d{2})(\d{2}))",
    re.ASCII,
)
_RFC_822 = re.compile(
    r"(?:[^\W\d]+\.?,?\s*)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3})[a-z]*\.?,?[\s-]+(?P<year>\d{4}|\d{2})"
    rf"(?:,?\s+{_CLOCK}\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*{_ZONE}(?:\s*\(.*\))?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*[-/.年년]\s*(?P<month>\d{1,2})(?:\s*[-/.月월]\s*(?P<day>\d{1,2})\s*[日일]?)?月?"
    r"(?:\s*[(（][^()（）]{1,4}[)）])?"
    rf"(?:[T\s,]*(?P<half>上午|下午|中午|晚上|오전|오후|午前|午後)?\s*{_CLOCK}\s*{_ZONE})?"
)
# 20 de fevereiro de 2024 às 08h26; Dienstag, 20. Februar 2024, 08:26 Uhr; 20 февраля 2024 г.
_NAMED_MONTH = re.compile(
    r"(?:[^\W\d][^\d,]{1,20},\s*)?(?P<day>\d{1,2})(?:\.|º|°|er|st|nd|rd|th)?\s+(?:de\s+)?(?P<month>[^\W\d]{3,})\.?,?\s+"
    r"(?:de\s+)?(?P<year>(?:19|20)\d{2})(?:\s+г\.?|\s+года)?"
    rf"(?:\s*,?\s+(?:[-–|]\s+|at\s+|às\s+|à\s+|a\s+las\s+|um\s+|в\s+)?{_CLOCK}(?:\s+Uhr)?\s*(?P<half>[ap]\.?m\.?)?\s*{_ZONE})?",
    re.IGNORECASE,
)
_VIETNAMESE = re.compile(
    r"(?:[^\W\d][^\d,]{1,20},?\s+)?(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:\s+năm|,)?\s+(?P<year>(?:19|20)\d{2})"
    rf"(?:,?\s+(?:lúc\s+)?{_CLOCK}\s*(?P<half>sáng|chiều|tối)?\s*{_ZONE})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{13})")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)")
_AFTERNOON = ("p", "下午", "中午", "晚上", "오후", "午後", "chiều", "tối")
_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}


def read_date(raw: str, zone: tzinfo) -> datetime | None:
    """The moment that `raw` names, in UTC; None where it names none or more than one.

    Reads RFC 822 and its obsolete forms, ISO 8601 and W3CDTF, epoch seconds, the numeric forms of China, Japan and
    Korea, months named in nine languages, and what python-dateutil reads. A naive time is in `zone`. Numeric dates that
    can be read with either the day or the month first (02/03/2024) are not guessed at; with dots the day comes first.
    """
    raw = raw.strip()
    if not raw or len(raw) > _MAX_LENGTH:
        return None
    if not raw.isascii():
        raw = raw.translate(_FULL_WIDTH)
    try:
        at = _read_plain(raw) or _read(raw, zone)
        if at is None:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read_plain(raw: str) -> datetime | None:
    """The two forms that nearly all feeds write, as quickly as may be; `_read` would read them alike."""
    if match := _PLAIN_RFC_822.fullmatch(raw):
        day, name, year, hour, minute, second, ahead_hours, ahead_minutes = match.groups()
        month = _MONTHS.get(name.lower())
        if month is None or hour > _LAST_HOUR or second > _LAST_SECOND:
            return None
        at = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if ahead_hours is None:
            return at
        if ahead_hours[1:] > _LAST_HOUR:
            return None
        minutes = int(ahead_hours[1:]) * 60 + int(ahead_minutes)
        return at + timedelta(minutes=minutes if ahead_hours[0] == "-" else -minutes)
    if raw.startswith(("19", "20")) and raw[4:5] == "-" and raw[10:11] == "T" and raw[16:17] == ":":
        try:
            at = datetime.fromisoformat(raw)
        except ValueError:
            return None
        return at.replace(microsecond=0) if at.tzinfo else None
    return None


def _read(raw: str, zone: tzinfo) -> datetime | None:
    if epoch := _EPOCH.fullmatch(raw):
        return datetime.fromtimestamp(int(epoch[1]) if epoch[1] else int(epoch[2]) // 1000, UTC)
    if match := _RFC_822.fullmatch(raw):
        month = _MONTHS.get(match["month"].lower()) or month_of(match["month"])
        return _build(match, month, zone) if month else None
    if match := _NAMED_MONTH.fullmatch(raw):
        month = month_of(match["month"])
        return _build(match, month, zone) if month else None
    if not raw.isascii() and (match := _VIETNAMESE.fullmatch(raw)):
        return _build(match, int(match["month"]), zone)
    if raw[0].isdigit():
        if match := _YEAR_FIRST.fullmatch(raw):
            return _build(match, int(match["month"]), zone)
        if _YEAR.fullmatch(raw):
            return datetime(int(raw), 1, 1)
        try:
            return datetime.fromisoformat(raw)
        except ValueError:
            pass
    return _read_with_dateutil(raw, zone)


def _build(match: re.Match[str], month: int, zone: tzinfo) -> datetime:
    year = int(match["year"])
    if len(match["year"]) == len("24"):
        year += 1900 if year >= _CENTURY_PIVOT else 2000
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = (match["half"] or "").lower()
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half.startswith(_AFTERNOON) else 0)
    # Some write midnight as 24:00, and leap seconds exist.
    late = timedelta(days=1) if hour == _HOURS_PER_DAY else timedelta()
    at = datetime(year, month, int(match["day"] or 1), hour % _HOURS_PER_DAY, minute, min(second, 59)) + late
    return at.replace(tzinfo=_offset(match["zone"], at, zone))


def _offset(name: str | None, at: datetime, zone: tzinfo) -> tzinfo | None:
    if not name:
        return None
    if name[0] in "+-":
        return _from_digits(name)
    name = name.upper()
    if name in _UNIVERSAL:
        return UTC
    if name == zone.tzname(at):
        return None
    words = re.split(r"(?=[+-])", name, maxsplit=1)
    if len(words) > 1 and words[0] in {"GMT", "UTC"}:
        return _from_digits(words[1])
    minutes = _ZONES.get(name)
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def _from_digits(written: str) -> tzinfo:
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > len("08") else (int(digits), 0)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if written[0] == "-" else ahead)


def _read_with_dateutil(raw: str, zone: tzinfo) -> datetime | None:
    numeric = _NUMERIC.search(raw)
    has_dots = numeric is not None and numeric[2] == "."
    if numeric and not has_dots and numeric[1] != numeric[3] and max(int(numeric[1]), int(numeric[3])) <= len(_MONTHS):
        return None
    readings: set[datetime] = set()
    # What the text does not say dateutil takes from the default: two defaults tell whether a date is whole.
    for default in (datetime(2001, 1, 1), datetime(2002, 2, 2)):
        try:
            readings.add(
                dateutil_parser.parse(raw, default=default, dayfirst=has_dots, tzinfos=_named_zone, ignoretz=False)
            )
        except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
            return None
    if len(readings) > 1:
        return None
    at = readings.pop()
    names = re.findall(r"[A-Z]{3,5}", raw)
    return at.replace(tzinfo=None) if zone.tzname(at.replace(tzinfo=None)) in names else at


def _named_zone(name: str | None, seconds: int | None) -> tzinfo | None:
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    minutes = _ZONES.get(name or "")
    return None if minutes is None else timezone(timedelta(minutes=minutes))
