"""A watchlist back-filled over the archive: as if it had always been what it is now, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feedwatch.errors import StoreError
from feedwatch.jobs import backfill
from feedwatch.jobs.backfill import Step, backfill_by_steps
from feedwatch.match import Matcher
from feedwatch.model import WatchlistDef
from feedwatch.store import Store
from feedwatch.store.archived import read_archived
from feedwatch.store.backfill import Replaced
from feedwatch.store.tables import Item, Match, Watchlist
from feedwatch.store.watchlists import active_watchlists, change_watchlist, set_watchlist_enabled
from tests.integration.jobs.newsroom import NOW, Newsroom, open_newsroom, subscriber

BRIDGES = "Bridges"
DAY = timedelta(days=1)
NEWS = (
    "A toll bridge opens", "The ferry goes out of service", "港珠澳大橋通車", "大桥收费", "Bridges of the bay",
    "A tunnel under the river", "BRIDGE and tunnel", "渡轮停航", "The mayor says nothing", "Ferry-bridge link",
)  # fmt: skip

Row = tuple[str, int, float, list[str], list[Any], datetime]


def _rows(store: Store, name: str = BRIDGES) -> list[Row]:
    """The watchlist's stored matches, by the titles of their items."""
    columns = Item.title, Match.version, Match.score, Match.queries, Match.spans, Match.matched_at
    with store.read() as session:
        query = (
            sa.select(*columns)
            .join_from(Match, Item, Item.id == Match.item_id)
            .join(Watchlist, Watchlist.id == Match.watchlist_id)
            .where(Watchlist.name == name)
            .order_by(Item.title, Item.id)
        )
        return [tuple(row) for row in session.execute(query)]


def _titles(store: Store) -> list[str]:
    return [row[0] for row in _rows(store)]


def _change(newsroom: Newsroom, *terms: str, **parts: Any) -> None:
    with newsroom.store.begin() as session:
        change_watchlist(session, BRIDGES, WatchlistDef(BRIDGES, terms=terms, **parts), newsroom.clock())


def _fill(newsroom: Newsroom, since: datetime | None = None, **options: bool) -> Step:
    *_, last = backfill_by_steps(newsroom.store, BRIDGES, since, newsroom.clock(), **options)
    return last


def _declared_by_hand(newsroom: Newsroom) -> None:
    newsroom.execute("UPDATE watchlists SET declared = :no", no=False)


@pytest.fixture
async def newsroom(store: Store, tmp_path: Path) -> Any:
    async with open_newsroom(store, tmp_path) as opened:
        _declared_by_hand(opened)
        yield opened


def _expected(store: Store) -> list[Row]:
    """What the matcher makes of every stored item, one by one."""
    with store.read() as session:
        matcher = Matcher([pair for pair in active_watchlists(session) if pair[0].name == BRIDGES])
        items = read_archived(session, session.scalars(sa.select(Item.id)).all())
    return [
        (one.item.title, match.version, match.score, list(match.queries),
         [[span.field, span.start, span.end] for span in match.spans], one.first_seen_at)
        for one in sorted(items, key=lambda one: (one.item.title, one.id))
        for match in matcher.match(one.item, one.source, one.source_tags)
    ]  # fmt: skip


async def test_a_changed_watchlist_gains_loses_and_renews_its_matches(newsroom: Newsroom) -> None:
    newsroom.publish("aa", *NEWS[:5])
    newsroom.clock.pass_time(days=1)
    newsroom.publish("bb", *NEWS[5:])
    assert _titles(newsroom.store) == ["A toll bridge opens", "BRIDGE and tunnel", "Ferry-bridge link"]
    _change(newsroom, "tunnel", "大桥", "toll bridge")
    assert _fill(newsroom).replaced == Replaced(added=3, changed=2, removed=1, unchanged=0)
    assert _titles(newsroom.store) == ["A toll bridge opens", "A tunnel under the river", "BRIDGE and tunnel",
                                       "大桥收费", "港珠澳大橋通車"]  # fmt: skip
    assert _rows(newsroom.store) == _expected(newsroom.store)
    assert _fill(newsroom).replaced == Replaced(unchanged=5)


