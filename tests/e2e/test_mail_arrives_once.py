"""A subscriber's story: the mail arrives once, and the next tells only what is new."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.corpus import corpus_dir
from tests.e2e.daemon import Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.smtpserver import SmtpServer

FIRST = ("a-1", "Greater Bay Area bridge opens", "A bridge of the Greater Bay Area opened to cars on Monday.")
OTHER = ("a-2", "Peel harvest begins", "Growers in Xinhui bring in the harvest of mandarin peel.")
SECOND = ("a-3", "大湾区铁路通车", "粤港澳大湾区的一条新铁路周二通车。")


def _real_feeds(count: int) -> dict[str, bytes]:
    """Some feeds as real sites served them; none on a machine without the corpus."""
    corpus = corpus_dir()
    if corpus is None:
        return {}
    paths = sorted((corpus / "feeds" / "real-world").iterdir(), key=lambda path: path.stat().st_size)[:count]
    return {path.name: path.read_bytes() for path in paths}


def test_a_story_is_mailed_once_and_a_changed_feed_mails_only_what_is_new(tmp_path: Path, empty_database: str) -> None:
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp:
        feeds.documents["/news.xml"] = Document(body=feed("News", FIRST, OTHER), etag='"one"')
        settings = base_settings(smtp.port) | {"database": empty_database}
        settings["sources"] = [{"name": "news", "title": "The News", "url": feeds.url("/news.xml")}]
        for name, body in _real_feeds(10).items():
            feeds.documents[f"/{name}"] = Document(body=body, etag=f'"{name}"')
            settings["sources"].append({"name": name, "url": feeds.url(f"/{name}")})
        settings["subscribers"] = [subscriber("reader@example.org")]
        with Daemon(tmp_path / "daemon", settings) as daemon:
            daemon.wait_for(lambda: bool(smtp.mails()), "the first mail")
            first = smtp.mails()[0]
            assert first.recipients == ("reader@example.org",)
            assert first.message["List-Unsubscribe"] == "<mailto:unsubscribe@localhost?subject=unsubscribe>"
            assert first.message["Auto-Submitted"] == "auto-generated"
            told = first.message.get_body(("plain",))
            assert told is not None
            assert FIRST[1] in told.get_content()
            assert OTHER[1] not in told.get_content()

            daemon.wait_for_polls(2 * len(settings["sources"]))
            assert len(smtp.mails()) == 1, "a second cycle must send nothing"
            assert daemon.events("poll", source="news")[-1]["status"] == 304

            feeds.documents["/news.xml"] = Document(body=feed("News", SECOND, FIRST, OTHER), etag='"two"')
            daemon.wait_for(lambda: len(smtp.mails()) > 1, "the second mail")
            told = smtp.mails()[1].message.get_body(("plain",))
            assert told is not None
            assert SECOND[1] in told.get_content()
            assert FIRST[1] not in told.get_content()
            assert daemon.stop() == 0

        with daemon:
            daemon.wait_for_polls(2 * len(settings["sources"]))
            assert len(smtp.mails()) == 2, "a restart must send nothing"


def test_the_log_has_one_line_for_each_visit(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        feeds.documents["/news.xml"] = Document(body=feed("News", FIRST, OTHER))
        settings = base_settings()
        settings["sources"] = [
            {"name": "news", "url": feeds.url("/news.xml")},
            {"name": "gone", "url": feeds.url("/gone.xml")},
        ]
        with Daemon(tmp_path, settings) as daemon:
            daemon.wait_for_events(1, "poll", source="news")
            daemon.wait_for_events(1, "poll", source="gone")
            good, bad = daemon.events("poll", source="news")[0], daemon.events("poll", source="gone")[0]
    assert good["outcome"] == "new"
    assert (good["status"], good["new"], good["matches"]) == (200, 2, 1)
    assert good["bytes"] == len(feed("News", FIRST, OTHER))
    assert good["ms"] >= 0
    assert (bad["outcome"], bad["status"], bad["level"]) == ("error", 404, "warning")
    assert bad["error"] == "answered HTTP 404 Not Found"


def test_a_hangup_reloads_and_a_bad_configuration_keeps_the_old(tmp_path: Path) -> None:
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp:
        feeds.documents["/news.xml"] = Document(body=feed("News", OTHER))
        settings = base_settings(smtp.port)
        settings["sources"] = [{"name": "news", "url": feeds.url("/news.xml")}]
        settings["subscribers"] = [subscriber("reader@example.org")]
        with Daemon(tmp_path / "daemon", settings) as daemon:
            daemon.wait_for_polls(2)
            daemon.configure(settings | {"pol": {}})
            daemon.signal(signal.SIGHUP)
            daemon.wait_for_events(1, "configuration not reloaded, the former one stays in force")
            [refused] = daemon.events("configuration not reloaded, the former one stays in force")
            assert "pol: unknown key" in refused["problems"][0]
            daemon.wait_for_polls(2)

            settings["watchlists"] = [{"name": "Peel", "terms": ["mandarin peel"]}]
            settings["sources"].append({"name": "by-name", "url": feeds.url("/news.xml", host="localhost")})
            settings["fetch"]["allow_private_hosts"].append("localhost")
            daemon.configure(settings)
            daemon.signal(signal.SIGHUP)
            daemon.wait_for_events(1, "configuration reloaded")
            feeds.documents["/news.xml"] = Document(
                body=feed("News", ("a-9", "Peel sold out", "All mandarin peel is sold."), OTHER)
            )
            daemon.wait_for(lambda: bool(smtp.mails()), "a mail by the new watchlist")
            assert "Peel sold out" in smtp.mails()[0].body.decode()
            daemon.wait_for_events(1, "poll", source="by-name", status=200)


def test_what_the_command_line_adds_beside_the_daemon_is_taken_up(tmp_path: Path) -> None:
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp:
        feeds.documents["/news.xml"] = Document(body=feed("News", OTHER))
        settings = base_settings(smtp.port)
        with Daemon(tmp_path / "daemon", settings) as daemon:
            daemon.wait_for_events(1, "configuration")
            added = daemon.command("watchlists", "add", "Peel", "--term", "mandarin peel")
            assert added.returncode == 0, added.stderr
            added = daemon.command("subscribers", "add", "reader@example.org", "--schedule", "instant")
            assert added.returncode == 0, added.stderr
            added = daemon.command("sources", "add", feeds.url("/news.xml"), "--name", "news")
            assert added.returncode == 0, added.stderr
            daemon.wait_for(lambda: bool(smtp.mails()), "a mail of what was added")
            assert OTHER[1] in smtp.mails()[0].body.decode()
