"""What is joined among the corpus' own items: every story of several, to be judged by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from feedwatch.cluster import story_keys
from feedwatch.model import Item, Report
from tests.bench.stories.labelled import source_number
from tests.bench.stories.measure import pour


def print_corpus(items: Sequence[tuple[str, Item]]) -> None:
    """Pour all items in order of time, and print the stories that exact keys alone would not have made."""
    in_order = sorted(items, key=lambda row: row[1].published_at)
    reports = [
        Report(item.title, item.text, item.language, item.url, source_number(feed), item.published_at)
        for feed, item in in_order
    ]
    found, compared = pour(reports)
    stories: defaultdict[int, list[int]] = defaultdict(list)
    for at, story in enumerate(found):
        stories[story].append(at)
    print(f"{len(items):,} items, {compared:,} comparisons")
    several = [members for members in stories.values() if len(members) > 1]
    print(f"{len(several)} stories of several items, {sum(map(len, several))} items in them")
    for members in several:
        print("-", "of one feed" if len({in_order[at][0] for at in members}) == 1 else "of several feeds")
        for at in members:
            keys = ", ".join(story_keys(in_order[at][1]))
            print(f"    {reports[at].published_at:%F} {reports[at].title[:60]!r} {reports[at].text[:60]!r} {keys}")
