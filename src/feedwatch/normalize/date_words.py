"""The words that dates are written with: months, days, spans of time. Tables; the tests read each row's example."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

# The first letters of a month's name without accents: English, Portuguese, Spanish, French, German, Italian, Dutch,
# Indonesian, Russian.
_MONTHS: dict[int, str] = {
    1: "jan ene gen янв",
    2: "feb fev fab фев",
    3: "mar mae maa mrt мар",
    4: "apr abr avr апр",
    5: "may mai mei mag мая май",
    6: "jun juin giu июн",
    7: "jul juil lug июл",
    8: "aug ago aou agu авг",
    9: "sep set сен",
    10: "oct okt out ott окт",
    11: "nov ноя",
    12: "dec dez dic des дек",
}
_MONTH_BY_START = {start: month for month, starts in _MONTHS.items() for start in starts.split()}
_LONGEST_MONTH = 10


def month_of(name: str) -> int | None:
    """The month, 1 to 12, that a name or its abbreviation means in any of nine languages."""
    if len(name) > _LONGEST_MONTH:
        return None
    # й keeps its mark: май.
    plain = "".join(
        c for c in unicodedata.normalize("NFD", name.lower().replace("й", "\0")) if not "\u0300" <= c < "\u0370"
    )
    plain = plain.replace("\0", "й")
    return _MONTH_BY_START.get(plain[:4]) or _MONTH_BY_START.get(plain[:3])


@dataclass(frozen=True, slots=True)
class Ago:
    """How a language says that something happened some time ago."""

    pattern: str
    """With the groups n (a number, or a word for one) and unit."""
    units: dict[str, timedelta]
    """By the first letters of their names; the longest that fits counts."""
    examples: dict[str, timedelta]


_SECOND, _MINUTE, _HOUR, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WEEK, _MONTH, _YEAR = timedelta(days=7), timedelta(days=30), timedelta(days=365)

AGO: tuple[Ago, ...] = (
    Ago(
        r"(?P<n>\d+|an?|one)\s*(?P<unit>[a-z]+)\s+ago",
        {"s": _SECOND, "m": _MINUTE, "h": _HOUR, "d": _DAY, "w": _WEEK, "mo": _MONTH, "y": _YEAR},
        {"3 hours ago": 3 * _HOUR, "an hour ago": _HOUR, "5 mins ago": 5 * _MINUTE, "2d ago": 2 * _DAY,
         "2 months ago": 2 * _MONTH},
    ),
    Ago(
        r"(?P<n>\d+|[一两兩二三四五六七八九十半])\s*(?:个|個)?\s*(?P<unit>秒|分|小时|小時|钟头|鐘頭|天|日|周|週|星期|礼拜|月|年)"
        r"[钟鐘]?\s*(?:之?前|以前)",
        {"秒": _SECOND, "分": _MINUTE, "小": _HOUR, "钟": _HOUR, "鐘": _HOUR, "天": _DAY, "日": _DAY, "周": _WEEK,
         "週": _WEEK, "星": _WEEK, "礼": _WEEK, "月": _MONTH, "年": _YEAR},
        {"2小时前": 2 * _HOUR, "5分钟前": 5 * _MINUTE, "3天前": 3 * _DAY, "兩個小時前": 2 * _HOUR,
         "半小时前": _HOUR / 2, "10 分鐘前": 10 * _MINUTE},
    ),
    Ago(
        r"(?P<n>\d+)\s*(?P<unit>秒|分|時間|日|週間|か月|ヶ月|年)\s*前",
        {"秒": _SECOND, "分": _MINUTE, "時": _HOUR, "日": _DAY, "週": _WEEK, "か": _MONTH, "ヶ": _MONTH, "年": _YEAR},
        {"3時間前": 3 * _HOUR, "1週間前": _WEEK},
    ),
    Ago(
        r"(?P<n>\d+)\s*(?P<unit>초|분|시간|일|주|개월|년)\s*전",
        {"초": _SECOND, "분": _MINUTE, "시": _HOUR, "일": _DAY, "주": _WEEK, "개": _MONTH, "년": _YEAR},
        {"2시간 전": 2 * _HOUR, "3일 전": 3 * _DAY},
    ),
    Ago(
        r"(?:há|ha|hace)\s+(?P<n>\d+|uma?|una?)\s+(?P<unit>[a-zêéñ]+)",
        {"s": _SECOND, "mi": _MINUTE, "h": _HOUR, "d": _DAY, "se": _WEEK, "seg": _SECOND, "m": _MONTH, "a": _YEAR},
        {"há 2 horas": 2 * _HOUR, "Há uma semana": _WEEK, "hace 5 minutos": 5 * _MINUTE, "hace 3 meses": 3 * _MONTH},
    ),
    Ago(
        r"(?P<n>\d+|uma?)\s+(?P<unit>[a-zêéñ]+)\s+(?:atrás|atras)",
        {"s": _SECOND, "mi": _MINUTE, "h": _HOUR, "d": _DAY, "se": _WEEK, "seg": _SECOND, "m": _MONTH, "a": _YEAR},
        {"2 dias atrás": 2 * _DAY},
    ),
    Ago(
        r"il\s+y\s+a\s+(?P<n>\d+|une?)\s+(?P<unit>[a-zé]+)",
        {"s": _SECOND, "m": _MINUTE, "h": _HOUR, "j": _DAY, "se": _WEEK, "sec": _SECOND, "mo": _MONTH, "a": _YEAR},
        {"il y a 3 heures": 3 * _HOUR, "Il y a un jour": _DAY},
    ),
    Ago(
        r"vor\s+(?P<n>\d+|eine[rmn]?)\s+(?P<unit>[a-z]+)",
        {"s": _SECOND, "m": _MINUTE, "st": _HOUR, "t": _DAY, "w": _WEEK, "mo": _MONTH, "j": _YEAR},
        {"vor 3 Stunden": 3 * _HOUR, "vor einem Tag": _DAY},
    ),
    Ago(
        r"(?P<n>\d+)\s+(?P<unit>giây|phút|giờ|tiếng|ngày|tuần|tháng|năm)\s+trước",
        {"gi": _HOUR, "giâ": _SECOND, "p": _MINUTE, "ti": _HOUR, "ng": _DAY, "tu": _WEEK, "th": _MONTH, "n": _YEAR},
        {"3 giờ trước": 3 * _HOUR, "20 phút trước": 20 * _MINUTE},
    ),
    Ago(
        r"(?P<n>\d+|se)\s*(?P<unit>detik|menit|jam|hari|minggu|bulan|tahun)\s+(?:yang\s+)?lalu",
        {"d": _SECOND, "me": _MINUTE, "j": _HOUR, "h": _DAY, "mi": _WEEK, "b": _MONTH, "t": _YEAR},
        {"3 jam lalu": 3 * _HOUR, "2 hari yang lalu": 2 * _DAY},
    ),
)  # fmt: skip

NOW = frozenset({"just now", "now", "刚刚", "剛剛", "刚才", "剛才", "agora", "agora mesmo", "ahora", "à l'instant",
                 "たった今", "방금", "vừa xong", "baru saja", "jetzt", "gerade eben"})  # fmt: skip
DAYS_AGO: dict[str, int] = {
    "today": 0, "今天": 0, "今日": 0, "hoje": 0, "hoy": 0, "aujourd'hui": 0, "heute": 0, "오늘": 0, "hôm nay": 0,
    "hari ini": 0, "сегодня": 0,
    "yesterday": 1, "昨天": 1, "昨日": 1, "ontem": 1, "ayer": 1, "hier": 1, "gestern": 1, "어제": 1, "hôm qua": 1,
    "kemarin": 1, "вчера": 1,
    "前天": 2, "前日": 2, "anteontem": 2, "anteayer": 2, "avant-hier": 2, "vorgestern": 2,
}  # fmt: skip
WEEKDAYS: dict[str, int] = {
    **{
        name: day
        for names in (
            "monday tuesday wednesday thursday friday saturday sunday",
            "mon tue wed thu fri sat sun",
            "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
            "lunes martes miércoles jueves viernes sábado domingo",
            "lundi mardi mercredi jeudi vendredi samedi dimanche",
            "montag dienstag mittwoch donnerstag freitag samstag sonntag",
            *(" ".join(prefix + name for name in "一二三四五六日") for prefix in ("星期", "周", "週", "礼拜", "禮拜")),
            "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
            "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
        )
        for day, name in enumerate(names.split())
    },
    "星期天": 6,
    "周天": 6,
}
"""Monday is 0."""

_NUMBERS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_AGO = tuple((re.compile(row.pattern, re.IGNORECASE), sorted(row.units.items(), key=lambda one: -len(one[0])))
             for row in AGO)  # fmt: skip
_LONGEST_NUMBER = 4


def span_of(words: str) -> timedelta | None:
    """How long ago "3 hours ago" is; None where the words are nothing of the kind. A month counts 30 days."""
    for pattern, units in _AGO:
        match = pattern.fullmatch(words)
        if match is None:
            continue
        unit = match["unit"].lower()
        span = next((span for start, span in units if unit.startswith(start)), None)
        if span is None:
            continue
        number = match["n"]
        if number == "半":
            return span / 2
        if number.isdecimal():
            return int(number) * span if len(number) <= _LONGEST_NUMBER else None
        return _NUMBERS.get(number, 1) * span
    return None
