"""What config.yaml declares becomes what the database holds: once, whole, and whoever starts at the same moment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from feedwatch.errors import StoreError
from feedwatch.jobs.housekeeping import keep_house_by_steps
from feedwatch.jobs.provision import due_after, provision, release_dead_leases
from feedwatch.settings import Settings
from feedwatch.store import tables
from feedwatch.store.sources import Changes, list_sources
from feedwatch.store.subscribers import list_subscribers
from feedwatch.store.watchlists import active_watchlists
from tests.integration.store.examples import NOW, claim, count, matched, new_source, poll, rows
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.jobs.provision import Provisioned
    from feedwatch.store import Store

DECLARED: dict[str, Any] = {
    "sources": [
        {"name": "rthk", "title": "RTHK", "url": "https://rthk.example/rss", "interval": "5m", "tags": ["hk"]},
        {"name": "off", "url": "https://off.example/rss", "enabled": False},
    ],
    "watchlists": [
        {"name": "Bay Area", "terms": ["Greater Bay Area", "大湾区"], "exclude": ["basketball"]},
        {"name": "Chips", "queries": ["chip OR semiconductor"], "enabled": False},
    ],
    "subscribers": [
        {
            "name": "Ada", "email": "ada@example.org", "timezone": "Asia/Hong_Kong", "locale": "zh-Hant",
            "subscriptions": [
                {"name": "Morning", "watchlists": ["bay area"], "first_edition": "on_schedule"},
                {"name": "Alert", "schedule": "instant", "first_edition": "on_schedule"},
            ],
        }
    ],
}  # fmt: skip


def settings(**changes: Any) -> Settings:
    return Settings.model_validate(DECLARED | changes)


def everything(store: Store) -> dict[str, list[Any]]:
    found = {}
    for mapper in tables.Base.registry.mappers:
        table = mapper.class_
        found[table.__tablename__] = rows(store, table, *table.__table__.columns.keys())
    return found


def test_all_of_it_is_stored(store: Store) -> None:
    assert str(provision(store, settings(), NOW)) == "sources: 2 added; watchlists: 2 added; subscribers: 1 added"
    with store.read() as session:
        off, rthk = list_sources(session)
        ((watchlist, version),) = active_watchlists(session)
        morning, alert = list_subscribers(session)
    assert (rthk.title, rthk.interval, rthk.tags, rthk.enabled) == ("RTHK", timedelta(minutes=5), ("hk",), True)
    assert (off.title, off.enabled, off.disabled_why) == ("off", False, "paused")
    assert (watchlist.terms, watchlist.exclude, version) == (("Greater Bay Area", "大湾区"), ("basketball",), 1)
    assert (morning.watchlists, morning.next_due_at) == (
        ("Bay Area",), due_after("daily", "Asia/Hong_Kong", NOW),
    )  # fmt: skip
    assert (alert.watchlists, alert.next_due_at, alert.locale) == ((), None, "zh-Hant")


def test_the_same_again_changes_nothing(store: Store) -> None:
    provision(store, settings(), NOW)
    before = everything(store)
    assert str(provision(store, settings(), NOW + timedelta(days=1))) == "nothing changed"
    assert everything(store) == before


def test_what_is_taken_out_is_disabled_and_what_is_changed_is_told(store: Store) -> None:
    provision(store, settings(), NOW)
    less = settings(
        sources=DECLARED["sources"][:1],
        watchlists=[DECLARED["watchlists"][0] | {"terms": ["GBA"]}],
        subscribers=[],
    )
    told = provision(store, less, NOW)
    assert told.sources == Changes(disabled=("off",))
    assert told.watchlists == Changes(changed=("Bay Area",))
    assert told.subscribers == Changes(disabled=("ada@example.org",))
    assert str(told) == "sources: 1 disabled; watchlists: 1 changed; subscribers: 1 disabled"
    assert [count(store, table) for table in (tables.Source, tables.Watchlist, tables.Subscriber)] == [2, 2, 1]


def test_a_local_file_is_a_source(store: Store, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss/>")
    provision(store, settings(sources=[{"name": "local", "path": str(tmp_path / "feed.xml")}]), NOW)
    assert rows(store, tables.Source, "url") == [(tmp_path / "feed.xml").as_uri()]


def test_a_watchlist_that_nobody_knows_stops_all_of_it(store: Store) -> None:
    provision(store, settings(), NOW)
    before = everything(store)
    bob = {"name": "Bob", "email": "bob@example.org", "subscriptions": [{"watchlists": ["Nope"]}]}
    more = [*DECLARED["sources"], {"name": "third", "url": "https://third.example/rss"}]
    with pytest.raises(StoreError, match="no watchlist named 'Nope'"):
        provision(store, settings(sources=more, subscribers=[bob]), NOW)
    assert everything(store) == before


def test_of_two_that_start_at_once_one_declares_all(store: Store) -> None:
    works = [partial(provision, store, settings(), NOW)] * 3
    told: list[Provisioned] = race(*works)
    assert sorted(str(one) for one in told) == ["nothing changed"] * 2 + [
        "sources: 2 added; watchlists: 2 added; subscribers: 1 added"
    ]


@pytest.mark.parametrize(
    ("owner", "is_released"),
    [
        ("{here}:{dead}", True),
        ("{here}:us", True),  # our own name, from a former life
        ("{here}:{alive}", False),
        ("{here}:1", False),  # alive, and another user's perhaps
        ("not-{here}:{dead}", False),  # what lives on another machine cannot be seen from here
        ("nonsense", False),
    ],
)
def test_the_leases_of_this_machine_s_dead_are_given_back(store: Store, owner: str, is_released: bool) -> None:
    here = socket.gethostname()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    new_source(store)
    claim(store, owner.format(here=here, dead=child.pid, alive=os.getpid()))
    assert release_dead_leases(store, f"{here}:us") == int(is_released)
    assert claim(store, "another:1") == (["rthk"] if is_released else [])


def test_housekeeping_forgets_the_polls_that_are_older_than_kept(store: Store) -> None:
    source = new_source(store)
    for days in (31, 29):
        poll(store, source, matched(), at=NOW - timedelta(days=days))
    assert sum(step.polls for step in keep_house_by_steps(store, settings(), NOW)) == 1
    assert rows(store, tables.Poll, "at") == [NOW - timedelta(days=29)]
    shorter = settings(retention={"polls": "1d"})
    assert sum(step.polls for step in keep_house_by_steps(store, shorter, NOW)) == 1
    assert count(store, tables.Item) == 1
