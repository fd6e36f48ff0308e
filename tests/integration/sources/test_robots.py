"""robots.txt of a real server: what is allowed, and how often it is asked for."""

from __future__ import annotations

import asyncio
import time

import pytest

from feedwatch.fetch import Fetcher
from feedwatch.sources.robots import Robots, rules_for
from tests.httpserver import Document, FeedServer, redirect, unavailable


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def rules(text: str) -> Document:
    return Document(text.encode(), content_type="text/plain")


@pytest.mark.parametrize(
    "robots, path, is_allowed",
    [
        ("User-agent: *\nDisallow: /private/", "/news/1", True),
        ("User-agent: *\nDisallow: /private/", "/private/1", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),  # the longest match counts
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow:", "/1", True),
        ("User-agent: feedwatch\nAllow: /\n\nUser-agent: *\nDisallow: /", "/1", True),  # our own group alone
        ("User-agent: FeedWatch/2.0\nDisallow: /1", "/1", False),
        ("User-agent: googlebot\nUser-agent: feedwatch\nDisallow: /1", "/1", False),
        ("User-agent: feedwatch-pro\nDisallow: /", "/1", True),
        ("User-agent: googlebot\nDisallow: /", "/1", True),
        ("User-agent: *\n\n# all of it\nDisallow: /", "/1", False),
        ("User-agent: googlebot\nSitemap: /s.xml\nUser-agent: *\nDisallow: /", "/1", False),
        ("User-agent: googlebot\nDisallow: /x\nUser-agent: *\nDisallow: /1", "/1", False),
        ("\ufeffUser-agent: *\r\nDisallow: /1\r\n", "/1", False),
        ("<html>not found</html>", "/1", True),
        ("", "/1", True),
        ("User-agent: *\nDisallow: /新闻", "/%E6%96%B0%E9%97%BB/1", False),
    ],
)
async def test_rules(server: FeedServer, fetcher: Fetcher, robots: str, path: str, is_allowed: bool) -> None:
    server.documents["/robots.txt"] = rules(robots)
    assert await Robots(fetcher.fetch, clock=Clock()).is_allowed(server.url(path)) is is_allowed


@pytest.mark.parametrize(
    "document, is_allowed",
    [
        (Document(status=404), True),
        (Document(status=403), True),
        (Document(status=410), True),
        (unavailable(503), False),
        (unavailable(429), False),
        (Document(status=500), False),
        (Document(raw=b"\0"), False),
        (redirect("/elsewhere.txt"), False),  # and there it says so
    ],
)
async def test_sites_without_rules_or_answer(
    server: FeedServer, fetcher: Fetcher, document: Document, is_allowed: bool
) -> None:
    server.documents |= {"/robots.txt": document, "/elsewhere.txt": rules("User-agent: *\nDisallow: /")}
    assert await Robots(fetcher.fetch, clock=Clock()).is_allowed(server.url("/1")) is is_allowed


async def test_a_site_is_asked_once_a_day_however_many_wait(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents["/robots.txt"] = rules("User-agent: *\nDisallow: /x")
    clock = Clock()
    robots = Robots(fetcher.fetch, clock=clock)
    allowed = await asyncio.gather(*(robots.is_allowed(server.url(f"/{n}")) for n in range(20)))
    assert allowed == [True] * 20
    clock.now += 24 * 3600 - 1
    assert not await robots.is_allowed(server.url("/x"))
    assert len(server.requests) == 1
    server.documents["/robots.txt"] = rules("")
    clock.now += 1
    assert await robots.is_allowed(server.url("/x"))
    assert len(server.requests) == 2


async def test_a_site_that_did_not_answer_is_asked_again_after_ten_minutes(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.documents["/robots.txt"] = unavailable(503)
    clock = Clock()
    robots = Robots(fetcher.fetch, clock=clock)
    assert not await robots.is_allowed(server.url("/1"))
    server.documents["/robots.txt"] = Document(status=404)
    clock.now += 599
    assert not await robots.is_allowed(server.url("/1"))
    clock.now += 1
    assert await robots.is_allowed(server.url("/1"))


async def test_each_host_has_its_own(server: FeedServer, fetcher: Fetcher) -> None:
    server.documents["/robots.txt"] = rules("")
    robots = Robots(fetcher.fetch, clock=Clock())
    for url in (server.url("/1"), server.url("/1", host="localhost"), server.url("/2")):
        assert await robots.is_allowed(url)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: bot{n}\n" for n in range(20_000)) + "User-agent: *\n" + "Disallow: /*a*b*c\n" * 15_000,
        "User-agent: *\n" + "".join(f"Disallow: /{n}*$\n" for n in range(30_000)),
        "User-agent: *\nDisallow: /" + "*a" * 200_000,
        "\n" * 500_000,
    ],
)
async def test_hostile_rules_cost_little(server: FeedServer, fetcher: Fetcher, text: str) -> None:
    server.documents["/robots.txt"] = rules(text)
    begun = time.process_time()
    await Robots(fetcher.fetch, clock=Clock()).is_allowed(server.url("/" + "a" * 2000))
    assert time.process_time() - begun < 5  # 1.1 s alone, 2.4 s beside others and with coverage


def test_only_the_rules_that_concern_us_are_kept() -> None:
    text = "User-agent: x\nUser-agent: feedwatch\nCrawl-delay: 3\nUser-agent: y\nDisallow: /\nUser-agent: *\nAllow: /"
    assert rules_for("feedwatch", text) == "User-agent: feedwatch\nCrawl-delay: 3\nUser-agent: *\nAllow: /"
