"""The schema: made, taken back and made again on data, by one process or two, and never guessed at."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from feedwatch.errors import StoreError
from feedwatch.model import SketchKind
from feedwatch.plan import INDEX_RULES
from feedwatch.store import Store, tables
from feedwatch.store.cuts import CutStory, pack, unpack
from tests.integration.store.examples import (
    COMPARED,
    NOW,
    count,
    due,
    match,
    matched,
    near,
    new_source,
    new_subscriber,
    new_watchlists,
    poll,
    rows,
    tell,
)
from tests.integration.store.racing import race, race_processes

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


NEWEST = "0005"


def fill(store: Store) -> None:
    """At least one row in every table."""
    source = new_source(store)
    new_watchlists(store, "Bay Area")
    new_subscriber(store)
    poll(store, source, replace(matched("g1", match()), tokens="headline text"))
    poll(store, source, matched("g1", match(), text="Another text."))
    english, chinese = (
        matched(guid, title=f"Bridge {guid}", language=guid, sketch=near(SketchKind.EVENT, 1, 2))
        for guid in ("en", "zh")
    )
    poll(store, source, chinese, english, judges=COMPARED)
    tell(store, due(store)[0], (1, 1))
    with store.begin() as session:
        session.add(tables.SubscriptionWatchlist(subscription_id=1, watchlist_id=1))
        session.merge(tables.IndexState(number=1, rules=INDEX_RULES))  # the fixture's emptying took it
        session.add(tables.SigningKey(secret="s", made_at=NOW))
        session.add(
            tables.EditionCut(edition_id=1, subscriber_id=1, last_story_id=2, stories=pack([CutStory(2, 1, 0, 2, 1)]))
        )
        session.add(
            tables.Signup(
                email="b@example.org",
                email_key="b@example.org",
                name="Bo",
                timezone="UTC",
                locale="en",
                schedule="daily",
                watchlists=[],
                asked_at=NOW,
            )
        )
        session.add(
            tables.Bounce(
                fingerprint="0",
                address="a@example.org",
                address_key="a@example.org",
                at=NOW,
                is_hard=True,
                status="5.1.1",
                reason="no such user",
            )
        )
        session.add(tables.ForgottenItem(source_id=source, guid_hash="0" * 32, forgotten_at=NOW))
        session.add(
            tables.HubLease(
                source_id=source,
                hub="https://hub.example/",
                topic="https://a.example/",
                token="t",
                secret="s",
                state="wanted",
                next_attempt_at=NOW,
            )
        )


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_of_models})
        assert compare_metadata(context, tables.Base.metadata) == []


def _is_of_models(name: str | None, _kind: str, _parents: object) -> bool:
    """All but what each database has in its own way for the search index: an FTS5 table, a GIN index."""
    return name is None or not name.startswith(("item_tokens", "ix_item_index_tokens"))


def test_a_full_database_goes_down_to_nothing_and_up_again(empty_database: str) -> None:
    with closing(Store(empty_database)) as store:
        assert store.upgrade() == (None, NEWEST)
        fill(store)
        filled = {mapper.class_ for mapper in tables.Base.registry.mappers if count(store, mapper.class_)}
        assert filled == {mapper.class_ for mapper in tables.Base.registry.mappers}

        store.downgrade("base")
        assert store.version() is None
        assert set(sa.inspect(store.engine).get_table_names()) == {"alembic_version"}

        assert store.upgrade() == (None, NEWEST)
        fill(store)
        assert count(store, tables.Item) == 3


def test_data_of_the_first_schema_comes_through_each_step_up_and_down(empty_database: str) -> None:
    """Rows that others point to stay, and every step can be taken back."""
    with closing(Store(empty_database)) as store:
        store.upgrade()
        fill(store)
        store.downgrade("0001")
        assert store.version() == "0001"
        with store.begin() as session:
            session.execute(sa.text("UPDATE sources SET etag = '\"v1\"'"))
        assert store.upgrade() == ("0001", NEWEST)
        assert count(store, tables.Item) == 3
        assert rows(store, tables.Match, "published_at") == [NOW]
        (kept,) = rows(store, tables.Source, "url", "validators_url", "kind", "options", "hints")
        assert kept == ("https://rthk.example/rss", "https://rthk.example/rss", "feed", {}, {})
        assert rows(store, tables.Item, "enclosures", "origin", "place") == [([], "", "")] * 3
        assert rows(store, tables.EditionStory, "story_id") == [1]
        (packed,) = rows(store, tables.EditionCut, "stories")
        assert unpack(packed) == [CutStory(2, 1, telling=0, item_id=0, revision=1)]
        assert rows(store, tables.ItemIndex, "item_id", "language", "is_indexed") == [
            (1, "en", False), (2, "en", False), (3, "zh", False),
        ]  # fmt: skip


def test_upgrading_twice_does_nothing(store: Store) -> None:
    fill(store)
    assert store.upgrade() == (NEWEST, NEWEST)
    assert count(store, tables.Item) == 3


def test_a_database_of_a_newer_feedwatch_is_refused_and_left_alone(store: Store) -> None:
    with store.begin() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema version 9999.*start the newer feedwatch"):
        store.upgrade()
    assert store.version() == "9999"


def upgrade(url: str) -> tuple[str | None, str | None]:
    with closing(Store(url)) as store:
        return store.upgrade()


def test_processes_that_upgrade_at_once_all_find_the_schema(empty_database: str) -> None:
    assert {after for _, after in race_processes(upgrade, [empty_database] * 2)} == {NEWEST}
    with closing(Store(empty_database)) as store:
        fill(store)


def test_a_new_file_that_several_open_at_once_opens_for_each(tmp_path: Path) -> None:
    def open_it(url: str) -> str | None:
        with closing(Store(url)) as store:
            return store.version()

    for number in range(20):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        assert race(*[partial(open_it, url)] * 4) == [None] * 4


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "database URL cannot be used"),
        ("nosuch://localhost/db", "database URL cannot be used"),
        ("postgresql+psycopg://feedwatch:secret@/db?host=/nonexistent", "cannot be opened"),
        ("sqlite:////proc/none/feedwatch.db", "cannot be opened"),
    ],
)
def test_a_database_out_of_reach_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as raised:
        Store(url).version()
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "feedwatch.db").write_text("This is a letter to Ada, and nothing else. " * 100)
    with (
        closing(Store(f"sqlite:///{tmp_path / 'feedwatch.db'}")) as store,
        pytest.raises(StoreError, match="not a database"),
    ):
        store.upgrade()


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2)])
def test_sqlite_keeps_its_promises_on_every_connection(sqlite_store: Store, pragma: str, value: object) -> None:
    for transaction in (sqlite_store.read, sqlite_store.begin, sqlite_store.read):
        with transaction() as session:
            assert session.scalar(sa.text(f"PRAGMA {pragma}")) == value


def test_no_row_points_to_nothing(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.begin() as session:
        session.add(tables.StoryKey(key="text:1", story_id=404))


def test_what_a_block_wrote_before_it_raised_is_undone(store: Store) -> None:
    def write_and_die() -> None:
        with store.begin() as session:
            session.add(tables.Story(first_seen_at=NOW))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_die()
    assert count(store, tables.Story) == 0


def test_a_reading_block_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    with store.read() as session:
        before = _stories(session)
        with store.begin() as writing:
            writing.add(tables.Story(first_seen_at=NOW))
        assert _stories(session) == before
    with store.read() as session:
        assert _stories(session) == before + 1


def _stories(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(tables.Story)) or 0


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_times_come_back_in_utc_whatever_the_server_s_zone(postgres_store: Store, zone: str) -> None:
    options = {"options": f"-c timezone={zone}"}
    url = postgres_store.url.update_query_dict(options).render_as_string(hide_password=False)
    with closing(Store(url)) as store:
        with store.read() as session:
            assert session.scalar(sa.text("SHOW timezone")) == zone
        _keeps_times(store)


def test_times_come_back_in_utc_from_sqlite(sqlite_store: Store) -> None:
    _keeps_times(sqlite_store)


def _keeps_times(store: Store) -> None:
    hong_kong = timezone(timedelta(hours=8))
    with store.begin() as session:
        session.add(tables.Story(first_seen_at=datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=hong_kong)))
    (seen,) = rows(store, tables.Story, "first_seen_at")
    assert (seen, seen.tzinfo) == (datetime(2026, 3, 1, 17, 2, 3, 456789, tzinfo=UTC), UTC)


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"), store.begin() as session:
        session.add(tables.Story(first_seen_at=datetime(2026, 3, 2)))
