"""An admin's story: the daemon is asked to stop, and does so without noise or loss."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.daemon import Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.smtpserver import Script, SmtpServer

STORY = ("a-1", "Greater Bay Area bridge opens", "A bridge of the Greater Bay Area opened to cars on Monday.")


def test_a_mail_that_has_begun_is_finished(tmp_path: Path) -> None:
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails", Script(delay_s=1.5)) as smtp:
        feeds.documents["/news.xml"] = Document(body=feed("News", STORY))
        settings = base_settings(smtp.port)
        settings["sources"] = [{"name": "news", "url": feeds.url("/news.xml")}]
        settings["subscribers"] = [subscriber("reader@example.org"), subscriber("second@example.org")]
        daemon = Daemon(tmp_path / "daemon", settings).start()
        daemon.wait_for(lambda: len(smtp.mails()) == 1, "a mail that the server has and has not answered")
        assert daemon.stop() == 0
        assert daemon.events("sent"), "accepted, and not recorded"
        with daemon:
            daemon.wait_for_events(2, "sent")
        assert sorted(mail.recipients[0] for mail in smtp.mails()) == ["reader@example.org", "second@example.org"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_first_cycle_is_given_up_at_once_and_taken_up_again(tmp_path: Path, number: signal.Signals) -> None:
    with FeedServer() as feeds:
        settings = base_settings()
        settings["fetch"]["timeout"] = "60s"
        for n in range(20):
            feeds.documents[f"/{n}.xml"] = Document(body=feed("News", (str(n), f"Report {n}", "Text.")), delay=40)
            settings["sources"].append({"name": f"feed-{n}", "url": feeds.url(f"/{n}.xml")})
        feeds.documents["/0.xml"] = Document(body=feed("News", ("0", "Report 0", "Text.")))
        daemon = Daemon(tmp_path, settings).start()
        daemon.wait_for_events(1, "poll", source="feed-0")
        daemon.signal(number)
        assert daemon.process.wait(20) == 0
        assert daemon.events("stopped")
        assert "Traceback" not in daemon.output()
        assert "never" not in daemon.output(), "a task that nobody waited for"

        for n in range(20):
            feeds.documents[f"/{n}.xml"] = Document(body=feed("News", (str(n), f"Report {n}", "Text.")))
        with daemon:
            daemon.wait_for(lambda: {event["source"] for event in daemon.events("poll")} >= _names(20), "every source")
        assert not daemon.events("leases of a former run released"), "given back when it stopped"


def _names(count: int) -> set[str]:
    return {f"feed-{n}" for n in range(count)}
