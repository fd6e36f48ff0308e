"""What a source's own settings put into its requests, and that nothing of it is shown."""

from __future__ import annotations

import pytest

from feedwatch.fetch import Access, FetchRequest
from tests.httpserver import Document, FeedServer
from tests.integration.fetch.conftest import MakeFetcher


@pytest.mark.parametrize(
    "access, headers",
    [
        (Access(headers=(("X-Api-Key", "k"), ("X-Other", "o"))), {"X-Api-Key": "k", "X-Other": "o"}),
        (Access(headers=(("user-agent", "Mine/1"),)), {"User-Agent": "Mine/1"}),
        (Access(headers=(("ACCEPT", "text/xml"),)), {"Accept": "text/xml"}),
        (Access(headers=(("X-Place", "Z\xfcrich"),)), {"X-Place": "Z\xfcrich"}),  # each character one byte
        (Access(headers=(("X-Empty", ""),)), {"X-Empty": ""}),
        (Access(cookies=(("a", "1"), ("b", '"2"'))), {"Cookie": 'a=1; b="2"'}),
        (Access(authorization="Basic dTpw"), {"Authorization": "Basic dTpw"}),
    ],
)
async def test_access(server: FeedServer, make_fetcher: MakeFetcher, access: Access, headers: dict[str, str]) -> None:
    server.documents["/a"] = Document(b"<rss/>")
    await make_fetcher().fetch(FetchRequest(server.url("/a"), access=access))
    (request,) = server.requests
    assert {name: request.header(name) for name in headers} == headers
    names = [name.lower() for name, _ in request.headers]
    assert len(names) == len(set(names))


async def test_the_configured_login_outranks_that_of_the_url(server: FeedServer, make_fetcher: MakeFetcher) -> None:
    server.documents["/a"] = Document(b"<rss/>")
    url = server.url("/a").replace("//", "//user:pass@")
    await make_fetcher().fetch(FetchRequest(url, access=Access(authorization="Bearer t")))
    assert server.requests[0].header("Authorization") == "Bearer t"


def test_secrets_are_not_shown() -> None:
    access = Access((("X-Key", "s3cret"),), (("id", "s3cret"),), "Bearer s3cret", "http://user:s3cret@proxy:1")
    assert "s3cret" not in repr(access)
    assert "s3cret" not in repr(FetchRequest("http://a.example/", access=access))
