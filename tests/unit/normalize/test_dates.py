from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from feedwatch.normalize.date_forms import _read, _read_plain, read_date
from feedwatch.normalize.dates import choose_dates
from feedwatch.parse import parse
from tests.corpus import corpus_dir

SHANGHAI = ZoneInfo("Asia/Shanghai")
FETCHED = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw, utc",
    [
        # RFC 822 and 2822
        ("Tue, 20 Feb 2024 08:26:24 GMT", "2024-02-20T08:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 +0800", "2024-02-20T00:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 -0000", "2024-02-20T08:26:24"),
        ("20 Feb 24 08:26 EST", "2024-02-20T13:26:00"),
        ("Tue, 20 Feb 2024 08:26:24 PDT", "2024-02-20T15:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 HKT", "2024-02-20T00:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 CST", "2024-02-20T00:26:24"),  # the source's own zone uses that name
        ("Tue, 20 Feb 2024 08:26:24 UT", "2024-02-20T08:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 GMT+8", "2024-02-20T00:26:24"),
        ("Tue, 20 Feb 2024 08:26:24 +0800 (CST)", "2024-02-20T00:26:24"),
        ("Tuesday, 20-Feb-24 08:26:24 GMT", "2024-02-20T08:26:24"),
        ("Tue, 20 Feb 2024 24:00:00 GMT", "2024-02-21T00:00:00"),
        ("Tue, 20 Feb 2024 08:26:60 GMT", "2024-02-20T08:26:59"),
        ("Tue, 20 February 2024 8:26:24 PM GMT", "2024-02-20T20:26:24"),
        ("Tue, 20 Feb 2024 08:26:24", "2024-02-20T00:26:24"),
        ("20 Feb 2024", "2024-02-19T16:00:00"),
        # ISO 8601, RFC 3339, W3CDTF
        ("2024-02-20T08:26:24Z", "2024-02-20T08:26:24"),
        ("2024-02-20T08:26:24.123+08:00", "2024-02-20T00:26:24"),
        ("2024-02-20T08:26+08:00", "2024-02-20T00:26:00"),
        ("2024-02-20T08:26:24", "2024-02-20T00:26:24"),
        ("2024-02-20", "2024-02-19T16:00:00"),
        ("2024-02", "2024-01-31T16:00:00"),
        ("2024", "2023-12-31T16:00:00"),
        ("20240220T082624Z", "2024-02-20T08:26:24"),
        ("2024-02-20T24:00:00Z", "2024-02-21T00:00:00"),
        # written by people and by sites
        ("2024-02-20 08:26:24", "2024-02-20T00:26:24"),
        ("2024-02-20 08:26:24 +0800", "2024-02-20T00:26:24"),
        ("2024-02-20 08:26:24 UTC", "2024-02-20T08:26:24"),
        ("2024/2/20 8:26", "2024-02-20T00:26:00"),
        ("2024.02.20", "2024-02-19T16:00:00"),
        ("2024年2月20日 08:26", "2024-02-20T00:26:00"),
        ("2024年2月20日08时26分24秒", "2024-02-20T00:26:24"),
        ("2024年2月20日 下午8:26", "2024-02-20T12:26:00"),
        ("２０２４年２月２０日", "2024-02-19T16:00:00"),
        ("2024년 2월 20일 오후 8:26", "2024-02-20T12:26:00"),
        ("Feb 20, 2024 8:26 AM", "2024-02-20T00:26:00"),
        ("Tue Feb 20 08:26:24 2024", "2024-02-20T00:26:24"),
        ("Tue Feb 20 08:26:24 EST 2024", "2024-02-20T13:26:24"),
        ("02/20/2024", "2024-02-19T16:00:00"),
        ("20/02/2024 08:26", "2024-02-20T00:26:00"),
        ("02/02/2024", "2024-02-01T16:00:00"),
        ("03.02.2024", "2024-02-02T16:00:00"),  # with dots the day comes first
        ("1708388784", "2024-02-20T00:26:24"),
        ("1708388784000", "2024-02-20T00:26:24"),
        # in other languages
        ("20 de fevereiro de 2024", "2024-02-19T16:00:00"),
        ("Terça-feira, 20 de Fevereiro de 2024 às 08h26", "2024-02-20T00:26:00"),
        ("20 Fev 2024 08:26", "2024-02-20T00:26:00"),
        ("20 de febrero de 2024", "2024-02-19T16:00:00"),
        ("20 février 2024 à 08h26", "2024-02-20T00:26:00"),
        ("1er août 2023", "2023-07-31T16:00:00"),
        ("Dienstag, 20. Februar 2024, 08:26 Uhr", "2024-02-20T00:26:00"),
        ("1. März 2023", "2023-02-28T16:00:00"),
        ("20 февраля 2024 г. 08:26", "2024-02-20T00:26:00"),
        ("20 мая 2023", "2023-05-19T16:00:00"),
        ("20 Februari 2024 08:26 WIB", "2024-02-20T01:26:00"),
        ("Thứ Ba, 20 tháng 2, 2024", "2024-02-19T16:00:00"),
        ("ngày 20 tháng 2 năm 2024 8:26 chiều", "2024-02-20T12:26:00"),
        ("20 February 2024 at 8:26 pm", "2024-02-20T12:26:00"),
        # told apart by nobody, or no date
        ("03/02/2024", None),
        ("Feb 20", None),
        ("February 2024", None),
        ("08:26", None),
        ("yesterday", None),
        ("Tue, 32 Feb 2024 08:26:24 GMT", None),
        ("2024-02-20T99:99", None),
        ("Tue, 20 Xyz 2024 08:26:24 GMT", None),
        ("0000-00-00 00:00:00", None),
        ("", None),
        ("9" * 500, None),
    ],
)
def test_read_date_in_shanghai(raw: str, utc: str | None) -> None:
    at = read_date(raw, SHANGHAI)
    assert (at and at.replace(microsecond=0, tzinfo=None).isoformat()) == utc
    assert at is None or at.tzinfo is UTC


