"""Bounces are read from their boxes: each counts once, none is lost, and a box that fails stops nothing else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from structlog.testing import capture_logs

from feedwatch.jobs import bounces
from feedwatch.jobs.bounces import BoxWatch, read_boxes
from feedwatch.jobs.box_troubles import BoxTrouble, keep_troubles, read_troubles
from feedwatch.jobs.deliver import send_due
from feedwatch.store.bounces import list_bounces
from tests.imapserver import PASSWORD, USERNAME, ImapServer
from tests.integration.jobs.newsroom import Newsroom, open_newsroom, subscriber
from tests.integration.store.bounced import ADA, UNKNOWN, blocked_why, returned, send
from tests.integration.store.examples import DAY, NOW
from tests.smtpserver import Script, SmtpServer
from tests.unit.deliver import bounce_samples as samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store


@asynccontextmanager
async def box_room(store: Store, folder: Path, **said: Any) -> AsyncIterator[Newsroom]:
    """A newsroom with a Maildir for bounces, and one subscriber, Ada."""
    for name in ("new", "cur", "tmp"):
        (folder / "Maildir" / name).mkdir(parents=True)
    mail = {"bounces": {"maildir": str(folder / "Maildir"), "every": "5m"} | said}
    async with open_newsroom(store, folder, subscriber("ada"), mail=mail) as room:
        yield room


@pytest.fixture(autouse=True)
def _own_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger that can be captured: one that a command has used before keeps that command's settings for good."""
    monkeypatch.setattr(bounces, "log", structlog.get_logger("feedwatch.bounces"))


def put(folder: Path, *mails: bytes) -> None:
    new = folder / "Maildir" / "new"
    begin = len(list(new.iterdir()))
    for i, mail in enumerate(mails, begin):
        (new / f"{i}.M1.host").write_bytes(mail)


def names(folder: Path, where: str) -> list[str]:
    return sorted(path.name for path in (folder / "Maildir" / where).iterdir())


def bounce_count(store: Store) -> int:
    with store.read() as session:
        return len(list_bounces(session))


async def test_bounces_in_a_maildir_block_an_address(store: Store, tmp_path: Path) -> None:
    async with box_room(store, tmp_path) as room:
        mails = [returned(send(store, NOW + n * DAY)) for n in range(3)]
        put(tmp_path, *mails, samples.VACATION, samples.LETTER, returned("<forged@example.org>"))
        with capture_logs() as logs:
            report = await read_boxes(room.context)
    assert [mail.what for mail in report.mails] == ["report"] * 3 + ["automatic reply", "something else", "report"]
    outcomes = [recorded.outcome for mail in report.mails for recorded in mail.recorded]
    assert outcomes == ["counted", "counted", "blocked", "unproven"]
    assert names(tmp_path, "new") == []
    assert names(tmp_path, "cur") == [f"{i}.M1.host:2,{'F' if i == 4 else 'S'}" for i in range(6)]
    why = f"3 mails in a row came back, the last on 2026-03-02: {UNKNOWN}"
    assert blocked_why(store) == why
    warned = [one for one in logs if one["log_level"] == "warning"]
    assert warned == [
        {"event": "address gets no more mail", "address": ADA, "why": why, "log_level": "warning"},
        {"event": "mail in the box of bounces is left for a person to read", "count": 1, "log_level": "warning"},
    ]


async def test_bounces_in_an_imap_box(sqlite_store: Store, tmp_path: Path) -> None:
    with ImapServer(tmp_path / "imap") as server:
        account = {"host": "127.0.0.1", "port": server.port, "username": USERNAME, "password": PASSWORD}
        imap = account | {"security": "none"}
        async with box_room(sqlite_store, tmp_path, maildir=None, imap=imap, disable_after=1) as room:
            server.deliver(returned(send(sqlite_store, NOW)), samples.LETTER)
            first, second = await read_boxes(room.context), await read_boxes(room.context)
        assert [mail.what for mail in first.mails] == ["report", "something else"] and second.mails == []
        assert server.flags() == [frozenset({r"\Seen"}), frozenset({r"\Flagged"})]
    assert (blocked_why(sqlite_store) or "").startswith("1 mail came back")


async def test_a_box_that_cannot_be_read_does_not_stop_the_other(sqlite_store: Store, tmp_path: Path) -> None:
    imap = {"host": "127.0.0.1", "port": 1, "security": "none", "username": "a", "password": "b"}
    async with box_room(sqlite_store, tmp_path, imap=imap) as room:
        (tmp_path / "Maildir" / "cur").rmdir()
        both = await read_boxes(room.context)
        (tmp_path / "Maildir" / "cur").mkdir()
        put(tmp_path, returned(send(sqlite_store, NOW)))
        one = await read_boxes(room.context)
    assert both.troubles.keys() == {"maildir", "imap"} and one.troubles.keys() == {"imap"}
    assert bounce_count(sqlite_store) == 1


