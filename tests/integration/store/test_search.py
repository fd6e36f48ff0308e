"""The archive's search finds what live matching would have found, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from feedwatch.errors import QuerySyntaxError
from feedwatch.jobs.archive_search import search_archive
from feedwatch.jobs.indexing import tokens_of
from feedwatch.match import Matcher, check_query
from feedwatch.model import MatchedItem, QueryDef, WatchlistDef
from feedwatch.plan import INDEX_RULES
from feedwatch.store import tables
from feedwatch.store.index import count_unindexed, index_older, start_over
from feedwatch.store.items import ItemFilter, read_items
from feedwatch.store.retention import delete_items
from tests.integration.store.examples import DAY, HOUR, NOW, count, match, matched, new_source, new_watchlists, poll
from tests.unit.match.drawn import queries, texts

if TYPE_CHECKING:
    from typing import Any

    from feedwatch.store import Store


EVERY = ItemFilter()


def indexed(guid: str, text: str, **parts: Any) -> MatchedItem:
    """An item as the workers hand it over."""
    one = matched(guid, title=parts.pop("title", ""), text=text, **parts)
    return replace(one, tokens=tokens_of(one.item.title, one.item.text))


def titles(store: Store, query: str, wanted: ItemFilter = EVERY) -> list[str]:
    """The guids of what is found."""
    with store.read() as session:
        return [found.item.guid for found in search_archive(session, WatchlistDef("q", queries=(query,)), wanted)]


NEWS = (
    indexed("bay", "The Greater Bay Area grows.", published_at=NOW - 3 * HOUR),
    indexed("tag", "A plan for #GreaterBayArea", published_at=NOW - 2 * HOUR),
    indexed("zh", "建設粵港澳大灣區", language="zh-Hant", published_at=NOW - HOUR),
    indexed("sf", "The bay area of San Francisco, e-mail me", title="#GreenBonds", published_at=NOW - DAY),
)


@pytest.mark.parametrize(
    ("query", "guids"),
    [
        ('"Greater Bay Area"', "tag bay"),
        ('"Greater Bay Area" OR 大湾区', "zh tag bay"),
        ('"bay area"', "tag bay sf"),
        ("湾", "zh"),
        ("email", "sf"),
        ("bay AND NOT Greater", "sf"),
        ('title:"green bonds" bay', "sf"),
        ("title:greenbond*", "sf"),
        ("title:bay", ""),
        ("NOT bay", "zh"),
        ("nothing", ""),
    ],
)
def test_a_query_finds_what_it_would_have_matched_newest_first(store: Store, query: str, guids: str) -> None:
    poll(store, new_source(store), *NEWS)
    assert titles(store, query) == guids.split()


def test_items_of_an_older_feedwatch_are_found_before_they_are_indexed_and_after(store: Store) -> None:
    poll(store, new_source(store), *(replace(one, tokens="") for one in NEWS))
    before = [titles(store, query) for query in ("bay", "湾", "nothing")]
    with store.read() as session:
        assert count_unindexed(session) == len(NEWS)
    assert before == [["tag", "bay", "sf"], ["zh"], []]
    index(store)
    assert [titles(store, query) for query in ("bay", "湾", "nothing")] == before
    with store.read() as session:
        assert count_unindexed(session) == 0


def index(store: Store) -> None:
    """As housekeeping does, in the smallest steps."""
    step: int | None = None
    while True:
        with store.begin() as session:
            step = index_older(session, step, tokens_of, at_most=1)
        if step is None:
            return


def test_an_index_of_other_rules_is_not_believed_and_is_made_anew(store: Store) -> None:
    poll(store, new_source(store), *(replace(one, tokens="other tokens") for one in NEWS))
    with store.begin() as session:
        session.merge(tables.IndexState(number=1, rules=INDEX_RULES + 1))
    assert titles(store, "bay") == ["tag", "bay", "sf"]
    with store.begin() as session:
        assert start_over(session)
        assert count_unindexed(session) == len(NEWS)
    index(store)
    assert titles(store, "bay") == ["tag", "bay", "sf"]
    assert tokens_found(store, "other") == 0
    with store.begin() as session:
        assert not start_over(session)


def tokens_found(store: Store, token: str) -> int:
    """How many items the index itself has under a token."""
    query = (
        "SELECT count(*) FROM item_tokens WHERE item_tokens MATCH :token"
        if store.is_sqlite
        else "SELECT count(*) FROM item_index WHERE tokens @@ CAST(:token AS tsquery)"
    )
    with store.read() as session:
        return session.scalar(sa.text(query), {"token": token}) or 0


def test_a_revision_is_found_by_its_new_text_alone(store: Store) -> None:
    source = new_source(store)
    poll(store, source, indexed("g1", "The toll is five"))
    poll(store, source, indexed("g1", "The toll is seven"))
    assert (titles(store, "five"), titles(store, "seven")) == ([], ["g1"])


def test_deleted_items_leave_nothing_in_the_index(store: Store) -> None:
    source = new_source(store)
    poll(store, source, indexed("g1", "The toll is five"))
    poll(store, source, indexed("g1", "The toll is seven"), indexed("g2", "The toll is free"))
    assert tokens_found(store, "toll") == 2
    with store.begin() as session:
        delete_items(session, [1], NOW, spared=True, tokens_of=tokens_of)
    assert [tokens_found(store, word) for word in ("five", "seven", "free", "toll")] == [0, 0, 1, 1]
    assert titles(store, "toll") == ["g2"]
    assert count(store, tables.ItemIndex) == 1


def test_an_index_that_has_other_tokens_than_it_is_told_to_forget_takes_no_harm(store: Store) -> None:
    poll(store, new_source(store), replace(NEWS[0], tokens="bay"), replace(NEWS[1], tokens=""), *NEWS[2:])
    for item_id in (1, 2, 3, 4):
        with store.begin() as session:
            delete_items(session, [item_id], NOW, spared=True, tokens_of=tokens_of)
    assert count(store, tables.Item) == 0
    assert titles(store, "bay") == []
    poll(store, 1, indexed("g9", "The bay"))
    assert titles(store, "bay") == ["g9"]


def test_tokens_that_postgresql_has_no_room_for_are_looked_at_in_every_search(store: Store) -> None:
    letters = "".join(map(chr, range(0x4E00, 0x9000)))
    text = "".join(a + b for step in range(7, 12) for a, b in zip(letters, letters[step:], strict=False))
    long = indexed("long", text + " GBA")
    assert len(long.tokens.encode()) > 1 << 20
    poll(store, new_source(store), long, NEWS[0])
    assert titles(store, "GBA") == ["long"]
    index(store)
    with store.read() as session:
        assert count_unindexed(session) == (0 if store.is_sqlite else 1)
    assert titles(store, "GBA") == ["long"]


@pytest.mark.parametrize(
    ("wanted", "guids"),
    [
        (ItemFilter(), "tag bay sf"),
        (ItemFilter(since=NOW - 3 * HOUR), "tag bay"),
        (ItemFilter(until=NOW - 3 * HOUR), "sf"),
        (ItemFilter(source="other"), ""),
        (ItemFilter(source="rthk", language="EN"), "tag bay sf"),
        (ItemFilter(language="zh"), ""),
        (ItemFilter(watchlist="Bay Area"), "bay"),
    ],
)
def test_a_filter_narrows_what_is_found(store: Store, wanted: ItemFilter, guids: str) -> None:
    new_watchlists(store, "Bay Area")
    first = replace(NEWS[0], matches=(match(),))
    poll(store, new_source(store), first, *NEWS[1:])
    assert titles(store, '"bay area"', wanted) == guids.split()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_search_is_the_matcher_over_all_items(store: Store, data: st.DataObject) -> None:
    """Whatever the query and the items, in whatever order they were published; some are not indexed yet."""
    written, sought = data.draw(queries())
    query = QueryDef(written, exact=data.draw(st.booleans()))
    try:
        check_query(query)
    except QuerySyntaxError:
        reject()
    _add_items(store, data, sought)
    definition = WatchlistDef("q", queries=(query,), mode=data.draw(st.sampled_from(["any", "all"])))
    wanted = ItemFilter(since=data.draw(st.sampled_from([None, NOW - 5 * HOUR])))
    matcher = Matcher([(definition, 1)])
    with store.read() as session:
        found = [(hit.row.id, hit.item, hit.match) for hit in search_archive(session, definition, wanted)]
        expected = [
            (row.id, one, match)
            for row, one in read_items(session, wanted)
            for match in matcher.match(one, row.source, ("regional",))
        ]
    assert found == expected


def _add_items(store: Store, data: st.DataObject, sought: list[str]) -> None:
    number = count(store, tables.Item)
    source = new_source(store, tags=["regional"]) if not number else 1
    for at in range(number, number + data.draw(st.integers(1, 3))):
        one = indexed(
            f"g{at}",
            data.draw(texts(sought)),
            title=data.draw(texts(sought[:1])),
            language=data.draw(st.sampled_from(["en", "en-HK", "zh-Hant"])),
            authors=data.draw(st.sampled_from([(), ("Ada",)])),
            tags=data.draw(st.sampled_from([(), ("policy",)])),
            published_at=NOW - data.draw(st.integers(0, 9)) * HOUR,
        )
        poll(store, source, one if data.draw(st.integers(0, 4)) else replace(one, tokens=""))