def test_a_zone_name_means_north_america_where_the_source_does_not_use_it() -> None:
    assert read_date("Tue, 20 Feb 2024 08:26:24 CST", UTC) == datetime(2024, 2, 20, 14, 26, 24, tzinfo=UTC)


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z:/., +-]{1,40}", fullmatch=True))
def test_read_date_never_raises(raw: str) -> None:
    at = read_date(raw, SHANGHAI)
    assert at is None or at.tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_read_date_reads_what_isoformat_writes(at: datetime) -> None:
    at = at.replace(microsecond=0, tzinfo=UTC)
    assert read_date(at.isoformat(), SHANGHAI) == at
    assert read_date(at.strftime("%a, %d %b %Y %H:%M:%S GMT"), SHANGHAI) == at


_HOURS = st.sampled_from(["00", "08", "23", "24", "25"])
_SIXTIETHS = st.sampled_from(["00", "26", "59", "60"])
_PLAIN_DATES = st.one_of(
    st.builds(
        "{}{} {} {} {}:{}:{} {}".format,
        st.sampled_from(["Tue, ", "", "tue, "]),
        st.sampled_from([0, 2, "02", 28, 30, 32]),
        st.sampled_from(["Jan", "Feb", "Dec", "Xyz"]),
        st.sampled_from([1, 1970, 2024, 9999]),
        _HOURS,
        _SIXTIETHS,
        _SIXTIETHS,
        st.sampled_from(["GMT", "UTC", "Z", "+0800", "-0330", "-2359", "+2400", "-0060", "EST", ""]),
    ),
    st.builds(
        "{}-{}-{}{}{}:{}:{}{}{}".format,
        st.sampled_from(["0001", "1970", "2024", "9999"]),
        st.sampled_from(["00", "02", "12", "13"]),
        st.sampled_from(["00", "02", "28", "30", "32"]),
        st.sampled_from("T "),
        _HOURS,
        _SIXTIETHS,
        _SIXTIETHS,
        st.sampled_from(["", ".5", ".1234567", ",5"]),
        st.sampled_from(["", "Z", "z", "+08:00", "-0330", "-00:00", "+24:00"]),
    ),
)


def _or_none(read: Callable[[], datetime | None]) -> datetime | None:
    try:
        return read()
    except (ValueError, OverflowError):
        return None


@settings(max_examples=400, deadline=None)
@given(_PLAIN_DATES)
def test_the_quick_forms_are_read_as_the_patient_way_reads_them(raw: str) -> None:
    patient = _or_none(lambda: _read(raw, SHANGHAI))
    quick = _or_none(lambda: _read_plain(raw) or _read(raw, SHANGHAI))
    assert quick == patient


