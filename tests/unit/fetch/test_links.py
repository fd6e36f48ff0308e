from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.fetch.links import hub_and_topic

BASE = "https://news.example/feeds/a.xml"


@pytest.mark.parametrize(
    "value, hub, topic",
    [
        ("", None, None),
        ('<https://hub.example/>; rel="hub"', "https://hub.example/", None),
        ("<https://hub.example/>;rel=hub", "https://hub.example/", None),
        ("<https://hub.example/> ; REL = HUB", "https://hub.example/", None),
        ("</hub>; rel=hub, <b.xml>; rel=self", "https://news.example/hub", "https://news.example/feeds/b.xml"),
        ("<//hub.example/x>; rel=hub", "https://hub.example/x", None),
        ('<https://a.example/>; rel="self hub"', "https://a.example/", "https://a.example/"),
        ("<https://1.example/>; rel=hub, <https://2.example/>; rel=hub", "https://1.example/", None),
        ('<https://a.example/x,y;z>; title="a, b; rel=self"; rel=hub', "https://a.example/x,y;z", None),
        (r'<https://a.example/>; title="a \"quoted\" word"; rel=hub', "https://a.example/", None),
        ("<https://a.example/>; rel=next; rel=hub", None, None),  # the first rel counts
        ('<https://a.example/>; rel=hub; anchor="https://other.example/"', None, None),  # about another document
        ("<https://a.example/>; rel=hubs", None, None),
        ("<ftp://a.example/>; rel=hub", None, None),
        ("<javascript:x>; rel=hub", None, None),
        ("<http://[::1>; rel=hub", None, None),
        ("https://a.example/; rel=hub", None, None),
        ("<https://a.example/>", None, None),
        ("junk, <https://a.example/>; rel=hub", "https://a.example/", None),
        ("<https://a.example/>; rel=preload; crossorigin, </self>; rel=self;", None, "https://news.example/self"),
    ],
)
def test_hub_and_topic(value: str, hub: str | None, topic: str | None) -> None:
    assert hub_and_topic(value, BASE) == (hub, topic)


@pytest.mark.parametrize(
    "piece",
    ["<", "<a>;", "<a>; rel=", '<a>;x="', '<a>;x="\\"', ";", " ", '"', "<a> ;b ;", "<a>;b=c;", "<a>;b" + " " * 50],
)
def test_no_header_takes_long(piece: str) -> None:
    begun = time.process_time()
    hub_and_topic(piece * (65_536 // len(piece)) + "\x00", BASE)
    assert time.process_time() - begun < 0.5


@given(st.text('<>;,="\\ abrelhubself/:', max_size=100))
def test_no_header_raises(value: str) -> None:
    hub_and_topic(value, BASE)
