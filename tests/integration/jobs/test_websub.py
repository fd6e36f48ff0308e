"""WebSub from end to end: feedwatch, a source's server and a hub, each listening on a socket of its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from feedwatch.fetch import names
from feedwatch.store import tables
from tests.httpserver import FeedServer
from tests.hub import Hub
from tests.integration.jobs.newsroom import NOW
from tests.integration.web.room import Room, open_room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def room(sqlite_store: Store, tmp_path: Path, server: FeedServer) -> AsyncIterator[Room]:
    async with open_room(sqlite_store, tmp_path, server) as opened:
        yield opened


async def subscribe(room: Room, hub: Hub) -> None:
    """Learn of the hub, ask it, and let it verify."""
    room.want(hub)
    await room.ask()
    await hub.settled()


async def test_a_source_that_names_a_hub_is_pushed_until_the_hub_dies_and_then_polled(
    store: Store, tmp_path: Path, server: FeedServer, hub: Hub
) -> None:
    async with open_room(store, tmp_path, server) as room:
        # The poll learns of the hub; the hub is asked, and verifies.
        room.serve("First bridge", hub=hub)
        await room.poll()
        assert room.lease().state == "wanted"
        assert (await room.ask()).outcomes == {"accepted": 1}
        await hub.settled()
        (asked,) = hub.requests
        assert asked == {
            "hub.mode": "subscribe",
            "hub.topic": room.topic(),
            "hub.callback": room.callback(),
            "hub.secret": room.secret(),
            "hub.lease_seconds": "864000",
        }
        assert (hub.verifications, room.lease().state) == ([200], "active")

        # What is published is stored and matched when the hub has its answer.
        pushed = room.serve("Second bridge", "First bridge", hub=hub)
        begun = perf_counter()
        assert await hub.publish(room.topic(), pushed) == [204]
        assert perf_counter() - begun < 5  # seconds; 0.05 where nothing else runs
        assert room.titles() == room.matched_titles() == ["First bridge", "Second bridge"]
        assert room.lease().last_pushed_at == NOW

        # The lease is renewed before it ends, under the same callback.
        room.clock.now = room.lease().next_attempt_at
        assert room.clock.now == NOW + 8 * DAY
        assert (await room.ask()).outcomes == {"accepted": 1}
        await hub.settled()
        assert [form["hub.callback"] for form in hub.requests] == [room.callback()] * 2
        assert room.lease().lease_until == NOW + 18 * DAY

        # The hub dies: the next poll finds what it does not push, and the lease runs out.
        await hub.stop()
        room.serve("Third bridge", "Second bridge", hub=hub)
        assert (await room.poll()).new_items == 1
        assert room.matched_titles() == ["First bridge", "Second bridge", "Third bridge"]
        room.clock.now = NOW + 19 * DAY
        ((source, why),) = (await room.ask()).errors
        assert (source, why) == ("rthk", f"the hub {hub.url} refused the connection or could not be reached")
        assert (room.lease().state, room.lease().last_error) == ("asked", why)


class TestAHubThat:
    async def test_verifies_before_it_answers_is_understood(self, room: Room, hub: Hub) -> None:
        hub.at_once, hub.answers = True, 204
        await subscribe(room, hub)
        assert hub.verifications == [200]
        assert (room.lease().state, room.lease().next_attempt_at) == ("active", NOW + 8 * DAY)

    async def test_verifies_another_topic_is_not_agreed_with(self, room: Room, hub: Hub) -> None:
        hub.wrong_topic = True
        await subscribe(room, hub)
        assert hub.verifications == [404]
        assert room.lease().state == "asked"

    async def test_never_verifies_is_asked_again_later(self, room: Room, hub: Hub) -> None:
        hub.verifies = False
        await subscribe(room, hub)
        assert (room.lease().state, room.lease().next_attempt_at) == ("asked", NOW + 5 * MINUTE)
        room.clock.pass_time(minutes=4)
        assert (await room.ask()).outcomes == {}
        room.clock.pass_time(minutes=1)
        assert (await room.ask()).outcomes == {"accepted": 1}

    async def test_denies_says_why_and_is_asked_again_after_a_day(self, room: Room, hub: Hub) -> None:
        hub.denies = "not this\x1b[31m topic"
        await subscribe(room, hub)
        lease = room.lease()
        assert (lease.state, lease.next_attempt_at) == ("denied", NOW + DAY)
        assert lease.last_error == f"the hub {hub.url} will not push: not this [31m topic"
        hub.denies = None
        room.clock.now = NOW + DAY
        await room.ask()
        await hub.settled()
        assert (room.lease().state, room.lease().last_error) == ("active", None)

    async def test_denies_what_it_had_granted_is_believed(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        assert (await hub.call_back(room.callback(), mode="denied", topic=room.topic()))[:2] == (200, "")
        assert (room.lease().state, room.lease().lease_until) == ("denied", None)

    @pytest.mark.parametrize(
        "granted, lease, renewal",
        [
            ("1", timedelta(seconds=1), 10 * MINUTE),
            ("7200", timedelta(hours=2), timedelta(hours=1)),
            (None, DAY, DAY * 0.8),
            ("99999999999", 30 * DAY, 24 * DAY),
        ],
    )
    async def test_grants_what_it_likes_is_taken_within_bounds(
        self, room: Room, hub: Hub, granted: str | None, lease: timedelta, renewal: timedelta
    ) -> None:
        hub.lease_seconds = granted
        await subscribe(room, hub)
        assert (room.lease().lease_until, room.lease().next_attempt_at) == (NOW + lease, NOW + renewal)

    async def test_fails_is_asked_later_and_later(self, room: Room, hub: Hub) -> None:
        hub.answers, hub.says = 500, "out of\r\nmemory" + "!" * 1000
        await subscribe(room, hub)
        waits = []
        for _ in range(4):
            waits.append((room.lease().next_attempt_at - room.clock.now) / MINUTE)
            room.clock.now = room.lease().next_attempt_at
            await room.ask()
        assert waits == [1, 2, 4, 8]
        error = room.lease().last_error or ""
        assert error.startswith(f"the hub {hub.url} answered HTTP 500: out of memory!!!")
        assert len(error) < 300
        hub.answers = 202
        room.clock.now = room.lease().next_attempt_at
        await room.ask()
        await hub.settled()
        assert (room.lease().state, room.lease().attempts, room.lease().last_error) == ("active", 0, None)

    async def test_is_busy_is_left_alone_for_as_long_as_it_asks(self, room: Room, hub: Hub) -> None:
        hub.answers, hub.retry_after = 503, "7200"
        await subscribe(room, hub)
        assert room.lease().next_attempt_at == NOW + 120 * MINUTE

    async def test_does_not_answer_is_asked_once_a_round(
        self, sqlite_store: Store, tmp_path: Path, server: FeedServer, hub: Hub
    ) -> None:
        hub.answers_after = 30
        async with open_room(sqlite_store, tmp_path, server, fetch={"timeout": "1s"}) as room:
            room.want(hub, "rthk", "scmp")
            report = await room.ask()
            assert len(hub.requests) == 1
            assert report.outcomes == {"refused": 2}
            assert {why for _, why in report.errors} == {f"the hub {hub.url} did not finish within 1 s"}
            assert [room.lease(source).next_attempt_at for source in (1, 2)] == [NOW + MINUTE] * 2

    @pytest.mark.parametrize("status", [307, 308])
    async def test_leads_to_another_is_followed(self, room: Room, hub: Hub, status: int) -> None:
        async with Hub(answers=status, redirects_to=hub.url) as former:
            await subscribe(room, former)
        await hub.settled()
        assert len(former.requests) == len(hub.requests) == 1
        assert former.requests == hub.requests
        assert room.lease().state == "active"

    @pytest.mark.parametrize("status", [301, 302, 303])
    async def test_leads_astray_is_not_followed(self, room: Room, hub: Hub, status: int) -> None:
        async with Hub(answers=status, redirects_to=hub.url) as former:
            await subscribe(room, former)
        assert hub.requests == []
        assert room.lease().last_error == f"the hub {former.url} answered HTTP {status}"

    async def test_leads_to_itself_is_left(self, room: Room, hub: Hub) -> None:
        hub.answers, hub.redirects_to = 307, hub.url
        await subscribe(room, hub)
        assert len(hub.requests) == 1
        assert "redirects in a circle" in (room.lease().last_error or "")

    async def test_leads_to_a_private_host_is_not_followed(self, room: Room, hub: Hub) -> None:
        hub.answers, hub.redirects_to = 307, hub.url.replace("127.0.0.1", "localhost")
        await subscribe(room, hub)
        assert len(hub.requests) == 1
        assert "add 'localhost' to fetch.allow_private_hosts" in (room.lease().last_error or "")

    async def test_lives_at_a_private_address_is_not_asked(
        self, sqlite_store: Store, tmp_path: Path, server: FeedServer, hub: Hub
    ) -> None:
        async with open_room(sqlite_store, tmp_path, server) as room:
            room.want(hub)
            fetch = room.context.settings.fetch.model_copy(update={"allow_private_hosts": ()})
            room.context.settings = room.context.settings.model_copy(update={"fetch": fetch})
            await room.ask()
            assert hub.requests == []
            assert "leads to the private address 127.0.0.1" in (room.lease().last_error or "")

    async def test_leads_elsewhere_once_it_was_checked_is_not_reached(
        self, room: Room, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def look_up(_host: str) -> tuple[str, ...]:
            return ("93.184.215.14",)  # and the connection's own look-up says 127.0.0.1 (DNS rebinding)

        monkeypatch.setattr(names, "look_up", look_up)
        hub.url = hub.url.replace("127.0.0.1", "localhost")
        await subscribe(room, hub)
        assert hub.requests == []
        assert "leads to the private address" in (room.lease().last_error or "")


class TestAPush:
    async def test_signed_wrongly_is_acknowledged_and_ignored(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        forged = room.serve("Forged bridge", hub=hub)
        assert await hub.publish(room.topic(), forged, secret="guessed") == [204]
        assert room.titles() == []
        assert room.lease().last_pushed_at is None
        assert room.lease().last_error == (
            "something was pushed that bore a wrong signature, and was ignored (WebSub, 7.1)"
        )

    async def test_without_a_signature_is_acknowledged_and_ignored(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        unsigned = room.serve("Unsigned bridge", hub=hub)
        assert await hub.publish(room.topic(), unsigned, headers={"X-Hub-Signature": ""}) == [204]
        assert room.titles() == []

    @pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
    async def test_signed_by_any_method_of_websub_is_believed(self, room: Room, hub: Hub, method: str) -> None:
        await subscribe(room, hub)
        assert await hub.publish(room.topic(), room.serve("Second bridge", hub=hub), method=method) == [204]
        assert room.titles() == ["Second bridge"]

    async def test_that_comes_again_changes_nothing(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        pushed = room.serve("Second bridge", "First bridge", hub=hub)
        assert [await hub.publish(room.topic(), pushed) for _ in range(3)] == [[204]] * 3
        assert room.titles() == ["First bridge", "Second bridge"]
        assert (await room.poll()).new_items == 0

    async def test_of_the_new_entries_alone_will_do(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        for title in ("First bridge", "Second bridge"):  # a hub may leave out what was delivered (WebSub, 7)
            assert await hub.publish(room.topic(), room.serve(title, hub=hub)) == [204]
        room.serve("Second bridge", "First bridge", hub=hub)
        assert (await room.poll()).new_items == 0
        assert room.titles() == ["First bridge", "Second bridge"]

    async def test_that_cannot_be_read_is_acknowledged_and_polled_for(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        await hub.publish(room.topic(), room.serve("Second bridge", hub=hub))
        assert await hub.publish(room.topic(), b"<html>sorry</html>", content_type="text/html") == [204]
        assert room.lease().last_pushed_at is None  # no longer relied on
        assert "what its hub pushed cannot be read" in (room.lease().last_error or "")
        room.serve("Third bridge", hub=hub)
        assert (await room.poll()).new_items == 1

    async def test_during_a_poll_loses_and_doubles_nothing(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        pushed = room.serve("Second bridge", "First bridge", hub=hub)
        statuses, _ = await asyncio.gather(hub.publish(room.topic(), pushed), room.poll())
        assert statuses == [204]
        assert room.titles() == ["First bridge", "Second bridge"]


class TestTheEnd:
    async def test_of_a_hub_that_is_named_no_more_is_an_unsubscription(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        assert len(hub.subscriptions) == 1
        room.serve("Second bridge", hub=None)
        await room.poll()
        assert room.lease().state == "unwanted"
        await room.ask()
        await hub.settled()
        asked = hub.requests[-1]
        assert (asked["hub.mode"], asked["hub.topic"]) == ("unsubscribe", room.topic())
        assert "hub.secret" not in asked
        assert (hub.verifications, hub.subscriptions) == ([200, 200], {})
        assert not room.has_lease()

    async def test_of_a_hub_that_is_replaced_comes_with_its_next_push(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        async with Hub() as successor:
            await subscribe(room, successor)
            pushed = room.serve("Second bridge", hub=successor)
            assert await hub.publish(room.topic(), pushed) == [410]
            assert hub.subscriptions == {}
            assert await successor.publish(room.topic(), pushed) == [204]
        assert room.titles() == ["Second bridge"]

    async def test_of_a_disabled_source_comes_with_its_next_push(self, room: Room, hub: Hub) -> None:
        await subscribe(room, hub)
        room.change(tables.Source, enabled=False)
        assert await hub.publish(room.topic(), room.serve("Second bridge", hub=hub)) == [410]
        assert room.titles() == []
        assert not room.has_lease()


async def test_without_a_public_url_no_hub_is_asked(
    sqlite_store: Store, tmp_path: Path, server: FeedServer, hub: Hub
) -> None:
    async with open_room(sqlite_store, tmp_path, server, is_served=False) as room:
        await subscribe(room, hub)
        assert hub.requests == []
        assert room.lease().state == "wanted"
