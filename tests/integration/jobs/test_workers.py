"""The workers: every document of the corpus ends in items or an error, and no document takes the pool with it."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ByteSize

from feedwatch.jobs import workers as workers_module
from feedwatch.jobs.prepare import Prepared, RawDocument
from feedwatch.jobs.watchlist_files import WatchlistFiles
from feedwatch.jobs.workers import Workers
from feedwatch.model import Rarity, SourceTraits, WatchlistDef
from feedwatch.settings import PollSettings
from tests.corpus import corpus_dir

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
URL = "https://news.example/feed.xml"
GOOD = b"<rss version='2.0'><channel><item><title>The Greater Bay Area grows</title></item></channel></rss>"


def raw(body: bytes, url: str = URL) -> RawDocument:
    return RawDocument(body, None, url, SourceTraits(url=url), NOW)


async def test_every_document_of_the_corpus_ends_in_items_or_an_error() -> None:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("the corpus is not on this machine; set FEEDWATCH_CORPUS")
    paths = sorted(path for path in (corpus / "feeds").rglob("*") if path.is_file())
    assert len(paths) > 2000
    with Workers(PollSettings(workers=2)) as workers:
        workers.watchlists.use([(WatchlistDef("all", terms=("the", "的")), 1)], Rarity(), state="1")
        results = await asyncio.gather(*(workers.prepare(raw(path.read_bytes())) for path in paths))
    counts: Counter[str] = Counter()
    items = matches = 0
    for path, prepared in zip(paths, results, strict=True):
        kind = path.relative_to(corpus / "feeds").parts[0]
        counts[f"{kind}: {'refused' if prepared.error else 'read'}"] += 1
        items += len(prepared.items)
        matches += sum(len(item.matches) for item in prepared.items)
        assert prepared.error is None or not any(
            fault in prepared.error for fault in ("stopped the worker", "took longer", "more memory", "nested")
        ), f"{path}: {prepared.error}"
        assert not any("could not be read and were left out" in warning for warning in prepared.document.warnings), path
    print(f"\n{len(paths)} documents, {items} items, {matches} matches; {dict(sorted(counts.items()))}")
    assert counts["real-world: read"] == sum(1 for path in paths if "real-world" in path.parts)


async def test_a_worker_that_dies_costs_its_document_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(PollSettings(workers=1)) as workers:
        monkeypatch.setattr(workers_module, "prepare", _die)
        died = await workers.prepare(raw(GOOD))
        monkeypatch.undo()
        after = await workers.prepare(raw(GOOD))
    assert died.error is not None
    assert "stopped the worker that read it (exit code 7)" in died.error
    assert len(after.items) == 1


async def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(PollSettings(workers=1, worker_timeout=timedelta(seconds=1))) as workers:
        monkeypatch.setattr(workers_module, "prepare", _sleep)
        late = await workers.prepare(raw(GOOD))
        monkeypatch.undo()
        after = await workers.prepare(raw(GOOD))
    assert late.error == "took longer than 1 s to read and was given up; see poll.worker_timeout"
    assert len(after.items) == 1


async def test_a_document_that_takes_too_much_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(PollSettings(workers=1, worker_memory=ByteSize(500_000_000))) as workers:
        monkeypatch.setattr(workers_module, "prepare", _eat)
        greedy = await workers.prepare(raw(GOOD))
        monkeypatch.undo()
        after = await workers.prepare(raw(GOOD))
    assert greedy.error == "needs more memory than poll.worker_memory allows; given up"
    assert len(after.items) == 1


async def test_documents_are_matched_with_the_watchlists_of_their_time() -> None:
    with Workers(PollSettings(workers=2)) as workers:
        before = await workers.prepare(raw(GOOD))
        workers.watchlists.use([(WatchlistDef("GBA", terms=("Greater Bay Area",)), 3)], Rarity(), state="a")
        after = await workers.prepare(raw(GOOD))
    assert before.items[0].matches == ()
    [match] = after.items[0].matches
    assert (match.watchlist, match.version) == ("GBA", 3)


def _die(_raw: RawDocument, _watchlists: WatchlistFiles) -> Prepared:
    os._exit(7)


def _sleep(_raw: RawDocument, _watchlists: WatchlistFiles) -> Prepared:
    time.sleep(60)
    return Prepared()


def _eat(_raw: RawDocument, _watchlists: WatchlistFiles) -> Prepared:
    bytearray(4_000_000_000)
    return Prepared()
