"""Redirects as they are followed, and what goes along with them. (tests/unit/fetch has the decisions in tables.)"""

from __future__ import annotations

import pytest

from feedwatch.fetch import Access, FetchRequest
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of

FEED = b"<rss/>"
BOTH = ["127.0.0.1", "localhost"]
SECRETS = Access(headers=(("X-Api-Key", "key"),), cookies=(("session", "abc"),), authorization="Bearer token")


@pytest.mark.parametrize("status, is_move", [(301, True), (302, False), (303, False), (307, False), (308, True)])
async def test_redirects_are_followed_and_the_last_url_told(
    server: FeedServer, make_fetcher: MakeFetcher, status: int, is_move: bool
) -> None:
    server.documents["/1"] = redirect("/2", status)
    server.documents["/2"] = redirect(server.url("/3?x=1"), status)
    server.documents["/3?x=1"] = Document(FEED)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/1")))
    assert (fetched.status, fetched.url, fetched.body) == (200, server.url("/3?x=1"), FEED)
    assert fetched.moved_to == (server.url("/3?x=1") if is_move else None)
    assert {request.method for request in server.requests} == {"GET"}


async def test_what_is_secret_stays_with_the_origin(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/1"] = redirect("/2")
    server.documents["/2"] = redirect(server.url("/3", "localhost"))
    server.documents["/3"] = redirect(server.url("/4"))
    server.documents["/4"] = Document(FEED)
    await make_fetcher(allow_private_hosts=BOTH).fetch(FetchRequest(server.url("/1"), access=SECRETS))
    told = [(r.header("X-Api-Key"), r.header("Cookie"), r.header("Authorization")) for r in server.requests]
    secrets = ("key", "session=abc", "Bearer token")
    assert told == [secrets, secrets, (None, None, None), secrets]


async def test_a_login_in_the_url_is_sent_as_one_and_stays_with_the_origin(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/1"] = redirect(server.url("/2", "localhost"))
    server.documents["/2"] = Document(FEED)
    fetched = await make_fetcher(allow_private_hosts=BOTH).fetch(
        FetchRequest(server.url("/1").replace("//", "//user:p%40ss@"))
    )
    assert [request.header("Authorization") for request in server.requests] == ["Basic dXNlcjpwQHNz", None]
    assert fetched.url == server.url("/2", "localhost")


async def test_a_login_in_a_redirect_is_not_used(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/1"] = redirect(server.url("/2").replace("//", "//user:pass@"), 301)
    server.documents["/2"] = Document(FEED)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/1")))
    assert [request.header("Authorization") for request in server.requests] == [None, None]
    assert fetched.moved_to == fetched.url == server.url("/2")


async def test_a_site_that_sets_a_cookie_and_sends_us_back_is_read(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    def answer(cookie: str | None) -> Document:
        if cookie == "own=1; visited=yes":
            return Document(FEED)
        return Document(status=302, headers=(("Location", "/a"), ("Set-Cookie", "visited=yes; Path=/")))

    server.by_cookie["/a"] = answer
    fetcher = make_fetcher()
    request = FetchRequest(server.url("/a"), access=Access(cookies=(("own", "1"),)))
    for _ in range(2):  # nothing is remembered for the next time
        server.forget()
        fetched = await fetcher.fetch(request)
        assert (fetched.body, fetched.url, fetched.moved_to) == (FEED, server.url("/a"), None)
        assert [asked.header("Cookie") for asked in server.requests] == ["own=1", "own=1; visited=yes"]


async def test_a_cookie_goes_to_its_host_alone(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    headers = (("Location", server.url("/b", "localhost")), ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=\xe9"))
    server.documents["/a"] = Document(status=302, headers=headers)
    server.documents["/b"] = redirect(server.url("/c"))
    server.documents["/c"] = Document(FEED)
    await make_fetcher(allow_private_hosts=BOTH).fetch(FetchRequest(server.url("/a")))
    cookies = [request.header("Cookie") for request in server.requests]
    assert cookies[:2] == [None, None]
    assert set((cookies[2] or "").split("; ")) == {"a=1", "b=\xe9"}


async def test_a_circle_is_told(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = redirect("/b")
    server.documents["/b"] = redirect("/a")
    error = await error_of(make_fetcher(max_redirects=20).fetch(FetchRequest(server.url("/a"))))
    assert str(error) == f"redirects in a circle, back to {server.url('/a')}"
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("headers", [(), (("Location", ""),), (("Location", "  "),)])
async def test_a_redirect_without_a_location_is_told(
    server: FeedServer, make_fetcher: MakeFetcher, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    server.documents["/a"] = Document(b"moved", status=status, headers=headers)
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"))))
    assert str(error).endswith(" without saying where to (Location)")
    assert error.status == status
