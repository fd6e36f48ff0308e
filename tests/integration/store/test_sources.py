"""Sources: what the configuration declares and people add, and who may poll which one."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from feedwatch.errors import StoreError
from feedwatch.store import Store, tables
from feedwatch.store.claims import claim_sources, count_due_sources, has_due_sources, lease_owners, release_sources
from feedwatch.store.sources import REMOVED, Changes, SourceRow, add_source, declare_sources, list_polls, list_sources
from tests.integration.store.examples import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    claim,
    count,
    matched,
    new_source,
    poll,
    rows,
    spec,
)
from tests.integration.store.racing import race, race_processes

if TYPE_CHECKING:
    from datetime import datetime

    from feedwatch.store.claims import ClaimedSource
    from feedwatch.store.sources import SourceSpec


def declare(store: Store, *specs: SourceSpec, now: datetime = NOW) -> Changes:
    with store.begin() as session:
        return declare_sources(session, specs, now)


def listed(store: Store, name: str) -> SourceRow:
    with store.read() as session:
        (source,) = list_sources(session, [name])
    return source


def claimed(store: Store, owner: str, now: datetime = NOW) -> list[ClaimedSource]:
    with store.begin() as session:
        return claim_sources(session, owner=owner, now=now, lease=10 * MINUTE, limit=100)


class TestDeclared:
    def test_new_ones_are_added_and_due_at_once(self, store: Store) -> None:
        assert declare(store, spec("a"), spec("b")) == Changes(added=("a", "b"))
        assert (listed(store, "a").declared, listed(store, "a").next_poll_at) == (True, NOW)

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        several = (spec("a", interval=HOUR, tags=("hk", "政策"), language="zh-Hant"), spec("b", enabled=False))
        declare(store, *several)
        before = [listed(store, "a"), listed(store, "b")]
        assert not declare(store, *several, now=NOW + DAY)
        assert [listed(store, "a"), listed(store, "b")] == before

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Another title"},
            {"language": "zh"},
            {"timezone": "Asia/Hong_Kong"},
            {"tags": ("policy",)},
            {"interval": timedelta(minutes=5)},
            {"enabled": False},
            {"url": "https://elsewhere.example/feed"},
        ],
    )
    def test_a_changed_setting_is_stored(self, store: Store, change: dict[str, object]) -> None:
        declare(store, spec("a"))
        assert declare(store, spec("a", **change)) == Changes(changed=("a",))
        found = listed(store, "a")
        assert {key: getattr(found, key) for key in change} == change

    def test_one_no_longer_named_is_disabled_with_its_history(self, store: Store) -> None:
        declare(store, spec("a"), spec("b"))
        poll(store, 1, matched())
        assert declare(store, spec("b")) == Changes(disabled=("a",))
        found = listed(store, "a")
        assert (found.enabled, found.disabled_why, found.item_count) == (False, REMOVED, 1)
        assert not declare(store, spec("b"))
        assert claim(store) == ["b"]

    def test_one_named_again_goes_on_where_it_was(self, store: Store) -> None:
        declare(store, spec("a"))
        poll(store, 1, matched())
        declare(store)
        assert declare(store, spec("a"), now=NOW + DAY) == Changes(changed=("a",))
        found = listed(store, "a")
        assert (found.enabled, found.disabled_why, found.item_count, found.added_at) == (True, None, 1, NOW)
        assert found.next_poll_at == NOW + DAY
        assert count(store, tables.Source) == 1

    def test_one_added_by_hand_stays_when_it_is_not_named(self, store: Store) -> None:
        new_source(store, "by-hand")
        assert not declare(store)
        assert claim(store) == ["by-hand"]

    def test_one_added_by_hand_becomes_declared_when_named(self, store: Store) -> None:
        new_source(store, "a")
        assert declare(store, spec("a")) == Changes(changed=("a",))
        assert declare(store) == Changes(disabled=("a",))


class TestAnotherUrl:
    """What a source's last answer told of its old URL says nothing of the new one."""

    def test_drops_the_validators_and_the_failures_and_is_due_at_once(self, store: Store) -> None:
        declare(store, spec("a"))
        claim(store)
        poll(store, 1, failures=3)
        declare(store, spec("a", url="https://elsewhere.example/feed"), now=NOW + MINUTE)
        (source,) = claimed(store, "us", NOW + MINUTE)
        assert (source.state.etag, source.state.last_modified, source.state.body_hash, source.failures) == (
            None,
            None,
            None,
            0,
        )
        assert source.traits.url == "https://elsewhere.example/feed"

    def test_is_not_undone_by_a_poll_of_the_old_one_that_ends_later(self, store: Store) -> None:
        declare(store, spec("a"))
        claim(store)
        declare(store, spec("a", url="https://elsewhere.example/feed"))
        assert poll(store, 1, matched()).new_items == 1
        (source,) = claimed(store, "us")
        assert (source.state.etag, source.state.body_hash) == (None, None)

    def test_another_title_keeps_them(self, store: Store) -> None:
        declare(store, spec("a"))
        claim(store)
        poll(store, 1)
        declare(store, spec("a", title="Another title"))
        (source,) = claimed(store, "us", NOW + DAY)
        assert (source.state.etag, source.state.body_hash) == ('"etag"', "body-hash")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (spec("a", url="https://other.example/"), "this name exists already: a"),
        (replace(spec("a"), name="b"), "this URL exists already: a"),
    ],
)
def test_adding_what_is_there_is_refused(store: Store, second: SourceSpec, told: str) -> None:
    new_source(store, "a")
    with pytest.raises(StoreError, match=told), store.begin() as session:
        add_source(session, second, NOW)
    assert rows(store, tables.Source, "name") == ["a"]