_TERMS = ("bridge", "ferry", "tunnel", "大桥", "渡輪", "mayor", "the bay", "通车")
_QUERIES = ("bridge AND NOT toll", "ferry OR tunnel", "NOT bridge", "title:tunnel", "大桥 OR bridges", "source:a*")


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_change_the_matches_are_those_of_every_item(newsroom: Newsroom, seed: int) -> None:
    chance = random.Random(seed)
    for source in ("aa", "bb", "cc"):
        newsroom.publish(source, *chance.sample(NEWS, 6))
        newsroom.clock.pass_time(hours=chance.randrange(1, 40))
    for _ in range(4):
        _change(
            newsroom,
            *chance.sample(_TERMS, chance.randrange(1, 4)),
            queries=tuple(chance.sample(_QUERIES, chance.randrange(3))),
            exclude=tuple(chance.sample(_QUERIES[:2], chance.randrange(2))),
        )
        _fill(newsroom)
        assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_the_matches_are_those_of_a_fresh_poll(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.publish("aa", *NEWS)
    _change(newsroom, "ferry", "大桥", queries=("tunnel AND NOT bridge",))
    _fill(newsroom)
    with closing(Store(f"sqlite:///{tmp_path / 'fresh.db'}")) as store:
        store.upgrade()
        async with open_newsroom(store, tmp_path) as fresh:
            _declared_by_hand(fresh)
            _change(fresh, "ferry", "大桥", queries=("tunnel AND NOT bridge",))
            fresh.publish("aa", *NEWS)
        assert _rows(newsroom.store) == _rows(store) != []


async def test_what_was_published_before_the_window_stays_as_it_is(newsroom: Newsroom) -> None:
    newsroom.publish("aa", "A toll bridge opens", "A tunnel under the river")
    newsroom.clock.pass_time(days=10)
    newsroom.publish("aa", "BRIDGE and ferry", "A second tunnel")
    _change(newsroom, "tunnel")
    done = _fill(newsroom, newsroom.clock() - DAY)
    assert done.replaced == Replaced(added=1, removed=1)
    assert _titles(newsroom.store) == ["A second tunnel", "A toll bridge opens"]


async def test_a_dry_run_tells_the_same_and_writes_nothing(newsroom: Newsroom) -> None:
    newsroom.publish("aa", *NEWS)
    _change(newsroom, "tunnel", "大桥")
    before = _rows(newsroom.store)
    tried = _fill(newsroom, dry_run=True)
    assert _rows(newsroom.store) == before
    assert _fill(newsroom).replaced == tried.replaced == Replaced(added=3, changed=1, removed=2)


# What happens beside it


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "_AT_ONCE", 2)


def _steps(newsroom: Newsroom) -> Iterator[Step]:
    return backfill_by_steps(newsroom.store, BRIDGES, None, newsroom.clock())


async def test_what_a_poll_brings_meanwhile_is_kept(newsroom: Newsroom, small_steps: None) -> None:
    newsroom.publish("aa", *NEWS)
    _change(newsroom, "tunnel", "大桥", "ferry")
    steps = _steps(newsroom)
    next(steps)
    newsroom.publish("bb", "A third tunnel", "Nothing to see")
    assert sum(1 for _ in steps) > 1
    assert "A third tunnel" in _titles(newsroom.store)
    assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_a_text_revised_meanwhile_is_matched_as_it_stands(newsroom: Newsroom, small_steps: None) -> None:
    for number in range(8):
        newsroom.publish("aa", f"Tunnel {number}", guid=f"g{number}")
        newsroom.clock.pass_time(minutes=1)
    _change(newsroom, "tunnel")
    steps = _steps(newsroom)
    next(steps)  # the newest two
    newsroom.publish("aa", "No more of it", guid="g0", text="A ferry instead.")
    list(steps)
    assert "No more of it" not in _titles(newsroom.store)
    assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_what_a_poll_matched_by_the_version_before_is_matched_again(
    newsroom: Newsroom, small_steps: None
) -> None:
    newsroom.publish("aa", *NEWS)
    with newsroom.store.read() as session:
        before = Matcher(active_watchlists(session))
    _change(newsroom, "tunnel", "ferry")
    steps = _steps(newsroom)
    next(steps)
    # A visit that began before the change ends after it, and stores what the former version matches.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.integration.jobs.newsroom.Matcher", lambda _watchlists: before)
        newsroom.publish("bb", "A bridge of old", "A tunnel unmatched")
    list(steps)
    assert "A tunnel unmatched" in _titles(newsroom.store)
    assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_a_watchlist_changed_meanwhile_stops_it_and_a_further_call_does_the_rest(
    newsroom: Newsroom, small_steps: None
) -> None:
    newsroom.publish("aa", *NEWS)
    _change(newsroom, "tunnel", "ferry")
    steps = _steps(newsroom)
    next(steps)
    _change(newsroom, "大桥")
    with pytest.raises(StoreError, match="'Bridges' was changed while it was back-filled; back-fill it again"):
        next(steps)
    _fill(newsroom)
    assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_what_was_cut_off_goes_on_where_it_ended(newsroom: Newsroom, small_steps: None) -> None:
    newsroom.publish("aa", *NEWS)
    _change(newsroom, "tunnel", "大桥", "ferry")
    steps = _steps(newsroom)
    done = next(steps).replaced
    steps.close()  # type: ignore[attr-defined]
    rest = _fill(newsroom).replaced
    assert rest.unchanged == done.added + done.changed > 0
    assert _rows(newsroom.store) == _expected(newsroom.store)


