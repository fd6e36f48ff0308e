"""An admin's story: a reader's mailbox is gone, the daemon notices by itself, and the admin has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.daemon import Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.imapserver import PASSWORD, USERNAME, ImapServer
from tests.integration.store.bounced import returned
from tests.smtpserver import SmtpServer

FIRST = ("a-1", "Greater Bay Area bridge opens", "A bridge of the Greater Bay Area opened to cars on Monday.")
READER = "reader@example.org"


def test_an_address_that_is_gone_gets_no_more_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp, ImapServer(tmp_path / "imap") as box:
        feeds.documents["/news.xml"] = Document(body=feed("News", FIRST))
        settings = base_settings(smtp.port)
        settings["sources"] = [{"name": "news", "url": feeds.url("/news.xml")}]
        settings["subscribers"] = [subscriber(READER)]
        account = {"host": "127.0.0.1", "port": box.port, "username": USERNAME, "password": "${IMAP_PASSWORD}"}
        settings["mail"]["bounces"] = {"imap": account | {"security": "none"}, "every": "1s", "disable_after": 1}
        with Daemon(tmp_path / "daemon", settings) as daemon:
            daemon.wait_for(lambda: bool(smtp.mails()), "the first mail")
            box.deliver(returned(smtp.mails()[0].message["Message-ID"], READER))
            daemon.wait_for_events(1, "address gets no more mail", address=READER, level="warning")
            daemon.wait_for(lambda: box.flags() == [frozenset({r"\Seen"})], "the bounce to be marked")

            assert f"{READER}\t5.1.1\tyes\tblocked" in daemon.command("bounces", "list").stdout
            assert "1 subscriber gets no mail after bounces or complaints" in daemon.command("health").stdout
            assert daemon.command("subscribers", "resume", READER).returncode == 0
            assert f"{READER}\t5.1.1\tno\t-" in daemon.command("bounces", "list").stdout
            assert daemon.stop() == 0
        assert PASSWORD not in daemon.output()
