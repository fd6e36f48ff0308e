from __future__ import annotations

import json

import pytest

from feedwatch.parse.survey import FeedLink
from feedwatch.sources.bridges import (
    registered_domain,
    rss_bridge_answer,
    rss_bridge_question,
    rsshub_answer,
    rsshub_question,
)

HUB = "https://hub.example/"


@pytest.mark.parametrize(
    "host, domain",
    [
        ("rthk.hk", "rthk.hk"),
        ("news.rthk.hk", "rthk.hk"),
        ("www.gd.gov.cn", "gd.gov.cn"),
        ("news.mingpao.com", "mingpao.com"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("gov.cn", "gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("t.co", "t.co"),
        ("localhost", "localhost"),
    ],
)
def test_registered_domain(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    "bridge, question",
    [
        ("https://b.example", "https://b.example/?action=findfeed&format=Atom&url=https%3A%2F%2Fa.example%2F%3Fx%3D1"),
        (
            "https://b.example/rss-bridge/",
            "https://b.example/rss-bridge/?action=findfeed&format=Atom&url=https%3A%2F%2Fa.example%2F%3Fx%3D1",
        ),
        (
            "https://b.example/index.php",
            "https://b.example/index.php?action=findfeed&format=Atom&url=https%3A%2F%2Fa.example%2F%3Fx%3D1",
        ),
    ],
)
def test_how_rss_bridge_is_asked(bridge: str, question: str) -> None:
    assert rss_bridge_question(bridge, "https://a.example/?x=1") == question


def test_what_rss_bridge_answers() -> None:
    answer = [
        {
            "url": "http://inner:3000/?action=display&context=User&u=li&bridge=Mastodon&format=Atom",
            "bridgeMeta": {"name": "Mastodon Bridge", "icon": ""},
        },
        {"url": 3},
        "noise",
    ]
    assert rss_bridge_answer(json.dumps(answer).encode(), "https://b.example") == [
        FeedLink(
            "https://b.example/?action=display&context=User&u=li&bridge=Mastodon&format=Atom",
            "Mastodon Bridge",
            "made by RSS-Bridge (Mastodon Bridge)",
        )
    ]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"null", b"[" * 100_000, b'[{"url": "http://["}]'])
def test_other_answers_offer_nothing(body: bytes) -> None:
    assert rss_bridge_answer(body, "https://b.example") == []
    assert rsshub_answer(body, HUB, "https://a.example/") == []


def test_how_rsshub_is_asked() -> None:
    assert rsshub_question(HUB, "https://news.rthk.hk/x") == "https://hub.example/api/radar/rules/rthk.hk"


@pytest.mark.parametrize(
    "url, subdomain, source, target, route",
    [
        ("https://a.example/", ".", ["/"], "/a/news", "/a/news"),
        ("https://www.a.example/news", "www", ["/news"], "/a/news", "/a/news"),
        ("https://www.a.example/news", ".", ["/news"], "/a/news", "/a/news"),  # rules often leave www out
        ("https://news.a.example/x", "news", "/x", "/a/x", "/a/x"),
        ("https://a.example/li/repo", ".", ["/:user/:repo"], "/a/:user/issue/:repo", "/a/li/issue/repo"),
        ("https://a.example/li", ".", ["/x", "/:user"], "/a/:user", "/a/li"),
        ("https://a.example/li", ".", ["/:user/:tab?"], "/a/:user/:tab?", "/a/li"),
        ("https://a.example/li/x/y", ".", ["/:user/*"], "/a/:user", "/a/li"),
        ("https://a.example/tag/x/y", ".", ["/tag/:path*"], "/a/:path", "/a/x/y"),
        ("https://a.example/12", ".", ["/:id{[0-9]+}"], "/a/:id", "/a/12"),
        ("https://a.example/list?id=7&x=1", ".", ["/list?id=:id"], "/a/:id", "/a/7"),
        ("https://a.example/a b", ".", ["/:q"], "/a/:q", "/a/a%20b"),
        ("https://a.example/other", ".", ["/news"], "/a/news", None),
        ("https://a.example/news/1", ".", ["/news"], "/a/news", None),
        ("https://a.example/list", ".", ["/list?id=:id"], "/a/:id", None),
        ("https://a.example/", ".", ["/"], "/a/:user", None),  # who it is the page does not tell
        ("https://b.a.example/", ".", ["/"], "/a", None),
        ("https://a.example/", ".", [3, None], "/a", None),
        ("https://a.example/", ".", ["/"], None, None),
    ],
)
def test_the_rules_of_rsshub(url: str, subdomain: str, source: object, target: object, route: str | None) -> None:
    rules = {"_name": "A", subdomain: [{"title": "News", "docs": "x", "source": source, "target": target}]}
    answers = rsshub_answer(json.dumps(rules).encode(), HUB, url)
    expected = [FeedLink(f"https://hub.example{route}", "News", "made by RSSHub (News)")] if route else []
    assert answers == expected
