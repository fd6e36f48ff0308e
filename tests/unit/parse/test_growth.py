"""Four times as much of what is made to hurt takes about four times as long, not sixteen."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from feedwatch.errors import DocumentError
from tests.unit.parse.documents import atom, read, rss

TITLE = "<title>t</title>"
BASED = "xml:base='http://a.example/b/'"
SHAPES: dict[str, Callable[[int], str]] = {
    "letters and dots of an author": lambda n: rss(f"{TITLE}<author>{'a.' * n}@</author>"),
    "letters and dots of an author, broken": lambda n: rss(f"{TITLE}<author>{'a.' * n}@<</author>"),
    "brackets of an author": lambda n: rss(f"{TITLE}<author>a@b.example{' (' * n}</author>"),
    "brackets of a document type": lambda n: "<!DOCTYPE rss [" + "] " * n + rss(TITLE),
    "cdata that never ends": lambda n: rss("<title>&" + "<![CDATA[" * n),
    "bare ampersands": lambda n: rss(f"<title>{'&' * n}</title>"),
    "unknown references": lambda n: rss(f"<title>{'&x;' * n}"),
    "empty titles": lambda n: rss("<title/>" * n + TITLE),
    "both kinds of summaries": lambda n: rss("<description>t</description><summary>u</summary>" * (n // 4)),
    "links under a base": lambda n: atom(f"<content type='html' {BASED}>" + "&lt;a href='" * n + "</content>"),
    "links in one tag": lambda n: atom(f"<content type='html' {BASED}>&lt;a" + " href=x" * n + "</content>"),
    "pictures that never end": lambda n: rss("<description>" + "&lt;img src='" * n + "</description>"),
    "scripts of a title": lambda n: rss(TITLE, channel="<title>" + "&lt;script&gt;" * n + "</title>"),
    "stray end tags": lambda n: rss(TITLE + "</width>" * n),
    "open items": lambda n: rss("<item>" * (n // 10)),
    "namespaces": lambda n: rss("".join(f"<x{i}:a xmlns:x{i}='u{i}'/>" for i in range(n))),
    "attributes": lambda n: rss("<title " + " ".join(f"a{i}=''" for i in range(n)) + ">t</title>"),
}
SMALL = 4_000
TOLERATED = 9
"""Times as long for four times as much: 4 is linear, 16 quadratic; the rest is noise."""
TOO_SHORT_TO_MEASURE = 0.03


def seconds(body: str) -> float:
    started = time.process_time()
    try:
        read(body)
    except DocumentError as error:
        assert str(error)
    return time.process_time() - started


@pytest.mark.parametrize("name", SHAPES)
def test_grows_in_proportion(name: str) -> None:
    shape = SHAPES[name]
    small = min(seconds(shape(SMALL)) for _ in range(3))
    large = min(seconds(shape(4 * SMALL)) for _ in range(2))
    assert large < max(TOLERATED * small, TOO_SHORT_TO_MEASURE)
