"""Figures, days and times of a text, written so that the English and the Chinese spelling of one are equal.

"100 billion yuan", 1,000亿元 and 一千億元 are `100000000000`; "6 per cent", 6% and 百分之六 are `6%`; "Feb. 19" and
2月19日 are the day (2, 19); "3-1" and 3比1 are the tally `3-1`; "10.18pm" and 22时18分 are the time `10:18`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

Day = tuple[int, int]
"""Month and day."""

MONTHS = range(1, 13)
_DAYS = range(1, 32)
_HOURS, _MINUTES = range(25), range(1, 60)
_YEARS = range(1900, 2100)
_LEAST = 10
_LARGE_DIGITS = 7
LONGEST = 15
"""Digits in a row that may be a number: what is longer is none that a text counts."""
_COLONS = re.compile("[–:：比]")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text counts, and when; the value is where it stands first."""

    numbers: dict[str, int] = field(default_factory=dict)
    """10 and more, or with a decimal, percentages of any size marked `%`; bare years are left out."""
    tallies: dict[str, int] = field(default_factory=dict)
    """Results of games, and slogans like 1+6+3."""
    days: dict[Day, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    """On a dial of 12 hours, full hours left out: a text may leave open which half of the day is meant."""

    def note_number(self, value: Decimal | int, start: int, *, is_share: bool, may_be_year: bool) -> None:
        """Keep a number, unless it is a small count or a year."""
        if isinstance(value, Decimal) and value == (whole := int(value)):
            value = whole
        if isinstance(value, int) and not is_share and (value < _LEAST or (may_be_year and value in _YEARS)):
            return
        written = str(value) if isinstance(value, int) else format(value.normalize(), "f")
        self.numbers.setdefault(f"{written}%" if is_share else written, start)

    def note_day(self, month: int, day: int, start: int) -> None:
        """Keep a day, where the calendar has it."""
        if month in MONTHS and day in _DAYS:
            self.days.setdefault((month, day), start)

    def note_time(self, hour: int, minute: int, start: int) -> None:
        """Keep a time, where the clock has it."""
        if hour in _HOURS and minute in _MINUTES:
            self.times.setdefault(f"{hour % 12}:{minute:02}", start)

    def note_tally(self, written: str, start: int) -> None:
        """Keep a tally as it is written, with hyphens between."""
        self.tallies.setdefault(_COLONS.sub("-", written), start)


def weight(number: str) -> float:
    """How much it says that two texts share a number: 0.4 to 3.3.

    By its digits before the final zeros; decimals and large amounts say more than a round dozen.
    """
    whole, _, decimals = number.rstrip("%").partition(".")
    digits = (whole + decimals).strip("0")
    large = 0.5 if len(whole) >= _LARGE_DIGITS else 0.0
    return (0.4, 0.4, 1.2, 2.0, 2.5)[min(len(digits), 4)] + (0.3 if decimals else 0.0) + large
