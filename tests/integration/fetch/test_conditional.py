"""Conditional GETs: the validators go back byte for byte, and a 304 is believed when we asked for it alone."""

from __future__ import annotations

from typing import Any

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


@pytest.mark.parametrize(
    "came_from, told",
    [
        (None, ['"v1"', None]),
        ("/old", ['"v1"', None]),
        ("/new", [None, '"v1"']),
        ("/other", [None, None]),
    ],
)
async def test_validators_go_to_the_url_alone_that_they_came_from(
    server: FeedServer, make_fetcher: MakeFetcher, came_from: str | None, told: list[str | None]
) -> None:
    server.documents["/old"] = redirect("/new")
    server.documents["/new"] = Document(b"<rss/>", etag='"v1"')
    validators_url = None if came_from is None else server.url(came_from)
    request = FetchRequest(server.url("/old"), etag='"v1"', last_modified=DATE, validators_url=validators_url)
    fetched = await make_fetcher().fetch(request)
    assert [asked.header("If-None-Match") for asked in server.requests] == told
    assert [asked.header("If-Modified-Since") for asked in server.requests] == [tag and DATE for tag in told]
    assert (fetched.status, fetched.url) == (304 if came_from == "/new" else 200, server.url("/new"))


async def test_validators_of_a_fetch_are_good_for_the_next_one(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/old"] = redirect("/new")
    server.documents["/new"] = Document(b"<rss/>", etag='"v1"')
    fetcher = make_fetcher()
    first = await fetcher.fetch(FetchRequest(server.url("/old")))
    again = await fetcher.fetch(FetchRequest(server.url("/old"), etag=first.etag, validators_url=first.url))
    assert (first.status, again.status) == (200, 304)


async def test_a_304_that_nobody_asked_for_is_an_error(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(status=304)
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"))))
    sentence = "answered HTTP 304 Not Modified, though it was not asked whether anything has changed"
    assert (str(error), error.status) == (sentence, 304)


@pytest.mark.parametrize("etag", ['"a\x00b"', '"a\rInjected: yes"', '"a\nb"', '"a\x7f"'])
async def test_a_validator_with_a_control_character_is_left_out(
    server: FeedServer, make_fetcher: MakeFetcher, etag: str
) -> None:
    server.documents["/a"] = Document(b"<rss/>")
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a"), etag=etag, last_modified=etag))
    assert fetched.status == 200
    assert server.requests[0].header("If-None-Match") is server.requests[0].header("If-Modified-Since") is None


@pytest.mark.parametrize(
    "request_, asked",
    [
        ({"etag": '"v1"'}, "feed"),
        ({"etag": '"v1"', "delta": False}, None),
        ({"last_modified": DATE}, None),  # there is nothing that a difference could be made to
        ({}, None),
    ],
)
async def test_new_entries_alone_are_asked_for_with_an_etag(
    server: FeedServer, make_fetcher: MakeFetcher, request_: dict[str, Any], asked: str | None
) -> None:
    server.documents["/a"] = Document(b"<rss/>")
    await make_fetcher().fetch(FetchRequest(server.url("/a"), **request_))
    assert server.requests[0].header("A-IM") == asked


@pytest.mark.parametrize("headers", [(), (("IM", "feed"),), (("IM", "Feed"),)])
async def test_new_entries_alone_are_taken(
    server: FeedServer, make_fetcher: MakeFetcher, headers: tuple[tuple[str, str], ...]
) -> None:
    server.documents["/a"] = Document(b"<rss/>", status=226, etag='"v2"', headers=headers)
    fetched = await make_fetcher().fetch(FetchRequest(server.url("/a"), etag='"v1"'))
    assert (fetched.status, fetched.is_partial, fetched.body, fetched.etag) == (226, True, b"<rss/>", '"v2"')


async def test_another_kind_of_difference_is_refused(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(b"\x01", status=226, headers=(("IM", "vcdiff"),))
    error = await error_of(make_fetcher().fetch(FetchRequest(server.url("/a"), etag='"v1"')))
    assert str(error).startswith("answered HTTP 226 IM Used, of which only `IM: feed`")
