from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedwatch.fetch.answer import header_values, http_date, status_line

THEN = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw, values",
    [
        ([], {}),
        ([(b"ETag", b'"v1"'), (b"X", b"\xe9")], {"etag": '"v1"', "x": "\xe9"}),
        ([(b"ETag", b'"1"'), (b"etag", b'"2"')], {"etag": '"1"'}),
        ([(b"Location", b"/a"), (b"Location", b"/b")], {"location": "/a"}),
        ([(b"Cache-Control", b"public"), (b"cache-control", b"max-age=5")], {"cache-control": "public, max-age=5"}),
        ([(b"Link", b"<a>"), (b"Link", b"<b>")], {"link": "<a>, <b>"}),
        ([(b"Content-Encoding", b"gzip"), (b"Content-Encoding", b"br")], {"content-encoding": "gzip, br"}),
    ],
)
def test_header_values(raw: list[tuple[bytes, bytes]], values: dict[str, str]) -> None:
    assert header_values(raw) == values


@pytest.mark.parametrize(
    "value, date",
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", THEN),
        ("Sunday, 06-Nov-94 08:49:37 GMT", THEN),
        ("Sun Nov  6 08:49:37 1994", THEN),
        ("Sun, 06 Nov 1994 16:49:37 +0800", THEN),
        ("0", None),
        ("", None),
        ("tomorrow", None),
        ("Wed, 99 Nov 99999 08:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Sun, 06 Nov 1994 08:49:37 +9999999", None),
    ],
)
def test_http_date(value: str, date: datetime | None) -> None:
    assert http_date(value) == date


@pytest.mark.parametrize(
    "status, phrase, line",
    [
        (404, "", "404 Not Found"),
        (404, "Nope", "404 Nope"),
        (521, "", "521"),
        (521, "Web Server Is Down", "521 Web Server Is Down"),
    ],
)
def test_status_line(status: int, phrase: str, line: str) -> None:
    assert status_line(status, phrase) == line
