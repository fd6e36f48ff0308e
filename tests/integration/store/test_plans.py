"""What runs at every tick, poll or page finds its rows by an index, however large the archive has grown.

The plans are of the very statements that the functions send. SQLite is asked without statistics as well, since nobody
may ever have gathered them.
"""

from __future__ import annotations

import json
import re
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest
import sqlalchemy as sa

from feedwatch.jobs.composing import compose_batch
from feedwatch.jobs.story_pool import StoryPool
from feedwatch.match.planning import plan_of
from feedwatch.model import SketchKind
from feedwatch.settings import DigestSettings
from feedwatch.store import Store, tables
from feedwatch.store.claims import claim_sources, count_due_sources, has_due_sources
from feedwatch.store.columns import PackedText
from feedwatch.store.cuts import CutStory, pack
from feedwatch.store.due import DueSubscription, due_subscriptions, take_due
from feedwatch.store.editions import former_editions, last_story_counts
from feedwatch.store.hub_leases import confirm_lease, find_lease
from feedwatch.store.hubs import Hub, claim_hubs, doubt_hubs, has_due_hubs, show_hub, want_hubs
from feedwatch.store.index import count_unindexed, index_older, write_tokens
from feedwatch.store.intake import _guid_hash
from feedwatch.store.items import (
    ItemFilter,
    list_items,
    list_stories,
    show_item,
    show_story,
)
from feedwatch.store.outbox import End, claim_deliveries, end_deliveries, give_up_waiting, has_due
from feedwatch.store.polls import prune_polls, record_polls
from feedwatch.store.relations import related_stories
from feedwatch.store.retention import _beyond, delete_items, forget_tombstones
from feedwatch.store.revisions import item_history
from feedwatch.store.search import find_candidates
from feedwatch.store.sketches import settle
from feedwatch.store.sources import list_polls
from feedwatch.store.told import told_stories, told_texts
from feedwatch.store.watchlist_feed import FollowedWatchlist, feed_state, feed_token, followed_watchlist, read_followed
from feedwatch.store.windows import (
    enabled_watchlists,
    first_story_since,
    matches_since,
    members_by_story,
    named_watchlists,
    revisions_since,
)
from feedwatch.store.wordings import items_of_stories, words_of_items
from tests.integration.store.examples import COMPARED, DAY, HOUR, MINUTE, NOW, match, matched, record
from tests.postgres import libpq_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from tests.postgres import Databases

SUBSCRIPTION = DueSubscription(
    id=7, name="Digest", schedule="daily", due_at=NOW, window_start=NOW - DAY, subscriber_id=7, subscriber="Ada",
    address="a7@example.org", timezone="UTC", locale="en",
)  # fmt: skip

FOLLOWED = FollowedWatchlist(7, "w7", "", NOW)
HALF_AN_HOUR = 30 * MINUTE
TEXT, LEAD, EVENT = SketchKind.TEXT, SketchKind.LEAD, SketchKind.EVENT

SMALL = {"watchlists", "subscription_watchlists", "index_state", "listed", "newest", "found", "item_tokens"}
"""Tables of some dozens of rows, the list that came as a parameter, the newest items of a key and what a search found,
which a planner rightly reads whole; and FTS5's table, which SQLite calls reading whole whatever is sought in it."""

WATCHLISTS = 20
SOURCES = 2_000
SUBSCRIPTIONS = 6_000
ITEMS = 10_000
DELIVERIES = 5_000


