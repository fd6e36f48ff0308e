"""The figures of a Chinese text in simplified characters."""

from __future__ import annotations

import re
from decimal import Decimal

from feedwatch.cluster.figures import LONGEST, Figures

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_TEN = 10
# 3月, 19日, 20号 are no counts, nor are 3时 and 10点, unless the number is too large for a clock: 25,614点.
_CALENDAR = frozenset("月日号")
_CLOCK = frozenset("时点")
_WITHIN = frozenset(".,_")
_JOINING = frozenset("/:：+–-比")
_HOURS = 24

_NUMERALS = "零〇一二三四五六七八九十百千万亿两"
_DIGITS_AND_NUMERALS = re.compile(f"[0-9{_NUMERALS}]+")
_DECIMALS = "零〇一二三四五六七八九"
_SHARE = "百分之"
_DAY = re.compile(r"(?P<m>\d\d?|[一二三四五六七八九十]{1,2})月(?P<d>\d\d?|[一二三四五六七八九十]{1,3})[日号]")
_TIME = re.compile(r"(?P<h>\d\d?)(?:[时点](?P<m>\d\d?)分?|[:：](?P<m2>\d\d)(?![\d:：]))")
_TALLY = re.compile(r"\d{1,3}(?:[-–:：比]\d{1,3}|(?:\+\d{1,3}){1,3})(?![\d.,/:：+%–-]*\d|%)")
_NUMBER = re.compile(
    r"(?P<n>(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d+)(?:\.\d{1,9})?(?:[千百]?[万亿]{1,2}|[千百])?"
    r"(?:\d[\d,]{0,8}(?:\.\d{1,9})?[万千])?"
    # Not 十一点二十分, which is a time.
    rf"|[{_NUMERALS}]+(?:点[{_DECIMALS}]{{1,9}}(?![{_DECIMALS}十百千分刻])[万亿]{{0,2}})?)"
    r"[多余]?(?P<p> ?[%％]|个?百分点)?"
)
_GROUP = re.compile(r"(\d[\d,]*(?:\.\d+)?)([百千万亿]*)")


def chinese_figures(text: str) -> Figures:
    """The figures of a Chinese text in simplified characters."""
    figures = Figures()
    done = 0
    # One search, and patterns tried where digits stand: each pattern's own search took a multiple.
    for written in _DIGITS_AND_NUMERALS.finditer(text):
        start, end = written.span()
        # 一 alone stands everywhere.
        is_count = end - start > 1 or text[start].isascii() or text[start - len(_SHARE) : start] == _SHARE
        if start >= done and (is_count or text[end : end + 1] == "月"):
            done = _read(text, start, end, figures)
    return figures


def chinese_number(written: str) -> Decimal | int | None:
    """The value of 1,000亿, 13亿4500万, 三十五, 六点五, 十一点五亿; None for what is no plain number (千万, 一二)."""
    if written.isdigit() and written.isascii():
        return int(written)
    if written[0] in "0123456789":
        total = Decimal(0)
        for digits, units in _GROUP.findall(written):
            value = Decimal(digits.replace(",", ""))
            for unit in units:
                value *= _UNITS[unit]
            total += value
        return total
    whole, _, decimals = written.partition("点")
    value_of_whole = _whole(whole)
    if value_of_whole is None or not decimals:
        return value_of_whole
    digits = decimals.rstrip("万亿")
    value = value_of_whole + Decimal("0." + "".join(str(_DIGITS[digit]) for digit in digits))
    for unit in decimals[len(digits) :]:
        value *= _UNITS[unit]
    return value


def _read(text: str, start: int, end: int, figures: Figures) -> int:
    """Read the figure that begins with these digits, and tell where it ends."""
    if end - start > LONGEST:
        return end
    before = text[start - 1 : start]
    if text[start].isascii() and (before in _WITHIN or (before.isascii() and before.isalpha())):
        return end
    if found := _DAY.match(text, start):
        figures.note_day(int(chinese_number(found["m"]) or 0), int(chinese_number(found["d"]) or 0), start)
        return found.end()
    if before not in _JOINING:
        if found := _TIME.match(text, start):
            figures.note_time(int(found["h"]), int(found["m"] or found["m2"]), start)
            return found.end()
        if found := _TALLY.match(text, start):
            figures.note_tally(found[0], start)
            return found.end()
    if found := _NUMBER.match(text, start):
        is_share = bool(found["p"]) or text[max(start - len(_SHARE), 0) : start] == _SHARE
        _note(found["n"], text[found.end() : found.end() + 1], start, figures, is_share=is_share)
        return found.end()
    return end


def _note(written: str, after: str, start: int, figures: Figures, *, is_share: bool) -> None:
    if not is_share and (after in _CALENDAR or written in _UNITS):
        return
    value = chinese_number(written)
    if value is None or (not is_share and after in _CLOCK and value <= _HOURS):
        return
    figures.note_number(value, start, is_share=is_share, may_be_year="," not in written)


def _whole(written: str) -> Decimal | None:
    for large, value in (("亿", 10**8), ("万", 10**4)):
        before, found, after = written.partition(large)
        if found:
            many, rest = _whole(before), _whole(after) if after else Decimal(0)
            return many * value + rest if many and rest is not None else None
    return _below_ten_thousand(written)


def _below_ten_thousand(written: str) -> Decimal | None:
    total, digit, last_unit = 0, -1, 10**4
    for character in written:
        if character in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[character]
            continue
        unit = _UNITS[character]
        # 十五 stands for 一十五.
        if unit >= last_unit or (digit <= 0 and (unit != _TEN or total)):
            return None
        total += max(digit, 1) * unit
        last_unit, digit = unit, -1
    return Decimal(total + max(digit, 0))