EARLY, LATE = "2024-02-20T08:00:00Z", "2024-02-21T08:00:00Z"
TEXT, DATED = "2024-02-22T08:00:00Z", "https://example.com/2024/02/19/a.html"
AT_TEXT = datetime(2024, 2, 22, 8, tzinfo=UTC)
AT_EARLY, AT_LATE = datetime(2024, 2, 20, 8, tzinfo=UTC), datetime(2024, 2, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "published, updated, text_time, url, expected",
    [
        # published, updated, text, url, fetched
        (EARLY, LATE, None, "", (AT_EARLY, "published", AT_LATE)),
        (EARLY, EARLY, None, "", (AT_EARLY, "published", None)),
        (LATE, EARLY, None, "", (AT_LATE, "published", None)),
        (EARLY, None, LATE, DATED, (AT_EARLY, "published", None)),  # the entry's own date outranks the others
        (None, LATE, EARLY, DATED, (AT_LATE, "updated", None)),
        (None, None, "2024-02-20 16:00:00", DATED, (AT_EARLY, "text", None)),  # in the source's zone
        (None, None, None, DATED, (datetime(2024, 2, 18, 16, tzinfo=UTC), "url", None)),  # as the zone's day begins
        (None, None, None, "https://example.com/2024/03/01/a", (FETCHED, "fetched", None)),  # the day of the fetch
        (None, None, None, "https://example.com/2024/03/02/a", (FETCHED, "fetched", None)),  # ahead of it
        (None, None, None, "https://example.com/a", (FETCHED, "fetched", None)),
        ("", " ", None, "", (FETCHED, "fetched", None)),
        ("1 hour ago", None, None, "", (FETCHED - timedelta(hours=1), "published", None)),
        (None, None, "昨天 16:00", "", (datetime(2024, 2, 29, 8, tzinfo=UTC), "text", None)),
        # up to ten minutes ahead: a clock's error
        ("2024-03-01T12:09:00Z", None, None, "", (FETCHED, "published", None)),
        (EARLY, "2024-03-05T12:09:00Z", None, "", (AT_EARLY, "published", None)),  # the published date is believed
    ],
)
def test_choose_dates(
    published: str | None,
    updated: str | None,
    text_time: str | None,
    url: str,
    expected: tuple[datetime, str, datetime | None],
) -> None:
    assert choose_dates(published, updated, text_time, url, "Asia/Shanghai", FETCHED) == (*expected, "")


@pytest.mark.parametrize(
    "published, updated, expected, doubted",
    [
        ("rubbish", None, (AT_TEXT, "text"), "rubbish"),
        ("31 Feb 2024", LATE, (AT_LATE, "updated"), "31 Feb 2024"),
        ("1970-01-01T00:00:00Z", None, (AT_TEXT, "text"), "1970-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00", EARLY, (AT_EARLY, "updated"), "0001-01-01T00:00:00"),
        ("2024-03-02T11:00:00Z", None, (FETCHED, "published"), "2024-03-02T11:00:00Z"),  # up to a day ahead: clamped
        ("2024-03-02T13:00:00Z", None, (AT_TEXT, "text"), "2024-03-02T13:00:00Z"),  # further: passed over
        ("2024-03-02T13:00:00Z", EARLY, (AT_EARLY, "updated"), "2024-03-02T13:00:00Z"),
        ("9999-12-31T23:59:59-05:00", None, (AT_TEXT, "text"), "9999-12-31T23:59:59-05:00"),
        (None, "rubbish", (AT_TEXT, "text"), "rubbish"),
        ("rubbish", "nonsense", (AT_TEXT, "text"), "rubbish"),
        (None, "2024-03-02T11:00:00Z", (FETCHED, "updated"), "2024-03-02T11:00:00Z"),
        ("x" * 500, None, (AT_TEXT, "text"), "x" * 80),
    ],
)
def test_a_date_not_taken_as_it_stands_is_marked(
    published: str | None, updated: str | None, expected: tuple[datetime, str], doubted: str
) -> None:
    dates = choose_dates(published, updated, TEXT, "", "Asia/Shanghai", FETCHED)
    assert (dates.published_at, dates.published_from, dates.doubted_date) == (*expected, doubted)


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "", "../../etc/passwd", "\0"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    dates = choose_dates("2024-02-20 08:00:00", None, None, "", zone, FETCHED + timedelta(hours=1))
    assert dates.published_at == AT_EARLY


_WRITTEN = (
    st.none()
    | st.text(max_size=20)
    | _PLAIN_DATES
    | st.sampled_from(
        [
            "in the future",
            "2024-03-01T12:05:00Z",
            "2024-03-02",
            "today 23:59",
            "今天 23:59",
            "Dec 31",
            "29 Feb",
            "昨天",
            "now",
        ]
    )
)


@given(_WRITTEN, _WRITTEN, _WRITTEN, st.sampled_from(["", DATED, "https://example.com/2024/3/2/a"]))
def test_no_time_is_later_than_the_fetch(
    published: str | None, updated: str | None, text_time: str | None, url: str
) -> None:
    dates = choose_dates(published, updated, text_time, url, "Pacific/Kiritimati", FETCHED)
    assert dates.published_at <= FETCHED and dates.published_at.tzinfo is UTC
    assert dates.updated_at is None or dates.published_at < dates.updated_at <= FETCHED


@pytest.mark.skipif(corpus_dir() is None, reason="needs the corpus")
def test_every_date_of_the_corpus_that_names_a_moment_is_read() -> None:
    folder = corpus_dir()
    assert folder is not None
    written: set[str] = set()
    for path in sorted(path for path in (folder / "feeds").rglob("*") if path.is_file()):
        try:
            document = parse(path.read_bytes(), content_type=None, url="https://example.com/feed.xml")
        except DocumentError:
            continue
        written.update(raw for entry in document.entries for raw in (entry.published, entry.updated) if raw)
    assert len(written) > 2500
    assert {raw for raw in written if read_date(raw, SHANGHAI) is None} == set()
