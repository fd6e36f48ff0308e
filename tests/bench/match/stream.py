"""The items of the benchmark, in two halves: one that queries are mined from, and one that they are asked of.

The real feeds of the corpus, which hold hardly any Chinese; the Chinese news that this project's benchmarks of stories
and events have (invented texts, tests/bench/events/news) stand among them.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedwatch.errors import DocumentError
from feedwatch.model import SourceTraits
from feedwatch.normalize import normalize
from feedwatch.parse import parse
from tests.bench.events.labelled import labelled
from tests.bench.match.case import Sourced
from tests.bench.stories.written import chinese_reports, pairs_on_one_event
from tests.corpus import corpus_dir

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def halves(seed: int = 1) -> tuple[list[Sourced], list[Sourced]]:
    """Items to mine and items to match, shuffled; no text is in both, or twice in one."""
    items = list({(sourced.item.title, sourced.item.text): sourced for sourced in [*_real(), *_chinese()]}.values())
    random.Random(seed).shuffle(items)
    half = len(items) // 2
    return items[:half], items[half:]


def _real() -> list[Sourced]:
    folder = corpus_dir()
    if folder is None:
        raise SystemExit("There is no corpus: put one beside the project, or name its folder in FEEDWATCH_CORPUS.")
    found = []
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        traits = SourceTraits(url=f"https://{path.stem}.example/feed.xml")
        try:
            document = parse(path.read_bytes(), content_type=None, url=traits.url)
        except DocumentError:
            continue
        items = [
            normalize(entry, traits, document_language=document.language, fetched_at=NOW) for entry in document.entries
        ]
        hosts = Counter(urlsplit(item.url).hostname or path.stem for item in items)
        name = max(hosts, key=hosts.__getitem__, default="").removeprefix("www.").replace(".", "-")
        found += [Sourced(item, name) for item in items if item.title or item.text]
    return found


def _chinese() -> list[Sourced]:
    news = [Sourced(one.item(), one.site.partition(".")[0]) for one in labelled() if one.language.startswith("zh")]
    blank = news[0].item
    written = [*chinese_reports(), *(report for pair in pairs_on_one_event() for report in pair)]
    return news + [
        Sourced(replace(blank, guid=title, url="", title=title, text=text, language="zh-Hans"), "reports")
        for title, text in written
        if not title.isascii()
    ]