@pytest.fixture(scope="module", params=["sqlite", "sqlite without statistics", "postgresql"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store after some months: little is due, much is old."""
    if request.param != "postgresql":
        with closing(Store(f"sqlite:///{tmp_path_factory.mktemp('large') / 'feedwatch.db'}")) as store:
            store.upgrade()
            fill(store)
            if "without" not in request.param:
                with store.begin() as session:
                    session.execute(sa.text("ANALYZE"))
            yield store
        return
    postgres: Databases = request.getfixturevalue("postgres")
    url = postgres.create()
    with closing(Store(url.render_as_string(hide_password=False))) as store:
        store.upgrade()
        fill(store)
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))  # as autovacuum would: an index alone answers what it can
        yield store
    postgres.drop(url)


def fill(store: Store) -> None:
    add(store, tables.Source, (
        {"id": n, "name": f"s{n}", "title": f"S{n}", "url": f"https://s{n}.example/", "timezone": "UTC", "tags": [],
         "declared": True, "enabled": n % 10 > 0, "added_at": NOW, "next_poll_at": NOW + (n - 20) * MINUTE,
         "next_poll_why": "", "failures": 0}
        for n in range(1, SOURCES + 1)
    ))  # fmt: skip
    add(store, tables.HubLease, (
        {"source_id": n, "hub": "https://hub.example/", "topic": f"https://s{n}.example/", "token": f"t{n}",
         "secret": "", "state": "active", "next_attempt_at": NOW + n * MINUTE, "attempts": 0}
        for n in range(1, SOURCES + 1)
    ))  # fmt: skip
    add(store, tables.Watchlist, (
        {"id": n, "name": f"w{n}", "name_key": f"w{n}", "definition": {"name": f"w{n}"}, "version": 1, "declared": True,
         "enabled": True, "changed_at": NOW}
        for n in range(1, WATCHLISTS + 1)
    ))  # fmt: skip
    add(store, tables.Story, ({"id": n, "first_seen_at": NOW - n * HALF_AN_HOUR} for n in range(1, ITEMS + 1)))
    add(store, tables.StoryKey, ({"key": f"text:{n}", "story_id": n} for n in range(1, ITEMS + 1)))
    add(store, tables.Item, (
        {"id": n, "source_id": n % SOURCES + 1, "story_id": n, "guid": f"g{n}", "guid_hash": f"{n:032x}", "url": "",
         "title": f"Headline {n}", "text": "word " * 200, "html": "", "authors": [], "tags": [],
         "language": "zh" if n % 50 == 0 else "en",
         "published_at": NOW - n * HALF_AN_HOUR, "published_from": "published", "first_seen_at": NOW - n * HALF_AN_HOUR,
         "text_hash": "", "revision": 1}
        for n in range(1, ITEMS + 1)
    ))  # fmt: skip
    add(store, tables.ItemIndex, (
        {"item_id": n, "source_id": n % SOURCES + 1, "language": "zh" if n % 50 == 0 else "en",
         "published_at": NOW - n * HALF_AN_HOUR, "is_indexed": n > 7}
        for n in range(1, ITEMS + 1)
    ))  # fmt: skip
    with store.begin() as session:
        write_tokens(session, [(n, f"headline word {n} t{n % 500}") for n in range(8, ITEMS + 1)])
    add(store, tables.Match, (
        {"id": n, "item_id": n, "story_id": n, "watchlist_id": n % WATCHLISTS + 1, "version": 1, "score": 1.0,
         "queries": [], "spans": [], "matched_at": NOW - n * HALF_AN_HOUR, "published_at": NOW - n * HALF_AN_HOUR}
        for n in range(1, ITEMS + 1)
    ))  # fmt: skip
    add(store, tables.SketchKey, (
        {"bucket": n % 3, "key": (n // 2 + part) << 2 | kind, "item_id": n}
        for n in range(1, ITEMS + 1) for part, kind in ((0, TEXT), (1, TEXT), (0, LEAD), (0, EVENT), (1, EVENT))
    ))  # fmt: skip
    add(store, tables.StoryRelation, ({"story_id": n, "other_id": n + 1} for n in range(1, ITEMS, 2)))
    add(store, tables.ItemRevision, (
        {"item_id": n, "revision": 1, "title": f"Headline {n}", "text": "word " * 20,
         "replaced_at": NOW - n * HOUR}
        for n in range(6, ITEMS + 1)
    ))  # fmt: skip
    add(store, tables.ForgottenItem, (
        {"source_id": n % SOURCES + 1, "guid_hash": f"{n:032x}", "forgotten_at": NOW - n * HOUR}
        for n in range(ITEMS + 1, 2 * ITEMS + 1)
    ))  # fmt: skip
    add(store, tables.Poll, (
        {"id": n, "source_id": n % SOURCES + 1, "at": NOW - n * HALF_AN_HOUR, "outcome": "unchanged", "warnings": [],
         "elapsed_ms": 1, "body_bytes": 1, "new_items": 0, "matches": 0}
        for n in range(1, ITEMS + 1)
    ))  # fmt: skip
    add(store, tables.Subscriber, (
        {"id": n, "name": "Ada", "email": f"a{n}@example.org", "email_key": f"a{n}@example.org", "timezone": "UTC",
         "locale": "en", "declared": True, "enabled": True, "paused": False, "added_at": NOW}
        for n in range(1, SUBSCRIPTIONS + 1)
    ))  # fmt: skip
    add(store, tables.Subscription, (
        {"id": n, "subscriber_id": n, "name": "Digest", "schedule": "daily" if n % 100 else "instant",
         "all_watchlists": n % 2 == 0, "declared": True, "enabled": True, "next_due_at": NOW + (n - 10) * MINUTE,
         "window_start": NOW - DAY}
        for n in range(1, SUBSCRIPTIONS + 1)
    ))  # fmt: skip
    add(store, tables.SubscriptionWatchlist, (
        {"subscription_id": n, "watchlist_id": n % WATCHLISTS + 1} for n in range(1, 40)
    ))  # fmt: skip
    add(store, tables.Body, (
        {"id": n, "digest": f"{n:064x}", "subject": "", "html": "", "text": ""} for n in range(1, DELIVERIES + 1)
    ))  # fmt: skip
    add(store, tables.Edition, (
        {"id": n, "subscription_id": n % 300 + 1, "due_at": NOW - n * HOUR, "window_start": NOW, "window_end": NOW,
         "story_count": 1, "body_id": n}
        for n in range(1, DELIVERIES + 1)
    ))  # fmt: skip
    add(store, tables.EditionStory, (
        {"edition_id": n, "story_id": n % 250 + 1, "subscriber_id": n % SUBSCRIPTIONS + 1, "watchlist_id": 1}
        for n in range(1, DELIVERIES + 1)
    ))  # fmt: skip
    add(store, tables.EditionCut, (
        {"edition_id": n, "subscriber_id": n % SUBSCRIPTIONS + 1, "last_story_id": n % 250 + 1,
         "stories": pack([CutStory(n % 250 + 1, 1, 0, 0, 1)])}
        for n in range(1, DELIVERIES + 1)
    ))  # fmt: skip
    add(store, tables.Delivery, (
        {"id": n, "edition_id": n, "body_id": n, "address": "a@example.org", "message_id": f"<{n}@example.org>",
         "state": ("pending", "retry", "sending", "dead")[n] if n < 4 else "sent", "attempts": 1, "created_at": NOW,
         "waiting_since": NOW, "next_attempt_at": NOW - n * MINUTE}
        for n in range(1, DELIVERIES + 1)
    ))  # fmt: skip


def add(store: Store, table: type[tables.Base], rows: Iterator[dict[str, Any]]) -> None:
    if store.is_sqlite:
        with store.begin() as session:
            session.execute(sa.insert(cast("sa.Table", table.__table__)), list(rows))
        return
    first = next(rows)
    columns = ", ".join(first)
    packed = {column.name: column.type for column in table.__table__.columns if isinstance(column.type, PackedText)}
    name = table.__tablename__
    with psycopg.connect(libpq_url(store.url)) as connection:
        with connection.cursor().copy(f"COPY {name} ({columns}) FROM STDIN".encode()) as copy:
            for row in (first, *rows):
                copy.write_row([
                    json.dumps(value) if isinstance(value, list | dict)
                    else packed[key].process_bind_param(value, store.engine.dialect) if key in packed
                    else value
                    for key, value in row.items()
                ])  # fmt: skip
        if "id" in first:
            connection.execute(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))".encode())


@contextmanager
def sent(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that go to the database within the block, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
    ) -> None:
        statements.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)


def plans(store: Store, work: Callable[[Session], object]) -> str:
    """How the database would find the rows of each statement that the work sends; its writes are undone."""
    with sent(store) as statements, store.begin() as session:
        work(session)
        session.rollback()
    explain = "EXPLAIN QUERY PLAN " if store.is_sqlite else "EXPLAIN (COSTS off) "
    told: list[str] = []
    with store.begin() as session:
        for statement, parameters in statements:
            if (
                re.match(r"SELECT|UPDATE|DELETE|INSERT.*\bSELECT\b", statement, re.DOTALL)
                and "advisory" not in statement
            ):
                told.append(f"\n{statement}")
                found = session.connection().exec_driver_sql(explain + statement, parameters)
                told += [f"    {row[-1]}" for row in found]
    assert told
    return "\n".join(told)


def read_whole(plan: str) -> set[str]:
    """The tables that a plan reads from end to end: PostgreSQL's `Seq Scan on`, SQLite's `SCAN`.

    SQLite's `SCAN items USING INDEX` (or `COVERING INDEX`) is not one: it follows the index's order, and LIMIT ends it.
    """
    return set(
        re.findall(
            r"^ *(?:-> +)?(?:Seq Scan on|SCAN(?! CONSTANT ROW)) (\w+)(?! USING (?:COVERING )?INDEX)\b",
            plan,
            re.MULTILINE,
        )
    )


def record_everything(session: Session) -> None:
    """Two polls, one with a new item, a copy of a known story, and a known item revised; all matched."""
    session.execute(sa.update(tables.Item).where(tables.Item.id == 5).values(guid_hash=_guid_hash("known")))
    sketch = [336 << 2 | TEXT, 337 << 2 | TEXT, 336 << 2 | EVENT, 337 << 2 | EVENT]  # those of the oldest in the window
    items = (
        matched("new", match("w1"), sketch=sketch),
        matched("copy", match("w2"), keys=["text:77"]),
        matched("known", match("w3")),
    )
    result, _ = record_polls(session, [record(6, *items), record(7, title="Seven")], NOW, COMPARED)
    assert (result.new_items, result.new_stories, result.revised_items, result.matches) == (2, 0, 1, 3)


def search(query: str, session: Session) -> None:
    """The newest twenty that a query may match."""
    list(islice(find_candidates(session, plan_of(query), ItemFilter(since=NOW - 300 * DAY)), 20))


@dataclass(frozen=True)
class Naming:
    """A visit whose document names a hub."""

    source_id: int
    hub: Hub | None


NAMING = [Naming(number, Hub("https://hub.example/", f"https://s{number}.example/")) for number in range(1, 65)]

WANTED: dict[str, tuple[ItemFilter, str]] = {
    "newest": (ItemFilter(), "ix_items_published_at"),
    "of a time": (ItemFilter(since=NOW - 9 * DAY, until=NOW - 7 * DAY), "ix_items_published_at"),
    "of a language": (ItemFilter(language="zh"), "ix_items_published_at"),
    "of a source": (ItemFilter(source="s7"), "ix_items_source_id_published_at"),
    "of a watchlist": (ItemFilter(watchlist="w7"), "ix_matches_watchlist_id_published_at"),
    "of a watchlist in a language since": (
        ItemFilter(watchlist="w7", language="zh", since=NOW - 30 * DAY), "ix_matches_watchlist_id_published_at",
    ),
}  # fmt: skip

LISTS: dict[str, tuple[Callable[[Session], object], str]] = {
    f"{kind} {name}": (partial(work, wanted=wanted), index)
    for name, (wanted, index) in WANTED.items()
    for kind, work in {
        "items": lambda session, wanted: list_items(session, wanted, 20),
        "stories": lambda session, wanted: list_stories(session, wanted, 10),
    }.items()
}

CASES: dict[str, tuple[Callable[[Session], object], str | None]] = {
    "claim sources": (
        lambda session: claim_sources(session, owner="host:1", now=NOW, lease=HOUR, limit=64), "ix_sources_due",
    ),
    "claim sources by name": (
        lambda session: claim_sources(session, owner="host:1", now=NOW, lease=HOUR, limit=64, names=["s1", "s2"]), None,
    ),
    "are sources due": (lambda session: has_due_sources(session, NOW), "ix_sources_due"),
    "count due sources": (lambda session: count_due_sources(session, NOW), "ix_sources_due"),
    "record a poll": (record_everything, "ix_subscriptions_schedule"),
    "are hubs due": (lambda session: has_due_hubs(session, NOW), "ix_hub_leases_due"),
    "claim hubs": (
        lambda session: claim_hubs(session, NOW + 5 * MINUTE, limit=200, wait=lambda _: MINUTE), "ix_hub_leases_due",
    ),
    "find a lease": (lambda session: find_lease(session, "t7"), None),
    "confirm a lease": (lambda session: confirm_lease(session, "t7", lease_until=NOW, renew_at=NOW), None),
    "show a hub": (lambda session: show_hub(session, 7), None),
    "doubt hubs": (lambda session: doubt_hubs(session, [7, 8]), None),
    "want hubs": (lambda session: want_hubs(session, NAMING, NOW), None),
    "due subscriptions": (lambda session: due_subscriptions(session, NOW), "ix_subscriptions_due"),
    "take a due subscription": (
        lambda session: take_due(session, SUBSCRIPTION, next_due_at=NOW + DAY, window_start=NOW), None,
    ),
    "enabled watchlists": (enabled_watchlists, None),
    "watchlists named": (lambda session: named_watchlists(session, range(1, 101)), None),
    "matches of a window": (lambda session: matches_since(session, [3, 4, 5], NOW - DAY), "ix_matches_"),
    "revisions in a window": (
        lambda session: revisions_since(session, [3, 4, 5], NOW - DAY), "ix_item_revisions_replaced_at",
    ),
    "the first story of a window": (
        lambda session: first_story_since(session, NOW - DAY), "ix_stories_first_seen_at",
    ),
    "members of stories": (lambda session: members_by_story(session, range(5, 12)), "ix_items_story_id"),
    "what was told": (
        lambda session: told_stories(session, dict.fromkeys(range(1, 11), 240), [5, 6, 7]), "edition_stories",
    ),
    "what was cut": (
        lambda session: told_stories(session, dict.fromkeys(range(1, 11), 240), [5, 6, 7]), "ix_edition_cuts",
    ),
    "texts that were told": (lambda session: told_texts(session, [(n, 1) for n in range(6, 60)]), None),
    "words of items": (lambda session: words_of_items(session, range(5, 12)), None),
    "former editions": (
        lambda session: former_editions(session, range(1, 11), NOW - 60 * DAY, 14), "editions",
    ),
    "last editions' stories": (
        lambda session: last_story_counts(session, range(1, 11)), "editions",
    ),
    "items of stories": (lambda session: items_of_stories(session, {5, 6, 7}), "ix_items_story_id"),
    "claim deliveries": (
        lambda session: claim_deliveries(session, owner="host:1", now=NOW, lease=HOUR, limit=10), "ix_deliveries_due",
    ),
    "are deliveries due": (lambda session: has_due(session, NOW), "ix_deliveries_due"),
    "claim mails": (
        lambda session: claim_deliveries(session, owner="host:1", now=NOW, lease=HOUR, limit=10, mail=True),
        "ix_deliveries_due",
    ),
    "end a delivery": (lambda session: end_deliveries(session, [End(3, "sent")], owner="host:1", now=NOW), None),
    "give up what waits": (lambda session: give_up_waiting(session, waiting_since=NOW, error="down"), None),
    "one item": (lambda session: show_item(session, 7), None),
    "one story": (lambda session: show_story(session, 7), "ix_items_story_id"),
    "an item's history": (lambda session: item_history(session, 7), None),
    "related stories": (lambda session: related_stories(session, [7, 8]), "ix_story_relations_other_id"),
    "delete items": (
        lambda session: delete_items(session, list(range(9_000, 9_050)), NOW, spared=True), "ix_items_story_id",
    ),
    "delete items that nothing spares": (
        lambda session: delete_items(session, list(range(9_000, 9_050)), NOW, spared=False), "ix_matches_story_id",
    ),
    "the oldest of a source": (lambda session: list(_beyond(session, 7, 3)), "ix_items_source_id_published_at"),
    "forget tombstones": (
        lambda session: forget_tombstones(session, NOW - 700 * DAY, at_most=100), "ix_forgotten_items_forgotten_at",
    ),
    "search": (lambda session: search("t7", session), "item_index"),
    "search for a prefix in a language": (lambda session: search("t49* lang:zh", session), "item_index"),
    "unindexed items": (count_unindexed, "ix_item_index_unindexed"),
    "index older items": (
        lambda session: index_older(session, None, lambda title, text: "headline", at_most=3),
        "ix_item_index_unindexed",
    ),
    "a feed's watchlist": (lambda session: followed_watchlist(session, "t7"), None),
    "a feed's state": (lambda session: feed_state(session, FOLLOWED, 50), "ix_matches_watchlist_id_matched_at"),
    "a feed's stories": (lambda session: read_followed(session, 7, list(range(1, 50))), None),
    "a feed's token": (lambda session: feed_token(session, "w7"), None),
    "settle near keys": (lambda session: settle(session, 50, -1, rows=100), None),
    "a source's polls": (lambda session: list_polls(session, "s7", 20), "ix_polls_source_id_id"),
    "forget old polls": (lambda session: prune_polls(session, NOW - 200 * DAY), "ix_polls_at"),
}  # fmt: skip


@pytest.mark.parametrize(("work", "index"), LISTS.values(), ids=LISTS)
def test_a_list_is_read_from_the_index_in_its_order(
    large: Store, work: Callable[[Session], object], index: str
) -> None:
    plan = plans(large, work)
    assert read_whole(plan) <= SMALL | {"sources"}, plan  # the names of a list's sources: a planner may read them all
    assert index in plan, plan
    first = plan.strip().split("\n\n")[0]  # which items; the others are about those
    assert not re.search(r"TEMP B-TREE|Sort Key", first), plan


@pytest.mark.parametrize(("work", "index"), CASES.values(), ids=CASES)
def test_no_large_table_is_read_whole(large: Store, work: Callable[[Session], object], index: str | None) -> None:
    plan = plans(large, work)
    assert read_whole(plan) <= SMALL, plan
    if index is not None:
        assert index in plan, plan


def test_a_batch_of_editions_is_composed_from_indexes(large: Store) -> None:
    def compose(session: Session) -> None:
        due = due_subscriptions(session, NOW)
        assert len(compose_batch(session, StoryPool(), DigestSettings(), due, NOW)) == len(due) > 5

    plan = plans(large, compose)
    assert read_whole(plan) <= SMALL | {"sources"}, plan  # of some dozens of items, the sources' names and weights


def test_a_table_that_is_read_whole_is_noticed(large: Store) -> None:
    plan = plans(large, lambda session: session.execute(sa.select(tables.Item.id).where(tables.Item.title == "x")))
    assert read_whole(plan) == {"items"}
