"""How well copies are told: pair by pair, and poured one after the other into an index by the store's rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedwatch.cluster.copies import is_copy
from feedwatch.cluster.sketch import near_keys
from feedwatch.model import Item, Report, SketchKind
from tests.bench.stories.labelled import Pair, Told

Judge = Callable[[Report, Report], bool]

CANDIDATES = 8
WINDOW = timedelta(days=14)
_KIND = 3


@dataclass
class Score:
    """Of pairs: found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    failures: list[Pair] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score_pairs(pairs: Iterable[Pair], judge: Judge = is_copy) -> dict[str, Score]:
    """By kind of pair, and altogether under ""."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for pair in pairs:
        said = judge(pair.one, pair.other)
        for score in (scores[pair.kind], scores[""]):
            score.right += said and pair.is_copy
            score.wrong += said and not pair.is_copy
            score.missed += pair.is_copy and not said
            if said is not pair.is_copy:
                score.failures.append(pair)
    return dict(scores)


def pour(reports: Sequence[Report], judge: Judge = is_copy) -> tuple[list[int], int]:
    """The story that each report is put into, in order; and how many comparisons that took.

    As the store does: candidates share two keys of the text, or one of the title, or (of another source) one of the
    beginning, at least one of the text where both texts are whole, and are no older than 14 days; the eight with the
    most are compared; the oldest story among the copies is joined. Exact keys are left out. Reports come in order of
    time.
    """
    index: defaultdict[int, list[int]] = defaultdict(list)
    stories: list[int] = []
    compared = 0
    for at, report in enumerate(reports):
        keys = near_keys(item_of(report))
        shared: Counter[int] = Counter()
        texts: Counter[int] = Counter()
        begun: set[int] = set()
        titled: set[int] = set()
        for key in keys:
            shared.update(index[key])
            if key & _KIND == SketchKind.TEXT:
                texts.update(index[key])
            elif key & _KIND == SketchKind.LEAD:
                begun.update(index[key])
            else:
                titled.update(index[key])
        candidates = [
            known
            for known in shared
            if texts[known] > 1 or known in titled or (known in begun and reports[known].source_id != report.source_id)
        ]
        candidates = [known for known in candidates if report.published_at - reports[known].published_at <= WINDOW]
        candidates.sort(key=lambda known: (-shared[known], known))
        compared += len(candidates[:CANDIDATES])
        joined = [stories[known] for known in candidates[:CANDIDATES] if judge(report, reports[known])]
        stories.append(min(joined, default=at))
        for key in keys:
            index[key].append(at)
    return stories, compared


def _are_whole(one: str, other: str) -> bool:
    """As the store has it: copies that are so long, and so nearly as long as each other, share a key of the text."""
    short, long = sorted((len(one), len(other)))
    return short >= 600 and short * 2 >= long


def score_stream(stream: Sequence[Told], judge: Judge = is_copy) -> tuple[Score, int]:
    """Of all pairs of reports: whether they stand in one story and should; and how many comparisons were made."""
    found, compared = pour([told.report for told in stream], judge)
    score = Score()
    score.right = _pairs_within(zip(found, (told.story for told in stream), strict=True))
    score.wrong = _pairs_within(found) - score.right
    score.missed = _pairs_within(told.story for told in stream) - score.right
    return score, compared


def item_of(report: Report) -> Item:
    """An item that makes such a report."""
    at: datetime = report.published_at
    return Item("g", report.url, report.title, report.text, "", (), (), report.language, at, "published")


def _pairs_within(groups: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(groups).values())
