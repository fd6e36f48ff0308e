"""Pages with something on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.jobs.newsroom import subscriber
from tests.integration.web.pages import Pages, open_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

LIN = subscriber(
    "lin",
    {"name": "Morning brief", "watchlists": ["Bay Area"]},
    {"name": "Alerts", "schedule": "instant", "watchlists": ["Chips"]},
    timezone="Asia/Hong_Kong",
)
MEI = subscriber("mei", {"name": "早报", "watchlists": ["Bridges"]}, locale="zh-CN", timezone="Asia/Shanghai")
"""Both are declared; Lin has the subscriptions 1 and 2, Mei 3."""


@pytest.fixture
async def pages(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Pages]:
    """Lin and Mei, who were told nothing yet."""
    async with open_pages(sqlite_store, tmp_path, LIN, MEI, digest={"stories_per_watchlist": 2}) as opened:
        yield opened


@pytest.fixture
async def told_pages(pages: Pages) -> Pages:
    """Lin, Mei, and one edition for each: 1 and 2. Lin's shows two stories of three."""
    titles = ("Greater Bay Area grows", "Greater Bay Area trades", "Greater Bay Area rests")
    pages.room.publish("aa", *titles)
    pages.room.publish("bb", "A bridge <opens> & closes")
    pages.room.clock.pass_time(days=1)
    made = await pages.room.tick()
    assert [(each.subscription, each.story_count) for each in made] == [("Morning brief", 2), ("早报", 1)]
    return pages
