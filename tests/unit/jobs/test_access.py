"""How a source is asked: what the configuration says, for its own place alone."""

from __future__ import annotations

from typing import Any

import pytest

from feedwatch.fetch import Access
from feedwatch.jobs.access import access_by_name, access_to
from feedwatch.settings import Settings

HOME = "https://paper.example/feed"


def access(fetch: dict[str, Any] | None = None, **source: Any) -> Access | None:
    said = {"name": "paper", "url": HOME} | source
    return access_by_name(Settings.model_validate({"fetch": fetch or {}, "sources": [said]})).get("paper")


@pytest.mark.parametrize(
    "source, expected",
    [
        ({}, None),
        ({"headers": {"X-Key": "k"}}, Access(headers=(("X-Key", "k"),))),
        ({"cookies": {"edition": "hk"}}, Access(cookies=(("edition", "hk"),))),
        # The example of RFC 7617, 2.
        (
            {"auth": {"username": "Aladdin", "password": "open sesame"}},
            Access(authorization="Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ),
        ({"auth": {"username": "li", "password": "密"}}, Access(authorization="Basic bGk65a+G")),
        ({"auth": {"token": "mF_9.B5f-4.1JqM"}}, Access(authorization="Bearer mF_9.B5f-4.1JqM")),
        ({"proxy": "http://proxy.example:3128"}, Access(proxy="http://proxy.example:3128")),
    ],
)
def test_access(source: dict[str, Any], expected: Access | None) -> None:
    assert access(**source) == expected


def test_a_source_s_own_proxy_goes_before_the_one_for_all() -> None:
    for_all = {"proxy": "http://all.example:1"}
    assert access(for_all) == Access(proxy="http://all.example:1")
    assert access(for_all, proxy="http://own.example:2") == Access(proxy="http://own.example:2")


@pytest.mark.parametrize(
    "url, is_own",
    [
        ("https://paper.example/archive/2", True),
        ("https://PAPER.example/archive/2", True),
        ("http://paper.example/archive/2", False),
        ("https://paper.example:8443/", False),
        ("https://cdn.paper.example/", False),
        ("https://elsewhere.example/", False),
    ],
)
def test_further_documents_are_asked_for_with_credentials_beside_the_source_alone(url: str, is_own: bool) -> None:
    own = Access(headers=(("X-Key", "k"),), authorization="Bearer t", proxy="http://proxy.example:1")
    expected = own if is_own else Access(proxy="http://proxy.example:1")
    assert access_to(url, "paper", HOME, {"paper": own}) == expected


def test_no_secret_shows_in_a_repr() -> None:
    found = access(headers={"X-Key": "s3cret"}, cookies={"c": "s3cret"}, auth={"token": "s3cret"})
    assert "s3cret" not in repr(found)
