"""Promise 3 with a server that misbehaves: each mail is accepted at least once, and twice in the named gap alone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.jobs.deliver import DeliveryReport, send_due
from feedwatch.store import tables
from tests.integration.deliver.outbox import NOW, fill_outbox, mail_settings, outbox_context, states
from tests.smtpserver import Script, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.settings import Settings
    from feedwatch.store import Store

COUNT = 60
READERS = [f"r{number}@example{number % 3}.org" for number in range(COUNT)]
FIRST = READERS[0]


def smtp(server: SmtpServer, **changes: Any) -> dict[str, Any]:
    return {"port": server.port} | changes


async def send(store: Store, settings: Settings, *, later: float = 0) -> DeliveryReport:
    """Empty the outbox, so many seconds later than it was filled, as a process that was just started."""
    async with outbox_context(settings, store, NOW + timedelta(seconds=later)) as context:
        return await send_due(context)


def arrived(server: SmtpServer) -> Counter[str]:
    """How often each reader's mail came."""
    mails = server.mails()
    message_ids = {mail.recipients[0]: mail.message["Message-ID"] for mail in mails}
    assert len(set(message_ids.values())) == len(message_ids)
    assert all(mail.message["Message-ID"] == message_ids[mail.recipients[0]] for mail in mails)
    return Counter(mail.recipients[0] for mail in mails)


def _later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


ONCE = Counter(READERS)


@pytest.mark.parametrize("pipelining", [False, True])
class TestAServer:
    async def test_that_takes_everything_gets_each_mail_once(
        self, store: Store, tmp_path: Path, pipelining: bool
    ) -> None:
        fill_outbox(store, READERS)
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining)) as server:
            report = await send(store, mail_settings(tmp_path, smtp(server, connections=3)))
            assert arrived(server) == ONCE
            assert {mail.was_pipelined for mail in server.mails()} == {pipelining}
            assert {mail.connection for mail in server.mails()} == {1, 2, 3}
        assert report.states == {"sent": COUNT}
        assert set(states(store).values()) == {"sent"}

    async def test_that_refuses_one_recipient_gets_the_others_and_the_refused_is_dead(
        self, sqlite_store: Store, tmp_path: Path, pipelining: bool
    ) -> None:
        fill_outbox(sqlite_store, READERS)
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining, refuse_recipients=(FIRST,))) as server:
            report = await send(sqlite_store, mail_settings(tmp_path, smtp(server)))
            assert arrived(server) == ONCE - Counter([FIRST])
        assert report.states == {"sent": COUNT - 1, "dead": 1}
        assert report.errors == [(FIRST, f"127.0.0.1:{server.port} refused it: 550 5.1.1 no such user here")]

    async def test_that_greylists_takes_each_at_the_second_try(
        self, sqlite_store: Store, tmp_path: Path, pipelining: bool
    ) -> None:
        fill_outbox(sqlite_store, READERS)
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining, greylist=("*",))) as server:
            settings = mail_settings(tmp_path, smtp(server))
            assert (await send(sqlite_store, settings)).states == {"retry": COUNT}
            assert (await send(sqlite_store, settings, later=59)).states == {}
            assert (await send(sqlite_store, settings, later=60)).states == {"sent": COUNT}
            assert arrived(server) == ONCE

    async def test_that_drops_the_line_behind_five_mails_gets_these_twice_and_no_other(
        self, sqlite_store: Store, tmp_path: Path, pipelining: bool
    ) -> None:
        fill_outbox(sqlite_store, READERS)
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining, drop_after_data=5)) as server:
            settings = mail_settings(tmp_path, smtp(server))
            assert (await send(sqlite_store, settings)).states == {"sent": COUNT - 5, "retry": 5}
            assert (await send(sqlite_store, settings, later=60)).states == {"sent": 5}
            assert sorted(arrived(server).values()) == [1] * (COUNT - 5) + [2] * 5

    @pytest.mark.parametrize("script", [{"close_after": 7}, {"mails_per_connection": 7}], ids=["close", "421"])
    async def test_that_has_enough_after_some_mails_gets_all_by_other_connections(
        self, sqlite_store: Store, tmp_path: Path, pipelining: bool, script: dict[str, Any]
    ) -> None:
        fill_outbox(sqlite_store, READERS)
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining, **script)) as server:
            report = await send(sqlite_store, mail_settings(tmp_path, smtp(server)))
            assert arrived(server) == ONCE
            assert max(Counter(mail.connection for mail in server.mails()).values()) == 7
        assert report.states == {"sent": COUNT}

    async def test_that_answers_slowly_gets_each_once(
        self, sqlite_store: Store, tmp_path: Path, pipelining: bool
    ) -> None:
        fill_outbox(sqlite_store, READERS[:12])
        with SmtpServer(tmp_path / "mails", Script(pipelining=pipelining, delay_s=0.1)) as server:
            report = await send(sqlite_store, mail_settings(tmp_path, smtp(server)))
            assert arrived(server) == Counter(READERS[:12])
        assert report.states == {"sent": 12}


