"""The values that travel: they come out of a worker as they went in."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from feedwatch.model import Enclosure, Item, Match, MatchedItem, Span

ITEM = Item(
    guid="g", url="https://a.example/", title="t", text="x", html="<p>x", authors=("Ada",), tags=("b",), language="en",
    published_at=datetime(2026, 3, 2, tzinfo=UTC), published_from="published", updated_at=None, comments="c", image="i",
    origin="o", enclosures=(Enclosure("https://a.example/e", None, 3),),
)  # fmt: skip
MATCH = Match("Bay", 2, ("bay",), (Span("title", 0, 3), Span("text", 1, 2)), 1.5)


@pytest.mark.parametrize(
    "value", [ITEM, MATCH, MATCH.spans[0], ITEM.enclosures[0], MatchedItem(ITEM, ("url:1",), "h", (MATCH,))]
)
def test_a_value_is_the_same_after_its_way_between_processes(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
