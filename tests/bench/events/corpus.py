"""Every Chinese beside every English item of the real feeds: what would be linked, and what the keys cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from time import process_time
from zlib import crc32

from feedwatch.cluster.events import THRESHOLD, event_keys, likeness
from feedwatch.errors import DocumentError
from feedwatch.model import Item, Report, SourceTraits
from feedwatch.normalize import normalize
from feedwatch.parse import parse
from tests.bench.events.labelled import labelled
from tests.bench.events.quality import LEAST_SHARED_KEYS
from tests.corpus import corpus_dir

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def real_items() -> list[tuple[int, Item]]:
    """The items of every real feed that can be read, each with its source's number."""
    folder = corpus_dir()
    if folder is None:
        raise SystemExit("There is no corpus: put one beside the project, or name its folder in FEEDWATCH_CORPUS.")
    items = []
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        source = SourceTraits(url=f"https://{path.stem}.example/feed.xml")
        try:
            document = parse(path.read_bytes(), content_type=None, url=source.url)
        except DocumentError:
            continue
        items += [
            (
                crc32(path.name.encode()),
                normalize(entry, source, document_language=document.language, fetched_at=NOW),
            )
            for entry in document.entries
        ]
    return items


def candidates(items: list[tuple[int, Item]]) -> list[tuple[int, int]]:
    """The numbers of items in two languages that share at least two keys, whatever their dates."""
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    for number, (_, item) in enumerate(items):
        for key in event_keys(item):
            by_key[key].append(number)
    shared = Counter(
        pair
        for numbers in by_key.values()
        for pair in combinations(numbers, 2)
        if {items[number][1].language[:2] for number in pair} == {"zh", "en"}
    )
    return [pair for pair, keys in shared.items() if keys >= LEAST_SHARED_KEYS]


def show_links() -> None:
    """Print the cost of keys, how many pairs are looked up, and every pair that is linked or nearly is.

    The labelled Chinese items stand in for the Chinese feeds that the corpus has few of: none of them is in it, so that
    each link is a mistake.
    """
    items = real_items()
    tongues = Counter(item.language[:2] for _, item in items)
    print(f"\nThe corpus: {len(items):,} items, {tongues['zh']} Chinese and {tongues['en']:,} English")
    english = [item for _, item in items if item.language[:2] == "en"]
    begun = process_time()
    keys = [event_keys(item) for item in english]
    spent = (process_time() - begun) / len(english) * 1e6
    print(f"  English: {spent:.0f} us an item, {sum(map(len, keys)) / len(keys):.1f} keys")
    chinese = [item.item() for item in labelled() if item.language != "en"]
    items += [(0, item) for item in chinese]
    count = (len(chinese) + tongues["zh"]) * tongues["en"]
    pairs = candidates(items)
    print(f"  {len(pairs)} of {count:,} pairs with them and the labelled Chinese items share {LEAST_SHARED_KEYS} keys")
    linked = 0
    for a, b in pairs:
        reports = [_report(*items[number]) for number in (a, b)]
        # Dates are made near: what would be linked if the two had come on one day.
        strength = likeness(reports[0], replace(reports[1], published_at=reports[0].published_at))
        linked += strength >= THRESHOLD
        if strength >= THRESHOLD / 4:
            print(f"  {strength:5.2f}  " + "  |  ".join(f"{report.title[:60]}" for report in reports))
    print(f"  {linked} would be linked if all had come on one day")


def _report(source: int, item: Item) -> Report:
    return Report(item.title, item.text, item.language, item.url, source, item.published_at)


if __name__ == "__main__":
    show_links()
