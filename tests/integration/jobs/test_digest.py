from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from feedwatch.jobs import digest
from feedwatch.jobs.context import JobContext, open_context
from feedwatch.jobs.digest import MadeEdition, make_due_editions, make_edition, preview_editions, send_now
from feedwatch.jobs.edition_batch import store_steps
from feedwatch.model import Body
from feedwatch.settings import Settings
from feedwatch.store import Store, tables
from feedwatch.store.cuts import unpack
from feedwatch.store.due import due_subscriptions, set_due, subscriptions_of
from feedwatch.store.subscriber_changes import set_paused
from tests.integration.jobs.newsroom import NOW, SETTINGS, open_newsroom, subscriber
from tests.integration.store.examples import DAY, HOUR, rows
from tests.integration.store.racing import race, race_processes

if TYPE_CHECKING:
    from pathlib import Path

TUESDAY, WEDNESDAY = (datetime(2026, 3, day, 8, tzinfo=UTC) for day in (3, 4))
GROWS = "Greater Bay Area grows"
SHRINKS = "Greater Bay Area shrinks"
BRIDGE = "A bridge is opened"


class TestAnEdition:
    async def test_is_made_when_it_is_due_and_waits_in_the_outbox(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS, BRIDGE, "Weather")
            assert await room.tick() == []
            room.clock.now = TUESDAY
            (made,) = await room.tick()
            (edition,) = room.editions()
            (delivery,) = room.deliveries()
        assert (made.address, made.subscription, made.story_count) == ("ann@example.org", "Digest", 2)
        assert GROWS in edition.text
        assert BRIDGE in edition.text
        assert "Weather" not in edition.text
        assert (edition.due_at, edition.window_end) == (TUESDAY, TUESDAY)
        assert (delivery.edition_id, delivery.address, delivery.state) == (edition.id, "ann@example.org", "pending")
        assert delivery.message_id.endswith("@watch.example.org>")

    async def test_begins_where_the_last_one_ended(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            for day, title in ((TUESDAY, GROWS), (WEDNESDAY, SHRINKS)):
                room.publish("aa", title)
                room.clock.now = day + timedelta(seconds=4)
                await room.tick()
            first, second = room.editions()
        assert second.window_start == first.window_end
        assert second.due_at == WEDNESDAY
        assert GROWS not in second.text

    async def test_is_made_by_one_of_two_makers(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS)
            with store.read() as session:
                (due,) = due_subscriptions(session, TUESDAY)
            make = partial(make_edition, store, room.context.renderer, room.context.settings, due, TUESDAY)
            made = race(make, make, make)
            assert sum(edition is not None for edition in made) == 1
            assert len(room.editions()) == len(room.deliveries()) == 1

    async def test_is_not_made_by_who_comes_late_even_with_more_to_tell(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS)
            with store.read() as session:
                (due,) = due_subscriptions(session, TUESDAY)
            make = partial(make_edition, store, room.context.renderer, room.context.settings, due)
            assert make(TUESDAY) is not None
            room.publish("aa", SHRINKS)
            assert make(TUESDAY + timedelta(seconds=1)) is None
            assert len(room.editions()) == 1
            assert room.subscription() == (WEDNESDAY, TUESDAY)

    async def test_missed_while_nothing_ran_is_made_once_on_start(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            titles = ["Greater Bay Area opens", "Greater Bay Area closes", "Greater Bay Area rests"]
            for title in titles:
                room.publish("aa", title)
                room.clock.pass_time(days=1)
            assert [made.story_count for made in await room.tick()] == [3]
            assert await room.tick() == []
            assert room.subscription() == (datetime(2026, 3, 6, 8, tzinfo=UTC), NOW + timedelta(days=3))

    async def test_with_nothing_to_tell_is_not_made_and_time_goes_on(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", "Weather")
            room.clock.now = TUESDAY
            assert await room.tick() == []
            assert (room.editions(), room.deliveries()) == ([], [])
            assert room.subscription() == (WEDNESDAY, TUESDAY)

    async def test_is_all_or_nothing(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS)
            before = room.subscription()[1]
            room.clock.now = TUESDAY
            room.execute("ALTER TABLE deliveries RENAME TO elsewhere")
            assert await room.tick() == []
            room.execute("ALTER TABLE elsewhere RENAME TO deliveries")
            assert room.count(tables.Edition) == room.count(tables.EditionStory) == 0
            assert room.subscription() == (TUESDAY + timedelta(minutes=10), before)
            room.clock.pass_time(minutes=10)
            assert [made.story_count for made in await room.tick()] == [1]
            assert len(room.deliveries()) == 1

    async def test_that_fails_stops_no_other(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann"), subscriber("ben"), subscriber("cay")) as room:
            room.publish("aa", GROWS)
            room.execute("UPDATE subscribers SET timezone = 'Nowhere/Land' WHERE name = 'Ben'")
            room.clock.now = TUESDAY
            made = await room.tick()
        assert [edition.address for edition in made] == ["ann@example.org", "cay@example.org"]

    async def test_spans_the_days_on_which_the_clocks_change(self, sqlite_store: Store, tmp_path: Path) -> None:
        opens_at = datetime(2026, 3, 27, 12, tzinfo=UTC)
        ann = subscriber("ann", timezone="Europe/Berlin")
        limits = {"stories_per_watchlist": 50}
        async with open_newsroom(sqlite_store, tmp_path, ann, opens_at=opens_at, digest=limits) as room:
            for _ in range(80):
                room.clock.pass_time(hours=1)
                room.publish("aa", f"Greater Bay Area at {room.clock.now:%d %H:%M}")
                await room.tick()
            editions = room.editions()[1:]
        assert [edition.window_end - edition.window_start for edition in editions] == [23 * HOUR, 24 * HOUR]
        assert [edition.story_count for edition in editions] == [23, 24]
        assert {edition.window_end.astimezone(ZoneInfo("Europe/Berlin")).hour for edition in editions} == {8}

    async def test_waits_with_its_stories_for_as_many_as_it_wants(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann", {"min_stories": 3})) as room:
            before = room.subscription()[1]
            for day, titles, count in ((TUESDAY, (GROWS,), 0), (WEDNESDAY, (SHRINKS, BRIDGE), 3)):
                room.publish("aa", *titles)
                room.clock.now = day
                assert [made.story_count for made in await room.tick()] == [count] * bool(count)
                assert room.subscription() == (day + DAY, WEDNESDAY if count else before)

    async def test_is_sent_empty_to_who_wants_it(self, store: Store, tmp_path: Path) -> None:
        wanting = {"skip_if_empty": False}
        async with open_newsroom(store, tmp_path, subscriber("ann", wanting), subscriber("ben")) as room:
            room.clock.now = TUESDAY
            assert [(made.address, made.story_count) for made in await room.tick()] == [("ann@example.org", 0)]
            assert [delivery.address for delivery in room.deliveries()] == ["ann@example.org"]
            assert room.editions()[0].subject

    async def test_has_no_more_stories_than_its_limit_in_all(self, store: Store, tmp_path: Path) -> None:
        limits = {"stories": 3, "stories_per_watchlist": 2}
        async with open_newsroom(store, tmp_path, subscriber("ann"), digest=limits) as room:
            room.publish("aa", *(f"Greater Bay Area, part {number}" for number in range(4)))
            room.publish("aa", *(f"A bridge, part {number}" for number in range(3)))
            room.clock.now = TUESDAY
            (made,) = await room.tick()
            assert made.story_count == 3
            assert room.count(tables.EditionStory) == 3
            (packed,) = rows(store, tables.EditionCut, "stories")
            assert len(unpack(packed)) == 4

    async def test_tells_later_of_nothing_that_it_cut(self, store: Store, tmp_path: Path) -> None:
        limits = {"stories": 2}
        async with open_newsroom(store, tmp_path, subscriber("ann"), digest=limits) as room:
            room.publish("aa", *(f"Greater Bay Area, part {number}" for number in range(4)))
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 1
            room.publish("bb", *(f"Greater Bay Area, part {number}" for number in range(4)))  # copies of all four
            room.clock.pass_time(days=1)
            assert await room.tick() == []
            room.publish("bb", "Greater Bay Area, part 5")
            room.clock.pass_time(days=1)
            (made,) = await room.tick()
            assert made.story_count == 1

    async def test_rises_above_those_before_it(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            for day in range(10):
                subject = "Typhoon Ragasa" if day == 9 else f"Committee {day}"
                room.publish("aa", *(f"Greater Bay Area and {subject}, part {number}" for number in range(5)))
                room.clock.now = TUESDAY + day * DAY
                await room.tick()
            first, *_, last = room.editions()
        assert "On the rise" not in first.text
        assert "Ragasa" in last.text.partition("On the rise")[2]

    async def test_is_made_with_the_shipped_template_where_the_own_one_fails(
        self, store: Store, tmp_path: Path
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        (own / "digest.txt.j2").write_text("{{ edition.no_such_thing.at_all }}")
        async with open_newsroom(store, tmp_path, subscriber("ann"), digest={"templates": str(own)}) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 1
            assert GROWS in room.editions()[0].text


class TestABatch:
    async def test_leaves_nobody_out(self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """More than go into one, with some at fault, and one subscriber twice."""
        monkeypatch.setattr(digest, "_BATCH", 4)
        monkeypatch.setattr(digest, "PART", 3)
        twice = subscriber("zoe", {"name": "One", "watchlists": ["Bridges"]}, {"name": "Two"})
        names = [f"r{number}" for number in range(11)]
        async with open_newsroom(store, tmp_path, twice, *map(subscriber, names)) as room:
            room.publish("aa", GROWS, BRIDGE)
            room.execute("UPDATE subscribers SET timezone = 'Nowhere/Land' WHERE name IN ('R3', 'R7')")
            room.clock.now = TUESDAY
            made = await room.tick()
            left = [name for name in names if name not in ("r3", "r7")]
            expected = [(f"{name}@example.org", "Digest", 2) for name in left]
            expected += [("zoe@example.org", "One", 1), ("zoe@example.org", "Two", 1)]
            assert sorted((one.address, one.subscription, one.story_count) for one in made) == sorted(expected)
            assert room.count(tables.Edition) == room.count(tables.Delivery) == len(expected)
            late = sa.select(sa.func.count()).where(tables.Subscription.next_due_at == TUESDAY + timedelta(minutes=10))
            with store.read() as session:
                assert session.scalar(late) == 2
            assert await room.tick() == []

    async def test_has_one_body_for_all_whom_it_tells_the_same(self, store: Store, tmp_path: Path) -> None:
        same = [subscriber(f"r{number}") for number in range(5)]
        other = subscriber("zoe", timezone="Asia/Tokyo", locale="zh-Hans")
        async with open_newsroom(store, tmp_path, other, *same) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 6
            assert room.count(tables.Body) == 2
            bodies = rows(store, tables.Edition, "body_id")
        assert bodies == rows(store, tables.Delivery, "body_id")
        assert sorted(Counter(bodies).values()) == [1, 5]

    async def test_begins_anew_where_a_story_was_told_meanwhile(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another process makes an alert of what this batch has chosen and not stored yet."""
        ann = subscriber("ann", {"name": "Digest"}, {"name": "Late", "schedule": "0 20 * * fri"})
        async with open_newsroom(store, tmp_path, ann, subscriber("ben")) as room:
            room.publish("aa", GROWS, BRIDGE)
            room.clock.now = TUESDAY
            in_store = JobContext.in_store
            told: list[MadeEdition | None] = []

            async def tell_between(context: JobContext, work: partial[object]) -> object:
                if work.func is store_steps and not told:
                    with store.read() as session:
                        late = next(one for one in subscriptions_of(session, None, TUESDAY) if one.name == "Late")
                    with store.begin() as session:
                        late = set_due(session, late, TUESDAY)
                    told.append(make_edition(store, context.renderer, context.settings, late, TUESDAY))
                    room.publish("aa", SHRINKS)
                return await in_store(context, work)

            monkeypatch.setattr(JobContext, "in_store", tell_between)
            made = await room.tick()
        assert [(one.address, one.story_count) for one in made] == [("ann@example.org", 1), ("ben@example.org", 3)]
        assert told[0] is not None and told[0].story_count == 2

    async def test_is_made_once_by_two_processes(self, store: Store, tmp_path: Path) -> None:
        names = [f"r{number:02}" for number in range(30)]
        async with open_newsroom(store, tmp_path, *map(subscriber, names)) as room:
            room.publish("aa", GROWS, BRIDGE)
            url = store.url.render_as_string(hide_password=False)
            store.close()
            made = race_processes(make_in_process, [url, url])
            assert sorted(chain(*made)) == [f"{name}@example.org" for name in names]
            assert room.count(tables.Edition) == room.count(tables.Delivery) == 30
            assert room.count(tables.EditionStory) == 60
            assert await room.tick() == []

    @pytest.mark.parametrize("statement", [22, 45])
    async def test_whose_maker_is_killed_is_made_once_by_the_next(
        self, store: Store, tmp_path: Path, statement: int
    ) -> None:
        names = [f"r{number:02}" for number in range(12)]
        async with open_newsroom(store, tmp_path, *map(subscriber, names)) as room:
            room.publish("aa", GROWS, BRIDGE)
            url = store.url.render_as_string(hide_password=False)
            store.close()
            child = multiprocessing.get_context("spawn").Process(target=make_until_killed, args=(url, statement))
            child.start()
            child.join(60)
            assert child.exitcode == -signal.SIGKILL
            before = room.count(tables.Edition)
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 12 - before
            assert 0 <= before < 12
            assert room.count(tables.Edition) == room.count(tables.Delivery) == 12
            assert room.count(tables.EditionStory) == 24
            assert len(set(rows(store, tables.Delivery, "address"))) == 12


def make_in_process(url: str) -> list[str]:
    """Make what is due on Tuesday; returns the addresses."""

    async def make(store: Store) -> list[str]:
        async with open_context(Settings.model_validate(SETTINGS), store) as context:
            context.clock = lambda: TUESDAY
            return [made.address for made in await make_due_editions(context)]

    digest._BATCH = 5
    with closing(Store(url)) as store:
        return asyncio.run(make(store))


def make_until_killed(url: str, statement: int) -> None:
    """The same, by a process that dies before it sends so many statements to the database."""
    sent = count(1)

    def die(*_: object) -> None:
        if next(sent) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    make_in_process(url)


class TestAStory:
    async def test_is_told_once(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            await room.tick()
            room.publish("bb", GROWS)  # the same text in another source
            room.publish("aa", BRIDGE)
            room.clock.now = WEDNESDAY
            await room.tick()
            first, second = room.editions()
        assert GROWS in first.text
        assert GROWS not in second.text
        assert BRIDGE in second.text

    async def test_is_told_once_over_two_subscriptions(self, store: Store, tmp_path: Path) -> None:
        ann = subscriber(
            "ann",
            {"name": "Wide", "watchlists": ["Bay Area", "Bridges"]},
            {"name": "Narrow", "watchlists": ["Bay Area"]},
        )
        async with open_newsroom(store, tmp_path, ann, subscriber("ben")) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            told = {(made.address, made.subscription) for made in await room.tick()}
        assert ("ben@example.org", "Digest") in told
        assert sum(address == "ann@example.org" for address, _ in told) == 1

    async def test_reaches_who_subscribed_to_its_watchlist_alone(self, store: Store, tmp_path: Path) -> None:
        ann, ben = (subscriber(name, {"watchlists": [of]}) for name, of in (("ann", "Chips"), ("ben", "Bridges")))
        async with open_newsroom(store, tmp_path, ann, ben) as room:
            room.publish("aa", BRIDGE)
            room.clock.now = TUESDAY
            assert [made.address for made in await room.tick()] == ["ben@example.org"]

    async def test_cut_by_the_limit_is_counted_and_not_told_later(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann"), digest={"stories_per_watchlist": 2}) as room:
            room.publish("aa", *(f"Greater Bay Area, part {number}" for number in range(5)))
            room.clock.now = TUESDAY
            (made,) = await room.tick()
            room.publish("aa", SHRINKS)
            room.clock.now = WEDNESDAY
            await room.tick()
            first, second = room.editions()
        assert made.story_count == first.story_count == 2
        assert "And 3 more" in first.text
        assert second.story_count == 1
        assert "part" not in second.text

    async def test_stored_late_is_told_in_the_next_edition(self, store: Store, tmp_path: Path) -> None:
        """A poll may begin before an edition and commit after it."""
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            await room.tick()
            room.clock.now = TUESDAY - timedelta(minutes=20)
            room.publish("bb", SHRINKS)
            room.clock.now = WEDNESDAY
            await room.tick()
            assert SHRINKS in room.editions()[1].text

    async def test_stands_under_its_rarest_watchlist_and_names_the_others(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", GROWS, SHRINKS, "A bridge for the Greater Bay Area")
            room.publish("bb", "A bridge for the Greater Bay Area")
            room.clock.now = TUESDAY
            await room.tick()
            text = room.editions()[0].text
        bay_area, bridges = text.index("=\nBay Area"), text.index("=\nBridges")
        assert bay_area < text.index(GROWS) < bridges
        assert text.index("A bridge for the Greater Bay Area") > bridges
        assert text.count("A bridge for the Greater Bay Area\n") == 1
        assert "BB" in text[bridges:]

    async def test_that_was_updated_is_told_again_once(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            texts = ("The Greater Bay Area ferry sank.", "The Greater Bay Area ferry sank, and 12 people drowned.")
            for day, text in zip((TUESDAY, WEDNESDAY), texts, strict=True):
                room.publish("aa", "Ferry", guid="ferry", text=text)
                room.clock.now = day
                assert [made.story_count for made in await room.tick()] == [1]
            room.clock.pass_time(days=1)
            assert await room.tick() == []
        assert rows(store, tables.EditionStory, "telling", "revision") == [(0, 1), (1, 2)]

    async def test_of_a_switched_off_watchlist_is_not_told(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            room.publish("aa", BRIDGE, GROWS)
            room.execute("UPDATE watchlists SET enabled = false WHERE name = 'Bridges'")
            room.clock.now = TUESDAY
            await room.tick()
            assert BRIDGE not in room.editions()[0].text


class TestAnInstantSubscription:
    ALERTS = subscriber("ann", {"name": "Alerts", "schedule": "instant", "watchlists": ["Bay Area"]})

    async def test_tells_of_a_match_at_the_next_tick_and_then_nothing(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, self.ALERTS) as room:
            assert await room.tick() == []
            for title in (GROWS, SHRINKS):
                room.clock.pass_time(minutes=3)
                room.publish("aa", title)
                assert room.subscription("Alerts")[0] == room.clock.now
                assert [made.story_count for made in await room.tick()] == [1]
                assert room.subscription("Alerts")[0] is None
                assert await room.tick() == []
            assert [title in room.editions()[1].text for title in (GROWS, SHRINKS)] == [False, True]

    async def test_is_not_woken_by_what_it_does_not_watch(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, self.ALERTS) as room:
            await room.tick()
            room.publish("aa", BRIDGE, "Weather")
            assert room.subscription("Alerts")[0] is None

    async def test_tells_of_all_that_came_while_nothing_ran_at_once(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, self.ALERTS) as room:
            for title in (GROWS, SHRINKS):
                room.publish("aa", title)
                room.clock.pass_time(days=2)
            assert [made.story_count for made in await room.tick()] == [2]

    async def test_waits_in_quiet_hours_and_tells_of_all_at_their_end(self, store: Store, tmp_path: Path) -> None:
        quiet = self.ALERTS | {"quiet_hours": "22:00-07:00", "timezone": "Asia/Hong_Kong"}
        end = datetime(2026, 3, 2, 23, tzinfo=UTC)
        async with open_newsroom(store, tmp_path, quiet) as room:
            await room.tick()
            for hours, title in ((5, GROWS), (3, SHRINKS)):  # 22:30 and 01:30 there
                room.clock.pass_time(hours=hours)
                room.publish("aa", title)
                assert await room.tick() == []
                assert room.subscription("Alerts")[0] == end
            room.clock.now = end
            assert [made.story_count for made in await room.tick()] == [2]
            room.clock.pass_time(minutes=1)
            room.publish("aa", "Greater Bay Area wakes")
            assert [made.story_count for made in await room.tick()] == [1]

    async def test_is_never_sent_empty(self, store: Store, tmp_path: Path) -> None:
        alerts = subscriber("ann", {"name": "Alerts", "schedule": "instant", "skip_if_empty": False})
        async with open_newsroom(store, tmp_path, alerts) as room:
            room.publish("aa", GROWS)
            assert len(await room.tick()) == 1
            room.publish("bb", GROWS)
            assert room.subscription("Alerts")[0] == room.clock.now
            assert await room.tick() == []

    async def test_waits_for_as_many_as_it_wants(self, store: Store, tmp_path: Path) -> None:
        alerts = subscriber("ann", {"name": "Alerts", "schedule": "instant", "min_stories": 2})
        async with open_newsroom(store, tmp_path, alerts) as room:
            for title, counts in ((GROWS, []), (SHRINKS, [2])):
                room.clock.pass_time(hours=3)
                room.publish("aa", title)
                assert [made.story_count for made in await room.tick()] == counts

    async def test_says_nothing_of_a_story_it_told(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, self.ALERTS) as room:
            room.publish("aa", GROWS)
            assert len(await room.tick()) == 1
            room.publish("bb", GROWS)
            assert await room.tick() == []


CONFIGURED: dict[str, Any] = {
    "room": {"apprise": "json://chat.example"},
    "hook": {"webhook": "https://hook.example/", "secret": "whispered"},
}


class TestChannels:
    @pytest.mark.parametrize(
        ("channels", "delivered"),
        [
            (["mail"], [("mail", "ann@example.org")]),
            (["mail", "room", "hook"], [("mail", "ann@example.org"), ("room", "room"), ("hook", "hook")]),
            (["hook"], [("hook", "hook")]),
            (["gone", "room"], [("room", "room")]),
            (["gone"], []),
        ],
    )
    async def test_each_get_every_edition_in_their_own_form(
        self, store: Store, tmp_path: Path, channels: list[str], delivered: list[tuple[str, str]]
    ) -> None:
        ann = subscriber("ann", {"channels": channels})
        async with open_newsroom(store, tmp_path, ann, channels=CONFIGURED) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 1
            (edition,) = room.editions()
        assert GROWS in edition.html  # there is a page of it, whatever it is sent by
        assert rows(store, tables.Delivery, "channel", "address") == delivered
        bodies = dict(rows(store, tables.Body, "id", "text"))
        texts = {channel: bodies[body_id] for channel, body_id in rows(store, tables.Delivery, "channel", "body_id")}
        assert all(GROWS in text for text in texts.values())
        if "hook" in texts:
            assert json.loads(texts["hook"])["figures"]["stories"] == 1
        assert texts.get("mail", edition.text) == edition.text

    async def test_have_their_bodies_made_once_for_all(self, store: Store, tmp_path: Path) -> None:
        readers = [subscriber(f"r{number}", {"channels": ["room", "hook"]}) for number in range(3)]
        async with open_newsroom(store, tmp_path, *readers, channels=CONFIGURED) as room:
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert len(await room.tick()) == 3
            assert (room.count(tables.Body), room.count(tables.Delivery)) == (3, 6)


class TestAPausedSubscriber:
    async def test_gets_nothing_until_resumed_and_then_one_edition(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            with store.begin() as session:
                set_paused(session, 1, True)
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert await room.tick() == []
            with store.begin() as session:
                set_paused(session, 1, False)
            assert [made.story_count for made in await room.tick()] == [1]


class TestAPreview:
    async def test_shows_what_would_be_made_and_stores_nothing(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(
            store, tmp_path, subscriber("ann"), subscriber("ben", {"watchlists": ["Chips"]})
        ) as room:
            room.publish("aa", GROWS)
            context, now = room.context, TUESDAY
            ann, ben = preview_editions(store, context.renderer, context.settings, email=None, now=now)
            assert (room.editions(), room.deliveries()) == ([], [])
            room.clock.now = TUESDAY
            await room.tick()
            (edition,) = room.editions()
        assert ann[1] is not None
        assert ann[1].body == Body(edition.subject, edition.html, edition.text)
        assert ben[1] is None

    async def test_shows_few_stories_of_who_would_wait_and_an_empty_mail_of_who_wants_it(
        self, store: Store, tmp_path: Path
    ) -> None:
        ann = subscriber("ann", {"min_stories": 5, "watchlists": ["Bay Area"]})
        ben = subscriber("ben", {"skip_if_empty": False, "watchlists": ["Chips"]})
        async with open_newsroom(store, tmp_path, ann, ben) as room:
            room.publish("aa", GROWS)
            context = room.context
            shown = preview_editions(store, context.renderer, context.settings, email=None, now=TUESDAY)
        assert [rendered and len(rendered.story_ids) for _, rendered in shown] == [1, 0]


class TestSendingNow:
    async def test_waits_for_neither_the_end_of_quiet_hours_nor_more_stories(
        self, store: Store, tmp_path: Path
    ) -> None:
        wanted = {"schedule": "instant", "min_stories": 5}
        async with open_newsroom(store, tmp_path, subscriber("ann", wanted, quiet_hours="00:00-23:59")) as room:
            room.publish("aa", GROWS)
            assert await room.tick() == []
            context = room.context
            ((_, made, _),) = send_now(store, context.renderer, context.settings, email=None, now=room.clock.now)
            assert made is not None and made.story_count == 1

    async def test_says_what_went_wrong_and_goes_on(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann"), subscriber("ben")) as room:
            room.publish("aa", GROWS)
            room.execute("UPDATE subscribers SET timezone = 'Nowhere/Land' WHERE name = 'Ann'")
            context = room.context
            ann, ben = send_now(store, context.renderer, context.settings, email=None, now=room.clock.now)
        assert ann[1] is None and "Nowhere/Land" in str(ann[2])
        assert ben[1] is not None and ben[2] is None

    async def test_makes_the_edition_early_and_leaves_the_schedule(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann"), subscriber("ben")) as room:
            room.publish("aa", GROWS)
            ((_, made, _),) = send_now(
                store, room.context.renderer, room.context.settings, email="Ann@Example.org", now=room.clock.now
            )
            assert made is not None
            assert made.story_count == 1
            room.publish("aa", SHRINKS)
            room.clock.now = TUESDAY
            counts = {edition.address: edition.story_count for edition in await room.tick()}
        assert counts == {"ann@example.org": 1, "ben@example.org": 2}

    async def test_with_nothing_to_tell_makes_nothing(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            ((_, made, _),) = send_now(store, room.context.renderer, room.context.settings, email=None, now=NOW)
            assert made is None
            assert room.subscription()[0] == TUESDAY
            assert room.editions() == []


@pytest.mark.parametrize(
    ("opens_at", "days"),
    [
        (datetime(2026, 3, 27, 23, tzinfo=UTC), [28, 29, 30]),  # at 02:00 on the 29th it is 03:00
        (datetime(2026, 10, 23, 22, tzinfo=UTC), [24, 25, 26]),  # at 03:00 on the 25th it is 02:00 again
    ],
)
async def test_daily_at_half_past_two_comes_once_a_day_when_the_clocks_change(
    sqlite_store: Store, tmp_path: Path, opens_at: datetime, days: list[int]
) -> None:
    ann = subscriber("ann", {"schedule": "30 2 * * *"}, timezone="Europe/Berlin")
    async with open_newsroom(sqlite_store, tmp_path, ann, opens_at=opens_at) as room:
        for hour in range(60):
            room.publish("aa", f"Greater Bay Area, hour {hour}")
            room.clock.pass_time(hours=1)
            await room.tick()
        due = [edition.due_at.astimezone(ZoneInfo("Europe/Berlin")) for edition in room.editions()]
    assert [time.day for time in due] == days
