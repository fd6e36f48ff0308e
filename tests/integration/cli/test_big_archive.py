"""An archive of 20,000 items goes out in the memory that a small one takes, and a reader may stop it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feedwatch.store.tables import Item, Match, Source, Story, Watchlist
from tests.integration.store.examples import NOW
from tests.unit.cli.archives import database

ITEMS = 20_000
PARAGRAPH = "The bridge opened in Jiangmen on Monday, with sixteen lanes over the river; 大桥今日开通。\n"


@pytest.fixture(scope="module")
def big(first_cycle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with 20,000 items of 2.5 KB text and HTML each, two in a story, every tenth matched: 100 MB."""
    newsroom = tmp_path_factory.mktemp("big") / "newsroom"
    shutil.copytree(first_cycle, newsroom)
    with database(newsroom) as session:
        source, watchlist = (
            session.scalars(sa.select(Source.id)).one(),
            session.scalars(sa.select(Watchlist.id)).first(),
        )
        ids = range(1000, 1000 + ITEMS)
        session.execute(sa.insert(Story), [{"id": number, "first_seen_at": NOW} for number in ids[::2]])
        for start in range(0, ITEMS, 1000):
            batch = ids[start : start + 1000]
            session.execute(sa.insert(Item), [_item(number, source) for number in batch])
            session.execute(sa.insert(Match), [_match(number, watchlist) for number in batch[::10]])
    return newsroom


def _item(number: int, source_id: int) -> dict[str, object]:
    text = f"Report {number}.\n" + PARAGRAPH * 28
    return {
        "id": number, "source_id": source_id, "story_id": number - number % 2, "guid": f"g{number}",
        "guid_hash": f"h{number}", "url": f"https://x.example/{number}", "title": f"Report {number}", "text": text,
        "html": f"<p>{text}</p>", "authors": ["A"], "tags": ["bay"], "language": "en",
        "published_at": NOW + timedelta(seconds=number), "published_from": "published", "updated_at": None,
        "enclosures": [], "first_seen_at": NOW, "text_hash": f"t{number}", "revision": 1,
    }  # fmt: skip


def _match(number: int, watchlist_id: int | None) -> dict[str, object]:
    return {
        "item_id": number, "story_id": number - number % 2, "watchlist_id": watchlist_id, "version": 1, "score": 1.0,
        "queries": ["report"], "spans": [["title", 0, 6]], "matched_at": NOW,
        "published_at": NOW + timedelta(seconds=number),
    }  # fmt: skip


def _start(newsroom: Path, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Without the measuring of coverage, which takes memory of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-m", "feedwatch", *arguments]
    return subprocess.Popen(command, cwd=newsroom, env=environment, **options)


def _peak_mb(newsroom: Path, *arguments: str) -> tuple[float, int]:
    """The most memory that the command held, and how many bytes it wrote."""
    out = newsroom / "out"
    with out.open("wb") as file:
        process = _start(newsroom, *arguments, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024, out.stat().st_size


@pytest.mark.parametrize("export", ["jsonl", "atom"])
def test_items_go_out_in_flat_memory(export: str, big: Path) -> None:
    few, _ = _peak_mb(big, "items", "--export", export, "--limit", "5000")
    all_of_them, size = _peak_mb(big, "items", "--export", export)
    assert size > ITEMS * len(PARAGRAPH) * 28
    assert all_of_them - few < 12


def test_stories_go_out_in_flat_memory(big: Path) -> None:
    few, _ = _peak_mb(big, "stories", "--export", "csv", "--limit", "2500")
    all_of_them, size = _peak_mb(big, "stories", "--export", "csv")
    assert size > ITEMS * 20
    assert all_of_them - few < 12


@pytest.mark.parametrize("export", ["jsonl", "csv", "atom"])
def test_a_reader_that_has_enough_ends_an_export_without_a_word(export: str, big: Path) -> None:
    with _start(big, "items", "--export", export, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        begun = process.stdout.read(100)
        process.stdout.close()
        said = process.stderr.read()
    assert (len(begun), said) == (100, b"")
