"""The outcomes as a page: a table of fields, and the failing cases with their reasons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.conformance import feedparser_cases, gofeed_cases
from tests.conformance.differences import REASONS
from tests.conformance.outcome import Outcome

INTRODUCTION = """\
# Conformance

The test cases of two other parsers, feedparser (Python) and gofeed (Go), run through ours. A case counts where it
expects something of a field that an entry or a document has here; what a case says of a generator, a copyright or a
contributor touches none. This page is made by `python -m tests.conformance --write`.

How they are compared: links within texts are resolved, and markup is sanitized, by the next room, not by the parser.
So our texts go through feedparser's own resolver and sanitizer before they are compared with its expectations; two
texts are the same where a browser would make the same of them. Text that a case calls plain must be held escaped. A
summary that feedparser copies from the content is looked for in our content. An entry without title, link and text is
left out of our documents: a case that holds just one other element is read with a title added.
"""


def all_outcomes(feeds: Path) -> list[Outcome]:
    """Of both parsers' cases."""
    return [*feedparser_cases.outcomes(feeds), *gofeed_cases.outcomes(feeds)]


def page(outcomes: Iterable[Outcome]) -> str:
    """The page in Markdown."""
    several = list(outcomes)
    rows = [
        _row(f"`{field}`", [one for one in several if one.field == field])
        for field in sorted({o.field for o in several})
    ]
    failing = [
        f"| {case} | {', '.join(fields)} | {REASONS.get(case, '')} |"
        for case, fields in sorted(failures(several).items())
    ]
    table = ["| field | cases | passed | |", "| --- | ---: | ---: | ---: |", *rows, _row("**all**", several)]
    reasons = ["| case | field | why |", "| --- | --- | --- |", *failing]
    return "\n".join([INTRODUCTION, "## Fields", "", *table, "", "## The cases that do not pass", "", *reasons, ""])


def failures(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """The failing cases, each with the fields that it fails in."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        if not outcome.passed and outcome.field not in found.setdefault(outcome.case, []):
            found[outcome.case].append(outcome.field)
    return found


def share_passed(outcomes: Iterable[Outcome]) -> float:
    """Of the cases, the share that passes in all that it asks."""
    several = list(outcomes)
    return 1 - len(failures(several)) / len({outcome.case for outcome in several})


def _row(name: str, outcomes: list[Outcome]) -> str:
    cases, failed = {outcome.case for outcome in outcomes}, failures(outcomes)
    passed = len(cases) - len(failed)
    return f"| {name} | {len(cases)} | {passed} | {100 * passed / len(cases):.1f} % |"
