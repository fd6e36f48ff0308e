"""An admin's story: the power fails in the middle of a cycle, and nothing is lost or doubled."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.daemon import PATIENCE_S, Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.smtpserver import Script, SmtpServer

SOURCES = 30
ITEMS = 1
READERS = 3


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([("poll", 1), ("poll", 8), ("poll", 20)], id="while polling"),
        pytest.param([("edition", 1)], id="while making editions"),
        pytest.param([("sent", 1), ("sent", 2)], id="while sending"),
    ],
)
def test_kill_9_loses_nothing_and_doubles_nothing(
    tmp_path: Path, empty_database: str, moments: list[tuple[str, int]]
) -> None:
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails", Script(delay_s=0.2)) as smtp:
        settings = base_settings(smtp.port) | {"database": empty_database}
        settings["poll"] |= {"interval": "1h", "min_interval": "1h", "max_interval": "1h", "max_backoff": "1h"}
        settings["fetch"] |= {"per_host": 2}
        settings["mail"]["smtp"] |= {"connections": 1}
        settings["digest"] = {"stories_per_watchlist": SOURCES * ITEMS}
        settings["subscribers"] = [subscriber(f"reader{n}@example.org") for n in range(READERS)]
        for n in range(SOURCES):
            items = [
                (
                    f"{n}-{i}",
                    f"Report {n}-{i}",
                    f"Line {n}-{i} of the Greater Bay Area opens after {n} years and {i} days.",
                )
                for i in range(ITEMS)
            ]
            feeds.documents[f"/{n}.xml"] = Document(body=feed(f"Feed {n}", *items), etag=f'"{n}"', delay=0.03)
            settings["sources"].append({"name": f"feed-{n}", "url": feeds.url(f"/{n}.xml")})

        daemon = Daemon(tmp_path / "daemon", settings)
        for event, count in moments:
            before = len(daemon.events(event))
            with daemon:
                daemon.wait_for_events(max(count, before + 1), event)
                orphans = daemon.kill()
            _, alive = psutil.wait_procs(orphans, timeout=PATIENCE_S)
            assert not alive, "the workers of a killed daemon must end by themselves"
        with daemon:
            daemon.wait_for(lambda: _told(smtp) >= READERS * SOURCES * ITEMS, "every story in every reader's mail")
            daemon.wait_for(lambda: not _waiting(daemon), "an empty outbox")

        stored = daemon.listed("items", "--limit", "1000")
        assert len(stored) == SOURCES * ITEMS
        assert Counter(item["title"] for item in stored).most_common(1)[0][1] == 1
        assert all(item["watchlists"] == ["Greater Bay Area"] for item in stored)
        stories = daemon.listed("stories", "--limit", "1000")
        assert len(stories) == SOURCES * ITEMS
        assert Counter(_titles_by_reader(smtp).elements()).most_common(1)[0][1] == 1, "told twice"
        deliveries = daemon.listed("deliveries", "list", "--limit", "1000")
        assert {delivery["state"] for delivery in deliveries} == {"sent"}
        assert {delivery["message_id"] for delivery in deliveries} == {
            mail.message["Message-ID"] for mail in smtp.mails()
        }


def _told(smtp: SmtpServer) -> int:
    return len(_titles_by_reader(smtp))


def _titles_by_reader(smtp: SmtpServer) -> Counter[tuple[str, str]]:
    """How often each reader was told each title. A mail sent again has its old Message-ID, and counts once."""
    bodies: dict[tuple[str, str], str] = {}
    for mail in smtp.mails():
        part = mail.message.get_body(("plain",))
        assert part is not None
        bodies[mail.recipients[0], mail.message["Message-ID"]] = part.get_content()
    return Counter(
        (reader, title)
        for (reader, _), body in bodies.items()
        for title in re.findall(r"^ *\d+\. (Report \d+-\d+)\s*$", body, re.MULTILINE)
    )


def _waiting(daemon: Daemon) -> list[dict[str, Any]]:
    return [
        delivery for delivery in daemon.listed("deliveries", "list", "--limit", "1000") if delivery["state"] != "sent"
    ]
