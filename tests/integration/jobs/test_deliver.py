from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from feedwatch.digest.personal import Personal, fill
from feedwatch.jobs.deliver import LEASE, send_due
from feedwatch.store import tables
from feedwatch.store.outbox import claim_deliveries, has_due
from tests.integration.jobs.newsroom import NOW, Newsroom, open_newsroom, subscriber
from tests.smtpserver import Script, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.store import Store

TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
GROWS = "Greater Bay Area grows"
ANN, BEN, CAY = (f"{name}@example.org" for name in ("ann", "ben", "cay"))


@asynccontextmanager
async def mail_room(
    store: Store, folder: Path, *names: str, server: SmtpServer | None = None
) -> AsyncIterator[Newsroom]:
    """A newsroom with an edition for each name in its outbox, made on Tuesday."""
    mail: dict[str, Any] = {"unsubscribe": "bye@example.org"}
    if server is not None:
        mail["smtp"] = {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout": "5s", "connections": 1}
    async with open_newsroom(store, folder, *(subscriber(name) for name in names), mail=mail) as room:
        room.publish("aa", GROWS)
        room.clock.now = TUESDAY
        assert len(await room.tick()) == len(names)
        yield room


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """An SMTP server that behaves as the test's parameter says."""
    with SmtpServer(tmp_path / "mails", getattr(request, "param", None)) as server:
        yield server


def behaving(**script: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("server", [Script(**script)], indirect=True, ids=["-".join(script)])


class TestADigestThatIsSent:
    async def test_arrives_with_what_a_list_owes_its_readers(
        self, store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        async with mail_room(store, tmp_path, "ann", server=server) as room:
            report = await send_due(room.context)
            (delivery,) = room.deliveries()
            (edition,) = room.editions()
        (mail,) = server.mails()
        message = mail.message
        assert (mail.sender, mail.recipients) == ("watch@example.org", (ANN,))
        assert str(message["To"]) == f"Ann <{ANN}>"
        assert str(message["From"]) == "feedwatch <watch@example.org>"
        assert message["Subject"] == edition.subject
        assert message["Date"].datetime == TUESDAY
        assert message["Message-ID"] == delivery.message_id
        assert message["List-Id"].startswith("Digest <subscription-")
        assert message["List-Id"].endswith(".watch.example.org>")
        assert message["List-Unsubscribe"] == "<mailto:bye@example.org?subject=unsubscribe>"
        assert message["Auto-Submitted"] == "auto-generated"
        text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None
        personal = Personal("Ann", ANN, unsubscribe_url="mailto:bye@example.org?subject=unsubscribe%20Digest")
        assert text.get_content().splitlines() == fill(edition.text, personal).splitlines()
        assert html is not None
        assert html.get_content().splitlines() == fill(edition.html, personal, is_html=True).splitlines()
        assert (delivery.state, delivery.attempts, delivery.sent_at) == ("sent", 1, TUESDAY)
        assert delivery.receipt == "2.0.0 taken"
        assert report.receipts == [(ANN, "2.0.0 taken")]

    async def test_is_sent_once(self, sqlite_store: Store, tmp_path: Path, server: SmtpServer) -> None:
        async with mail_room(sqlite_store, tmp_path, "ann", server=server) as room:
            for _ in range(3):
                await send_due(room.context)
                room.clock.pass_time(hours=3)
        assert len(server.mails()) == 1

    async def test_goes_into_the_outbox_folder_where_no_server_is_set(
        self, sqlite_store: Store, tmp_path: Path
    ) -> None:
        async with mail_room(sqlite_store, tmp_path, "ann", "ben") as room:
            report = await send_due(room.context)
            receipts = [delivery.receipt for delivery in room.deliveries()]
        assert report.states == {"sent": 2}
        assert receipts == [str(path) for path in sorted((tmp_path / "outbox").glob("*.eml"))]

    async def test_in_a_large_batch_goes_over_one_connection(
        self, sqlite_store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        names = [f"reader{number}" for number in range(23)]
        async with mail_room(sqlite_store, tmp_path, *names, server=server) as room:
            report = await send_due(room.context)
        mails = server.mails()
        assert report.states == {"sent": 23}
        assert sorted(mail.recipients[0] for mail in mails) == sorted(f"{name}@example.org" for name in names)
        assert {mail.connection for mail in mails} == {1}


class TestADigestThatIsRefused:
    @behaving(refuse_recipients=(BEN,))
    async def test_for_good_is_dead_with_its_reason_and_stops_no_other(
        self, store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        async with mail_room(store, tmp_path, "ann", "ben", "cay", server=server) as room:
            report = await send_due(room.context)
            states = {delivery.address: (delivery.state, delivery.last_error) for delivery in room.deliveries()}
            room.clock.pass_time(days=1)
            await send_due(room.context)
        reason = f"127.0.0.1:{server.port} refused it: 550 5.1.1 no such user here"
        assert states == {ANN: ("sent", None), BEN: ("dead", reason), CAY: ("sent", None)}
        assert report.errors == [(BEN, reason)]
        assert [mail.recipients for mail in server.mails()] == [(ANN,), (CAY,)]

    @behaving(greylist=("*",))
    async def test_for_now_is_tried_again_as_the_same_mail(
        self, store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        async with mail_room(store, tmp_path, "ann", server=server) as room:
            assert (await send_due(room.context)).states == {"retry": 1}
            (waiting,) = room.deliveries()
            assert (waiting.state, waiting.attempts) == ("retry", 1)
            assert "451" in (waiting.last_error or "")
            room.clock.now = waiting.next_attempt_at - timedelta(seconds=1)
            assert (await send_due(room.context)).states == {}
            room.clock.now = waiting.next_attempt_at
            assert (await send_due(room.context)).states == {"sent": 1}
            (sent,) = room.deliveries()
        (mail,) = server.mails()
        assert (sent.state, sent.attempts, sent.last_error) == ("sent", 2, None)
        assert mail.message["Message-ID"] == waiting.message_id == sent.message_id

    @behaving(drop_after_data=1)
    async def test_by_a_lost_answer_comes_twice_as_the_same_mail(
        self, sqlite_store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        async with mail_room(sqlite_store, tmp_path, "ann", server=server) as room:
            assert (await send_due(room.context)).states == {"retry": 1}
            room.clock.pass_time(hours=1)
            assert (await send_due(room.context)).states == {"sent": 1}
        first, second = server.mails()
        assert first.body == second.body

    @behaving(defer_mail=("*",))
    async def test_again_and_again_waits_longer_each_time_and_is_given_up_after_two_days(
        self, store: Store, tmp_path: Path, server: SmtpServer
    ) -> None:
        waits: list[timedelta] = []
        async with mail_room(store, tmp_path, "ann", server=server) as room:
            while (await send_due(room.context)).states == {"retry": 1}:
                (waiting,) = room.deliveries()
                waits.append(waiting.next_attempt_at - room.clock.now)
                room.clock.now = waiting.next_attempt_at
            (dead,) = room.deliveries()
            tried_for = room.clock.now - TUESDAY
            room.clock.pass_time(days=30)
            assert (await send_due(room.context)).states == {}
        minutes = [wait / timedelta(minutes=1) for wait in waits]
        assert minutes[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
        assert set(minutes[9:]) == {240}
        assert (dead.state, dead.attempts) == ("dead", len(waits) + 1)
        assert "451 4.3.0 not now" in (dead.last_error or "")
        assert timedelta(days=2) - timedelta(hours=4) < tried_for <= timedelta(days=2)

    async def test_because_its_address_is_none_is_dead_with_its_reason_and_stops_no_other(
        self, sqlite_store: Store, tmp_path: Path
    ) -> None:
        async with mail_room(sqlite_store, tmp_path, "ann", "ben", "cay") as room:
            room.execute("UPDATE deliveries SET address = 'ben at home' WHERE address = :ben", ben=BEN)
            report = await send_due(room.context)
            states = [delivery.state for delivery in room.deliveries()]
        assert states == ["sent", "dead", "sent"]
        assert report.errors == [
            ("ben at home", "The recipient 'ben at home' is not a mail address, which is name@domain.")
        ]

    async def test_because_the_outbox_folder_cannot_be_written_waits(self, sqlite_store: Store, tmp_path: Path) -> None:
        (tmp_path / "outbox").write_text("in the way")
        async with mail_room(sqlite_store, tmp_path, "ann") as room:
            assert (await send_due(room.context)).states == {"retry": 1}
            (tmp_path / "outbox").unlink()
            room.clock.pass_time(minutes=1)
            assert (await send_due(room.context)).states == {"sent": 1}


class TestALease:
    async def test_of_a_dead_sender_is_taken_over_when_it_ends_with_the_same_message(
        self, store: Store, tmp_path: Path
    ) -> None:
        async with mail_room(store, tmp_path, "ann") as room:
            with store.begin() as session:
                (claimed,) = claim_deliveries(session, owner="elsewhere:1", now=TUESDAY, lease=LEASE, limit=10)
            room.clock.now = TUESDAY + LEASE
            assert (await send_due(room.context)).states == {}
            room.clock.pass_time(seconds=1)
            assert (await send_due(room.context)).states == {"sent": 1}
        (file,) = (tmp_path / "outbox").glob("*.eml")
        assert f"Message-ID: {claimed.message_id}" in file.read_text()

    async def test_is_renewed_before_it_ends_behind_a_slow_server(self, store: Store, tmp_path: Path) -> None:
        """Every mail takes six minutes here: what was claimed with the first is not another's before its turn."""
        names = [f"reader{number}" for number in range(8)]
        free_for_others: list[datetime] = []
        async with mail_room(store, tmp_path, *names) as room:

            def clock() -> datetime:
                mails = len(list((tmp_path / "outbox").glob("*.eml")))
                now = TUESDAY + timedelta(minutes=6) * mails
                with store.read() as session:
                    ended = tables.Delivery.lease_until < now
                    if session.scalar(sa.select(tables.Delivery.id).where(tables.Delivery.state == "sending", ended)):
                        free_for_others.append(now)
                return now

            room.context.clock = clock
            report = await send_due(room.context)
        assert report.states == {"sent": 8}
        assert free_for_others == []

    async def test_leaves_nothing_behind(self, store: Store, tmp_path: Path) -> None:
        async with mail_room(store, tmp_path, "ann", "ben") as room:
            await send_due(room.context)
            with store.read() as session:
                held = session.scalars(sa.select(tables.Delivery.id).where(tables.Delivery.lease_owner.is_not(None)))
                assert held.all() == []
                assert not has_due(session, NOW + timedelta(days=365))
