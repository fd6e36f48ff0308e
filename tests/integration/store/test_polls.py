"""Promise 1: an item fetched is never lost. A visit's items, their revisions and its source's state stand together."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.model import Span
from feedwatch.store import tables
from feedwatch.store.claims import SourceState
from feedwatch.store.items import show_item
from feedwatch.store.polls import PollResult, prune_polls, record_polls
from feedwatch.store.sources import SourceSpec, declare_sources, list_sources
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    claim,
    count,
    match,
    matched,
    new_source,
    new_watchlists,
    poll,
    record,
    rows,
)
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from feedwatch.model import MatchedItem
    from feedwatch.store import Store
    from feedwatch.store.items import ItemDetail


def shown(store: Store, item_id: int = 1) -> ItemDetail:
    with store.read() as session:
        found = show_item(session, item_id)
    assert found is not None
    return found


class TestItems:
    def test_new_ones_are_stored_whole(self, store: Store) -> None:
        source = new_source(store)
        one = matched(
            "g1", title="大湾区 news", text="第一段。\nSecond.", html="<p>第一段。</p>", authors=("陳大文", "A. W."),
            tags=("policy", "經濟"), language="zh-Hant", published_at=NOW - HOUR, published_from="text",
            updated_at=NOW - MINUTE,
        )  # fmt: skip
        assert poll(store, source, one) == PollResult("new", new_items=1, new_stories=1)
        found = shown(store)
        clean = one.item
        assert (found.guid, found.row.url, found.row.title, found.text, found.html, found.authors, found.tags) == (
            clean.guid, clean.url, clean.title, clean.text, clean.html, clean.authors, clean.tags,
        )  # fmt: skip
        assert (found.row.language, found.row.published_at, found.row.published_from, found.updated_at) == (
            clean.language, clean.published_at, clean.published_from, clean.updated_at,
        )  # fmt: skip
        assert (found.row.first_seen_at, found.row.revision, found.row.source) == (NOW, 1, "rthk")

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("g1"), matched("g2"))
        before = rows(store, tables.Item, *tables.Item.__table__.columns.keys())
        assert poll(store, source, matched("g1"), matched("g2"), now=NOW + HOUR) == PollResult("unchanged")
        assert rows(store, tables.Item, *tables.Item.__table__.columns.keys()) == before
        assert count(store, tables.ItemRevision) == 0

    def test_ids_grow_with_time_though_documents_begin_with_the_newest(self, store: Store) -> None:
        poll(store, new_source(store), matched("third"), matched("second"), matched("first"))
        assert rows(store, tables.Item, "guid") == ["first", "second", "third"]

    def test_a_guid_that_comes_twice_in_a_document_is_one_item_as_it_came_first(self, store: Store) -> None:
        result = poll(store, new_source(store), matched("g1", text="First."), matched("g1", text="Second."))
        assert result.new_items == 1
        assert shown(store).text == "First."

    def test_one_guid_in_two_sources_is_two_items(self, store: Store) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        poll(store, one, matched("g1"))
        assert poll(store, other, matched("g1")).new_items == 1

    @pytest.mark.parametrize("guid", ["g" * 5000, "港" * 3000, "a b\nc", "https://example.org/?id=1#x"])
    def test_a_guid_may_be_any_text(self, store: Store, guid: str) -> None:
        source = new_source(store)
        poll(store, source, matched(guid, title="t", url=""))
        assert poll(store, source, matched(guid, title="t", url="")).outcome == "unchanged"
        assert rows(store, tables.Item, "guid") == [guid]


class TestRevisions:
    def test_a_changed_text_keeps_the_earlier_ones(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("g1", title="One", text="first"))
        assert poll(store, source, matched("g1", title="Two", text="second"), now=NOW + HOUR) == PollResult(
            "new", revised_items=1
        )
        poll(store, source, matched("g1", title="Three", text="third"), now=NOW + DAY)
        assert (shown(store).row.title, shown(store).text, shown(store).row.revision) == ("Three", "third", 3)
        assert rows(store, tables.ItemRevision, "revision", "title", "text", "replaced_at") == [
            (1, "One", "first", NOW + HOUR),
            (2, "Two", "second", NOW + DAY),
        ]

    def test_when_it_was_published_and_first_seen_stays(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("g1", published_at=NOW - DAY))
        poll(
            store, source, matched("g1", text="new", published_at=NOW, published_from="fetched", updated_at=NOW),
            now=NOW + HOUR,
        )  # fmt: skip
        found = shown(store)
        assert (found.row.published_at, found.row.published_from) == (NOW - DAY, "published")
        assert (found.row.first_seen_at, found.updated_at) == (NOW, NOW)

    def test_each_item_of_a_document_is_revised_on_its_own(self, store: Store) -> None:
        source = new_source(store)
        poll(store, source, matched("g1"), matched("g2"), matched("g3"))
        result = poll(store, source, matched("g1", text="x"), matched("g2"), matched("g3", text="y"), matched("g4"))
        assert (result.new_items, result.revised_items) == (1, 2)
        assert dict(rows(store, tables.Item, "guid", "text")) == {
            "g1": "x", "g2": "Text of g2.", "g3": "y", "g4": "Text of g4.",
        }  # fmt: skip


class TestSourceState:
    COLUMNS = (
        "etag", "last_modified", "body_hash", "last_poll_at", "last_outcome", "last_error", "failures", "next_poll_at",
        "next_poll_why", "lease_owner",
    )  # fmt: skip

    def state(self, store: Store) -> dict[str, object]:
        (found,) = rows(store, tables.Source, *self.COLUMNS)
        return dict(zip(self.COLUMNS, found, strict=True))

    def test_is_what_the_visit_told(self, store: Store) -> None:
        source = new_source(store)
        claim(store)
        poll(store, source, at=NOW - MINUTE)
        assert self.state(store) == {
            "etag": '"etag"', "last_modified": "Mon, 02 Mar 2026 09:00:00 GMT", "body_hash": "body-hash",
            "last_poll_at": NOW - MINUTE, "last_outcome": "unchanged", "last_error": None, "failures": 0,
            "next_poll_at": NOW + HOUR, "next_poll_why": "every 1h", "lease_owner": None,
        }  # fmt: skip

    @pytest.mark.parametrize("outcome", [{"status": 304}, {"error": "timed out", "status": None, "failures": 1}])
    def test_a_304_or_an_error_leaves_the_validators(self, store: Store, outcome: dict[str, Any]) -> None:
        source = new_source(store)
        claim(store)
        poll(store, source)
        claim(store, now=NOW + HOUR)
        poll(store, source, state=None, **outcome)
        state = self.state(store)
        assert (state["etag"], state["body_hash"]) == ('"etag"', "body-hash")
        assert state["last_error"] == outcome.get("error")

    def test_a_server_that_stops_sending_validators_is_believed(self, store: Store) -> None:
        source = new_source(store)
        claim(store)
        poll(store, source)
        claim(store, now=NOW + HOUR)
        poll(store, source, state=SourceState(body_hash="another"))
        state = self.state(store)
        assert (state["etag"], state["last_modified"], state["body_hash"]) == (None, None, "another")

    def test_of_another_s_lease_is_left_alone_but_the_items_are_kept(self, store: Store) -> None:
        source = new_source(store)
        claim(store, "host:1")
        claim(store, "host:2", now=NOW + HOUR)
        before = self.state(store)
        result = poll(store, source, matched(), owner="host:1", now=NOW + HOUR)
        assert self.state(store) == before | {"lease_owner": "host:2"}
        assert (result.new_items, count(store, tables.Item), count(store, tables.Poll)) == (1, 1, 1)

    def test_is_not_taken_from_a_visit_of_another_source(self, store: Store) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        claim(store)
        poll(store, one)
        assert dict(rows(store, tables.Source, "id", "etag")) == {one: '"etag"', other: None}


class TestAllOrNothing:
    def test_a_visit_that_fails_leaves_nothing(self, store: Store) -> None:
        source = new_source(store)
        new_watchlists(store, "Bay Area")
        claim(store)

        def store_and_die() -> None:
            with store.begin() as session:
                record_polls(session, [record(source, matched("g1", match()))], NOW)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store_and_die()
        for table in (tables.Item, tables.Story, tables.StoryKey, tables.Match, tables.Poll):
            assert count(store, table) == 0
        assert rows(store, tables.Source, "lease_owner", "etag") == [("host:1", None)]
        assert poll(store, source, matched("g1", match())).matches == 1

    def test_of_visits_in_one_transaction_each_sees_the_earlier(self, store: Store) -> None:
        one, other = new_source(store, "one"), new_source(store, "other")
        with store.begin() as session:
            (first,) = record_polls(session, [record(one, matched("g1", keys=["text:x"]))], NOW)
            (second,) = record_polls(session, [record(other, matched("g1", keys=["text:x"]))], NOW)
            (third,) = record_polls(session, [record(one, matched("g1", keys=["text:x"]))], NOW)
        assert [(result.new_items, result.new_stories) for result in (first, second, third)] == [(1, 1), (1, 0), (0, 0)]

    def test_a_visit_to_a_source_that_is_gone_is_refused(self, store: Store) -> None:
        with pytest.raises(sa.exc.IntegrityError):
            poll(store, 404, matched())


def test_two_daemons_that_polled_one_source_store_its_items_once(store: Store) -> None:
    source = new_source(store)
    items = [matched(f"g{number}") for number in range(50)]
    results = race(*(partial(poll, store, source, *items, owner=f"host:{number}") for number in range(3)))
    assert sorted(result.new_items for result in results) == [0, 0, 50]
    assert (count(store, tables.Item), count(store, tables.Poll)) == (50, 3)


class TestHostileText:
    """A character that a database refuses costs itself, not the poll; and no span moves."""

    @pytest.mark.parametrize("stray", ["\0", "\ud83d", "\udc00\udc00\0"])
    @pytest.mark.parametrize("field", ["guid", "url", "title", "text", "html", "language"])
    def test_in_any_field_is_replaced(self, store: Store, field: str, stray: str) -> None:
        parts: dict[str, Any] = {"guid": "g1"} | {field: f"a{stray}b😀"}
        assert poll(store, new_source(store), matched(**parts)).new_items == 1
        assert rows(store, tables.Item, field) == [f"a{'�' * len(stray)}b😀"]

    def test_in_authors_tags_and_warnings_is_replaced(self, store: Store) -> None:
        item = matched("g1", authors=("A\0", "B\ud800"), tags=("\\u0000", "港\0"))
        poll(store, new_source(store), item, warnings=("odd: \udcff\0",))
        found = shown(store)
        assert (found.authors, found.tags) == (("A�", "B�"), ("\\u0000", "港�"))
        assert rows(store, tables.Poll, "warnings") == [["odd: ��"]]

    def test_in_headers_and_errors_is_replaced(self, store: Store) -> None:
        source = new_source(store)
        claim(store)
        poll(
            store, source, state=SourceState(etag='"\0"', last_modified="\udce9"), error="answered \0\udc80", failures=1
        )
        assert rows(store, tables.Source, "etag", "last_modified", "last_error") == [('"�"', "�", "answered ��")]

    def test_guids_that_differ_by_it_alone_stay_two_items(self, store: Store) -> None:
        source = new_source(store)
        both = (matched("g\0"), matched("g\ud800"))
        assert poll(store, source, *both).new_items == 2
        assert poll(store, source, *both).outcome == "unchanged"

    def test_leaves_the_spans_where_they_were(self, store: Store) -> None:
        new_watchlists(store, "Bay Area")
        poll(store, new_source(store), matched("g1", match(spans=(Span("title", 3, 6),)), title="\0\ud800 bay"))
        found = shown(store)
        (span,) = found.matches[0][3]
        assert found.row.title[span.start : span.end] == "bay"

    @pytest.mark.parametrize(
        "text", ["😀" * 1000, "\u202eright to left", "a\u2028b", "\U0010ffff", "'; DROP TABLE items; --"]
    )
    def test_anything_else_is_kept_to_the_character(self, store: Store, text: str) -> None:
        poll(store, new_source(store), matched("g1", text=text, title=text))
        assert (shown(store).text, shown(store).row.title) == (text, text)


class TestLargeDocument:
    """However many entries: a statement takes 32,766 bound parameters on SQLite and 65,535 on PostgreSQL."""

    def entry(self, number: int, text: str, *watchlists: str) -> MatchedItem:
        matches = [match(watchlist) for watchlist in watchlists]
        return matched(f"g{number}", *matches, text=f"{text} {number}", html="")

    def test_is_stored_and_found_again(self, store: Store) -> None:
        source = new_source(store)
        entries = [self.entry(number, "one") for number in range(10_000)]
        assert poll(store, source, *entries) == PollResult("new", new_items=10_000, new_stories=10_000)
        assert poll(store, source, *entries) == PollResult("unchanged")

    def test_makes_no_statement_longer(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        source = new_source(store)
        lengths: list[int] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
            if not statement.startswith("INSERT"):  # which SQLAlchemy itself parts
                lengths.append(len(parameters))

        sa.event.listen(store.engine, "before_cursor_execute", note)
        for text, watchlist in (("one", "Bay Area"), ("two", "Other")):  # stored, then all revised
            poll(store, source, *(self.entry(number, text, watchlist) for number in range(2_500)))
        sa.event.remove(store.engine, "before_cursor_execute", note)
        # Of many rows, one statement is sent many times: then the length is their number.
        assert sorted(set(lengths))[-2] <= 1_001
        assert max(lengths) == 2_500

    def test_is_revised(self, store: Store) -> None:
        new_watchlists(store, "Bay Area", "Other")
        source = new_source(store)
        poll(store, source, *(self.entry(number, "one", "Bay Area") for number in range(1_500)))
        result = poll(store, source, *(self.entry(number, "two", "Other") for number in range(1_500)))
        assert (result.revised_items, result.new_stories, result.matches) == (1_500, 0, 1_500)
        assert (count(store, tables.ItemRevision), count(store, tables.Match)) == (1_500, 1_500)
        assert count(store, tables.StoryKey) == 3_000


def test_old_visits_are_forgotten_and_nothing_else(store: Store) -> None:
    source = new_source(store)
    for days in (40, 31, 30, 1):
        poll(store, source, matched(), at=NOW - timedelta(days=days))
    with store.begin() as session:
        assert prune_polls(session, NOW - timedelta(days=30)) == 2
    assert rows(store, tables.Poll, "at") == [NOW - timedelta(days=30), NOW - timedelta(days=1)]
    assert count(store, tables.Item) == 1


@pytest.mark.parametrize(
    "given, called, title",
    [
        ("", "The Harbour Post", "The Harbour Post"),
        ("", "", "news"),
        ("My Post", "The Harbour Post", "My Post"),
    ],
)
def test_a_source_without_a_title_is_called_what_its_document_is(
    store: Store, given: str, called: str, title: str
) -> None:
    spec = SourceSpec("news", given, "https://news.example/feed.xml")
    with store.begin() as session:
        declare_sources(session, [spec], NOW)
    assert claim(store) == ["news"]
    poll(store, 1, title=called)
    with store.begin() as session:
        assert not declare_sources(session, [spec], NOW), "declared as before"
        [row] = list_sources(session)
    assert row.title == title