async def test_what_cannot_be_recorded_is_read_again(store: Store, tmp_path: Path) -> None:
    async with box_room(store, tmp_path) as room:
        put(tmp_path, returned(send(store, NOW)))
        room.execute("ALTER TABLE bounces RENAME TO gone")
        with pytest.raises(Exception, match="bounces"):
            await read_boxes(room.context)
        assert names(tmp_path, "new") == ["0.M1.host"]
        room.execute("ALTER TABLE gone RENAME TO bounces")
        assert [mail.recorded[0].outcome for mail in (await read_boxes(room.context)).mails] == ["counted"]


async def test_what_was_recorded_before_its_mark_counts_once(store: Store, tmp_path: Path) -> None:
    async with box_room(store, tmp_path) as room:
        put(tmp_path, returned(send(store, NOW)))
        await read_boxes(room.context)
        (tmp_path / "Maildir" / "cur" / "0.M1.host:2,S").rename(tmp_path / "Maildir" / "new" / "0.M1.host")
        assert [mail.recorded[0].outcome for mail in (await read_boxes(room.context)).mails] == ["known"]
    assert bounce_count(store) == 1


async def test_many_mails_are_read_in_one_look(sqlite_store: Store, tmp_path: Path) -> None:
    async with box_room(sqlite_store, tmp_path) as room:
        put(tmp_path, *[samples.VACATION] * 45)
        assert len((await read_boxes(room.context)).mails) == 45
    assert len(names(tmp_path, "cur")) == 45


async def test_the_daemon_looks_when_it_is_due(sqlite_store: Store, tmp_path: Path) -> None:
    async with box_room(sqlite_store, tmp_path) as room:
        watch = BoxWatch(room.context)
        waiting = []
        for minutes in (0, 4, 1, 4):
            room.clock.pass_time(minutes=minutes)
            put(tmp_path, samples.VACATION)
            await watch.look_when_due()
            waiting.append(len(names(tmp_path, "new")))
    assert waiting == [0, 1, 0, 1]


async def test_a_failing_box_is_told_of_once_until_it_changes(sqlite_store: Store, tmp_path: Path) -> None:
    async with box_room(sqlite_store, tmp_path) as room:
        cur = tmp_path / "Maildir" / "cur"
        watch = BoxWatch(room.context)
        cur.rmdir()
        with capture_logs() as logs:
            await watch.look_when_due()
            began = room.clock.now
            for _ in range(3):
                room.clock.pass_time(minutes=5)
                await watch.look_when_due()
            watch = BoxWatch(room.context)  # the daemon starts again
            await watch.look_when_due()
            known = read_troubles(tmp_path)
            cur.mkdir()
            room.clock.pass_time(minutes=5)
            await watch.look_when_due()
    problem = f"{tmp_path / 'Maildir'} is no Maildir: it has no folder 'cur'; see mail.bounces.maildir"
    assert [one["event"] for one in logs] == ["bounces cannot be read", "bounces can be read again"]
    assert logs[0]["error"] == problem and logs[0]["log_level"] == "error"
    assert known == {"maildir": BoxTrouble(problem, began)}
    assert read_troubles(tmp_path) == {}


@pytest.mark.parametrize("written", ["", "[]", "{", '{"imap": 1}', '{"imap": {"problem": "x", "since": "then"}}'])
def test_troubles_that_cannot_be_read_are_none(written: str, tmp_path: Path) -> None:
    (tmp_path / "bounce-boxes.json").write_text(written)
    assert read_troubles(tmp_path) == {}
    keep_troubles(tmp_path, {"imap": "away"}, NOW)
    assert read_troubles(tmp_path) == {"imap": BoxTrouble("away", NOW)}


@pytest.mark.parametrize(
    ("script", "state", "outcome"),
    [
        (Script(refuse_recipients=("*",)), "dead", ["5.1.1"]),
        (Script(refuse_mail=("*",)), "dead", []),
        (Script(greylist=("*",)), "retry", []),
    ],
    ids=["no such user", "not wanted", "later"],
)
async def test_a_refusal_counts_where_it_is_for_the_address(
    script: Script, state: str, outcome: list[str], store: Store, tmp_path: Path
) -> None:
    with SmtpServer(tmp_path / "mails", script) as server:
        smtp = {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout": "5s"}
        mail = {"smtp": smtp, "bounces": {"disable_after": 1}}
        async with open_newsroom(store, tmp_path, subscriber("ada"), mail=mail) as room:
            room.publish("aa", "Greater Bay Area grows")
            room.clock.pass_time(days=1)
            await room.tick()
            await send_due(room.context)
            (delivery,) = room.deliveries()
    with store.read() as session:
        found = list_bounces(session)
    assert delivery.state == state
    assert [bounce.status for bounce in found] == outcome
    assert [bounce.message_id for bounce in found] == [delivery.message_id] * len(outcome)
    assert (blocked_why(store) is not None) == bool(outcome)
