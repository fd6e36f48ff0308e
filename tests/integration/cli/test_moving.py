"""`sources export` and `import`: what goes out comes in again elsewhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Sources
from tests.integration.cli.sites import ITEM_SELECTORS
from tests.unit.cli.conftest import Call

KEPT = ("title", "url", "language", "tags", "kind")


def _kept(sources: Sources) -> list[tuple[object, ...]]:
    rows = [row for row in json.loads(sources("list", "--json").out) if row["url"].startswith("http")]
    found = [(*(row[key] for key in KEPT), row["options"]["selectors"]) for row in rows]
    return sorted(found, key=lambda row: str(row[1]))


def test_sources_go_out_and_come_in_elsewhere_as_they_were(sources: Sources, newsroom: Path) -> None:
    sources("add", "/paper.xml", "--tag", "Hong Kong, Macau", "--tag", "ports", "--language", "en")
    sources("add", "/city/", "--title", "江门日报 & more", "--tag", "ports", *ITEM_SELECTORS)
    sources("add", "/plain.xml", "--title", "Map")
    before = _kept(sources)
    assert sources("export", "out.opml").out == "3 sources written to out.opml, 1 left out\n"
    assert sources("export").out.startswith('<?xml version="1.0"')
    shutil.rmtree(newsroom / "data")
    assert sources("import", "out.opml").out == "3 sources added, 0 known already\n"
    assert _kept(sources) == before
    assert sources("import", "out.opml").out == "0 sources added, 3 known already\n"


def test_what_is_gone_or_was_removed_does_not_go_out(sources: Sources, feedwatch: Call) -> None:
    sources("add", "/gone", "--name", "gone", "--no-check")
    sources("add", "/paper.xml", "--name", "paper")
    feedwatch("poll", "gone")
    sources("pause", "paper")
    assert ("/gone" in sources("export").out, "/paper.xml" in sources("export").out) == (False, True)


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("<rss/>", 1, "not OPML: its root element is <rss>"),
        ("<opml", 1, "not well-formed XML"),
        (
            '<opml><body><outline text="f" xmlUrl="ftp://x/"/></body></opml>',
            0,
            "f: left out, 'ftp://x/' is not an http(s)",
        ),
        (
            '<opml xmlns:f="urn:feedwatch:opml"><body><outline text="p" url="http://x/" f:kind="page" '
            'f:select-item="ul["/></body></opml>',
            0,
            "p: left out: expected a CSS selector",
        ),
    ],
)
def test_what_cannot_come_in_is_told(body: str, code: int, said: str, sources: Sources, newsroom: Path) -> None:
    (newsroom / "in.opml").write_text(body, encoding="utf-8")
    answer = sources("import", "in.opml")
    assert (answer.code, said in answer.out + answer.err) == (code, True), answer
