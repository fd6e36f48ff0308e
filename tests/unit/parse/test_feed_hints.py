"""What a feed says of itself: how often it is worth a visit, its hub, its topic, its archive."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from feedwatch.model import UpdateHints
from tests.unit.parse.documents import atom, read, rss

SY = "http://purl.org/rss/1.0/modules/syndication/"
ATOM = "http://www.w3.org/2005/Atom"
HOUR = timedelta(hours=1)
TITLE = "<title>t</title>"


def sy(period: str = "", frequency: str = "") -> str:
    texts = (("updatePeriod", period), ("updateFrequency", frequency))
    return "".join(f"<sy:{name}>{text}</sy:{name}>" for name, text in texts if text)


def hours(*values: object) -> str:
    return "<skipHours>" + "".join(f"<hour>{value}</hour>" for value in values) + "</skipHours>"


def days(*names: str) -> str:
    return "<skipDays>" + "".join(f"<day>{name}</day>" for name in names) + "</skipDays>"


@pytest.mark.parametrize(
    "channel, hints",
    [
        ("", UpdateHints()),
        ("<ttl>60</ttl>", UpdateHints(period=HOUR, said_by="ttl")),
        ("<ttl> 60 </ttl>", UpdateHints(period=HOUR, said_by="ttl")),
        ("<ttl>0</ttl>", UpdateHints()),
        ("<ttl>-5</ttl>", UpdateHints()),
        ("<ttl>soon</ttl>", UpdateHints()),
        ("<ttl>99999999999999</ttl>", UpdateHints()),
        ("<ttl>999999</ttl>", UpdateHints()),  # two years
        ("<ttl>\u0663</ttl>", UpdateHints()),
        (sy("hourly"), UpdateHints(period=HOUR, said_by="sy:updatePeriod")),
        (sy("Daily", "4"), UpdateHints(period=6 * HOUR, said_by="sy:updatePeriod")),
        (sy("\n\thourly\t", "\n1\n"), UpdateHints(period=HOUR, said_by="sy:updatePeriod")),
        (sy(frequency="2"), UpdateHints(period=12 * HOUR, said_by="sy:updatePeriod")),
        (sy("hourly", "0"), UpdateHints()),
        (sy("often"), UpdateHints()),
        ("<ttl>30</ttl>" + sy("hourly"), UpdateHints(period=HOUR, said_by="sy:updatePeriod")),
        ("<ttl>90</ttl>" + sy("hourly"), UpdateHints(period=1.5 * HOUR, said_by="ttl")),
        (hours(1, 0, 1, 23), UpdateHints(skip_hours=(0, 1, 23))),
        (hours(24, 25, "x"), UpdateHints(skip_hours=(0,))),  # RSS 0.91 counts from 1 to 24
        (hours(*range(24)), UpdateHints()),
        (days("Sunday", "monday"), UpdateHints(skip_days=(0, 6))),
        (days("Someday"), UpdateHints()),
        (
            days("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            UpdateHints(),
        ),
    ],
)
@pytest.mark.parametrize("broken", ["", "<description>a < b</description>"], ids=["well-formed", "broken"])
def test_hints(channel: str, hints: UpdateHints, broken: str) -> None:
    assert read(rss(TITLE + broken, channel=channel, attributes=f'xmlns:sy="{SY}"')).hints == hints


def links(**hrefs: str) -> str:
    return "".join(f'<link xmlns="{ATOM}" rel="{rel.replace("_", "-")}" href="{href}"/>' for rel, href in hrefs.items())


@pytest.mark.parametrize("broken", ["", "<summary>a < b</summary>"], ids=["well-formed", "broken"])
@pytest.mark.parametrize(
    "several, hub, topic, archive",
    [
        (links(), None, None, None),
        (links(hub="https://hub.example/", self="/all"), "https://hub.example/", "https://news.example/all", None),
        (links(next="?page=2"), None, None, "https://news.example/feeds/all.xml?page=2"),
        (links(next="?page=2", prev_archive="/2025"), None, None, "https://news.example/2025"),
        (links(hub="mailto:x@a.example"), None, None, None),
        (links(HUB="https://hub.example/"), "https://hub.example/", None, None),
    ],
)
def test_links_of_the_feed(several: str, hub: str | None, topic: str | None, archive: str | None, broken: str) -> None:
    for document in (read(rss(TITLE + broken, channel=several)), read(atom(TITLE + broken, feed=several))):
        assert (document.hub, document.topic, document.archive) == (hub, topic, archive)


@pytest.mark.parametrize(
    "hubs, hub",
    [
        ([{"type": "WebSub", "url": "https://hub.example/"}], "https://hub.example/"),
        ([{"type": "rssCloud", "url": "https://cloud.example/"}], None),
        ([{"type": "WebSub"}], None),
        ("https://hub.example/", None),
    ],
)
def test_links_of_a_json_feed(hubs: object, hub: str | None) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [],
        "feed_url": "/all.json",
        "next_url": "https://news.example/2.json",
        "hubs": hubs,
    }
    document = read(json.dumps(feed))
    assert (document.hub, document.topic) == (hub, "https://news.example/all.json")
    assert document.archive == "https://news.example/2.json"
    assert document.reader == "json"
