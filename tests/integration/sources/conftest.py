from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from feedwatch.fetch import Fetcher
from feedwatch.settings import FetchSettings
from tests.httpserver import FeedServer


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A real one, that may go to the tests' server."""
    settings = FetchSettings.model_validate({"allow_private_hosts": ["127.0.0.1", "localhost"]})
    async with Fetcher(settings) as made:
        yield made