class TestClaiming:
    def test_takes_the_longest_due_first_and_no_more_than_asked(self, store: Store) -> None:
        for name, due_at in [("late", NOW - MINUTE), ("latest", NOW - HOUR), ("now", NOW), ("later", NOW + MINUTE)]:
            source = new_source(store, name)
            claim(store, names=[name])
            poll(store, source, next_poll_at=due_at)
        assert claim(store, limit=2) == ["latest", "late"]
        assert claim(store) == ["now"]
        assert claim(store, now=NOW + MINUTE) == ["later"]

    def test_never_gives_one_source_to_two(self, store: Store) -> None:
        new_source(store)
        assert claim(store, "host:1") == ["rthk"]
        assert claim(store, "host:2") == []
        assert claim(store, "host:2", names=["rthk"]) == []

    def test_gives_it_again_when_the_lease_has_ended(self, store: Store) -> None:
        new_source(store)
        claim(store, "host:1")
        assert claim(store, "host:2", now=NOW + 10 * MINUTE) == []
        assert claim(store, "host:2", now=NOW + 11 * MINUTE) == ["rthk"]
        assert claim(store, "host:1", now=NOW + 11 * MINUTE) == []

    def test_by_name_takes_what_is_not_due(self, store: Store) -> None:
        for name in ("a", "b"):
            source = new_source(store, name)
            claim(store)
            poll(store, source, next_poll_at=NOW + DAY)
        assert claim(store) == []
        assert claim(store, names=["b", "unknown"]) == ["b"]

    def test_leaves_the_disabled_alone_even_by_name(self, store: Store) -> None:
        new_source(store, "a", enabled=False)
        assert claim(store) == []
        assert claim(store, names=["a"]) == []

    def test_tells_all_that_a_poll_needs(self, store: Store) -> None:
        new_source(store, language="zh-Hant", timezone="Asia/Hong_Kong", interval=timedelta(minutes=5))
        claim(store)
        poll(store, 1, failures=2)
        (source,) = claimed(store, "us", NOW + DAY)
        assert (source.traits.language, source.traits.timezone) == ("zh-Hant", "Asia/Hong_Kong")
        assert (source.interval, source.state.etag, source.failures) == (timedelta(minutes=5), '"etag"', 2)

    def test_is_what_the_counts_foretell(self, store: Store) -> None:
        new_source(store, "a")
        new_source(store, "off", enabled=False)
        with store.read() as session:
            assert (has_due_sources(session, NOW), count_due_sources(session, NOW)) == (True, 1)
            assert not has_due_sources(session, NOW - MINUTE)
        claim(store)
        with store.read() as session:
            assert (has_due_sources(session, NOW), count_due_sources(session, NOW)) == (False, 0)


class TestTwoAtOnce:
    """One database, several claimers at the same moment: each source goes to one of them."""

    SOURCES = 60

    def fill(self, store: Store) -> None:
        declare(store, *(spec(f"s{number:02}") for number in range(self.SOURCES)))

    def test_threads_share_the_sources(self, store: Store) -> None:
        self.fill(store)
        taken = race(*(partial(claim_all, store, f"host:{number}") for number in range(4)))
        assert sorted(chain.from_iterable(taken)) == [f"s{number:02}" for number in range(self.SOURCES)]

    def test_processes_share_the_sources(self, store: Store) -> None:
        self.fill(store)
        url = store.url.render_as_string(hide_password=False)
        taken = race_processes(claim_all_of, [url, url])
        assert sorted(chain.from_iterable(taken)) == [f"s{number:02}" for number in range(self.SOURCES)]

    def test_on_postgresql_a_claimer_does_not_wait_for_another(self, postgres_store: Store) -> None:
        self.fill(postgres_store)
        with postgres_store.begin() as session:
            first = claim_sources(session, owner="host:1", now=NOW, lease=HOUR, limit=10)
            second = claim(postgres_store, "host:2", limit=10)  # while the first transaction is still open
        assert len(first) == len(second) == 10
        assert {source.name for source in first}.isdisjoint(second)


def claim_all(store: Store, owner: str) -> list[str]:
    taken: list[str] = []
    while names := claim(store, owner, limit=3):
        taken += names
    return taken


def claim_all_of(url: str) -> list[str]:
    with closing(Store(url)) as store:
        return claim_all(store, f"host:{os.getpid()}")


def test_leases_of_the_dead_are_given_back_and_no_other(store: Store) -> None:
    new_source(store, "a")
    claim(store, "host:1")
    new_source(store, "b")
    claim(store, "host:2")
    with store.begin() as session:
        assert lease_owners(session) == {"host:1", "host:2"}
        assert release_sources(session, {"host:1", "host:3"}) == 1
    assert claim(store, "host:2") == ["a"]


def test_polls_are_listed_newest_first(store: Store) -> None:
    source = new_source(store)
    poll(store, source, matched(), at=NOW)
    poll(store, source, at=NOW + HOUR, error="timed out", status=None, warnings=("a sentence",))
    with store.read() as session:
        latest, first = list_polls(session, "rthk", 5)
        assert list_polls(session, "rthk", 1) == [latest]
        assert list_polls(session, "unknown", 5) == []
    assert (latest.outcome, latest.error, latest.at, latest.warnings) == (
        "error", "timed out", NOW + HOUR, ("a sentence",),
    )  # fmt: skip
    assert (first.outcome, first.status, first.new_items, first.body_bytes) == ("new", 200, 1, 345)
