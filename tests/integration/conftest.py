"""The servers that integration tests talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.httpserver import FeedServer
from tests.hub import Hub


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A web server, running."""
    with FeedServer() as running:
        yield running


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """A WebSub hub, running."""
    async with Hub() as running:
        yield running
