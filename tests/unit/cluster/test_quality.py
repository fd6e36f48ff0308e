"""Holds how well copies are told, on the half of the labelled set that no threshold was chosen on."""

from __future__ import annotations

import pytest

from tests.bench.stories.labelled import LabelledSet, build, corpus_items
from tests.bench.stories.measure import score_pairs, score_stream
from tests.corpus import corpus_dir

pytestmark = pytest.mark.skipif(corpus_dir() is None, reason="needs the corpus of feed documents")


@pytest.fixture(scope="module")
def held_out() -> LabelledSet:
    return build(is_held_out=True, items=corpus_items())


def test_pairs(held_out: LabelledSet) -> None:
    scores = score_pairs(held_out.pairs)
    assert scores[""].precision >= 0.99
    assert scores[""].recall >= 0.97
    by_kind = {kind: (score.precision, score.recall) for kind, score in scores.items() if score.right}
    assert {kind: told for kind, told in by_kind.items() if min(told) < 0.9} == {}


def test_stories(held_out: LabelledSet) -> None:
    score, compared = score_stream(held_out.stream)
    assert score.precision >= 0.98
    assert score.recall >= 0.95
    assert compared / len(held_out.stream) < 8
