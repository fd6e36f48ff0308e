from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from feedwatch.jobs.digest import make_edition, preview_editions, send_now
from feedwatch.store import tables
from feedwatch.store.subscribers import due_subscriptions, pause_subscriber
from tests.integration.jobs.newsroom import NOW, open_newsroom, subscriber
from tests.integration.store.racing import race

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.store import Store

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

    async def test_says_nothing_of_a_story_it_told(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, self.ALERTS) as room:
            room.publish("aa", GROWS)
            assert len(await room.tick()) == 1
            room.publish("bb", GROWS)
            assert await room.tick() == []


class TestAPausedSubscriber:
    async def test_gets_nothing_until_resumed_and_then_one_edition(self, store: Store, tmp_path: Path) -> None:
        async with open_newsroom(store, tmp_path, subscriber("ann")) as room:
            with store.begin() as session:
                pause_subscriber(session, "ann@example.org", paused=True)
            room.publish("aa", GROWS)
            room.clock.now = TUESDAY
            assert await room.tick() == []
            with store.begin() as session:
                pause_subscriber(session, "ann@example.org", paused=False)
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
        assert (ann[1].subject, ann[1].text, ann[1].html) == (edition.subject, edition.text, edition.html)
        assert ben[1] is None


class TestSendingNow:
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
