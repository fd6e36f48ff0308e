"""An item keeps its earlier texts, and no replay sets it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedwatch.store import tables
from feedwatch.store.revisions import RevisionRow, item_history
from tests.integration.store.examples import DAY, HOUR, NOW, matched, new_source, poll, rows

if TYPE_CHECKING:
    from feedwatch.store import Store


def history(store: Store, item_id: int = 1) -> list[RevisionRow]:
    with store.read() as session:
        return list(item_history(session, item_id))


def test_every_text_is_kept_the_oldest_first(store: Store) -> None:
    source = new_source(store)
    for number, at in enumerate((NOW, NOW + HOUR, NOW + DAY), 1):
        poll(store, source, matched("g", title=f"Title {number}", text=f"Text {number}"), now=at)
    assert history(store) == [
        RevisionRow(1, "Title 1", "Text 1", NOW + HOUR),
        RevisionRow(2, "Title 2", "Text 2", NOW + DAY),
        RevisionRow(3, "Title 3", "Text 3", None),
    ]


def test_an_item_that_never_changed_has_one_text(store: Store) -> None:
    poll(store, new_source(store), matched("g", title="Title", text="Text"))
    assert history(store) == [RevisionRow(1, "Title", "Text", None)]


def test_an_unknown_item_has_none(store: Store) -> None:
    assert history(store, 404) == []


@pytest.mark.parametrize(
    ("stored", "brought", "is_revision"),
    [
        (timedelta(0), timedelta(seconds=1), True),
        (timedelta(0), timedelta(0), True),  # changed without saying so
        (timedelta(0), -timedelta(seconds=1), False),  # an older document, played once more
        (None, -timedelta(days=9), True),
        (timedelta(0), None, True),
        (None, None, True),
    ],
)
def test_an_older_text_is_no_revision(
    store: Store, stored: timedelta | None, brought: timedelta | None, is_revision: bool
) -> None:
    source = new_source(store)
    before, after = (None if shift is None else NOW + shift for shift in (stored, brought))
    poll(store, source, matched("g", text="one", updated_at=before))
    result = poll(store, source, matched("g", text="two", updated_at=after), matched("h"))
    assert (result.revised_items, result.new_items) == (int(is_revision), 1)
    assert dict(rows(store, tables.Item, "guid", "text"))["g"] == ("two" if is_revision else "one")


def test_a_text_that_came_and_went_is_told_each_time(store: Store) -> None:
    source = new_source(store)
    for number, text in enumerate(("one", "two", "one")):
        poll(store, source, matched("g", text=text, updated_at=NOW + number * HOUR), now=NOW + number * HOUR)
    assert [revision.text for revision in history(store)] == ["one", "two", "one"]
