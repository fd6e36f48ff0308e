"""Conditional GETs: the validators go back byte for byte, and a 304 is believed when we asked for it alone."""

from __future__ import annotations

import pytest

from feedwatch.fetch import FetchRequest
from tests.httpserver import Document, FeedServer, redirect
from tests.integration.fetch.conftest import MakeFetcher, error_of

DATE = "Wed, 25 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    "etag",
    [
        '"v1"',
        'W/"v1"',
        'W/"a,b"',
        '"a b"',
        '"sp\\"lit"',
        '""',
        "no-quotes",
        "W/no-quotes",
        '"caf\xe9"',  # a latin-1 byte
        '"\xe4\xb8\xad"',  # the bytes of a UTF-8 character, each of which must come back
    ],
)
async def test_etag_comes_back_as_it_was_sent(server: FeedServer, make_fetcher: MakeFetcher, etag: str) -> None:
    server.documents["/a"] = Document(b"<rss/>", etag=etag)
    fetcher = make_fetcher()
    first = await fetcher.fetch(FetchRequest(server.url("/a")))
    assert (first.status, first.body, first.etag) == (200, b"<rss/>", etag)
    again = await fetcher.fetch(FetchRequest(server.url("/a"), etag=first.etag))
    assert (again.status, again.body, again.is_not_modified) == (304, b"", True)
    assert [request.header("If-None-Match") for request in server.requests] == [None, etag]


@pytest.mark.parametrize("date", [DATE, "Wednesday, 25-Nov-26 08:00:00 GMT", "2026-11-25T08:00:00+08:00", "yesterday"])
async def test_last_modified_comes_back_as_it_was_sent(
    server: FeedServer, make_fetcher: MakeFetcher, date: str
) -> None:
    server.documents["/a"] = Document(b"<rss/>", last_modified=date)
    fetcher = make_fetcher()
    first = await fetcher.fetch(FetchRequest(server.url("/a")))
    assert first.last_modified == date
    again = await fetcher.fetch(FetchRequest(server.url("/a"), last_modified=first.last_modified))
    assert again.is_not_modified
    assert [request.header("If-Modified-Since") for request in server.requests] == [None, date]


async def test_a_changed_document_comes_whole_with_its_new_validators(
    server: FeedServer, make_fetcher: MakeFetcher
) -> None:
    server.documents["/a"] = Document(b"<rss>2</rss>", etag='"v2"', last_modified=DATE)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a"), etag='"v1"', last_modified=DATE))
    assert (fetched.status, fetched.body, fetched.etag, fetched.last_modified) == (200, b"<rss>2</rss>", '"v2"', DATE)


async def test_both_validators_are_sent(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(b"<rss/>", etag='"v1"', last_modified=DATE)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a"), etag='"v1"', last_modified=DATE))
    (request,) = server.requests
    assert (request.header("If-None-Match"), request.header("If-Modified-Since")) == ('"v1"', DATE)
    assert fetched.is_not_modified


async def test_validators_follow_a_redirect(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/old"] = redirect("/new")
    server.documents["/new"] = Document(b"<rss/>", etag='"v1"')
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/old"), etag='"v1"'))
    assert (fetched.status, fetched.url) == (304, server.url("/new"))


async def test_a_304_that_nobody_asked_for_is_an_error(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(status=304)
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"))))
    assert (str(error), error.status) == ("answered HTTP 304 Not Modified", 304)
