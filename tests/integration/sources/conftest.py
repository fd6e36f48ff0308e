from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from feedwatch.fetch import Fetcher
from feedwatch.settings import FetchSettings


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A real one, that may go to the tests' server."""
    settings = FetchSettings.model_validate({"allow_private_hosts": ["127.0.0.1", "localhost"]})
    async with Fetcher(settings) as made:
        yield made
