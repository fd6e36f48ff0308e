"""At least 99 of 100 cases pass, and those that do not are the ones whose reason is written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.differences import REASONS
from tests.conformance.outcome import Outcome
from tests.conformance.report import all_outcomes, failures, page, share_passed
from tests.conformance.same import same_fragment, same_markup
from tests.corpus import corpus_dir

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("no corpus beside the project")
    return all_outcomes(corpus / "feeds")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_at_least_99_percent_pass(outcomes: list[Outcome], record_property: Callable[[str, object], None]) -> None:
    record_property("cases", len({outcome.case for outcome in outcomes}))
    assert len({outcome.case for outcome in outcomes}) > 1000
    assert share_passed(outcomes) >= 0.99


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_fails_is_what_is_meant_to_differ(outcomes: list[Outcome]) -> None:
    assert failures(outcomes).keys() == REASONS.keys()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_page_is_fresh(outcomes: list[Outcome]) -> None:
    assert PAGE.read_text("utf-8") == page(outcomes), "run python -m tests.conformance --write"


@pytest.mark.parametrize(
    "left, right, same",
    [
        ("a &amp; b", "a &#38; b", True),
        ("<b class='x'>a</b>", '<B class="x">a</b>', True),
        ("<br>", "<br />", True),
        ("a <b>b</b>", "a b", False),
        ("a", "a b", False),
        ("<a href='x'>a</a>", "<a href='y'>a</a>", False),
    ],
)
def test_the_comparison_sees_differences(left: str, right: str, same: bool) -> None:
    assert same_markup(left, right) is same


@pytest.mark.parametrize(
    "ours, expected, is_plain, same",
    [
        ("&lt;b&gt;", "<b>", True, True),
        ("<b>x</b>", "<b>x</b>", True, False),  # markup where the case says plain text
        ("&lt;b&gt;x&lt;/b&gt;", "<b>x</b>", False, False),
    ],
)
def test_plain_text_must_be_escaped(ours: str, expected: str, is_plain: bool, same: bool) -> None:
    assert same_fragment(ours, expected, base="", is_plain=is_plain) is same
