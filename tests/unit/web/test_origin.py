"""Whether a form came from a page of ours, by what the browser says of it."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from feedwatch.web.origin import is_ours

PUBLIC = "https://news.example.org/feedwatch"


@pytest.mark.parametrize(
    "said, expected",
    [
        ({}, True),  # not a browser
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),  # no referrer, and so no origin
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),  # another host of the domain
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://news.example.org"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": "https://news.example.org"}, True),
        ({"Origin": "HTTPS://NEWS.example.org"}, True),
        ({"Origin": "http://127.0.0.1:8080"}, True),  # as it is asked without the proxy
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://news.example.org.evil.example"}, False),
        ({"Origin": "news.example.org"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "null"}, True),
    ],
)
def test_is_ours(said: dict[str, str], expected: bool) -> None:
    assert is_ours(Headers({"Host": "127.0.0.1:8080"} | said), PUBLIC) is expected


@pytest.mark.parametrize("origin", ["", "http://"])
def test_no_host_is_no_host_of_ours(origin: str) -> None:
    assert not is_ours(Headers({"Origin": origin, "Host": ""}), None)
