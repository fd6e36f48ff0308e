"""kill -9 of the daemon at each step of a mail, and two daemons at once: each mail comes, once but in the named gap."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Literal

import pytest
import sqlalchemy as sa

from feedwatch.jobs.context import utc_now
from feedwatch.store import Store, tables
from tests.e2e.daemon import Daemon, base_settings
from tests.integration.deliver.outbox import fill_outbox
from tests.smtpserver import Script, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Step = Literal["mail", "data", "taken", "answered"]
COUNT = 200
READERS = [f"r{number}@example.org" for number in range(COUNT)]


@contextmanager
def full_outbox(url: str) -> Iterator[Store]:
    """A database with a delivery for each reader."""
    with closing(Store(url)) as store:
        store.upgrade()
        fill_outbox(store, READERS, now=utc_now())
        yield store


def all_sent(store: Store) -> bool:
    """Whether no delivery waits or is in somebody's hands."""
    with store.read() as session:
        left = sa.select(tables.Delivery.id).where(tables.Delivery.state != "sent").limit(1)
        return session.scalar(left) is None


def arrivals(server: SmtpServer) -> Counter[str]:
    """How often each mail came, by Message-ID."""
    return Counter(str(mail.message["Message-ID"]) for mail in server.mails())


@contextmanager
def nothing_commits(store: Store) -> Iterator[None]:
    """No end of a delivery can be recorded meanwhile."""
    with store.begin() as session:
        # In SQLite the first statement of a transaction that may write keeps other writers out.
        session.execute(sa.text("SELECT 1" if store.is_sqlite else "LOCK TABLE deliveries IN EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize(
    ("step", "is_in_the_gap"), [("mail", False), ("data", False), ("taken", True)], ids=["MAIL", "DATA", "accepted"]
)
def test_killed_before_the_server_has_answered(
    tmp_path: Path, sqlite_store: Store, step: Literal["mail", "data", "taken"], is_in_the_gap: bool
) -> None:
    kill_and_go_on(tmp_path, sqlite_store.url.render_as_string(), step, is_in_the_gap=is_in_the_gap)


def test_killed_with_an_answer_that_is_not_committed(tmp_path: Path, empty_database: str) -> None:
    kill_and_go_on(tmp_path, empty_database, "answered", is_in_the_gap=True)


def kill_and_go_on(tmp_path: Path, url: str, step: Step, *, is_in_the_gap: bool) -> None:
    """Kill the daemon with half of the mails sent and the next one at a step; start it again; count what came."""
    hold_at = "taken" if step == "answered" else step
    script = Script(pipelining=True, hold_at=hold_at, hold_mail=COUNT // 2)
    with full_outbox(url) as store, SmtpServer(tmp_path / "mails", script) as server:
        settings = base_settings(server.port) | {"database": url}
        settings["mail"]["smtp"]["connections"] = 1
        daemon = Daemon(tmp_path / "daemon", settings)
        with daemon:
            daemon.wait_for(lambda: server.holds, "the mail that is held")
            if step == "answered":
                with nothing_commits(store):
                    server.go_on()
                    time.sleep(0.5)  # the answer reaches the sender, which waits for its turn to write
                    daemon.kill()
            else:
                daemon.kill()
        before = arrivals(server)
        assert set(before.values()) == {1}
        server.go_on()
        with daemon:  # its own former lease is a dead process's, and free at once
            daemon.wait_for(lambda: all_sent(store), "the end of all deliveries")
        after = arrivals(server)
    assert len(after) == COUNT
    doubled = [message_id for message_id, count in after.items() if count > 1]
    assert len(doubled) == (1 if is_in_the_gap else 0)
    assert sum(after.values()) == COUNT + len(doubled)


def test_two_daemons_at_once_send_each_mail_once(tmp_path: Path, empty_database: str) -> None:
    with full_outbox(empty_database) as store, SmtpServer(tmp_path / "mails", Script(delay_s=0.01)) as server:
        settings = base_settings(server.port) | {"database": empty_database}
        daemons = [Daemon(tmp_path / name, settings) for name in ("one", "other")]
        with daemons[0], daemons[1]:
            daemons[0].wait_for(lambda: all_sent(store), "the end of all deliveries")
            shares = [len(daemon.events("sent")) for daemon in daemons]
        assert arrivals(server) == Counter({f"<{number}@d>": 1 for number in range(1, COUNT + 1)})
    assert sum(shares) == COUNT
