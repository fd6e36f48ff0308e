"""How well events are recognised across languages: precision and recall on the labelled set, and every mistake.

python -m tests.bench.events            # the labelled set
python -m tests.bench.events --marks ai-model   # what the two texts of an event share
python -m tests.bench.events --corpus   # also every Chinese beside every English item of the real feeds
"""

from __future__ import annotations

import argparse

from feedwatch.cluster.event_likeness import shared_marks
from feedwatch.cluster.events import THRESHOLD
from feedwatch.cluster.evidence import evidence
from tests.bench.events.labelled import Labelled, labelled, pairs
from tests.bench.events.quality import LEAST_SHARED_KEYS, Judged, judge, quality, with_other_figures


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--marks", metavar="EVENT", help="show what the two texts of this event share, and stop")
    arguments.add_argument("--corpus", action="store_true", help="look at the corpus of real feeds as well")
    chosen = arguments.parse_args()
    items = labelled()
    if chosen.marks:
        _show_marks([item for item in items if item.event == chosen.marks])
        return
    judged = judge(pairs(items))
    train = [p for p in judged if not p.chinese.is_held_out and not p.english.is_held_out]
    held_out = [p for p in judged if p.chinese.is_held_out and p.english.is_held_out]
    print(f"{'':<12}{'pairs':>8}{'events':>8}{'links':>8}{'precision':>11}{'recall':>9}")
    for name, part in (("training", train), ("held out", held_out), ("all", judged)):
        found = quality(part)
        print(
            f"{name:<12}{found.pairs:>8,}{found.events:>8}{found.linked:>8}{found.precision:>11.3f}{found.recall:>9.3f}"
        )
    print(f"\nThe curve ({THRESHOLD:g} is used):")
    for step in range(4, 17):
        threshold = step / 2
        both = [quality(part, threshold) for part in (train, held_out)]
        print(f"{threshold:>6.1f}" + "".join(f"{found.precision:>11.3f}{found.recall:>9.3f}" for found in both))
    _show_mistakes(judged)
    changed = judge(with_other_figures(items))
    linked = [pair.chinese.event for pair in changed if pair.is_linked()]
    print(
        f"\nWith all digits of the translation changed, {len(linked)} of {len(changed)} are linked: {', '.join(linked)}"
    )
    if chosen.corpus:
        from tests.bench.events.corpus import show_links

        show_links()


def _show_mistakes(judged: list[Judged]) -> None:
    print("\nMissed, with likeness and shared keys:")
    for pair in judged:
        if pair.is_one_event and not pair.is_linked():
            print(f"  {pair.chinese.event:<20}{pair.likeness:>7.2f}{pair.shared_keys:>4}")
    print("\nThe likest of different events, with likeness and shared keys:")
    others = sorted((pair for pair in judged if not pair.is_one_event), key=lambda pair: -pair.likeness)
    for pair in others[:15]:
        mark = "LINKED" if pair.is_linked() else "" if pair.shared_keys >= LEAST_SHARED_KEYS else "not looked up"
        print(f"  {pair.chinese.event:<20}{pair.english.event:<20}{pair.likeness:>6.2f}{pair.shared_keys:>4}  {mark}")


def _show_marks(items: list[Labelled]) -> None:
    for chinese, english in pairs(items):
        found = evidence(chinese.title, chinese.text, "zh"), evidence(english.title, english.text, "en")
        shared = shared_marks(*found)
        print("shared  ", shared)
        print("Chinese ", {mark: weight for mark, weight in found[0].weights.items() if mark not in shared})
        print("English ", {mark: weight for mark, weight in found[1].weights.items() if mark not in shared})


if __name__ == "__main__":
    main()
