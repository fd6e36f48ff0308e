"""`feedwatch health`: what lies overdue is told, and nothing else is."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from feedwatch import model
from feedwatch.cli import main
from feedwatch.cli.health import tell_health
from feedwatch.errors import StoreError
from feedwatch.jobs.box_troubles import keep_troubles
from feedwatch.store import Store
from feedwatch.store.bodies import store_bodies
from feedwatch.store.claims import claim_sources
from feedwatch.store.deliveries import add_delivery
from feedwatch.store.due import subscriptions_of
from feedwatch.store.health import Health, Overdue, read_health
from feedwatch.store.outbox import End, claim_deliveries, end_deliveries
from feedwatch.store.sources import SourceSpec, add_source, declare_sources
from feedwatch.store.subscriber_changes import set_paused
from feedwatch.store.subscribers import SubscriberSpec, SubscriptionSpec, add_subscriber
from feedwatch.store.tables import Edition, Subscriber

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=10)
LONG_AGO = NOW - timedelta(hours=3)
NOTHING = Health(None, None, None)


def _add_source(store: Store, name: str, due_at: datetime) -> None:
    with store.begin() as session:
        add_source(session, SourceSpec(name, name, f"https://example.org/{name}"), due_at)


def _subscribe(store: Store, due_at: datetime | None, email: str = "reader@example.org") -> None:
    spec = SubscriberSpec("Reader", email, subscriptions=(SubscriptionSpec("D", "daily", first_at_once=False),))
    with store.begin() as session:
        add_subscriber(session, spec, LONG_AGO, lambda *_: due_at)


def _put_into_outbox(store: Store, at: datetime) -> None:
    _subscribe(store, None)
    with store.begin() as session:
        subscription = subscriptions_of(session, None, at)[0]
        (body_id,) = store_bodies(session, [model.Body("subject", "html", "text")]).values()
        edition = sa.insert(Edition).values(
            subscription_id=subscription.id,
            due_at=at,
            window_start=at,
            window_end=at,
            story_count=1,
            body_id=body_id,
        )
        edition_id = session.execute(edition.returning(Edition.id)).scalar_one()
        add_delivery(
            session,
            edition_id=edition_id,
            body_id=body_id,
            address="reader@example.org",
            message_id="<1@x>",
            now=at,
        )


def test_an_empty_database_is_healthy(store: Store) -> None:
    assert read_health(store, BEFORE) == NOTHING


@pytest.mark.parametrize(
    ("due_at", "is_overdue"),
    [
        (NOW - timedelta(hours=3), True),
        (NOW - timedelta(minutes=11), True),
        (NOW - timedelta(minutes=9), False),
        (NOW + timedelta(minutes=5), False),
    ],
)
def test_what_was_due_is_overdue(due_at: datetime, is_overdue: bool, store: Store) -> None:
    _add_source(store, "a", due_at)
    _subscribe(store, due_at)
    overdue = Overdue(1, due_at) if is_overdue else None
    assert read_health(store, BEFORE) == Health(overdue, overdue, None)


def test_the_first_that_is_overdue_is_named(store: Store) -> None:
    for hours in (2, 3, 1):
        _add_source(store, f"s{hours}", NOW - timedelta(hours=hours))
    assert read_health(store, BEFORE).sources == Overdue(3, LONG_AGO)


def test_a_source_in_somebodys_hands_is_not_overdue_until_the_lease_has_ended(store: Store) -> None:
    _add_source(store, "a", LONG_AGO)
    with store.begin() as session:
        claim_sources(session, owner="daemon", now=NOW, lease=timedelta(minutes=10), limit=1)
    assert read_health(store, BEFORE).sources is None
    assert read_health(store, NOW + timedelta(minutes=11)).sources == Overdue(1, LONG_AGO)


def test_what_is_disabled_or_paused_is_not_overdue(store: Store) -> None:
    with store.begin() as session:
        declare_sources(session, [SourceSpec("a", "a", "https://example.org/a", enabled=False)], LONG_AGO)
    _subscribe(store, LONG_AGO)
    with store.begin() as session:
        set_paused(session, 1, True)
    assert read_health(store, BEFORE) == NOTHING


def test_a_subscription_that_waits_for_a_match_is_not_overdue(store: Store) -> None:
    _subscribe(store, None)
    assert read_health(store, BEFORE) == NOTHING


def test_a_mail_is_overdue_while_it_waits_and_not_after(store: Store) -> None:
    _put_into_outbox(store, LONG_AGO)
    assert read_health(store, BEFORE).deliveries == Overdue(1, LONG_AGO)
    with store.begin() as session:
        (claimed,) = claim_deliveries(session, owner="a", now=NOW, lease=timedelta(minutes=10), limit=1)
    assert read_health(store, BEFORE).deliveries is None
    assert read_health(store, NOW + timedelta(minutes=11)).deliveries == Overdue(1, LONG_AGO)
    with store.begin() as session:
        again = End(claimed.id, "retry", error="later", again_at=NOW + timedelta(hours=1))
        end_deliveries(session, [again], owner="a", now=NOW)
    assert read_health(store, BEFORE).deliveries is None


@pytest.mark.parametrize("end", ["sent", "dead"])
def test_a_mail_that_came_to_an_end_is_not_overdue(end: str, store: Store) -> None:
    _put_into_outbox(store, LONG_AGO)
    with store.begin() as session:
        (claimed,) = claim_deliveries(session, owner="a", now=NOW, lease=timedelta(minutes=10), limit=1)
        end_deliveries(session, [End(claimed.id, end)], owner="a", now=NOW)
    assert read_health(store, NOW + timedelta(days=1)).deliveries is None


@pytest.mark.parametrize(
    ("version", "hint"), [(None, "'feedwatch run' upgrades it"), ("9999", "start the newer feedwatch that made it")]
)
def test_another_schema_is_told(version: str | None, hint: str, sqlite_store: Store) -> None:
    with sqlite_store.begin() as session:
        session.execute(sa.text("DELETE FROM alembic_version"))
        if version:
            session.execute(sa.text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    with pytest.raises(StoreError, match=hint):
        read_health(sqlite_store, BEFORE)


def test_a_database_that_cannot_be_read_is_told(sqlite_store: Store) -> None:
    with sqlite_store.begin() as session:
        session.execute(sa.text("DROP TABLE deliveries"))
    with pytest.raises(StoreError, match=r"cannot be (read|used): no such table: deliveries"):
        read_health(sqlite_store, BEFORE)


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        (NOTHING, []),
        (Health(Overdue(3, LONG_AGO), None, None), ["3 sources overdue since {today}: is the daemon running?"]),
        (
            Health(Overdue(1, LONG_AGO), Overdue(1, LONG_AGO), Overdue(1, LONG_AGO)),
            [
                "1 source overdue since {today}",
                "1 digest overdue since {today}",
                "1 delivery overdue since {today}: is the daemon running?",
            ],
        ),
        (
            Health(None, None, Overdue(1200, NOW - timedelta(days=2))),
            ["1,200 deliveries overdue since {two_days_ago}: is the daemon running?"],
        ),
    ],
)
def test_the_sentences(found: Health, sentences: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    today = f"{LONG_AGO.astimezone():%H:%M}"
    if LONG_AGO.astimezone().date() != NOW.astimezone().date():
        pytest.skip("three hours ago was yesterday in this machine's time zone")
    two_days_ago = f"{(NOW - timedelta(days=2)).astimezone():%Y-%m-%d %H:%M}"
    assert tell_health(found, NOW) == [line.format(today=today, two_days_ago=two_days_ago) for line in sentences]


def _health(capsys: pytest.CaptureFixture[str]) -> tuple[object, dict[str, object]]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, json.loads(capsys.readouterr().out)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No database, a healthy one, an unhealthy one: exit code and JSON, and nothing is made by asking."""
    (tmp_path / "config.yaml").write_text("data_dir: data\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["feedwatch", "health", "--json", "--config", str(tmp_path / "config.yaml")])
    code, told = _health(capsys)
    assert (code, told["healthy"]) == (1, False)
    assert "there is no database" in str(told["problems"])
    assert not (tmp_path / "data" / "feedwatch.db").exists()

    store = Store(f"sqlite:///{tmp_path / 'data' / 'feedwatch.db'}")
    store.upgrade()
    assert _health(capsys) == (
        0,
        {"healthy": True, "problems": [], "notes": [], "overdue": dict.fromkeys(("sources", "digests", "deliveries"))},
    )

    _subscribe(store, None)
    with store.begin() as session:
        session.execute(sa.update(Subscriber).values(blocked_at=NOW, blocked_why="3 mails in a row came back"))
    keep_troubles(tmp_path / "data", {"imap": "the IMAP server mail.example.org:993 cannot be used"}, NOW)
    code, told = _health(capsys)
    assert (code, told["healthy"]) == (0, True)  # no restart would mend it
    assert isinstance(told["notes"], list)
    box, blocked = told["notes"]
    assert box.startswith("bounces cannot be read since ") and box.endswith("mail.example.org:993 cannot be used")
    assert blocked == "1 subscriber gets no mail after bounces or complaints; see 'feedwatch bounces list'"

    _add_source(store, "a", LONG_AGO - timedelta(days=400))
    store.close()
    code, told = _health(capsys)
    assert (code, told["healthy"]) == (1, False)
    assert "1 source overdue since " in str(told["problems"])