async def test_a_connection_carries_no_more_mails_than_it_may(sqlite_store: Store, tmp_path: Path) -> None:
    fill_outbox(sqlite_store, READERS)
    with SmtpServer(tmp_path / "mails") as server:
        await send(sqlite_store, mail_settings(tmp_path, smtp(server, mails_per_connection=8)))
        assert arrived(server) == ONCE
        assert max(Counter(mail.connection for mail in server.mails()).values()) == 8


class TestAServerThatIsDown:
    async def test_is_tried_with_few_and_each_keeps_its_turn_and_its_tries(self, store: Store, tmp_path: Path) -> None:
        fill_outbox(store, READERS)
        with SmtpServer(tmp_path / "mails") as server:
            pass  # its port is free now, and nobody answers there
        settings = mail_settings(tmp_path, smtp(server, connections=1))
        async with outbox_context(settings, store) as context:
            assert (await send_due(context)).states == {"retry": 1}
            assert (await send_due(context)).states == {}, "it rests"
            with store.read() as session:
                kept = session.execute(sa.select(tables.Delivery.attempts, tables.Delivery.next_attempt_at)).all()
            assert {tuple(row) for row in kept} == {(0, NOW)}
            context.clock = lambda: NOW + timedelta(seconds=10)
            assert (await send_due(context)).states == {"retry": 1}, "one is enough to find out"
            with server:
                context.clock = lambda: NOW + timedelta(seconds=30)
                assert (await send_due(context)).states == {"sent": COUNT}
                assert arrived(server) == ONCE

    async def test_for_longer_than_mails_are_tried_means_that_they_are_given_up(
        self, store: Store, tmp_path: Path
    ) -> None:
        fill_outbox(store, READERS)
        with SmtpServer(tmp_path / "mails") as server:
            pass
        await send(store, mail_settings(tmp_path, smtp(server)), later=timedelta(days=2, seconds=1).total_seconds())
        assert set(states(store).values()) == {"dead"}

    async def test_for_our_sender_is_no_fault_of_the_mails(self, sqlite_store: Store, tmp_path: Path) -> None:
        fill_outbox(sqlite_store, READERS)
        with SmtpServer(tmp_path / "mails", Script(refuse_sender="553 5.7.1 not your sender")) as server:
            report = await send(sqlite_store, mail_settings(tmp_path, smtp(server, connections=1)))
        assert report.states == {"retry": 1}
        assert "refuses the sender watch@example.org: 553 5.7.1 not your sender" in report.errors[0][1]
        assert "dead" not in states(sqlite_store).values()


class TestRates:
    async def test_a_domain_that_has_its_fill_holds_up_no_other(self, store: Store, tmp_path: Path) -> None:
        fill_outbox(store, READERS)  # twenty of each of three domains
        with SmtpServer(tmp_path / "mails") as server:
            settings = mail_settings(tmp_path, smtp(server, domains={"example1.org": 20}))
            async with outbox_context(settings, store) as context:
                assert (await send_due(context)).states == {"sent": 42}
                context.clock = lambda: NOW + timedelta(seconds=30)
                assert (await send_due(context)).states == {"sent": 2}  # a bucket of two, full again
                for half_minutes in range(2, 12):
                    context.clock = partial(_later, 30 * half_minutes)
                    await send_due(context)
            assert arrived(server) == ONCE

    async def test_the_server_is_given_so_many_a_minute(self, store: Store, tmp_path: Path) -> None:
        fill_outbox(store, READERS)
        with SmtpServer(tmp_path / "mails") as server:
            async with outbox_context(mail_settings(tmp_path, smtp(server, per_minute=100)), store) as context:
                counts = []
                for seconds in (0, 0, 6, 60):
                    context.clock = partial(_later, seconds)
                    counts.append((await send_due(context)).states["sent"])
        assert counts == [10, 0, 9, 10]


class TestWhatIsWantedNoMore:
    async def test_is_not_sent(self, store: Store, tmp_path: Path) -> None:
        fill_outbox(store, READERS[:3])
        with store.begin() as session:
            session.execute(
                sa.update(tables.Subscription).where(tables.Subscription.id == 2).values(unsubscribed_at=NOW)
            )
        report = await send(store, mail_settings(tmp_path))
        assert report.states == {"sent": 2, "dead": 1}
        assert report.errors == [(READERS[1], "not sent: its reader has ended the subscription since it was made")]

    async def test_as_its_channel_is_configured_no_more_is_dead(self, store: Store, tmp_path: Path) -> None:
        fill_outbox(store, READERS[:2])
        with store.begin() as session:
            session.execute(sa.update(tables.Delivery).where(tables.Delivery.id == 1).values(channel="team"))
        report = await send(store, mail_settings(tmp_path))
        assert report.states == {"sent": 1, "dead": 1}
        assert report.errors == [(READERS[0], "not sent: no channel 'team' is configured any more")]
