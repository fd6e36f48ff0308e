from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.fetch.caching import fresh_for

NOW = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)
DATE = "Wed, 25 Nov 2026 08:00:00 GMT"
LATER = "Wed, 25 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"date": DATE, "age": "5"}, None),
        ({"cache-control": "public"}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "Public, Max-Age = 600"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "60"}, 540),
        ({"cache-control": "max-age=600", "age": "6000"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "max-age=600, must-revalidate"}, 600),  # says what holds once it is stale
        ({"cache-control": "s-maxage=600"}, None),  # for shared caches alone
        ({"cache-control": "s-maxage=600, max-age=60"}, 60),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "no-store", "expires": LATER, "date": DATE}, 0),
        ({"cache-control": "max-age=600, max-age=5"}, 600),  # the first (RFC 9111, 4.2.1)
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=1.5"}, 0),
        ({"cache-control": "max-age"}, 0),
        ({"cache-control": "max-age=\xb2"}, 0),  # a digit to Unicode, none to HTTP
        ({"cache-control": "max-age=" + "9" * 5000}, 2**31),
        ({"cache-control": ",,;=,=,max-age=60"}, 60),
        ({"expires": LATER, "date": DATE}, 3600),
        ({"expires": LATER, "date": DATE, "age": "600"}, 3000),
        ({"expires": LATER}, 3600),  # counted from now
        ({"expires": LATER, "cache-control": "max-age=60"}, 60),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({"expires": DATE, "date": LATER}, 0),
        ({"expires": "Wednesday, 25-Nov-26 09:00:00 GMT", "date": DATE}, 3600),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT", "date": DATE}, 2**31),
    ],
)
def test_fresh_for(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_for(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "age", "expires", "date"]), st.text(st.characters(max_codepoint=255))
    )
)
def test_no_header_raises(headers: dict[str, str]) -> None:
    found = fresh_for(headers, NOW)
    assert found is None or timedelta() <= found <= timedelta(seconds=2**31)
