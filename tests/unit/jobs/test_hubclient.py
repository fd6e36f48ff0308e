"""Where a hub's redirect may lead the form, which holds secrets. What it answers: tests/integration/jobs."""

from __future__ import annotations

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch.redirects import first_step
from feedwatch.jobs.hubclient import _followed
from feedwatch.settings import FetchSettings


@pytest.mark.parametrize(
    "url, location, following",
    [
        ("https://hub.example/", "https://other.example/in", "https://other.example/in"),
        ("https://hub.example/a/", "../b", "https://hub.example/b"),
        ("http://hub.example/", "https://hub.example/", "https://hub.example/"),
        ("http://hub.example/", "http://other.example/", "http://other.example/"),
    ],
)
def test_a_redirect_is_followed(url: str, location: str, following: str) -> None:
    assert str(_followed(first_step(url), 307, location, FetchSettings()).url) == following


@pytest.mark.parametrize(
    "url, location, problem",
    [
        ("https://hub.example/", "http://hub.example/", "redirects from https to http"),
        ("https://hub.example/", "file:///etc/passwd", "neither http:// nor https://"),
        ("https://hub.example/", "gopher://hub.example/", "neither http:// nor https://"),
        ("https://hub.example/", "https://hub.example/", "redirects in a circle"),
    ],
)
def test_a_redirect_is_not_followed(url: str, location: str, problem: str) -> None:
    with pytest.raises(FetchError, match=problem):
        _followed(first_step(url), 307, location, FetchSettings())
