"""What a search reads of items before it knows whether they match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwatch.store.archived import read_archived
from feedwatch.store.candidates import read_candidates
from tests.integration.store.examples import matched, new_source, poll

if TYPE_CHECKING:
    from feedwatch.store import Store

ITEMS = tuple(
    matched(f"g{n}", text=f"Text {n}", authors=("Ada",), tags=("bridges",), language="en-HK") for n in range(3)
)


@pytest.mark.parametrize("with_names", [False, True])
def test_they_are_items_with_less_in_them_in_the_order_asked_for(store: Store, with_names: bool) -> None:
    poll(store, new_source(store, tags=["regional"]), *ITEMS)
    with store.read() as session:
        candidates = list(read_candidates(session, [3, 1, 99, 2], with_names=with_names))
        whole = read_archived(session, [3, 1, 2])
    assert [one.id for one in candidates] == [3, 1, 2]
    for one, known in zip(candidates, whole, strict=True):
        assert (one.source, one.source_tags) == (known.source, known.source_tags) == ("rthk", ("regional",))
        shared = ("url", "title", "text", "language", "published_at", *(("authors", "tags") if with_names else ()))
        assert [getattr(one.item, name) for name in shared] == [getattr(known.item, name) for name in shared]
        if not with_names:
            assert (one.item.authors, one.item.tags) == ((), ())