async def test_what_is_disabled_or_unknown_is_not_filled(newsroom: Newsroom) -> None:
    with newsroom.store.begin() as session:
        set_watchlist_enabled(session, BRIDGES, NOW, enabled=False)
    with pytest.raises(StoreError, match="is disabled: enable it first"):
        _fill(newsroom)
    with pytest.raises(StoreError, match="'Tunnels' cannot be back-filled, as it does not exist"):
        list(backfill_by_steps(newsroom.store, "Tunnels", None, NOW))


async def test_nothing_to_match_is_one_step_of_nothing(newsroom: Newsroom) -> None:
    assert list(_steps(newsroom)) == [Step(0, 0, Replaced())]


# Digests and alerts


async def test_the_next_digest_tells_what_belongs_to_its_own_time(store: Store, tmp_path: Path) -> None:
    async with open_newsroom(store, tmp_path, subscriber("ada")) as newsroom:
        _declared_by_hand(newsroom)
        newsroom.publish("aa", "An old tunnel")
        newsroom.clock.pass_time(days=20)
        newsroom.publish("aa", "A toll bridge opens")
        await newsroom.tick()  # told of the bridge; from now on the window of the next begins
        newsroom.clock.pass_time(hours=5)
        newsroom.publish("aa", "A new tunnel")
        _change(newsroom, "tunnel", "bridge")
        assert _fill(newsroom).replaced.added == 2
        newsroom.clock.pass_time(days=1)
        assert [edition.story_count for edition in await newsroom.tick()] == [1]
        assert "A new tunnel" in newsroom.editions()[-1].text
        assert "An old tunnel" not in newsroom.editions()[-1].text


async def test_no_alert_is_woken_and_the_next_one_tells_of_its_own_news_alone(store: Store, tmp_path: Path) -> None:
    alerts = {"name": "Alerts", "schedule": "instant", "watchlists": [BRIDGES]}
    async with open_newsroom(store, tmp_path, subscriber("ada", alerts)) as newsroom:
        _declared_by_hand(newsroom)
        newsroom.publish("aa", "A toll bridge opens")
        assert len(await newsroom.tick()) == 1
        newsroom.clock.pass_time(days=3)
        newsroom.publish("aa", "A tunnel of three days later")
        newsroom.clock.pass_time(days=3)
        _change(newsroom, "tunnel", "bridge")
        _fill(newsroom)
        assert newsroom.subscription("Alerts")[0] is None
        assert await newsroom.tick() == []
        newsroom.clock.pass_time(minutes=5)
        newsroom.publish("bb", "Another bridge")
        assert [edition.story_count for edition in await newsroom.tick()] == [1]
        assert "Another bridge" in newsroom.editions()[-1].text


async def test_an_alert_that_is_due_is_still_made(store: Store, tmp_path: Path) -> None:
    alerts = {"name": "Alerts", "schedule": "instant", "watchlists": [BRIDGES]}
    async with open_newsroom(store, tmp_path, subscriber("ada", alerts)) as newsroom:
        _declared_by_hand(newsroom)
        newsroom.clock.pass_time(days=3)
        newsroom.publish("aa", "A toll bridge opens")
        newsroom.clock.pass_time(hours=3)  # nobody made it meanwhile
        _change(newsroom, "tunnel", "bridge")
        _fill(newsroom)
        assert [edition.story_count for edition in await newsroom.tick()] == [1]
