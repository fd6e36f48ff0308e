from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch import Fetcher
from feedwatch.settings import FetchSettings
from tests.httpserver import FeedServer

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
async def make_fetcher() -> AsyncIterator[MakeFetcher]:
    """A fetcher with the given settings under `fetch:`; 127.0.0.1 is allowed unless they say otherwise."""
    async with AsyncExitStack() as stack:
        made: list[Fetcher] = []

        def make(**settings: Any) -> Fetcher:
            settings.setdefault("allow_private_hosts", ["127.0.0.1"])
            made.append(Fetcher(FetchSettings.model_validate(settings)))
            stack.push_async_exit(made[-1])
            return made[-1]

        yield make


async def error_of(fetching: Awaitable[object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetching
    return caught.value
