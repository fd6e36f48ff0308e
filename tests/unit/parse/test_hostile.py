"""Bodies made to break a parser end in a document or a DocumentError, soon."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from tests.effort import examples
from tests.unit.parse.documents import atom, read, rss

SECONDS = 8


def billion_laughs() -> str:
    lines = ['<!ENTITY a0 "lol">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    subset = "\n".join(lines)
    return f"<!DOCTYPE rss [\n{subset}\n]>\n{rss('<title>&a11;</title>')}"


def many_entities() -> str:
    subset = "\n".join(f'<!ENTITY n{n} "v">' for n in range(100_000))
    return f"<!DOCTYPE rss [\n{subset}\n]>\n{rss('<title>&n1;</title>')}"


def random_bytes(seed: int) -> bytes:
    return random.Random(seed).randbytes(300_000)


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "billion laughs": billion_laughs,
    "100,000 entities": many_entities,
    "line ends in the prolog": lambda: "<?xml version='1.0'?>" + "\n" * 500_000 + rss("<title>t</title>"),
    "entities without end in the prolog": lambda: (
        "<?xml version='1.0'?>\n" + "<!ENTITY\n" * 100_000 + rss("<title>t</title>")
    ),
    "a document type without end": lambda: "<!DOCTYPE rss [" + "]" * 300_000 + rss("<title>t</title>"),
    "comments without end": lambda: "<!--" * 200_000,
    "instructions without end": lambda: "<?x " * 200_000,
    "open elements": lambda: rss("<a>" * 50_000),
    "nested elements": lambda: rss("<a>" * 50_000 + "</a>" * 50_000),
    "open items": lambda: rss("<item>" * 10_000),
    "nested xhtml": lambda: atom("<content type='xhtml'>" + "<div>" * 50_000 + "</div>" * 50_000 + "</content>"),
    "20 MB in one item": lambda: rss("<description>" + "some text " * 2_000_000 + "</description>"),
    "ampersands": lambda: rss("<title>" + "&" * 100_000),
    "open tags": lambda: rss("<a " * 20_000),
    "open quotes": lambda: rss('<a b="' * 20_000),
    "cdata without end": lambda: rss("<![CDATA[" * 20_000),
    "declarations without end": lambda: rss("<!x" * 20_000),
    "closing tags without end": lambda: rss("<title>t</title>") + "</rss" * 100_000,
    "a date of 100,000 digits": lambda: rss("<pubDate>" + "1" * 100_000 + "</pubDate>"),
    "a reference of 100,000 digits": lambda: rss("<title>&#" + "9" * 100_000 + ";</title>"),
    "a null": lambda: rss("<title>a\0b</title>"),
    "half a utf-16 pair": lambda: b"\xff\xfe" + rss("<title>t</title>").encode("utf-16-le") + b"\x00\xd8<",
    "a cut utf-16": lambda: b"\xff\xfe\x00",
    "nulls alone": lambda: b"\0" * 1_000_000,
    "a null in the encoding's name": lambda: b'<?xml version="1.0" encoding="a\0b"?><rss/>',
    "encoding idna": lambda: b'<?xml version="1.0" encoding="idna"?><rss>\xff</rss>',
    "encoding undefined": lambda: b'<?xml version="1.0" encoding="undefined"?><rss>\xff</rss>',
    "nested json lists": lambda: "[" * 200_000,
    "nested json objects": lambda: '{"a":' * 200_000,
    "a json integer of 100,000 digits": lambda: '{"version": ' + "9" * 100_000 + "}",
    "random bytes": lambda: random_bytes(1),
    "random bytes after a root": lambda: b"<rss>" + random_bytes(2),
    "random bytes after a feed": lambda: rss("<title>t</title>").encode() + random_bytes(3),
    "random bytes after a brace": lambda: b"{" + random_bytes(4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ends_soon_in_a_document_or_its_error(name: str) -> None:
    body = HOSTILE[name]()
    started = time.process_time()
    try:
        read(body)
    except DocumentError as error:
        assert str(error)
    assert time.process_time() - started < SECONDS


def test_billion_laughs_do_not_grow() -> None:
    (entry,) = read(billion_laughs()).entries
    assert entry.title == "&amp;a11;"


PIECES = st.sampled_from(
    ["<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<link/>"]
    + ["<image>", "</image>", "<textinput>", "<name>", "</name>", "<category>", "<author>", "</author>", "<source>"]
    + ["<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<content type='xhtml'>", "<content mode='base64'>"]
    + ["<svg>", "</svg>", "<width>", "</width>", "<tags>", "</tags>", "<media:credit>", "</media:credit>", "<x:y>"]
    + ["<media:thumbnail>", "</media:thumbnail>", "<dc:creator>", "<cloud/>", "</channel>", "</rss>", "</feed>"]
    + ["<itunes:owner>", "<psc:chapters>", "<psc:chapter/>", "<georss:point>1", "</georss:point>", "<gml:pos>"]
    + ["&nbsp;", "&#0;", "&#xD800", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE rss [", "]>", "text", "\0"]
    + ["<link href='http://['/>", "<entry xml:base='//[' xml:lang=''>", "<", ">", "'", '"', "&", "é", "\ud7ff"]
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_order_of_pieces_ends_in_a_document_or_its_error(pieces: list[str]) -> None:
    try:
        read("".join(pieces))
    except DocumentError as error:
        assert str(error)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_any_bytes_under_any_header_end_in_a_document_or_its_error(body: bytes, content_type: str | None) -> None:
    for prefix in (b"", b"<rss>", b"{", b"\xff\xfe"):
        try:
            read(prefix + body, content_type=content_type)
        except DocumentError as error:
            assert str(error)
