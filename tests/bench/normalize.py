"""What becomes of one entry on its way to the store, measured step by step over the real feeds of the corpus.

    python -m tests.bench.normalize

Prints microseconds of CPU per item for every step of normalizing, for clustering and for matching two watchlists, and
the items per second that one core does altogether. The best of some rounds: others may be at work on the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from time import process_time
from typing import Any

from feedwatch.cluster import sketch, story_keys, text_hash
from feedwatch.cluster.events import event_keys
from feedwatch.errors import DocumentError
from feedwatch.match import Matcher
from feedwatch.model import Entry, Item, SourceTraits, WatchlistDef
from feedwatch.normalize.body import read_body
from feedwatch.normalize.credits import read_credits
from feedwatch.normalize.dates import choose_dates
from feedwatch.normalize.debris import clean
from feedwatch.normalize.html import sanitize, trim
from feedwatch.normalize.item import normalize
from feedwatch.normalize.labels import clean_authors, clean_tags
from feedwatch.normalize.language import choose_language
from feedwatch.normalize.mojibake import mend
from feedwatch.normalize.page_address import place_of_page
from feedwatch.normalize.text import text_of
from feedwatch.normalize.title import clean_title
from feedwatch.normalize.url import canonical_url
from feedwatch.parse import parse
from tests.corpus import corpus_dir

SOURCE = SourceTraits(url="https://example.com/feed.xml")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MATCHER = Matcher(
    [
        (WatchlistDef("Development", ("high-quality development", "高质量发展", "高質量發展", "GDP")), 1),
        (WatchlistDef("Bay Area", ("Greater Bay Area", "GBA", "大湾区", "大灣區")), 1),
    ]
)


def real_entries() -> list[Entry]:
    """The entries of every real feed that can be read."""
    folder = corpus_dir()
    if folder is None:
        raise SystemExit("There is no corpus: put one beside the project, or name its folder in FEEDWATCH_CORPUS.")
    entries: list[Entry] = []
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        try:
            entries += parse(path.read_bytes(), content_type=None, url=SOURCE.url).entries
        except DocumentError:
            continue
    return entries


def item_of(entry: Entry) -> Item:
    """All of normalizing."""
    return normalize(entry, SOURCE, document_language="en", fetched_at=NOW)


def steps(entries: list[Entry]) -> Iterator[tuple[str, Callable[..., object], Sequence[tuple[Any, ...]]]]:
    """Each step: its name, indented where it is a part of the one above, the function, and its arguments by entry."""
    items = [item_of(entry) for entry in entries]
    raw = [(entry.content or entry.summary, entry.url or SOURCE.url) for entry in entries]
    bodies = [read_body(fragment, base) for fragment, base in raw]
    cleaned = [clean(body.text) for body in bodies]
    yield "normalize", item_of, [(entry,) for entry in entries]
    yield "  body", read_body, raw
    yield "    html", sanitize, raw
    yield "    mojibake", mend, [(fragment,) for fragment, _ in raw]
    yield "    text", text_of, [(body.html,) for body in bodies]
    yield "  debris", clean, [(body.text,) for body in bodies]
    yield "  trim", trim, [(body.html, left) for body, left in zip(bodies, cleaned, strict=True)]
    yield "  credits", read_credits, [(left.text,) for left in cleaned]
    yield "  title", clean_title, [(entry.title,) for entry in entries]
    yield "  url", canonical_url, [(entry.url or "", SOURCE.url) for entry in entries]
    yield "  place", place_of_page, [(item.url, None) for item in items]
    yield "  dates", choose_dates, [(e.published, e.updated, None, e.url or "", "UTC", NOW) for e in entries]
    yield "  authors", clean_authors, [(entry.authors,) for entry in entries]
    yield "  tags", clean_tags, [(entry.tags,) for entry in entries]
    yield "  language", choose_language, [(("en",), item.title, item.text) for item in items]
    yield "keys, hash", lambda item: (story_keys(item), text_hash(item)), [(item,) for item in items]
    yield "near keys", sketch, [(item,) for item in items]
    yield "  events", event_keys, [(item,) for item in items]
    yield "match", MATCHER.match, [(item,) for item in items]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5, help="how often each step is measured (default: 5)")
    rounds: int = arguments.parse_args().rounds
    entries = real_entries()
    print(f"{len(entries)} entries of {sum(len(e.content or e.summary) for e in entries) // len(entries)} characters")
    altogether = 0.0
    for name, step, arguments_by_entry in steps(entries):
        microseconds = min(_cpu_seconds(step, arguments_by_entry) for _ in range(rounds)) / len(entries) * 1e6
        altogether += microseconds if not name.startswith(" ") else 0.0
        print(f"{name:<12}{microseconds:7.1f} us")
    print(f"altogether  {altogether:7.1f} us an item: {1e6 / altogether:,.0f} items/s a core")


def _cpu_seconds(step: Callable[..., object], arguments_by_entry: Sequence[tuple[Any, ...]]) -> float:
    begun = process_time()
    for arguments in arguments_by_entry:
        step(*arguments)
    return process_time() - begun


if __name__ == "__main__":
    main()
