from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.date_near import read_near
from feedwatch.normalize.date_words import AGO, NOW, Ago, month_of, span_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2024, 3, 1, 12, tzinfo=UTC)  # 20:00 in Shanghai


@pytest.mark.parametrize(
    "raw, utc",
    [
        ("3 hours ago", "2024-03-01T09:00"),
        ("2小时前", "2024-03-01T10:00"),
        ("刚刚", "2024-03-01T12:00"),
        # days, of the zone
        ("昨天 10:20", "2024-02-29T02:20"),
        ("昨天10:20", "2024-02-29T02:20"),
        ("Yesterday at 5:30 PM", "2024-02-29T09:30"),
        ("今天", "2024-02-29T16:00"),
        ("今天 21:26", "2024-03-01T13:26"),  # ahead of our clock; who asks decides
        ("前天", "2024-02-27T16:00"),
        ("hoje", "2024-02-29T16:00"),
        ("星期一 08:26", "2024-02-26T00:26"),
        ("Friday", "2024-02-29T16:00"),
        ("Friday 21:00", "2024-02-23T13:00"),  # not yet today
        ("10:20", "2024-03-01T02:20"),
        ("23:20", "2024-02-29T15:20"),  # not yet today
        # without a year: in the last twelve months
        ("02-19 08:26", "2024-02-19T00:26"),
        ("[02-19]", "2024-02-18T16:00"),
        ("03-02", "2024-03-01T16:00"),  # tomorrow in this zone: within what zones err
        ("03-03", "2023-03-02T16:00"),
        ("12-30", "2023-12-29T16:00"),
        ("2月19日", "2024-02-18T16:00"),
        ("2月19日 下午3:05", "2024-02-19T07:05"),
        ("2월 19일", "2024-02-18T16:00"),
        ("Feb 20", "2024-02-19T16:00"),
        ("20 Feb, 08:26", "2024-02-20T00:26"),
        ("20 de fev. 08:26", "2024-02-20T00:26"),
        ("25/02", "2024-02-24T16:00"),
        ("2月29日", "2024-02-28T16:00"),
        # told apart by nobody, or no date
        ("03/02", None),
        ("30-30", None),
        ("99:99", None),
        ("February", None),
        ("2 bridges ago", None),
        ("99999 hours ago", None),
        ("9999 years ago", None),
        ("", None),
        ("a" * 100, None),
    ],
)
def test_read_near_on_a_friday_evening_in_shanghai(raw: str, utc: str | None) -> None:
    at = read_near(raw, SHANGHAI, FRIDAY)
    assert (at and at.strftime("%Y-%m-%dT%H:%M")) == utc
    assert at is None or at.tzinfo is UTC


def test_29_february_is_that_of_a_leap_year() -> None:
    assert read_near("29 Feb", UTC, datetime(2025, 2, 1, tzinfo=UTC)) == datetime(2024, 2, 29, tzinfo=UTC)
    assert read_near("29 Feb", UTC, datetime(2023, 2, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("row", AGO, ids=lambda row: next(iter(row.examples)))
def test_spans_in_words(row: Ago) -> None:
    for words, span in row.examples.items():
        assert span_of(words.lower()) == span


@pytest.mark.parametrize("word", sorted(NOW))
def test_now(word: str) -> None:
    assert read_near(word.title(), UTC, FRIDAY) == FRIDAY


@pytest.mark.parametrize(
    "names, month",
    [
        ("February fevereiro février febrero Februar febbraio Feb. февраля", 2),
        ("March março mars marzo März maart Maret марта", 3),
        ("May maio mai mayo Mai maggio mei мая май", 5),
        ("June junho juin junio Juni giugno июня", 6),
        ("July julho juillet julio Juli luglio июля", 7),
        ("August agosto août Agustus августа", 8),
        ("October outubro octobre octubre Oktober ottobre октября", 10),
        ("December dezembro décembre diciembre Dezember dicembre Desember декабря", 12),
        ("Xyz Smarch Decemberisation", None),
    ],
)
def test_month_of(names: str, month: int | None) -> None:
    assert {month_of(name.rstrip(".")) for name in names.split()} == {month}


_PIECES = st.lists(
    st.sampled_from("3 03 99 - / : 小时 前 昨天 Feb 29 ago hours 2月 日 pm".split() + [" "]),  # noqa: SIM905
    max_size=7,
)


@given(_PIECES.map("".join) | st.text(max_size=30))
def test_never_raises_and_is_never_further_ahead_than_a_day(raw: str) -> None:
    at = read_near(raw, SHANGHAI, FRIDAY)
    assert at is None or (at.tzinfo is UTC and at <= FRIDAY + timedelta(days=1))
